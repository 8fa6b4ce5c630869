//! Seats by lot (摇号): the number is committed to when the session is published, the draw is held once registration
//! has closed, and everybody can repeat it ([`super::lot`], `docs/draw.md`). Until then everybody who registers
//! waits; afterwards the session goes on like any other, with the waiting list in the order that was drawn.
//!
//! The number lies encrypted in the database and leaves it only with the protocol: no page and no operation of the
//! API shows it before.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::enums::{RegistrationState, SeatGroup, SeatMethod, SubjectKind};
use entity::event_draw::Model as Row;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::id::{EventId, EventSessionId};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::jobs::{self, Telling};
use super::lot::{self, Entry, Protocol};
use super::seats::Hall;
use super::store::{self, draw as draws, registration as rows};
use super::{policy, publish};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::job;
use crate::keys::Purpose;
use crate::problem::{Code, Problem};

/// Registration closed: the draw is held.
pub const DRAW_JOB: &str = "event.draw";

/// Registration for a draw closes so long before the session, so that people hear of the result in time.
pub const NOTICE: TimeDelta = TimeDelta::hours(24);

/// Makes the number of a session and commits to it, once.
pub(super) async fn commit_to(app: &App, write: &Write, session: &Session) -> Result<(), Problem> {
    if session.method != SeatMethod::Draw || draws::of(&**write, session.id).await?.is_some() {
        return Ok(());
    }
    let secret = data_encoding::HEXLOWER.encode(&app.rng.bytes::<32>());
    let sealed = app.keys.seal(Purpose::Draw, session.id.0.as_bytes(), secret.as_bytes(), &app.rng);
    let row = Row {
        session_id: session.id,
        commitment: lot::hash(&secret),
        secret_enc: Some(sealed),
        committed_at: app.now(),
        drawn_at: None,
        protocol: None,
    };
    draws::insert(write, &row).await?;
    let subject = audit::subject(SubjectKind::Event, session.event_id);
    let detail = json!({ "session": session.number, "commitment": row.commitment });
    audit::record(app, write, &Actor::system(), "event.draw_commit", subject, detail).await
}

#[derive(Deserialize)]
struct What {
    session: EventSessionId,
}

/// Plans the draw for the moment at which registration closes.
pub(super) async fn plan(app: &App, write: &Write, session: &Session) -> Result<(), Problem> {
    if session.method != SeatMethod::Draw {
        return Ok(());
    }
    let at = session.registration_closes_at;
    let key = format!("{DRAW_JOB}:{}:{}", session.id, at.timestamp());
    job::enqueue(app, write, DRAW_JOB, &key, json!({ "session": session.id }), at).await
}

/// The event and session, locked in the order in which every change of an event takes them.
async fn locked(write: &Write, event: EventId, session: EventSessionId) -> Result<Hall, Problem> {
    store::lock(write, event).await?;
    Hall::lock(write, session).await
}

/// Holds the draw of a session whose registration has closed; one that was held, moved or called off in the
/// meantime is left alone.
///
/// # Errors
/// The database's own.
pub async fn draw_due(app: &App, payload: &Value) -> Result<(), Problem> {
    let what: What = serde_json::from_value(payload.clone()).map_err(Problem::internal)?;
    let session = match store::session_by_id(app.db.read(), what.session).await {
        // Taken away before anybody registered.
        Err(problem) if problem.code == Code::NotFound => return Ok(()),
        found => found?,
    };
    let write = app.write().await?;
    write.unseen();
    let mut hall = locked(&write, session.event_id, session.id).await?;
    match ready(app, &write, &hall).await {
        Ok(row) => hold(app, &write, &Actor::system(), &mut hall, &row).await.map(drop)?,
        Err(problem) if problem.code == Code::Conflict => {}
        Err(problem) => return Err(problem),
    }
    write.commit().await
}

/// Holds the draw now, for who does not want to wait for the worker.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` for a session without a draw, before registration has closed, after the
/// draw, or when the event is off; the database's own.
pub async fn draw(app: &App, actor: &Actor, event: EventId, number: i32) -> Result<Protocol, Problem> {
    let write = app.write().await?;
    let session = store::session(&*write, event, number).await?;
    let mut hall = locked(&write, event, session.id).await?;
    policy::may_organise(actor, &hall.event)?;
    let row = ready(app, &write, &hall).await?;
    let protocol = hold(app, &write, actor, &mut hall, &row).await?;
    write.commit().await?;
    Ok(protocol)
}

/// The draw that may be held now, or why none may.
async fn ready(app: &App, write: &Write, hall: &Hall) -> Result<Row, Problem> {
    if hall.event.cancelled_at.is_some() {
        return Err(Problem::conflict("活动已取消", "The event is cancelled"));
    }
    let row = draws::of(&**write, hall.session.id).await?;
    let Some(row) = row.filter(|_| hall.session.method == SeatMethod::Draw) else {
        return Err(Problem::conflict("本场次不摇号，或者尚未发布", "There is no draw for this session"));
    };
    if row.drawn_at.is_some() {
        return Err(Problem::conflict("本场次已经摇号", "The draw has been held"));
    }
    if app.now() < hall.session.registration_closes_at {
        return Err(Problem::conflict("报名截止后才能摇号", "The draw is held once registration has closed"));
    }
    Ok(row)
}

