//! The API of questionnaires.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;

use super::api_types::{
    QuestionnaireAnswers, QuestionnaireIn, QuestionnaireOut, QuestionnaireReceipt, QuestionnaireResults,
    ResponseIn, ResponseReceived,
};
use super::respond::{Respond, ask_code, respond, visible};
use super::{own, results, store};
use crate::actor::Actor;
use crate::app::App;
use crate::consultation::{self, open_at};
use crate::decision;
use crate::document::api::MaybeStaff;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::identity::api::{CodeSent, ContactIn};
use crate::identity::{Given, Proof};
use crate::opinion::support::Device;
use crate::problem::{Code, Problem};

pub struct Api;

/// Whether a problem only says that staff of elsewhere are like anybody here.
fn is_outsider(problem: &Problem) -> bool {
    matches!(problem.code, Code::NotFound | Code::Forbidden)
}

/// The questionnaire as the caller may see it: while it is composed, for those who may read the desk.
async fn seen(app: &App, actor: &Actor, code: &str) -> Result<QuestionnaireOut, Problem> {
    let db = app.db.read();
    if actor.staff().is_some() {
        let target = consultation::by_code(db, crate::opinion::code(code)?).await?;
        let decision = decision::find(db, target.decision_id).await?;
        if decision::may_read_desk(actor, &decision).is_ok() {
            let row = store::of(db, target.id).await?.ok_or_else(Problem::not_found)?;
            return QuestionnaireOut::of(&row, open_at(&target, app.now()).is_ok());
        }
    }
    let (target, row) = visible(app, code).await?;
    QuestionnaireOut::of(&row, open_at(&target, app.now()).is_ok())
}

#[OpenApi(tag = "Area::Opinion")]
impl Api {
    /// 征求意见的问卷 The questionnaire of a consultation
    #[oai(path = "/consultations/:code/questionnaire", method = "get", operation_id = "getQuestionnaire")]
    async fn get(
        &self,
        Data(app): Data<&App>,
        token: MaybeStaff,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<QuestionnaireOut>, Problem> {
        Ok(Json(seen(app, &token.actor(&visitor), &code.0).await?))
    }

    /// 设计问卷 Write the questionnaire of a consultation
    ///
    /// 有人填写后不能再修改。It is fixed with the first answer.
    #[oai(path = "/consultations/:code/questionnaire", method = "put", operation_id = "putQuestionnaire")]
    async fn put(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<QuestionnaireIn>,
    ) -> Result<Json<QuestionnaireOut>, Problem> {
        token.0.require_staff()?;
        let db = app.db.read();
        let target = consultation::by_code(db, crate::opinion::code(&code.0)?).await?;
        decision::may_run(&token.0, &decision::find(db, target.decision_id).await?)?;
        let revision = body.0.revision;
        let row = super::save(app, &token.0, target.id, revision, &body.0.content()?).await?;
        Ok(Json(QuestionnaireOut::of(&row, open_at(&target, app.now()).is_ok())?))
    }

    /// 获取填写问卷的验证码 Ask for the one-time code that a questionnaire wants
    #[oai(
        path = "/consultations/:code/questionnaire/contact-codes",
        method = "post",
        operation_id = "askQuestionnaireCode"
    )]
    async fn ask_code(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<ContactIn>,
    ) -> Result<CodeSent, Problem> {
        let asked = ask_code(app, &visitor.actor, &code.0, &body.0.contact, visitor.lang_code()).await?;
        Ok(CodeSent::Sent(Json(asked.into())))
    }

    /// 填写问卷 Answer a questionnaire, once a person
    #[oai(
        path = "/consultations/:code/questionnaire/responses",
        method = "post",
        operation_id = "answerQuestionnaire"
    )]
    async fn respond(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        /// 16 to 200 visible ASCII characters, for instance a UUID.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<ResponseIn>,
    ) -> Result<ResponseReceived, Problem> {
        let b = body.0;
        let device = Device::of_program(app, b.device.as_deref())?;
        let proof = b.contact_ticket.map(|ticket| Proof { ticket, code: b.contact_code.unwrap_or_default() });
        let input = Respond {
            consultation: code.0,
            revision: b.revision,
            answers: b.answers.into_iter().map(Into::into).collect(),
            consent: b.consent,
            contact: b.contact,
            identity: Given { proof, visit: None, consent_version: b.consent_version, guardian: None },
            device,
            idempotency_key: key.0,
        };
        let receipt = respond(app, &visitor.actor, &input).await?;
        let out = Json(QuestionnaireReceipt {
            lookup_code: receipt.code.grouped(),
            received_at: receipt.received_at,
            device: input.device.signed(app),
        });
        Ok(if receipt.repeated { ResponseReceived::Repeated(out) } else { ResponseReceived::Created(out) })
    }

    /// 问卷结果 The results of a questionnaire
    ///
    /// 自愿参与，不代表统计抽样；回答不足 3 人的题目不公布。Volunteers, no representative sample; a question that fewer
    /// than three answered is not told. Staff of the matter see all of it at once.
    #[oai(
        path = "/consultations/:code/questionnaire/results",
        method = "get",
        operation_id = "getQuestionnaireResults"
    )]
    async fn results(
        &self,
        Data(app): Data<&App>,
        token: MaybeStaff,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<QuestionnaireResults>, Problem> {
        let actor = token.actor(&visitor);
        if actor.staff().is_some() {
            match results::of_staff(app, &actor, &code.0).await {
                Err(problem) if is_outsider(&problem) => {}
                other => return Ok(Json(other?.into())),
            }
        }
        Ok(Json(results::of_public(app, &code.0).await?.into()))
    }

    /// 问卷回执 The receipt of an answer, by its lookup code
    #[oai(path = "/questionnaire-receipts/:code", method = "get", operation_id = "getQuestionnaireReceipt")]
    async fn receipt(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<QuestionnaireAnswers>, Problem> {
        Ok(Json(own::open(app, &visitor.actor.address, &code.0).await?.into()))
    }
}
