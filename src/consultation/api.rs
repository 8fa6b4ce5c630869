//! The API of consultations.

use entity::consultation::Model;
use entity::document;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::api_types::{
    ConsultationIn, ConsultationOut, ConsultationPatch, CorrectionIn, DocumentsOut, ExtensionIn, FilterIn,
    ItemOut, PageOut, Whole,
};
use super::{Correction, Extend, Filter, list, release, store};
use crate::actor::Actor;
use crate::app::App;
use crate::document::api::{ClauseOut, MaybeStaff, VersionOut};
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{decision, department, document as documents, text};

pub struct Api;

#[derive(ApiResponse)]
enum Created {
    /// 已新建 Created
    #[oai(status = 201)]
    Consultation(Json<ConsultationOut>),
}

#[derive(ApiResponse)]
enum Discarded {
    /// 已删除 Discarded
    #[oai(status = 204)]
    Done,
}

/// The consultation, if the caller may see it: a draft is there only for those who run the decision.
async fn visible(app: &App, actor: &Actor, code: &str) -> Result<Model, Problem> {
    let db = app.db.read();
    let c = store::by_code(db, code).await?;
    documents::may_read(db, actor, c.published_at.is_some(), c.decision_id).await?;
    Ok(c)
}

/// A draft's consultation for the operations of staff; who may act is the operation's business.
async fn of_staff(app: &App, token: &StaffToken, code: &str) -> Result<Model, Problem> {
    token.0.require_staff()?;
    visible(app, &token.0, code).await
}

async fn whole(app: &App, c: Model) -> Result<Json<ConsultationOut>, Problem> {
    let db = app.db.read();
    let texts = release::materials(db, &c).await?;
    let ids: Vec<_> = [Some(&texts.draft), texts.explanation.as_ref(), texts.basis.as_ref()]
        .into_iter()
        .flatten()
        .map(|d| d.id)
        .collect();
    let files = documents::files_of(db, &ids).await?;
    let rows = documents::clauses(db, c.document_id).await?;
    let extensions = store::extensions(db, c.id).await?;
    let version = |d: &document::Model| VersionOut::of(d, &files);
    let out = DocumentsOut {
        draft: version(&texts.draft),
        explanation: texts.explanation.as_ref().map(version),
        basis: texts.basis.as_ref().map(version),
    };
    let listed = list::listed(db, vec![c]).await?.pop().ok_or_else(Problem::not_found)?;
    let clauses = rows.iter().map(ClauseOut::from).collect();
    Ok(Json(ConsultationOut::new(app, Whole { listed, extensions, documents: out, clauses })))
}

#[OpenApi(tag = "Area::Consultation")]
impl Api {
    /// 公开的征求意见 Published consultations, those open first
    #[oai(path = "/consultations", method = "get", operation_id = "listConsultations")]
    async fn list(
        &self,
        app: Data<&App>,
        /// 征集中、已结束或已反馈; all without it.
        state: Query<Option<FilterIn>>,
        /// From 1.
        #[oai(default = "first", validator(minimum(value = "1"), maximum(value = "10000")))]
        page: Query<u64>,
        #[oai(default = "twenty", validator(minimum(value = "1"), maximum(value = "100")))] per_page: Query<
            u64,
        >,
    ) -> Result<Json<PageOut>, Problem> {
        let (db, today) = (app.db.read(), app.today());
        let (page, size) = (page.0.clamp(1, 10_000), per_page.0.clamp(1, 100));
        let totals = list::totals(db, today).await?;
        let (filter, total) = match state.0 {
            None => (Filter::All, totals.all),
            Some(FilterIn::Open) => (Filter::Open, totals.open),
            Some(FilterIn::Closed) => (Filter::Closed, totals.closed),
            Some(FilterIn::Answered) => (Filter::Answered, totals.answered),
        };
        let rows = list::list(db, filter, today, size, (page - 1) * size).await?;
        let more = i64::try_from(page * size).is_ok_and(|seen| seen < total);
        Ok(Json(PageOut {
            items: rows.iter().map(|l| ItemOut::new(&app, l)).collect(),
            next_page: more.then_some(page + 1),
            total,
        }))
    }

