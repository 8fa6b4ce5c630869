//! The door: who is expected, who came, who comes without a registration while seats are free.

use chrono::{DateTime, Utc};
use entity::enums::{RegistrationState, SubjectKind};
use entity::event::Model as Event;
use entity::event_registration::Model;
use entity::event_session::Model as Session;
use entity::id::EventRegistrationId;
use sea_orm::ConnectionTrait;
use serde_json::json;
use validator::Validate;

use super::register::number;
use super::seats::Hall;
use super::store::{self, registration as rows};
use super::{list, words};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::identity;
use crate::problem::{Code, Problem};
use crate::receipt::{self, LookupCode};
use crate::text;

/// Somebody at the door.
#[derive(Clone, Debug, Default)]
pub struct CheckIn {
    /// Code of the event.
    pub event: String,
    /// Number of the session that begins behind this door.
    pub session: i32,
    /// The lookup code as typed, the address that a QR code holds, or the number on the list.
    pub typed: String,
    /// How many of the party are here; all of them when it is not said.
    pub people: Option<i32>,
}

/// Somebody without a registration.
#[derive(Clone, Debug, Default, Validate)]
pub struct WalkIn {
    pub event: String,
    pub session: i32,
    /// May be empty.
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub name: String,
    pub people: i32,
}

/// Lets a registered party in. Scanned twice it is refused, and told when it came in.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid` for a code that was never given out; `conflict` with the reason: another
/// session, cancelled, on the waiting list, in already, not today; the database's own.
pub async fn check_in(app: &App, actor: &Actor, input: &CheckIn) -> Result<Model, Problem> {
    let (event, session) = at_door(app, actor, &input.event, input.session).await?;
    let write = app.write().await?;
    write.unseen();
    let mut hall = Hall::lock(&write, session.id).await?;
    let asked = (input.typed.as_str(), input.people);
    let after = enter(app, &write, actor, &event, &mut hall, asked, app.now()).await?;
    write.commit().await?;
    Ok(after)
}

/// Lets in whose code or number was typed, and how many of them, at a moment.
pub(super) async fn enter(
    app: &App,
    write: &Write,
    actor: &Actor,
    event: &Event,
    hall: &mut Hall,
    (typed, asked): (&str, Option<i32>),
    at: DateTime<Utc>,
) -> Result<Model, Problem> {
    let found = recognise(&**write, &hall.session, typed).await?;
    if found.session_id != hall.session.id {
        return Err(elsewhere(&**write, event, &found).await?);
    }
    today(hall, at)?;
    may_enter(&found)?;
    let left = found.seats - found.came;
    let people = asked.unwrap_or(left);
    if found.came_at.is_some() && (asked.is_none() || left == 0) {
        return Err(already(&found));
    }
    if !(1..=left).contains(&people) {
        return Err(Problem::invalid(
            "people",
            format!("应为 1 至 {left} 人"),
            format!("From 1 to {left} people"),
        ));
    }
    let after = Model {
        state: RegistrationState::Confirmed,
        offered_until: None,
        came_at: found.came_at.or(Some(at)),
        came: found.came + people,
        let_in_by: actor.staff_id(),
        ..found
    };
    rows::update(write, &after).await?;
    hall.let_in(write, people).await?;
    let subject = audit::subject(SubjectKind::EventRegistration, after.id);
    let late = (at < app.now()).then_some(at);
    let detail = json!({ "people": people, "scanned_at": late });
    audit::record(app, write, actor, "event.check_in", subject, detail).await?;
    Ok(after)
}

