//! The API of events, for everybody.

use chrono::Datelike as _;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::api_types::{
    EventList, EventOut, RegistrationIn, RegistrationOut, RegistrationReceipt, RegistrationSizeIn, event_out,
    receipt_out, registration_out, year_out,
};
use super::register::{Register, register};
use super::{Card, change, list, state, store};
use crate::app::App;
use crate::decision;
use crate::http::api::Area;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const PAGE: u64 = 20;

pub struct Api;

#[derive(ApiResponse)]
enum Registered {
    /// 已登记 Registered
    #[oai(status = 201)]
    Created(Json<RegistrationReceipt>),
    /// 同一请求此前已登记 The same request had been registered before
    #[oai(status = 200)]
    Repeated(Json<RegistrationReceipt>),
}

/// The code of the public decision an event serves.
pub(super) async fn decision_code(
    app: &App,
    event: &entity::event::Model,
) -> Result<Option<String>, Problem> {
    let Some(id) = event.decision_id else { return Ok(None) };
    Ok(Some(decision::find(app.db.read(), id).await?.code))
}

async fn out(app: &App, cards: Vec<Card>) -> Result<Vec<EventOut>, Problem> {
    let mut items = Vec::with_capacity(cards.len());
    for card in cards {
        let decision = decision_code(app, &card.event).await?;
        items.push(event_out(app, &card.event, &card.sessions, decision));
    }
    Ok(items)
}

#[OpenApi(tag = "Area::Event")]
impl Api {
    /// 公众参与活动 Events with the public
    ///
    /// 即将举行的活动，或者已举行的（`past`）。Those to come, or past ones.
    #[oai(path = "/events", method = "get", operation_id = "listEvents")]
    async fn list(
        &self,
        Data(app): Data<&App>,
        /// 已举行的 Past ones.
        #[oai(default)]
        past: Query<bool>,
        /// 页码 Number of the page of past events, from 1.
        #[oai(default = "first", validator(minimum(value = "1"), maximum(value = "100000")))]
        page: Query<u64>,
    ) -> Result<Json<EventList>, Problem> {
        let year = list::counters(app, app.today().year()).await?;
        let (cards, next) = if past.0 {
            let mut cards = list::past(app, PAGE + 1, (page.0.clamp(1, 100_000) - 1) * PAGE).await?;
            let more = cards.len() as u64 > PAGE;
            cards.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
            (cards, more.then_some(page.0 + 1))
        } else {
            (list::upcoming(app).await?, None)
        };
        Ok(Json(EventList { items: out(app, cards).await?, year: year_out(&year), next }))
    }

    /// 活动详情 One event
    #[oai(path = "/events/:code", method = "get", operation_id = "getEvent")]
    async fn show(&self, Data(app): Data<&App>, code: Path<String>) -> Result<Json<EventOut>, Problem> {
        let event = store::by_code(app.db.read(), &code.0).await?;
        if event.published_at.is_none() {
            return Err(Problem::not_found());
        }
        let sessions = store::sessions(app.db.read(), event.id).await?;
        let decision = decision_code(app, &event).await?;
        Ok(Json(event_out(app, &event, &sessions, decision)))
    }

    /// 报名 Register for a session
    ///
    /// 先到先得；名额不够时整组候补。First come, first served; a party that does not fit waits as a whole.
    #[oai(
        path = "/events/:code/sessions/:number/registrations",
        method = "post",
        operation_id = "registerForEvent"
    )]
    async fn register(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        number: Path<i32>,
        /// 16 to 200 visible ASCII characters, for instance a UUID.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        body: Json<RegistrationIn>,
    ) -> Result<Registered, Problem> {
        let input = Register {
            event: code.0,
            session: number.0,
            name: body.0.name,
            contact: body.0.contact,
            seats: body.0.seats,
            consent: body.0.consent,
            idempotency_key: key.0,
            lang: visitor.lang_code(),
        };
        let receipt = register(app, &visitor.actor, &input).await?;
        let out = Json(receipt_out(app, &receipt));
        Ok(if receipt.repeated { Registered::Repeated(out) } else { Registered::Created(out) })
    }

    /// 查询报名 How a registration stands
    #[oai(path = "/registrations/:code", method = "get", operation_id = "getRegistration")]
    async fn registration(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<RegistrationOut>, Problem> {
        opened(app, &visitor, &code.0).await
    }

    /// 确认候补名额 Take up an offered seat
    #[oai(path = "/registrations/:code/accept", method = "post", operation_id = "acceptSeat")]
    async fn accept(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<RegistrationOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        change::accept(app, &visitor.actor, id).await?;
        opened(app, &visitor, &code.0).await
    }

    /// 减少人数 Bring fewer people
    #[oai(path = "/registrations/:code/size", method = "post", operation_id = "shrinkRegistration")]
    async fn shrink(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
        body: Json<RegistrationSizeIn>,
    ) -> Result<Json<RegistrationOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        change::shrink(app, &visitor.actor, id, body.0.seats).await?;
        opened(app, &visitor, &code.0).await
    }

    /// 取消报名 Cancel a registration
    #[oai(path = "/registrations/:code/cancel", method = "post", operation_id = "cancelRegistration")]
    async fn give_up(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        code: Path<String>,
    ) -> Result<Json<RegistrationOut>, Problem> {
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        change::give_up(app, &visitor.actor, id).await?;
        opened(app, &visitor, &code.0).await
    }
}

fn first() -> u64 {
    1
}

async fn opened(app: &App, visitor: &Visitor, code: &str) -> Result<Json<RegistrationOut>, Problem> {
    let id = state::find(app, &visitor.actor.address, code).await?;
    let state = state::load(app, id).await?;
    Ok(Json(registration_out(&state, app.now())))
}