    /// 一次征求意见 One consultation with its texts, clauses, channels and deadline
    #[oai(path = "/consultations/:code", method = "get", operation_id = "getConsultation")]
    async fn get(
        &self,
        app: Data<&App>,
        token: MaybeStaff,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<ConsultationOut>, Problem> {
        let c = visible(&app, &token.actor(&visitor), &code).await?;
        whole(&app, c).await
    }

    /// 新建征求意见 Prepare a consultation
    #[oai(path = "/decisions/:code/consultations", method = "post", operation_id = "createConsultation")]
    async fn create(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        input: Json<ConsultationIn>,
    ) -> Result<Created, Problem> {
        token.0.require_staff()?;
        let db = app.db.read();
        let decision = decision::by_code(db, &code).await?;
        let department = department::find(db, decision.department_id).await?;
        let content = tidied(input.0.content(department, app.config.rules.identity));
        let c = super::create(&app, &token.0, decision.id, &content).await?;
        Ok(Created::Consultation(whole(&app, c).await?))
    }

    /// 修改未发布的征求意见 Change a consultation that is not published
    #[oai(path = "/consultations/:code", method = "patch", operation_id = "editConsultation")]
    async fn edit(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        input: Json<ConsultationPatch>,
    ) -> Result<Json<ConsultationOut>, Problem> {
        let c = of_staff(&app, &token, &code).await?;
        let (id, revision) = (c.id, input.0.revision.or(Some(c.revision)));
        let content = tidied(input.0.content(c));
        let c = super::edit(&app, &token.0, id, revision, &content).await?;
        whole(&app, c).await
    }

    /// 删除未发布的征求意见 Discard a consultation that is not published
    #[oai(path = "/consultations/:code", method = "delete", operation_id = "discardConsultation")]
    async fn discard(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Discarded, Problem> {
        let c = of_staff(&app, &token, &code).await?;
        super::discard(&app, &token.0, c.id).await?;
        Ok(Discarded::Done)
    }

    /// 发布征求意见 Publish a consultation; its texts are fixed from then on
    #[oai(path = "/consultations/:code/publish", method = "post", operation_id = "publishConsultation")]
    async fn publish(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<ConsultationOut>, Problem> {
        let c = of_staff(&app, &token, &code).await?;
        let c = super::publish(&app, &token.0, c.id).await?;
        whole(&app, c).await
    }

    /// 延长征求意见期限 Move the last day later
    #[oai(path = "/consultations/:code/extensions", method = "post", operation_id = "extendConsultation")]
    async fn extend(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        input: Json<ExtensionIn>,
    ) -> Result<Json<ConsultationOut>, Problem> {
        let c = of_staff(&app, &token, &code).await?;
        let input = Extend { new_closes_on: input.0.new_closes_on, reason: text::tidy(&input.0.reason) };
        let c = super::extend(&app, &token.0, c.id, &input).await?;
        whole(&app, c).await
    }

    /// 更正征求意见的文本 Correct a text of a running consultation by a new version with a notice
    #[oai(path = "/consultations/:code/corrections", method = "post", operation_id = "correctConsultation")]
    async fn correct(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        input: Json<CorrectionIn>,
    ) -> Result<Json<ConsultationOut>, Problem> {
        let c = of_staff(&app, &token, &code).await?;
        let input = Correction { document_id: input.0.document_id, notice: text::tidy(&input.0.notice) };
        let c = super::publish_correction(&app, &token.0, c.id, &input).await?;
        whole(&app, c).await
    }
}

fn first() -> u64 {
    1
}

fn twenty() -> u64 {
    20
}

/// JSON is tidied as forms are.
fn tidied(c: super::Content) -> super::Content {
    super::Content {
        title: text::tidy(&c.title),
        notice: text::tidy(&c.notice),
        plain: text::tidy(&c.plain),
        short_reason: c.short_reason.map(|r| text::tidy(&r)),
        contact_name: text::tidy(&c.contact_name),
        address: text::tidy(&c.address),
        postcode: text::tidy(&c.postcode),
        email: text::tidy(&c.email),
        phone: text::tidy(&c.phone),
        ..c
    }
}
