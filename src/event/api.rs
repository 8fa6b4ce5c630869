//! The API of events: for everybody, and for organisers and the door.

use chrono::Datelike as _;
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use entity::id::EventRegistrationId;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::api_types::{
    EventCancelIn, EventIn, EventList, EventOut, EventReportIn, EventSession, EventSessionIn, event_out,
    session_out, year_out,
};
use super::door::{self, CheckIn, WalkIn, check_in, walk_in};
use super::register::{Register, register};
use super::registration_types::{
    AdmittedOut, CheckInIn, DoorOut, RegistrationIn, RegistrationOut, RegistrationReceipt,
    RegistrationSizeIn, WalkInIn, admitted_out, expected_out, receipt_out, registration_out,
};
use super::share::Shares;
use super::{Card, Report, change, list, state, store};
use crate::app::App;
use crate::decision;
use crate::http::api::{Area, StaffToken};
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
async fn decision_code(app: &App, event: &entity::event::Model) -> Result<Option<String>, Problem> {
    let Some(id) = event.decision_id else { return Ok(None) };
    Ok(Some(decision::find(app.db.read(), id).await?.code))
}

async fn outs(app: &App, cards: Vec<Card>) -> Result<Vec<EventOut>, Problem> {
    let mut items = Vec::with_capacity(cards.len());
    for card in cards {
        let decision = decision_code(app, &card.event).await?;
        let shares = Shares::of_sessions(app.db.read(), &card.sessions).await?;
        items.push(event_out(app, &card.event, (&card.sessions, &shares), decision));
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
        Ok(Json(EventList { items: outs(app, cards).await?, year: year_out(&year), next }))
    }

    /// 活动详情 One event
    #[oai(path = "/events/:code", method = "get", operation_id = "getEvent")]
    async fn show(&self, Data(app): Data<&App>, code: Path<String>) -> Result<Json<EventOut>, Problem> {
        let event = store::by_code(app.db.read(), &code.0).await?;
        if event.published_at.is_none() {
            return Err(Problem::not_found());
        }
        out(app, &event).await
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
            group: body.0.group,
            name_public: body.0.name_public,
            guardian: body.0.guardian,
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
        let id = state::find(app, &visitor.actor.address, &code.0).await?;
        stands(app, id).await
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
        stands(app, id).await
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
        stands(app, id).await
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
        stands(app, id).await
    }

    /// 筹备活动 Prepare an event
    #[oai(path = "/events", method = "post", operation_id = "createEvent")]
    async fn create(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        body: Json<EventIn>,
    ) -> Result<Json<EventOut>, Problem> {
        let event = super::create(app, &token.0, &body.0.content()).await?;
        out(app, &event).await
    }

    /// 修改活动 Change an event
    #[oai(path = "/events/:code", method = "put", operation_id = "editEvent")]
    async fn edit(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<EventIn>,
    ) -> Result<Json<EventOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let revision = body.0.revision;
        let event = super::edit(app, &token.0, event.id, revision, &body.0.content()).await?;
        out(app, &event).await
    }

    /// 删除草稿 Discard a draft
    #[oai(path = "/events/:code", method = "delete", operation_id = "discardEvent")]
    async fn discard(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<(), Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        super::discard(app, &token.0, event.id).await
    }

    /// 添加场次 Add a session
    #[oai(path = "/events/:code/sessions", method = "post", operation_id = "addEventSession")]
    async fn add_session(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<EventSessionIn>,
    ) -> Result<Json<EventSession>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let session = super::add_session(app, &token.0, event.id, &body.0.content()?).await?;
        one(app, &event, &session).await
    }

    /// 修改场次 Change a session
    #[oai(path = "/events/:code/sessions/:number", method = "put", operation_id = "changeEventSession")]
    async fn change_session(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<EventSessionIn>,
    ) -> Result<Json<EventSession>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let content = body.0.content()?;
        let session = super::change_session(app, &token.0, event.id, number.0, &content).await?;
        one(app, &event, &session).await
    }

    /// 移除场次 Remove a session
    #[oai(path = "/events/:code/sessions/:number", method = "delete", operation_id = "removeEventSession")]
    async fn remove_session(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
    ) -> Result<(), Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        super::remove_session(app, &token.0, event.id, number.0).await
    }

    /// 发布活动 Publish an event
    #[oai(path = "/events/:code/publish", method = "post", operation_id = "publishEvent")]
    async fn publish(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<EventOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let event = super::publish(app, &token.0, event.id).await?;
        out(app, &event).await
    }

    /// 取消活动 Cancel an event
    #[oai(path = "/events/:code/cancel", method = "post", operation_id = "cancelEvent")]
    async fn cancel(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<EventCancelIn>,
    ) -> Result<Json<EventOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let event = super::cancel(app, &token.0, event.id, &body.0.reason).await?;
        out(app, &event).await
    }

    /// 公布活动情况 Publish the report of an event
    #[oai(path = "/events/:code/report", method = "post", operation_id = "reportEvent")]
    async fn report(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        body: Json<EventReportIn>,
    ) -> Result<Json<EventOut>, Problem> {
        let event = list::organised(app, &token.0, &code.0).await?;
        let input = Report {
            text: crate::text::tidy(&body.0.text),
            outcome: crate::text::tidy(&body.0.outcome),
            said: crate::text::tidy(&body.0.said),
            attendance: body.0.attendance.into_iter().map(Into::into).collect(),
            attended: body.0.attended,
        };
        let event = super::report(app, &token.0, event.id, &input).await?;
        out(app, &event).await
    }

    /// 签到名单 The list of a door
    #[oai(
        path = "/events/:code/sessions/:number/registrations",
        method = "get",
        operation_id = "listRegistrations"
    )]
    async fn expected(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
    ) -> Result<Json<DoorOut>, Problem> {
        let event = list::at_door(app, &token.0, &code.0).await?;
        let db = app.db.read();
        let session = store::session(db, event.id, number.0).await?;
        let tally = door::tally(db, &session, app.now()).await?;
        let list = door::expected(app, &event, &session).await?;
        Ok(Json(DoorOut {
            capacity: tally.capacity,
            taken: tally.taken,
            present: tally.present,
            missing: tally.missing,
            waiting_parties: tally.waiting.0,
            waiting_people: tally.waiting.1,
            items: list.into_iter().map(expected_out).collect(),
        }))
    }

    /// 签到 Let a registered party in
    #[oai(path = "/events/:code/sessions/:number/check-ins", method = "post", operation_id = "checkIn")]
    async fn check_in(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<CheckInIn>,
    ) -> Result<Json<AdmittedOut>, Problem> {
        let input = CheckIn { event: code.0, session: number.0, typed: body.0.code, people: body.0.people };
        Ok(Json(admitted_out(&check_in(app, &token.0, &input).await?)))
    }

    /// 现场入场 Let in who did not register
    #[oai(path = "/events/:code/sessions/:number/walk-ins", method = "post", operation_id = "walkIn")]
    async fn walk_in(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        code: Path<String>,
        number: Path<i32>,
        body: Json<WalkInIn>,
    ) -> Result<Json<AdmittedOut>, Problem> {
        let input = WalkIn { event: code.0, session: number.0, name: body.0.name, people: body.0.people };
        Ok(Json(admitted_out(&walk_in(app, &token.0, &input).await?)))
    }
}

async fn out(app: &App, event: &Event) -> Result<Json<EventOut>, Problem> {
    let sessions = store::sessions(app.db.read(), event.id).await?;
    let shares = Shares::of_sessions(app.db.read(), &sessions).await?;
    Ok(Json(event_out(app, event, (&sessions, &shares), decision_code(app, event).await?)))
}

async fn one(app: &App, event: &Event, session: &Session) -> Result<Json<EventSession>, Problem> {
    let shares = Shares::load(app.db.read(), session).await?;
    Ok(Json(session_out(event, session, Some(&shares), app.now())))
}

fn first() -> u64 {
    1
}

/// The registration as it stands now.
async fn stands(app: &App, id: EventRegistrationId) -> Result<Json<RegistrationOut>, Problem> {
    let state = state::load(app, id).await?;
    Ok(Json(registration_out(&state, app.now())))
}
