//! The API of online questions and answers for everybody.

use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::api_types::{
    QaAskIn, QaReceipt, QaSessions, QaStateOut, QaTranscript, receipt_out, session_out, state_out,
    transcript_out,
};
use super::ask::{Ask, ask};
use super::{read, state, store};
use crate::app::App;
use crate::department;
use crate::http::api::Area;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const PAGE: u64 = 20;

pub struct Api;

#[derive(ApiResponse)]
enum QaReceived {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<QaReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<QaReceipt>),
}

#[OpenApi(tag = "Area::Qa")]
impl Api {
    /// 网络问政场次 Sessions of online questions and answers
    ///
    /// 即将举行和正在进行的，或者已结束的（`past`）。Those to come and under way, or past ones.
    #[oai(path = "/qa/sessions", method = "get", operation_id = "listQaSessions")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        /// 已结束的 Past ones.
        #[oai(default)]
        past: Query<bool>,
        /// 页码 Number of the page of past sessions, from 1.
        #[oai(default = "first", validator(minimum(value = "1"), maximum(value = "100000")))]
        page: Query<u64>,
    ) -> Result<Json<QaSessions>, Problem> {
        let db = app.db.read();
        let (cards, next) = if past.0 {
            let mut cards = read::over(app, PAGE + 1, (page.0.clamp(1, 100_000) - 1) * PAGE).await?;
            let more = cards.len() as u64 > PAGE;
            cards.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
            (cards, more.then_some(page.0 + 1))
        } else {
            (read::to_come(app).await?, None)
        };
        let names = department::names(db).await?;
        let mut items = Vec::with_capacity(cards.len());
        for card in cards {
            let guests = store::guests(db, card.session.id).await?;
            items.push(session_out(app, &card.session, &guests, &names));
        }
        Ok(Json(QaSessions { items, next }))
    }

    /// 场次与问答 A session with its public questions and answers
    #[oai(path = "/qa/sessions/:code", method = "get", operation_id = "getQaSession")]
    async fn show(&self, Data(app): Data<&App>, code: Path<String>) -> Result<Json<QaTranscript>, Problem> {
        Ok(Json(transcript_out(app, &read::shown(app, &code.0).await?)))
    }

    /// 提问 Ask a question
    ///
    /// 经审核后公开，由参加单位答复。Reviewed before it is published and answered.
    #[oai(path = "/qa/sessions/:code/questions", method = "post", operation_id = "askQuestion")]
    async fn ask(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        /// 16 to 200 visible ASCII characters, for instance a UUID.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<QaAskIn>,
    ) -> Result<QaReceived, Problem> {
        let input = Ask {
            session: code.0,
            text: body.0.text,
            name: body.0.name,
            contact: body.0.contact,
            consent: body.0.consent,
            idempotency_key: key.0,
            lang: visitor.lang_code(),
        };
        let receipt = ask(app, &visitor.actor, &input).await?;
        let out = Json(receipt_out(app, &receipt));
        Ok(if receipt.repeated { QaReceived::Repeated(out) } else { QaReceived::Created(out) })
    }

    /// 查询提问 How a question stands
    #[oai(path = "/qa/questions/:code", method = "get", operation_id = "getQuestion")]
    async fn state(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<QaStateOut>, Problem> {
        let state = state::open(app, &visitor.actor.address, &code.0).await?;
        Ok(Json(state_out(&state)))
    }
}

fn first() -> u64 {
    1
}