/// Lets in who did not register, while seats are free.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` when the seats do not suffice, or not today; the database's
/// own.
pub async fn walk_in(app: &App, actor: &Actor, input: &WalkIn) -> Result<Model, Problem> {
    let (_, session) = at_door(app, actor, &input.event, input.session).await?;
    let name = text::tidy(&input.name);
    let input = WalkIn { name, ..input.clone() };
    input.validate()?;
    if input.people < 1 {
        return Err(Problem::invalid("walk_in_people", "请填写人数", "Please say how many people"));
    }
    let write = app.write().await?;
    write.unseen();
    let mut hall = Hall::lock(&write, session.id).await?;
    today(&hall, app.now())?;
    let free = hall.free();
    if input.people > free {
        return Err(Problem::conflict(
            format!("只剩 {free} 个名额，不能再放入 {} 人", input.people),
            format!("{free} seats are free; {} people do not fit", input.people),
        ));
    }
    let number = hall.issue(&write, input.people).await?;
    let row = Model {
        id: app.id::<EventRegistrationId>(),
        session_id: session.id,
        number,
        seats: input.people,
        state: RegistrationState::Confirmed,
        walk_in: true,
        name_enc: Some(&input.name).filter(|n| !n.is_empty()).map(|n| app.keys.encrypt(n, &app.rng)),
        contact_enc: None,
        person_hash: None,
        form_hash: None,
        lang: "zh".into(),
        registered_at: app.now(),
        offered_until: None,
        ended_at: None,
        came_at: Some(app.now()),
        came: input.people,
        let_in_by: actor.staff_id(),
        seat_group: None,
        drawn: None,
        name_public: false,
        confirmed_record_at: None,
        signature_noted_by: None,
    };
    rows::insert(&write, &row).await?;
    hall.let_in(&write, input.people).await?;
    let subject = audit::subject(SubjectKind::EventRegistration, row.id);
    audit::record(app, &write, actor, "event.walk_in", subject, json!({ "people": row.seats })).await?;
    write.commit().await?;
    Ok(row)
}

/// The session behind a door, for who may serve it.
pub(super) async fn at_door(
    app: &App,
    actor: &Actor,
    code: &str,
    number: i32,
) -> Result<(Event, Session), Problem> {
    let event = list::at_door(app, actor, code).await?;
    let db = app.db.read();
    if event.published_at.is_none() {
        return Err(Problem::conflict("活动尚未发布", "The event is not published"));
    }
    let session = store::session(db, event.id, number).await?;
    Ok((event, session))
}

/// Whose code, address or number this is.
async fn recognise(db: &impl ConnectionTrait, session: &Session, typed: &str) -> Result<Model, Problem> {
    let unknown = || {
        Problem::invalid(
            "code",
            "没有这个查询码或编号，请核对",
            "There is no such code or number; please check it",
        )
    };
    // A scanner types the whole address.
    let typed = typed.trim().split('?').next().unwrap_or_default();
    let typed = typed.rsplit('/').next().unwrap_or_default();
    if typed.len() <= 5
        && let Ok(number) = typed.parse::<i32>()
    {
        return rows::by_number(db, session.id, number).await?.ok_or_else(unknown);
    }
    let code = LookupCode::parse(typed).ok_or_else(unknown)?;
    let receipt = match receipt::find(db, &code).await {
        Ok(receipt) if receipt.subject_kind == SubjectKind::EventRegistration => receipt,
        Ok(_) => return Err(unknown()),
        Err(problem) if problem.code == Code::NotFound => return Err(unknown()),
        Err(problem) => return Err(problem),
    };
    rows::find(db, EventRegistrationId(receipt.subject_id)).await
}

/// The right code at the wrong door: where it belongs.
async fn elsewhere(db: &impl ConnectionTrait, here: &Event, found: &Model) -> Result<Problem, Problem> {
    let session = store::session_by_id(db, found.session_id).await?;
    let event = store::find(db, session.event_id).await?;
    let when = words::when(&session);
    let (zh, en) = if event.id == here.id {
        (format!("第 {} 场", session.number), format!("session {}", session.number))
    } else {
        (
            format!("《{}》第 {} 场", event.title, session.number),
            format!("{}, session {}", event.title, session.number),
        )
    };
    Ok(Problem::conflict(
        format!("不是本场次：这是{zh}的报名，时间 {}，地点 {}", when.zh, session.place),
        format!("Another session: this is for {en}, {}, {}", when.en, session.place),
    ))
}

/// The door is open on the day of the session only.
fn today(hall: &Hall, at: DateTime<Utc>) -> Result<(), Problem> {
    if hall.event.cancelled_at.is_some() {
        return Err(Problem::conflict("活动已取消", "The event is cancelled"));
    }
    if civil::local_date(hall.session.begins_at) == civil::local_date(at) {
        return Ok(());
    }
    let when = words::when(&hall.session);
    Err(Problem::conflict(
        format!("只能在活动当天签到；本场次时间：{}", when.zh),
        format!("People are let in on the day only; this session is on {}", when.en),
    ))
}