async fn hold(
    app: &App,
    write: &Write,
    actor: &Actor,
    hall: &mut Hall,
    row: &Row,
) -> Result<Protocol, Problem> {
    let session = hall.session.clone();
    let opened = row.secret_enc.as_deref().and_then(|sealed| {
        app.keys.open(Purpose::Draw, session.id.0.as_bytes(), sealed).and_then(|b| String::from_utf8(b).ok())
    });
    let secret = opened.filter(|s| lot::hash(s) == row.commitment);
    let secret = secret.ok_or_else(|| Problem::internal("the number of a draw does not open"))?;
    let waiting = rows::in_states(&**write, session.id, &[RegistrationState::Waiting]).await?;
    let entry = |r: &Registration| Entry { number: r.number, group: r.seat_group, seats: r.seats };
    let protocol = Protocol {
        format: lot::FORMAT.into(),
        session: format!("{}-{}", hall.event.code, session.number),
        title: hall.event.title.clone(),
        closed_at: session.registration_closes_at,
        drawn_at: app.now(),
        seats: session.capacity,
        quotas: hall.shares.quotas(),
        list: waiting.iter().map(entry).collect(),
        list_hash: String::new(),
        commitment: row.commitment.clone(),
        secret,
        seed: String::new(),
        result: Vec::new(),
    }
    .filled();
    give(write, hall, waiting, &protocol).await?;
    let text = serde_json::to_string_pretty(&protocol).map_err(Problem::internal)?;
    draws::reveal(write, session.id, app.now(), &text).await?;
    publish::release(app, write, actor, &hall.event).await?;
    jobs::plan_telling(app, write, session.id, Telling::Drawn, app.now()).await?;
    let subject = audit::subject(SubjectKind::Event, hall.event.id);
    let seated = protocol.result.iter().filter(|d| d.seated).count();
    let detail = json!({ "session": session.number, "registrations": protocol.list.len(), "seated": seated,
        "list_hash": protocol.list_hash, "seed": protocol.seed });
    audit::record(app, write, actor, "event.draw", subject, detail).await?;
    Ok(protocol)
}

/// Writes down what was drawn. The counters of the session and its shares have the last word: what does not fit
/// there fails as a whole.
async fn give(
    write: &Write,
    hall: &mut Hall,
    waiting: Vec<Registration>,
    protocol: &Protocol,
) -> Result<(), Problem> {
    let mut by_number: BTreeMap<i32, Registration> = waiting.into_iter().map(|r| (r.number, r)).collect();
    let mut seats: BTreeMap<Option<SeatGroup>, i32> = BTreeMap::new();
    for drawn in &protocol.result {
        let Some(registration) = by_number.remove(&drawn.number) else { continue };
        let mut after = Registration { drawn: Some(drawn.place), ..registration };
        if drawn.seated {
            after.state = RegistrationState::Confirmed;
            *seats.entry(after.seat_group).or_default() += after.seats;
        }
        rows::update(write, &after).await?;
    }
    for (group, seats) in seats {
        hall.give(write, group, seats).await?;
    }
    Ok(())
}

/// What is public of a draw.
#[derive(Clone, Debug)]
pub struct Public {
    pub commitment: String,
    pub committed_at: chrono::DateTime<chrono::Utc>,
    /// Once the draw was held.
    pub protocol: Option<Protocol>,
    /// The file as it was published.
    pub file: Option<String>,
}

/// The draw of a session; none for a session without one, or whose event is not published.
///
/// # Errors
/// The database's own.
pub(super) async fn public(
    db: &impl ConnectionTrait,
    session: EventSessionId,
) -> Result<Option<Public>, Problem> {
    let Some(row) = draws::of(db, session).await? else { return Ok(None) };
    Ok(Some(Public {
        commitment: row.commitment,
        committed_at: row.committed_at,
        protocol: row.protocol.as_deref().map(read).transpose()?,
        file: row.protocol,
    }))
}

fn read(text: &str) -> Result<Protocol, Problem> {
    serde_json::from_str(text).map_err(Problem::internal)
}

/// The protocol of a draw that was held.
pub(super) async fn protocol(
    db: &impl ConnectionTrait,
    session: EventSessionId,
) -> Result<Option<Protocol>, Problem> {
    Ok(public(db, session).await?.and_then(|p| p.protocol))
}

/// What the published text of an event says of its draws, a line each.
pub(super) async fn lines(db: &impl ConnectionTrait, sessions: &[Session]) -> Result<Vec<String>, Problem> {
    let ids: Vec<_> = sessions.iter().filter(|s| s.method == SeatMethod::Draw).map(|s| s.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = draws::of_all(db, &ids).await?;
    let mut lines = Vec::new();
    for session in sessions {
        let Some(row) = rows.iter().find(|r| r.session_id == session.id) else { continue };
        let n = session.number;
        lines.push(match row.protocol.as_deref().map(read).transpose()? {
            None => format!("第{n}场摇号承诺值（SHA-256）：{}", row.commitment),
            Some(p) => {
                let seated = p.result.iter().filter(|d| d.seated).count();
                format!(
                    "第{n}场摇号结果：报名 {} 组，中签 {seated} 组；承诺值 {}；名单哈希 {}；种子 {}",
                    p.list.len(),
                    p.commitment,
                    p.list_hash,
                    p.seed
                )
            }
        });
    }
    Ok(lines)
}
