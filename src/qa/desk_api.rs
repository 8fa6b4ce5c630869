//! The API of online questions and answers for organisers, moderators and the departments at the table.

use entity::enums::QuestionState;
use entity::qa_session::Model;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::api_types::{
    QaAnswerIn, QaCancelIn, QaDeskItem, QaDeskOut, QaDeskQuestion, QaPublishQuestionIn, QaRejectIn,
    QaRouteIn, QaSessionIn, QaSessionOut, case_out, session_out,
};
use super::decide::{Decision, Rejection, decide, route};
use super::{answer, read, store};
use crate::actor::Actor;
use crate::app::App;
use crate::department;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct DeskApi;

#[OpenApi(tag = "Area::Qa")]
impl DeskApi {
    /// 筹备网络问政 Prepare a session
    #[oai(path = "/qa/sessions", method = "post", operation_id = "createQaSession")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        body: Json<QaSessionIn>,
    ) -> Result<Json<QaSessionOut>, Problem> {
        token.0.require_staff()?;
        let content = body.0.content(&department::all(app.db.read()).await?)?;
        let session = super::create(app, &token.0, &content).await?;
        out(app, &session).await
    }

    /// 修改网络问政 Change a session
    #[oai(path = "/qa/sessions/:code", method = "put", operation_id = "editQaSession")]
    async fn edit(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<QaSessionIn>,
    ) -> Result<Json<QaSessionOut>, Problem> {
        let session = read::organised(app, &token.0, &code.0).await?;
        let revision = body.0.revision;
        let content = body.0.content(&department::all(app.db.read()).await?)?;
        let session = super::edit(app, &token.0, session.id, revision, &content).await?;
        out(app, &session).await
    }

    /// 删除草稿 Discard a draft
    #[oai(path = "/qa/sessions/:code", method = "delete", operation_id = "discardQaSession")]
    async fn discard(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<(), Problem> {
        let session = read::organised(app, &token.0, &code.0).await?;
        super::discard(app, &token.0, session.id).await
    }

    /// 发布网络问政 Publish a session
    #[oai(path = "/qa/sessions/:code/publish", method = "post", operation_id = "publishQaSession")]
    async fn publish(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<QaSessionOut>, Problem> {
        let session = read::organised(app, &token.0, &code.0).await?;
        let session = super::publish(app, &token.0, session.id).await?;
        out(app, &session).await
    }

    /// 取消网络问政 Cancel a session
    #[oai(path = "/qa/sessions/:code/cancel", method = "post", operation_id = "cancelQaSession")]
    async fn cancel(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<QaCancelIn>,
    ) -> Result<Json<QaSessionOut>, Problem> {
        let session = read::organised(app, &token.0, &code.0).await?;
        let session = super::cancel(app, &token.0, session.id, &body.0.reason).await?;
        out(app, &session).await
    }

    /// 提问列表 The questions of a session
    #[oai(path = "/qa/sessions/:code/questions", method = "get", operation_id = "listQuestions")]
    async fn questions(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        /// 状态 Only those in this state.
        state: Query<Option<QuestionState>>,
    ) -> Result<Json<QaDeskOut>, Problem> {
        let states = state.0.map_or(QuestionState::ALL.to_vec(), |s| vec![s]);
        let desk = read::desk(app, &token.0, &code.0, &states).await?;
        let item = |(q, text): &(entity::qa_question::Model, String)| QaDeskItem {
            number: q.number,
            state: q.state,
            text: text.clone(),
            received_at: q.received_at,
            department: q.department_id.and_then(|d| desk.names.get(&d).cloned()),
        };
        let items = desk.questions.iter().map(item).collect();
        Ok(Json(QaDeskOut { counts: desk.counts.into(), items }))
    }

    /// 提问详情 One question
    #[oai(path = "/qa/sessions/:code/questions/:number", method = "get", operation_id = "getDeskQuestion")]
    async fn question(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
    ) -> Result<Json<QaDeskQuestion>, Problem> {
        shown(app, &token.0, &code.0, number.0).await
    }

    /// 公开提问并交办 Publish a question and give it to a department
    #[oai(
        path = "/qa/sessions/:code/questions/:number/publish",
        method = "post",
        operation_id = "publishQuestion"
    )]
    async fn publish_question(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<QaPublishQuestionIn>,
    ) -> Result<Json<QaDeskQuestion>, Problem> {
        token.0.require_staff()?;
        let text = match body.0.public_text {
            Some(text) => text,
            None => read::case(app, &token.0, &code.0, number.0).await?.text,
        };
        let decision = Decision::Publish { department: body.0.department, text };
        decide(app, &token.0, &code.0, number.0, &decision).await?;
        shown(app, &token.0, &code.0, number.0).await
    }

    /// 不采用提问 Do not publish a question, or take it down
    #[oai(
        path = "/qa/sessions/:code/questions/:number/reject",
        method = "post",
        operation_id = "rejectQuestion"
    )]
    async fn reject(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<QaRejectIn>,
    ) -> Result<Json<QaDeskQuestion>, Problem> {
        let rejection = Rejection { reason: Some(body.0.reason), note: body.0.note };
        decide(app, &token.0, &code.0, number.0, &Decision::Reject(rejection)).await?;
        shown(app, &token.0, &code.0, number.0).await
    }

    /// 改由其他单位答复 Give a question to another department at the table
    #[oai(
        path = "/qa/sessions/:code/questions/:number/route",
        method = "post",
        operation_id = "routeQuestion"
    )]
    async fn route(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<QaRouteIn>,
    ) -> Result<(), Problem> {
        route(app, &token.0, &code.0, number.0, &body.0.department).await
    }

    /// 答复提问 Answer a question, or correct its answer
    #[oai(
        path = "/qa/sessions/:code/questions/:number/answer",
        method = "post",
        operation_id = "answerQuestion"
    )]
    async fn answer(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<QaAnswerIn>,
    ) -> Result<Json<QaDeskQuestion>, Problem> {
        answer::answer(app, &token.0, &code.0, number.0, &body.0.answer).await?;
        shown(app, &token.0, &code.0, number.0).await
    }
}

/// The question as it stands now.
async fn shown(app: &App, actor: &Actor, code: &str, number: i32) -> Result<Json<QaDeskQuestion>, Problem> {
    Ok(Json(case_out(read::case(app, actor, code, number).await?)))
}

async fn out(app: &App, session: &Model) -> Result<Json<QaSessionOut>, Problem> {
    let db = app.db.read();
    let guests = store::guests(db, session.id).await?;
    Ok(Json(session_out(app, session, &guests, &department::names(db).await?)))
}
