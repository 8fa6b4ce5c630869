//! The API of events, for organisers and the door.

use entity::event::Model as Event;
use entity::event_session::Model as Session;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;

use super::api::decision_code;
use super::api_types::{
    AdmittedOut, CheckInIn, DoorOut, EventCancelIn, EventIn, EventOut, EventReportIn, EventSession,
    EventSessionIn, WalkInIn, admitted_out, event_out, expected_out, session_out,
};
use super::door::{self, CheckIn, WalkIn, check_in, walk_in};
use super::{Report, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

pub struct Api;

/// The event of an address, for who organises it.
async fn mine(app: &App, actor: &Actor, code: &str) -> Result<Event, Problem> {
    actor.require_staff()?;
    let event = store::by_code(app.db.read(), code).await?;
    policy::may_organise(actor, &event)?;
    Ok(event)
}

async fn out(app: &App, event: &Event) -> Result<Json<EventOut>, Problem> {
    let sessions = store::sessions(app.db.read(), event.id).await?;
    Ok(Json(event_out(app, event, &sessions, decision_code(app, event).await?)))
}

fn one(app: &App, event: &Event, session: &Session) -> Json<EventSession> {
    Json(session_out(event, session, app.now()))
}

#[OpenApi(tag = "Area::Event")]
impl Api {
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
        let event = mine(app, &token.0, &code.0).await?;
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
        let event = mine(app, &token.0, &code.0).await?;
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
        let event = mine(app, &token.0, &code.0).await?;
        let session = super::add_session(app, &token.0, event.id, &body.0.content()?).await?;
        Ok(one(app, &event, &session))
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
        let event = mine(app, &token.0, &code.0).await?;
        let content = body.0.content()?;
        let session = super::change_session(app, &token.0, event.id, number.0, &content).await?;
        Ok(one(app, &event, &session))
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
        let event = mine(app, &token.0, &code.0).await?;
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
        let event = mine(app, &token.0, &code.0).await?;
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
        let event = mine(app, &token.0, &code.0).await?;
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
        let event = mine(app, &token.0, &code.0).await?;
        let input = Report {
            text: crate::text::tidy(&body.0.text),
            outcome: crate::text::tidy(&body.0.outcome),
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
        token.0.require_staff()?;
        let db = app.db.read();
        let event = store::by_code(db, &code.0).await?;
        policy::may_serve_door(&token.0, &event)?;
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
