//! Lists of events, and the year's counters against the plan.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::EventKind;
use entity::event::Model;
use entity::event_session::Model as Session;
use entity::id::{DecisionId, EventId};
use sea_orm::ConnectionTrait;

use super::{Stage, ends_at, policy, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::problem::Problem;

/// An event with its sessions in the order of time.
#[derive(Clone, Debug)]
pub struct Card {
    pub event: Model,
    pub sessions: Vec<Session>,
    pub stage: Stage,
}

impl Card {
    /// The session that comes next, or the last one.
    pub fn next(&self, now: DateTime<Utc>) -> Option<&Session> {
        self.sessions.iter().find(|s| s.ends_at > now).or(self.sessions.last())
    }

    /// Seats that nobody has in sessions still to come.
    pub fn free(&self, now: DateTime<Utc>) -> i32 {
        self.sessions.iter().filter(|s| s.begins_at > now).map(|s| s.capacity - s.taken).sum()
    }
}

/// The event of an address, for who organises it.
///
/// # Errors
/// `unauthenticated`; `forbidden`; `not_found`, for a draft of others too; the database's own.
pub async fn organised(app: &App, actor: &Actor, code: &str) -> Result<Model, Problem> {
    actor.require_staff()?;
    let event = store::by_code(app.db.read(), code).await?;
    policy::may_organise(actor, &event)?;
    Ok(event)
}

/// The same, for who may read its desk.
///
/// # Errors
/// As [`organised`].
pub async fn readable(app: &App, actor: &Actor, code: &str) -> Result<Model, Problem> {
    actor.require_staff()?;
    let event = store::by_code(app.db.read(), code).await?;
    policy::may_read(actor, &event)?;
    Ok(event)
}

/// The same, for who stands at its door and sees who is expected.
///
/// # Errors
/// As [`organised`].
pub async fn at_door(app: &App, actor: &Actor, code: &str) -> Result<Model, Problem> {
    actor.require_staff()?;
    let event = store::by_code(app.db.read(), code).await?;
    policy::may_serve_door(actor, &event)?;
    Ok(event)
}

pub(super) async fn cards(
    db: &impl ConnectionTrait,
    events: Vec<Model>,
    now: DateTime<Utc>,
) -> Result<Vec<Card>, Problem> {
    let ids: Vec<EventId> = events.iter().map(|e| e.id).collect();
    let mut sessions: HashMap<EventId, Vec<Session>> = store::sessions_of(db, &ids).await?;
    let card = |event: Model| {
        let sessions = sessions.remove(&event.id).unwrap_or_default();
        let stage = stage(&event, &sessions, now);
        Card { event, sessions, stage }
    };
    Ok(events.into_iter().map(card).collect())
}

/// Published events with a session still to come, the nearest first.
///
/// # Errors
/// The database's own.
pub async fn upcoming(app: &App) -> Result<Vec<Card>, Problem> {
    let (db, now) = (app.db.read(), app.now());
    let mut found = cards(db, store::running(db, now).await?, now).await?;
    found.sort_by_key(|card| (card.next(now).map(|s| s.begins_at), card.event.id));
    Ok(found)
}

/// Published events that are over, the latest first.
///
/// # Errors
/// The database's own.
pub async fn past(app: &App, limit: u64, offset: u64) -> Result<Vec<Card>, Problem> {
    let (db, now) = (app.db.read(), app.now());
    cards(db, store::over(db, now, limit, offset).await?, now).await
}

/// The published events of a decision, in the order of their publication.
///
/// # Errors
/// The database's own.
pub async fn cards_of_decision(app: &App, decision: DecisionId) -> Result<Vec<Card>, Problem> {
    let db = app.db.read();
    cards(db, store::of_decision(db, decision).await?, app.now()).await
}

/// So many of a kind in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// What counts: held, and of meetings also published with at least one person from outside.
    pub done: u32,
    /// Announced and still to come.
    pub planned: u32,
    /// Held, but without its report; of meetings only.
    pub without_report: u32,
}

/// The year against the plan: open days or one open week (table II-8), opened meetings (II-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    pub year: i32,
    pub open_days: Count,
    pub open_weeks: Count,
    pub meetings: Count,
    /// What the plan asks for, by the settings.
    pub open_days_wanted: u32,
    pub open_weeks_wanted: u32,
    pub meetings_wanted: u32,
}

impl Counters {
    /// Three open days or one open week.
    pub fn open_is_met(&self) -> bool {
        self.open_days.done >= self.open_days_wanted || self.open_weeks.done >= self.open_weeks_wanted
    }

    pub fn meetings_are_met(&self) -> bool {
        self.meetings.done >= self.meetings_wanted
    }
}

/// The counters of a year. An event belongs to the year in which its first session begins.
///
/// # Errors
/// The database's own.
pub async fn counters(app: &App, year: i32) -> Result<Counters, Problem> {
    let (db, now, rules) = (app.db.read(), app.now(), &app.config.rules);
    let day = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let (from, to) = (civil::start_of_day(day(year)), civil::start_of_day(day(year.saturating_add(1))));
    let kinds = [EventKind::OpenDay, EventKind::OpenWeek, EventKind::Meeting];
    let found = cards(db, store::within(db, &kinds, from, to).await?, now).await?;
    let of = |kind: EventKind| {
        let first = |c: &&Card| c.sessions.first().is_some_and(|s| s.begins_at >= from);
        count(found.iter().filter(|c| c.event.kind == kind).filter(first), now)
    };
    Ok(Counters {
        year,
        open_days: of(EventKind::OpenDay),
        open_weeks: of(EventKind::OpenWeek),
        meetings: of(EventKind::Meeting),
        open_days_wanted: rules.open_days_a_year,
        open_weeks_wanted: rules.open_weeks_a_year,
        meetings_wanted: rules.open_meetings_a_year,
    })
}

fn count<'a>(cards: impl Iterator<Item = &'a Card>, now: DateTime<Utc>) -> Count {
    let mut count = Count::default();
    for card in cards {
        let is_over = ends_at(&card.sessions).is_some_and(|end| end <= now);
        let is_told = card.event.report_published_at.is_some() && card.event.attended.unwrap_or(0) > 0;
        match (is_over, card.event.kind) {
            (false, _) => count.planned += 1,
            (true, EventKind::Meeting) if !is_told => count.without_report += 1,
            (true, _) => count.done += 1,
        }
    }
    count
}
