//! What the API says of events, and takes.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::enums::{EventKind, SeatMethod};
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use entity::id::{DepartmentId, EventSessionId};
use poem_openapi::{Enum, Object};

use super::content::{Content, SessionContent};
use super::draw_types::GroupSeats;
use super::list::{Count, Counters};
use super::register::asks_group;
use super::report::attendance;
use super::share::Shares;
use super::{Stage, Window, ends_at, stage, window};
use crate::app::App;
use crate::problem::Problem;

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum EventStage {
    Draft,
    Announced,
    Held,
    Cancelled,
}

impl From<Stage> for EventStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Draft => Self::Draft,
            Stage::Announced => Self::Announced,
            Stage::Held => Self::Held,
            Stage::Cancelled => Self::Cancelled,
        }
    }
}

/// One time and place of an event.
#[derive(Object)]
pub struct EventSession {
    /// From 1 in each event.
    pub number: i32,
    pub place: String,
    pub directions: String,
    pub begins_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub capacity: i32,
    /// Seats nobody has.
    pub free: i32,
    pub registration_opens_at: DateTime<Utc>,
    pub registration_closes_at: DateTime<Utc>,
    /// Whether somebody may register now; with no seats free, for the waiting list.
    pub registration_open: bool,
    /// Most people in one registration.
    pub party_max: i32,
    /// Hours for taking up a seat that became free; 0 gives it at once.
    pub offer_hours: i32,
    /// People who came.
    pub present: i32,
    /// How seats are given: to who comes first, or by lot once registration has closed.
    pub method: SeatMethod,
    /// Seats kept for groups, and never more for them; none when all are open to everybody.
    pub quotas: Vec<GroupSeats>,
    /// Whether a registration names its group.
    pub asks_group: bool,
}

pub fn session_out(event: &Event, s: &Session, shares: Option<&Shares>, now: DateTime<Utc>) -> EventSession {
    let live = event.published_at.is_some() && event.cancelled_at.is_none();
    EventSession {
        number: s.number,
        place: s.place.clone(),
        directions: s.directions.clone(),
        begins_at: s.begins_at,
        ends_at: s.ends_at,
        capacity: s.capacity,
        free: s.capacity - s.taken,
        registration_opens_at: s.registration_opens_at,
        registration_closes_at: s.registration_closes_at,
        registration_open: live && window(s, now) == Window::Open,
        party_max: s.party_max,
        offer_hours: s.offer_hours,
        present: s.present,
        method: s.method,
        quotas: shares.map(Shares::quotas).unwrap_or_default().into_iter().map(GroupSeats::from).collect(),
        asks_group: asks_group(event.kind, s),
    }
}

/// The shares of the sessions of an event, by session.
pub type SharesOf = HashMap<EventSessionId, Shares>;

/// An event with the public.
#[derive(Object)]
pub struct EventOut {
    pub code: String,
    pub kind: EventKind,
    pub stage: EventStage,
    pub department_id: DepartmentId,
    /// Code of the decision it serves.
    #[oai(skip_serializing_if_is_none)]
    pub decision: Option<String>,
    pub title: String,
    pub summary: String,
    pub conditions: String,
    pub accessibility: String,
    pub contact_name: String,
    pub phone: String,
    pub email: String,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    pub cancelled_reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub ends_at: Option<DateTime<Utc>>,
    /// What happened.
    #[oai(skip_serializing_if_is_none)]
    pub report: Option<String>,
    /// What was decided; of opened meetings.
    #[oai(skip_serializing_if_is_none)]
    pub outcome: Option<String>,
    /// What those who sat in said, and what was answered; of opened meetings.
    #[oai(skip_serializing_if_is_none)]
    pub said: Option<String>,
    /// People from outside by group; of opened meetings.
    #[oai(skip_serializing_if_is_empty)]
    pub attendance: Vec<GroupSeats>,
    /// People from outside who took part.
    #[oai(skip_serializing_if_is_none)]
    pub attended: Option<i32>,
    /// Give it back with a change.
    pub revision: i32,
    pub sessions: Vec<EventSession>,
    /// The page for people.
    pub url: String,
}

pub fn event_out(
    app: &App,
    event: &Event,
    (sessions, shares): (&[Session], &SharesOf),
    decision: Option<String>,
) -> EventOut {
    let now = app.now();
    EventOut {
        code: event.code.clone(),
        kind: event.kind,
        stage: stage(event, sessions, now).into(),
        department_id: event.department_id,
        decision,
        title: event.title.clone(),
        summary: event.summary.clone(),
        conditions: event.conditions.clone(),
        accessibility: event.accessibility.clone(),
        contact_name: event.contact_name.clone(),
        phone: event.phone.clone(),
        email: event.email.clone(),
        published_at: event.published_at,
        cancelled_reason: event.cancelled_reason.clone(),
        ends_at: ends_at(sessions),
        report: event.report.clone(),
        outcome: event.outcome.clone(),
        said: event.said.clone(),
        attendance: attendance(event).into_iter().map(GroupSeats::from).collect(),
        attended: event.attended,
        revision: event.revision,
        sessions: sessions.iter().map(|s| session_out(event, s, shares.get(&s.id), now)).collect(),
        url: format!("{}{}", app.config.base_url(), super::path(&event.code)),
    }
}

