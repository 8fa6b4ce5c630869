//! The sessions of an event: added, changed, taken away while nobody registered.

use entity::enums::{RegistrationState, SeatMethod, SubjectKind};
use entity::event::Model as Event;
use entity::event_session::Model;
use entity::id::EventId;
use serde_json::{Value, json};

use super::content::{SessionContent, Times};
use super::jobs::{self, Telling};
use super::seats::Hall;
use super::store::registration as rows;
use super::{draw, hearing, policy, publish, share, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::duty::{self, Term};
use crate::problem::Problem;

/// Who holds a seat.
const SEATED: [RegistrationState; 2] = [RegistrationState::Confirmed, RegistrationState::Offered];

/// More sessions than any event of a bureau has.
const MOST: usize = 100;

/// The event under its lock, if this person organises it and it is not cancelled.
async fn open(write: &Write, actor: &Actor, event: EventId) -> Result<Event, Problem> {
    let event = store::lock(write, event).await?;
    policy::may_organise(actor, &event)?;
    if event.cancelled_at.is_some() {
        return Err(Problem::conflict(
            "活动已取消，不能修改",
            "The event is cancelled and cannot be changed",
        ));
    }
    Ok(event)
}

/// Adds a session.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict`; the database's own.
pub async fn add_session(
    app: &App,
    actor: &Actor,
    event: EventId,
    content: &SessionContent,
) -> Result<Model, Problem> {
    let write = app.write().await?;
    let event = open(&write, actor, event).await?;
    let times = content.check(app.now(), app.now())?;
    let known = store::sessions(&*write, event.id).await?;
    if known.len() >= MOST {
        return Err(Problem::conflict("场次过多", "There are too many sessions"));
    }
    let row = Model {
        id: app.id(),
        event_id: event.id,
        number: known.iter().map(|s| s.number).max().unwrap_or(0) + 1,
        place: content.place.clone(),
        directions: content.directions.clone(),
        begins_at: times.begins_at,
        ends_at: times.ends_at,
        capacity: content.capacity,
        registration_opens_at: times.opens_at,
        registration_closes_at: times.closes_at,
        party_max: content.party_max,
        offer_hours: content.offer_hours,
        taken: 0,
        present: 0,
        issued: 0,
        method: content.method,
        by_group: !content.quotas.is_empty(),
    };
    hearing::may_change(app, &write, &event, &row).await?;
    store::insert_session(&write, &row).await?;
    share::divide(&write, &row, &content.quotas, &[]).await?;
    follow(app, &write, actor, &event, &row).await?;
    record(app, &write, actor, "event.session_add", event.id, &row).await?;
    write.commit().await?;
    Ok(row)
}

/// Changes a session. Who registered is told of another time or place; seats that are added go to who waits.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`, also for fewer seats than are given; `conflict` once it began; the
/// database's own.
pub async fn change_session(
    app: &App,
    actor: &Actor,
    event: EventId,
    number: i32,
    content: &SessionContent,
) -> Result<Model, Problem> {
    let write = app.write().await?;
    let event = open(&write, actor, event).await?;
    let known = store::session(&*write, event.id, number).await?;
    let mut hall = Hall::lock(&write, known.id).await?;
    let before = hall.session.clone();
    let times = content.check(app.now(), before.registration_opens_at)?;
    not_begun(app, &before)?;
    fair(app, &write, &event, &hall, content, &times).await?;
    if content.capacity < before.taken {
        let taken = before.taken;
        return Err(Problem::invalid(
            "capacity",
            format!("已有 {taken} 人报名成功，名额不能少于 {taken}"),
            format!("{taken} seats are given; there cannot be fewer"),
        ));
    }
    let after = Model {
        place: content.place.clone(),
        directions: content.directions.clone(),
        begins_at: times.begins_at,
        ends_at: times.ends_at,
        capacity: content.capacity,
        registration_opens_at: times.opens_at,
        registration_closes_at: times.closes_at,
        party_max: content.party_max,
        offer_hours: content.offer_hours,
        method: content.method,
        by_group: !content.quotas.is_empty(),
        ..before.clone()
    };
    if (after.begins_at, after.by_group) != (before.begins_at, before.by_group) {
        hearing::may_change(app, &write, &event, &after).await?;
    }
    store::update_session(&write, &after).await?;
    let seated = rows::in_states(&*write, before.id, &SEATED).await?;
    hall.shares = share::divide(&write, &after, &content.quotas, &seated).await?;
    hall.session = after.clone();
    hall.promote(app, &write).await?;
    let moved =
        (&before.place, before.begins_at, before.ends_at) != (&after.place, after.begins_at, after.ends_at);
    let event = follow(app, &write, actor, &event, &after).await?;
    if moved && event.published_at.is_some() {
        let telling = Telling::Changed { revision: event.revision };
        jobs::plan_telling(app, &write, after.id, telling, app.now()).await?;
    }
    record(app, &write, actor, "event.session_change", event.id, &after).await?;
    write.commit().await?;
    Ok(Model { taken: hall.session.taken, ..after })
}

/// Takes a session away that nobody has registered for.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` when somebody registered, or for the last session of a published event;
/// the database's own.
pub async fn remove_session(app: &App, actor: &Actor, event: EventId, number: i32) -> Result<(), Problem> {
    let write = app.write().await?;
    let event = open(&write, actor, event).await?;
    let known = store::session(&*write, event.id, number).await?;
    let hall = Hall::lock(&write, known.id).await?;
    if hall.session.issued > 0 {
        return Err(Problem::conflict(
            "已有人报名，不能移除场次；可以更改时间地点，或者取消整个活动",
            "Somebody has registered; change the session or cancel the event instead",
        ));
    }
    let is_last = store::sessions(&*write, event.id).await?.len() == 1;
    if is_last && event.published_at.is_some() {
        return Err(Problem::conflict("已发布的活动至少要有一个场次", "A published event needs a session"));
    }
    store::delete_session(&write, known.id).await?;
    if event.published_at.is_some() {
        publish::release(app, &write, actor, &event).await?;
    }
    record(app, &write, actor, "event.session_remove", event.id, &known).await?;
    write.commit().await
}

/// What people registered for stays as it was said: the method once the event is published, and of a draw the
/// window once registration has closed; between closing and draw nothing that the list tells changes.
async fn fair(
    app: &App,
    write: &Write,
    event: &Event,
    hall: &Hall,
    content: &SessionContent,
    times: &Times,
) -> Result<(), Problem> {
    let session = &hall.session;
    if event.published_at.is_some() && content.method != session.method {
        return Err(Problem::invalid(
            "method",
            "活动已经发布，名额分配方式不能更改",
            "The event is published; how seats are given stays",
        ));
    }
    let is_closed = app.now() >= session.registration_closes_at;
    if event.published_at.is_none() || session.method != SeatMethod::Draw || !is_closed {
        return Ok(());
    }
    if (times.opens_at, times.closes_at) != (session.registration_opens_at, session.registration_closes_at) {
        return Err(Problem::invalid(
            "registration_closes_at",
            "报名已经截止，摇号场次的报名时间不能再改",
            "Registration has closed; for a draw its times stay",
        ));
    }
    let told = content.capacity == session.capacity && content.quotas == hall.shares.quotas();
    if !told && hall.awaits_draw(write).await? {
        return Err(Problem::conflict("请先摇号，再调整名额", "Hold the draw before changing the seats"));
    }
    Ok(())
}

fn not_begun(app: &App, session: &Model) -> Result<(), Problem> {
    if app.now() < session.begins_at {
        return Ok(());
    }
    Err(Problem::conflict("场次已经开始，不能更改", "The session has begun and cannot be changed"))
}

/// What follows from a session of a published event: it appears anew, reminder, erasure and the day of the report
/// move with it.
async fn follow(
    app: &App,
    write: &Write,
    actor: &Actor,
    event: &Event,
    session: &Model,
) -> Result<Event, Problem> {
    if event.published_at.is_none() {
        return Ok(event.clone());
    }
    let after = Event { revision: event.revision + 1, ..event.clone() };
    store::update(write, event.revision, &after).await?;
    draw::commit_to(app, write, session).await?;
    publish::release(app, write, actor, &after).await?;
    draw::plan(app, write, session).await?;
    jobs::plan_session(app, write, session).await?;
    let sessions = store::sessions(&**write, event.id).await?;
    jobs::plan_erasure(app, write, event.id, &sessions).await?;
    let last = civil::local_date(super::ends_at(&sessions).unwrap_or(session.ends_at));
    let days = Term::WorkingDays(app.config.rules.event_report_working_days);
    let kind = entity::enums::DutyKind::EventReport;
    duty::restart(app, write, actor, kind, event.id.0, last, days, "场次有变化").await?;
    hearing::follow(app, write, actor, &after, &sessions).await?;
    Ok(after)
}

async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    action: &'static str,
    event: EventId,
    session: &Model,
) -> Result<(), Problem> {
    let detail: Value = json!({ "session": session.number, "begins_at": session.begins_at,
        "capacity": session.capacity, "method": session.method, "by_group": session.by_group });
    audit::record(app, write, actor, action, audit::subject(SubjectKind::Event, event), detail).await
}
