//! How events and registrations are labelled, and how they appear in lists.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, Utc};
use entity::enums::{RegistrationState as Row, SeatGroup, SeatMethod};
use entity::event::Model as Event;
use entity::event_registration::Model as Registration;
use entity::event_session::Model as Session;
use entity::id::DepartmentId;
use qrcode::{Color, EcLevel, QrCode};
use web::component::Square;
use web::event::{Counter, EventCard, Year};
use web::form::Choice;
use web::label::{EventState, RegistrationState};
use web::lang::Lang;
use web::link::Href;

use crate::app::App;
use crate::calendar::civil;
use crate::event::lot::Quota;
use crate::event::share::{Shares, group_words};
use crate::event::words::{kind_words, moment};
use crate::event::{Card, Window, counters, path, window};
use crate::http::lang_words;
use crate::problem::Problem;

/// Where a session stands.
pub fn session_state(event: &Event, session: &Session, now: DateTime<Utc>) -> EventState {
    if event.cancelled_at.is_some() {
        EventState::Cancelled
    } else if session.ends_at <= now {
        EventState::Held
    } else if session.begins_at <= now {
        EventState::Running
    } else if event.published_at.is_none() {
        EventState::Draft
    } else {
        match window(session, now) {
            Window::NotYet => EventState::Soon,
            Window::Open if session.taken < session.capacity => EventState::Open,
            Window::Open => EventState::Full,
            Window::Closed => EventState::Closed,
        }
    }
}

/// Where an event stands: what its sessions offer, the best first.
pub fn event_state(event: &Event, sessions: &[Session], now: DateTime<Utc>) -> EventState {
    if event.cancelled_at.is_some() {
        return EventState::Cancelled;
    }
    if event.published_at.is_none() {
        return EventState::Draft;
    }
    let states: Vec<EventState> = sessions.iter().map(|s| session_state(event, s, now)).collect();
    let order =
        [EventState::Running, EventState::Open, EventState::Full, EventState::Soon, EventState::Closed];
    order.into_iter().find(|s| states.contains(s)).unwrap_or(EventState::Held)
}

/// Where a registration stands for its holder and at the door.
pub fn registration_state(
    event: &Event,
    session: &Session,
    r: &Registration,
    now: DateTime<Utc>,
) -> RegistrationState {
    if event.cancelled_at.is_some() {
        return RegistrationState::EventCancelled;
    }
    match r.state {
        Row::Confirmed if r.came_at.is_some() => RegistrationState::Here,
        Row::Confirmed | Row::Offered if session.ends_at <= now => RegistrationState::Absent,
        Row::Confirmed => RegistrationState::Confirmed,
        Row::Waiting if session.method == SeatMethod::Draw && r.drawn.is_none() => RegistrationState::Entered,
        Row::Waiting => RegistrationState::Waiting,
        Row::Offered => RegistrationState::Offered,
        Row::Cancelled => RegistrationState::Cancelled,
        Row::Expired => RegistrationState::Expired,
    }
}

/// Quotas by the names of their groups, and the seats left for all others.
pub fn quotas(lang: Lang, quotas: &[Quota], open: i32) -> Vec<(String, i32)> {
    if quotas.is_empty() {
        return Vec::new();
    }
    let own = quotas.iter().map(|q| (lang_words(lang, &group_words(q.group)), q.seats));
    let rest = (open > 0).then(|| (lang.t("其他", "Others").to_owned(), open));
    own.chain(rest).collect()
}

/// The same of the shares of a session.
pub fn shares(lang: Lang, shares: &Shares) -> Vec<(String, i32)> {
    quotas(lang, &shares.quotas(), shares.open_seats().unwrap_or(0))
}

/// The groups as the choices of a form, for who must name one.
pub fn groups(lang: Lang, shares: &Shares) -> Vec<Choice> {
    let has_seats = |g: &&SeatGroup| shares.most(Some(**g)) > 0;
    let one = |g: &SeatGroup| Choice::new(g.as_str(), lang_words(lang, &group_words(*g)));
    let ask = Choice::new("", lang.t("请选择", "Please choose"));
    std::iter::once(ask).chain(SeatGroup::ALL.iter().filter(has_seats).map(one)).collect()
}

/// Registration from when until when, in words.
pub fn registration_window(lang: Lang, session: &Session) -> String {
    let opens = lang.date_time(civil::local_time(session.registration_opens_at));
    let closes = moment(session.registration_closes_at);
    match lang {
        Lang::Zh => format!("{opens} 至 {}", closes.zh),
        Lang::En => format!("{opens} to {}", closes.en),
    }
}

/// Events as they appear in lists.
///
/// # Errors
/// The database's own.
pub async fn cards(app: &App, lang: Lang, found: &[Card]) -> Result<Vec<EventCard>, Problem> {
    let names = departments(app).await?;
    Ok(found.iter().map(|c| card(app, lang, c, &names)).collect())
}

/// Short names of departments by id.
///
/// # Errors
/// The database's own.
pub async fn departments(app: &App) -> Result<HashMap<DepartmentId, String>, Problem> {
    let all = crate::department::all(app.db.read()).await?;
    Ok(all.into_iter().map(|d| (d.id, d.short_name)).collect())
}

fn card(app: &App, lang: Lang, c: &Card, names: &HashMap<DepartmentId, String>) -> EventCard {
    let now = app.now();
    let next = c.next(now);
    let state = event_state(&c.event, &c.sessions, now);
    let told = c.event.report_published_at.is_some();
    EventCard {
        title: c.event.title.clone(),
        href: Href::new(path(&c.event.code)),
        kind: lang_words(lang, &kind_words(c.event.kind)),
        department: names.get(&c.event.department_id).cloned().unwrap_or_default(),
        begins: next.map(|s| civil::local_time(s.begins_at)),
        place: next.map_or_else(String::new, |s| s.place.clone()),
        sessions: c.sessions.len() as u64,
        free: matches!(state, EventState::Open | EventState::Full).then(|| c.free(now)),
        attended: c.event.attended.filter(|_| told),
        has_report: told,
        state,
    }
}

/// This year against the plan.
///
/// # Errors
/// The database's own.
pub async fn year(app: &App, lang: Lang) -> Result<Year, Problem> {
    let c = counters(app, app.today().year()).await?;
    let counter = |zh: &str, en: &str, n: crate::event::Count, wanted: u32| Counter {
        label: lang.t(zh, en).to_owned(),
        done: n.done,
        wanted,
        planned: n.planned,
        without_report: n.without_report,
    };
    Ok(Year {
        year: c.year,
        open: vec![
            counter("政府开放日", "Open days", c.open_days, c.open_days_wanted),
            counter("政府开放周", "Open weeks", c.open_weeks, c.open_weeks_wanted),
        ],
        open_is_met: c.open_is_met(),
        meetings: counter("会议开放（列席）", "Meetings opened", c.meetings, c.meetings_wanted),
        meetings_are_met: c.meetings_are_met(),
    })
}

/// The QR code of an address; none for an address that is too long for one.
pub fn qr(address: &str) -> Option<Square> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let dark = code.to_colors().into_iter().map(|c| c == Color::Dark).collect();
    Some(Square { width: code.width(), dark })
}