/// So many of a kind in a year.
#[derive(Object)]
pub struct EventCount {
    pub done: u32,
    pub planned: u32,
    /// Held without a published report; of meetings.
    pub without_report: u32,
    /// What the plan asks for.
    pub wanted: u32,
}

fn count_out(c: Count, wanted: u32) -> EventCount {
    EventCount { done: c.done, planned: c.planned, without_report: c.without_report, wanted }
}

/// The year against the plan.
#[derive(Object)]
pub struct EventYear {
    pub year: i32,
    pub open_days: EventCount,
    pub open_weeks: EventCount,
    pub meetings: EventCount,
    /// Enough open days, or open weeks.
    pub open_is_met: bool,
    pub meetings_are_met: bool,
}

pub fn year_out(c: &Counters) -> EventYear {
    EventYear {
        year: c.year,
        open_days: count_out(c.open_days, c.open_days_wanted),
        open_weeks: count_out(c.open_weeks, c.open_weeks_wanted),
        meetings: count_out(c.meetings, c.meetings_wanted),
        open_is_met: c.open_is_met(),
        meetings_are_met: c.meetings_are_met(),
    }
}

/// Published events, and the year against the plan.
#[derive(Object)]
pub struct EventList {
    pub items: Vec<EventOut>,
    pub year: EventYear,
    /// The number of the next page of past events; missing on the last.
    #[oai(skip_serializing_if_is_none)]
    pub next: Option<u64>,
}

/// An event as its organiser writes it.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct EventIn {
    pub kind: EventKind,
    pub department_id: DepartmentId,
    /// Code of the decision it serves.
    #[oai(default)]
    pub decision: String,
    pub title: String,
    pub summary: String,
    #[oai(default)]
    pub conditions: String,
    #[oai(default)]
    pub accessibility: String,
    pub contact_name: String,
    #[oai(default)]
    pub phone: String,
    /// A telephone number or an e-mail address must be there.
    pub email: String,
    /// The revision that was read; without it, whatever stands now is changed.
    pub revision: Option<i32>,
}

impl EventIn {
    pub fn content(self) -> Content {
        Content {
            kind: self.kind,
            department_id: self.department_id,
            decision: crate::text::tidy(&self.decision),
            title: crate::text::tidy(&self.title),
            summary: crate::text::tidy(&self.summary),
            conditions: crate::text::tidy(&self.conditions),
            accessibility: crate::text::tidy(&self.accessibility),
            contact_name: crate::text::tidy(&self.contact_name),
            phone: crate::text::tidy(&self.phone),
            email: crate::text::tidy(&self.email),
        }
    }
}

/// A session as its organiser writes it; day and hours are local, in Asia/Shanghai.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct EventSessionIn {
    pub place: String,
    #[oai(default)]
    pub directions: String,
    pub held_on: NaiveDate,
    /// `09:30`
    pub begins: String,
    pub ends: String,
    pub capacity: i32,
    /// Without it, now.
    pub registration_opens_at: Option<DateTime<Utc>>,
    /// Without it, when the session begins.
    pub registration_closes_at: Option<DateTime<Utc>>,
    pub party_max: i32,
    #[oai(default)]
    pub offer_hours: i32,
    /// `first_come` unless said otherwise; it stays once the event is published.
    #[oai(default = "first_come")]
    pub method: SeatMethod,
    /// Seats kept for groups.
    #[oai(default)]
    pub quotas: Vec<GroupSeats>,
}

fn first_come() -> SeatMethod {
    SeatMethod::FirstCome
}

impl EventSessionIn {
    /// # Errors
    /// `invalid` for an hour that is none.
    pub fn content(self) -> Result<SessionContent, Problem> {
        let hour = |field: &'static str, text: &str| -> Result<NaiveTime, Problem> {
            super::content::parse_time(text)
                .ok_or_else(|| Problem::invalid(field, "请写成 09:30 的形式", "Write it like 09:30"))
        };
        Ok(SessionContent {
            begins: hour("begins", &self.begins)?,
            ends: hour("ends", &self.ends)?,
            place: crate::text::tidy(&self.place),
            directions: crate::text::tidy(&self.directions),
            held_on: self.held_on,
            capacity: self.capacity,
            registration_opens_at: self.registration_opens_at,
            registration_closes_at: self.registration_closes_at,
            party_max: self.party_max,
            offer_hours: self.offer_hours,
            method: self.method,
            quotas: self.quotas.into_iter().map(Into::into).collect(),
        })
    }
}

/// Why an event is called off.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct EventCancelIn {
    /// Published, and mailed to everybody who registered.
    pub reason: String,
}

/// What happened at an event.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct EventReportIn {
    pub text: String,
    /// What was decided; must be there for an opened meeting.
    #[oai(default)]
    pub outcome: String,
    /// What those who sat in said, and what was answered; must be there for an opened meeting.
    #[oai(default)]
    pub said: String,
    /// People from outside by group; without it, those counted at the door. Of opened meetings.
    #[oai(default)]
    pub attendance: Vec<GroupSeats>,
    /// People from outside who took part; without it, the sum of the groups, or those counted at the door.
    pub attended: Option<i32>,
}
