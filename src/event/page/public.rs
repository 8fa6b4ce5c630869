//! What everybody reads: the list, one event, its calendar file.

use entity::enums::{SeatMethod, SubjectKind};
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use poem::web::{Data, Path, Query};
use poem::{IntoResponse as _, Response, handler};
use serde::Deserialize;
use web::attachment::AttachedFile;
use web::component::Pager;
use web::event::feedback::FeedbackFigures;
use web::event::show::{EventView, ReportView, SessionView};
use web::event::{EventsView, events};
use web::label::EventState;
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;

use super::draw::draw_path;
use super::feedback::figures_view;
use super::{hearing, labels, materials, pictures};
use crate::app::App;
use crate::calendar::civil;
use crate::event::share::{Shares, group_words};
use crate::event::words::{kind_words, when};
use crate::event::{attendance, calendar_file, figures, list, path, policy, store};
use crate::http::lang_words;
use crate::http::pager::number;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{decision, department, publication};

const PAGE: u64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub page: String,
}

#[handler]
pub(super) async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let here = number(&asked.page);
    let mut past = list::past(app, PAGE + 1, (here - 1) * PAGE).await?;
    let more = past.len() as u64 > PAGE;
    past.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let to = |n: u64| Href::new(format!("{}?page={n}#past", web::path::EVENTS));
    let view = EventsView {
        upcoming: labels::cards(app, visitor.lang, &list::upcoming(app).await?).await?,
        past: labels::cards(app, visitor.lang, &past).await?,
        pager: Pager {
            previous: (here > 1).then(|| to(here - 1)),
            next: more.then(|| to(here + 1)),
            note: String::new(),
        },
        year: labels::year(app, visitor.lang).await?,
    };
    Ok(render::page(events(&visitor.frame(app, Nav::Events), &view)))
}

/// The event of an address with its sessions, if this person may see it.
pub(super) async fn readable(
    app: &App,
    visitor: &Visitor,
    code: &str,
) -> Result<(Event, Vec<Session>), Problem> {
    let db = app.db.read();
    let event = store::by_code(db, code).await?;
    if event.published_at.is_none() && policy::may_read(&visitor.actor, &event).is_err() {
        return Err(Problem::not_found());
    }
    let sessions = store::sessions(db, event.id).await?;
    Ok((event, sessions))
}

#[handler]
pub(super) async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (event, sessions) = readable(app, &visitor, &code).await?;
    let published = publication::latest(app.db.read(), SubjectKind::Event, event.id.0).await?;
    let view = view(app, &visitor, &event, &sessions).await?;
    let frame = visitor.article(app, Nav::Events, published.as_ref());
    Ok(render::page(web::event::show::event(&frame, &view)))
}

async fn view(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    sessions: &[Session],
) -> Result<EventView, Problem> {
    let (db, now, lang) = (app.db.read(), app.now(), visitor.lang);
    let shares = Shares::of_sessions(db, sessions).await?;
    let decision = match event.decision_id {
        Some(id) => Some(decision::find(db, id).await?).filter(|d| d.published_at.is_some()),
        None => None,
    };
    let feedback = figures(app, event.id).await?.map(|f| figures_view(lang, &f));
    Ok(EventView {
        code: event.code.clone(),
        title: event.title.clone(),
        kind: lang_words(lang, &kind_words(event.kind)),
        state: labels::event_state(event, sessions, now),
        department: department::find(db, event.department_id).await?.name,
        published: event.published_at.map(civil::local_time),
        preview: event.published_at.is_none(),
        cancelled: event.cancelled_reason.clone(),
        summary: event.summary.clone(),
        conditions: event.conditions.clone(),
        accessibility: event.accessibility.clone(),
        contact: event.contact_name.clone(),
        phone: event.phone.clone(),
        email: event.email.clone(),
        decision: decision.map(|d| (d.title, Href::new(decision::path(&d.code)))),
        sessions: sessions.iter().map(|s| session(app, visitor, event, s, shares.get(&s.id))).collect(),
        calendar: Href::new(format!("{}/calendar.ics", path(&event.code))),
        materials: materials::shown(app, event).await?,
        report: report(lang, event, sessions, feedback, pictures::shown(app, event).await?),
        hearing: hearing::public(app, visitor, event, sessions).await?,
        erase_days: app.config.rules.event_erase_days,
    })
}

fn session(app: &App, visitor: &Visitor, event: &Event, s: &Session, shares: Option<&Shares>) -> SessionView {
    let now = app.now();
    let state = labels::session_state(event, s, now);
    let is_open = matches!(state, EventState::Open | EventState::Full);
    SessionView {
        number: s.number,
        when: lang_words(visitor.lang, &when(s)),
        place: s.place.clone(),
        directions: s.directions.clone(),
        capacity: s.capacity,
        free: s.capacity - s.taken,
        registration: labels::registration_window(visitor.lang, s),
        party_max: s.party_max,
        quotas: shares.map(|shares| labels::shares(visitor.lang, shares)).unwrap_or_default(),
        draw: (s.method == SeatMethod::Draw).then(|| Href::new(draw_path(event, s))),
        register: is_open.then(|| Href::new(format!("{}/sessions/{}/register", path(&event.code), s.number))),
        present: (state == EventState::Held).then_some(s.present),
        state,
    }
}

fn report(
    lang: Lang,
    event: &Event,
    sessions: &[Session],
    feedback: Option<FeedbackFigures>,
    pictures: Vec<AttachedFile>,
) -> Option<ReportView> {
    Some(ReportView {
        text: event.report.clone()?,
        outcome: event.outcome.clone(),
        said: event.said.clone(),
        groups: attendance(event)
            .into_iter()
            .map(|a| (lang_words(lang, &group_words(a.group)), a.seats))
            .collect(),
        attended: event.attended.unwrap_or(0),
        seats: sessions.iter().map(|s| s.capacity).sum(),
        registered: sessions.iter().map(|s| s.taken).sum(),
        present: sessions.iter().map(|s| s.present).sum(),
        published: event.report_published_at.map(civil::local_time),
        feedback,
        pictures,
    })
}

#[handler]
pub(super) async fn calendar(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (event, sessions) = readable(app, &visitor, &code).await?;
    if event.published_at.is_none() {
        return Err(Problem::not_found().into());
    }
    let file = calendar_file::file(app, &event.title, [(&event, sessions.as_slice())]);
    Ok(as_calendar(file, &event.code))
}

/// Everything to come, for a calendar to follow.
#[handler]
pub(super) async fn feed(Data(app): Data<&App>) -> poem::Result<Response> {
    let upcoming = list::upcoming(app).await?;
    let name = format!("{}公众参与活动", app.config.site.name);
    let file = calendar_file::file(app, &name, upcoming.iter().map(|c| (&c.event, c.sessions.as_slice())));
    Ok(as_calendar(file, "events"))
}

fn as_calendar(file: String, name: &str) -> Response {
    file.with_content_type("text/calendar; charset=utf-8")
        .with_header("content-disposition", format!("attachment; filename=\"{name}.ics\""))
        .into_response()
}