fn may_enter(found: &Model) -> Result<(), Problem> {
    match found.state {
        // Who stands here takes up what was offered.
        RegistrationState::Confirmed | RegistrationState::Offered => Ok(()),
        RegistrationState::Waiting => Err(Problem::conflict(
            format!("{} 号在候补名单中，还没有名额", found.number),
            format!("No. {} is on the waiting list and has no seat", found.number),
        )),
        RegistrationState::Cancelled => Err(Problem::conflict(
            format!("{} 号的报名已取消", found.number),
            format!("No. {} has cancelled", found.number),
        )),
        RegistrationState::Expired => Err(Problem::conflict(
            format!("{} 号未在期限内确认，名额已让出", found.number),
            format!("No. {} did not take up the offer in time", found.number),
        )),
    }
}

fn already(found: &Model) -> Problem {
    let at = civil::local_time(found.came_at.unwrap_or(found.registered_at)).format("%H:%M").to_string();
    let (n, came, seats) = (found.number, found.came, found.seats);
    let (zh, en) = if came < seats {
        (
            "；同行的其他人到了，请填写人数后再签到",
            "; for the rest of the party, say how many of them are here",
        )
    } else {
        ("", "")
    };
    Problem::conflict(
        format!("重复签到：{n} 号已于 {at} 签到，{came}/{seats} 人{zh}"),
        format!("In already: no. {n} came at {at}, {came} of {seats}{en}"),
    )
}

/// A line of the list at the door.
#[derive(Clone, Debug)]
pub struct Expected {
    pub registration: Model,
    /// `E2026-003-1-0007`
    pub number: String,
    /// None once erased, or not given.
    pub name: Option<String>,
    pub contact: Option<String>,
    /// Of somebody under fourteen, who comes with them.
    pub guardian: Option<String>,
}

/// Everybody of a session with names, for who serves its door.
pub(super) async fn expected(app: &App, event: &Event, session: &Session) -> Result<Vec<Expected>, Problem> {
    let open = |sealed: &Option<Vec<u8>>| sealed.as_deref().and_then(|s| app.keys.decrypt(s));
    let all = rows::all(app.db.read(), session.id).await?;
    let ids = all.iter().map(|r| r.id.0);
    let guardians = identity::guardians(app.db.read(), SubjectKind::EventRegistration, ids).await?;
    Ok(all
        .into_iter()
        .map(|r| Expected {
            number: number(&event.code, session.number, r.number),
            name: open(&r.name_enc),
            contact: open(&r.contact_enc),
            guardian: guardians.get(&r.id.0).and_then(|sealed| app.keys.decrypt(sealed)),
            registration: r,
        })
        .collect())
}

/// The list of a session to take along as a file. Names leave the house with it, so that is recorded.
///
/// # Errors
/// `unauthenticated`, `forbidden`, `not_found`; the database's own.
pub async fn take_list(
    app: &App,
    actor: &Actor,
    event: &str,
    session: i32,
) -> Result<(Event, Session, Vec<Expected>), Problem> {
    let event = list::at_door(app, actor, event).await?;
    let session = store::session(app.db.read(), event.id, session).await?;
    let expected = expected(app, &event, &session).await?;
    let write = app.write().await?;
    write.unseen();
    let detail = json!({ "session": session.number, "lines": expected.len() });
    audit::record(
        app,
        &write,
        actor,
        "event.take_list",
        audit::subject(SubjectKind::Event, event.id),
        detail,
    )
    .await?;
    write.commit().await?;
    Ok((event, session, expected))
}

/// How it stands at a door, or stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub capacity: i32,
    pub taken: i32,
    pub present: i32,
    /// People with a seat who did not come (yet).
    pub missing: i32,
    /// Parties and people on the waiting list.
    pub waiting: (i64, i64),
    /// Whether the session is over, so that who is missing did not come.
    pub is_over: bool,
}

pub(super) async fn tally(
    db: &impl ConnectionTrait,
    session: &Session,
    now: DateTime<Utc>,
) -> Result<Tally, Problem> {
    let waiting = rows::sum(db, session.id, RegistrationState::Waiting).await?;
    Ok(Tally {
        capacity: session.capacity,
        taken: session.taken,
        present: session.present,
        missing: session.taken - session.present,
        waiting,
        is_over: session.ends_at <= now,
    })
}
