//! The organiser's list, and the desk of one event.

use entity::enums::{EventKind, Role, SeatGroup, SeatMethod};
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use entity::id::DepartmentId;
use maud::Markup;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::desk::event::{EventDeskView, EventRow, EventsDeskView, SessionRow, event as event_page, events};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;

use super::draw::draw_path;
use super::feedback::figures_view;
use super::{hearing, labels, materials, pictures};
use crate::actor::Staff;
use crate::app::App;
use crate::calendar::civil;
use crate::event::hearing as law;
use crate::event::lot::Quota;
use crate::event::share::{Shares, group_words};
use crate::event::words::{kind_words, when};
use crate::event::{Report, Stage, door, draw, feedback, figures, list, path, policy, stage, store};
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::pager::number;
use crate::http::render::{self, done, form_again};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{decision, department};

const DESK: &str = "/desk/events";
const PAGE: u64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

/// The departments whose events this person organises.
pub fn organised(staff: &Staff, all: &[entity::department::Model]) -> Vec<DepartmentId> {
    all.iter().map(|d| d.id).filter(|id| policy::organises(staff, *id)).collect()
}

#[handler]
pub async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let (db, now) = (app.db.read(), app.now());
    let mine = organised(staff, &department::all(db).await?);
    let sees_all = staff.has(Role::Disclosure) || staff.has(Role::Supervisor);
    // Everybody may serve the door of the own department.
    let mut departments = mine.clone();
    departments.push(staff.department_id);
    let here = number(&asked.page);
    let scope = (!sees_all).then_some(departments.as_slice());
    let mut rows = store::of_departments(db, scope, PAGE + 1, (here - 1) * PAGE).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let names = labels::departments(app).await?;
    let cards = list::cards(db, rows, now).await?;
    let to = |n: u64| Href::new(format!("{DESK}?page={n}"));
    let view = EventsDeskView {
        rows: cards
            .iter()
            .map(|c| EventRow {
                code: c.event.code.clone(),
                title: c.event.title.clone(),
                kind: lang_words(visitor.lang, &kind_words(c.event.kind)),
                department: names.get(&c.event.department_id).cloned().unwrap_or_default(),
                href: Href::new(desk_path(&c.event)),
                state: labels::event_state(&c.event, &c.sessions, now),
                begins: c.next(now).map(|s| civil::local_time(s.begins_at)),
                taken: c.sessions.iter().map(|s| s.taken).sum(),
                capacity: c.sessions.iter().map(|s| s.capacity).sum(),
            })
            .collect(),
        pager: Pager {
            previous: (here > 1).then(|| to(here - 1)),
            next: more.then(|| to(here + 1)),
            note: String::new(),
        },
        year: labels::year(app, visitor.lang).await?,
        may_create: !mine.is_empty(),
    };
    let side = side(app, &visitor, DESK).await?;
    Ok(render::page(events(&visitor.frame(app, Nav::None), &side, &view)))
}

pub fn desk_path(event: &Event) -> String {
    format!("{DESK}/{}", event.code)
}

/// The event of an address, for who organises it.
pub async fn mine(app: &App, visitor: &Visitor, code: &str) -> Result<Event, Problem> {
    list::organised(app, &visitor.actor, code).await
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let event = list::readable(app, &visitor.actor, &code).await?;
    Ok(render::page(markup(app, &visitor, &event, FormState::default()).await?))
}

async fn markup(app: &App, visitor: &Visitor, event: &Event, form: FormState) -> Result<Markup, Problem> {
    let (db, lang, now) = (app.db.read(), visitor.lang, app.now());
    let sessions = store::sessions(db, event.id).await?;
    let organises = policy::may_organise(&visitor.actor, event).is_ok();
    let at = stage(event, &sessions, now);
    let decision = match event.decision_id {
        Some(id) => Some(decision::find(db, id).await?),
        None => None,
    };
    let contact = [&event.contact_name, &event.phone, &event.email];
    let mut rows = Vec::new();
    for session in &sessions {
        let removable = at == Stage::Draft || sessions.len() > 1;
        let drawn = draw::protocol(db, session.id).await?.is_some();
        rows.push(row(app, visitor, event, session, (organises, removable, drawn)).await?);
    }
    let may_report = organises && at == Stage::Held;
    let fresh = form.values.is_empty();
    let mut form = form;
    if may_report {
        // What was typed into another form of the page leaves this one as it stands.
        for (name, values) in reported(event).values {
            form.values.entry(name).or_insert(values);
        }
    }
    let form = if fresh { hearing::filled(app, event, form).await? } else { form };
    let pictures = if may_report { Some(pictures::desk(app, event).await?) } else { None };
    let view = EventDeskView {
        code: event.code.clone(),
        title: event.title.clone(),
        kind: lang_words(lang, &kind_words(event.kind)),
        state: labels::event_state(event, &sessions, now),
        department: department::find(db, event.department_id).await?.name,
        summary: event.summary.clone(),
        conditions: event.conditions.clone(),
        accessibility: event.accessibility.clone(),
        contact: contact.into_iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" · "),
        decision: decision
            .filter(|d| d.published_at.is_some() || organises)
            .map(|d| (format!("{} {}", d.code, d.title), Href::new(decision::path(&d.code)))),
        cancelled: event.cancelled_reason.clone(),
        missing: if at == Stage::Draft { missing(visitor, event, &sessions, app).await? } else { Vec::new() },
        hearing: hearing::desk(app, visitor, event, &sessions).await?,
        voice: hearing::may_voice(app, visitor, event, &sessions).await?,
        sessions: rows,
        report: event.report.clone(),
        organises,
        is_draft: at == Stage::Draft,
        may_cancel: organises && at == Stage::Announced,
        may_report,
        pictures,
        materials: if organises && event.cancelled_at.is_none() {
            Some(materials::desk(app, event).await?)
        } else {
            None
        },
        groups: SeatGroup::ALL
            .iter()
            .map(|g| (format!("attended_{g}"), lang_words(lang, &group_words(*g))))
            .collect(),
        is_meeting: event.kind == EventKind::Meeting,
        may_edit: organises && event.cancelled_at.is_none(),
        public: Href::new(path(&event.code)),
        csrf: visitor.csrf().to_owned(),
        form,
        counted: sessions.iter().map(|s| s.present).sum(),
        erased: event.erased_at.map(civil::local_time),
        feedback: figures(app, event.id).await?.map(|f| figures_view(lang, &f)),
        feedback_words: if organises { feedback::words_of(app, event.id).await? } else { Vec::new() },
    };
    let side = side(app, visitor, DESK).await?;
    Ok(event_page(&visitor.frame(app, Nav::None), &side, &view))
}

/// The report as it stands, to be corrected.
fn reported(event: &Event) -> FormState {
    let Some(text) = &event.report else { return FormState::default() };
    let state = FormState::default()
        .with("text", text)
        .with("outcome", event.outcome.clone().unwrap_or_default())
        .with("said", event.said.clone().unwrap_or_default())
        .with("attended", event.attended.map(|n| n.to_string()).unwrap_or_default());
    crate::event::attendance(event)
        .into_iter()
        .fold(state, |state, a| state.with(&format!("attended_{}", a.group), a.seats.to_string()))
}

/// The numbers beside the groups.
fn attendance(form: &Form) -> Result<Vec<Quota>, Problem> {
    let mut all = Vec::new();
    for group in SeatGroup::ALL {
        if let Some(typed) = form.opt(&format!("attended_{group}")) {
            let wrong = |_| Problem::invalid("attended", "请核对各组人数", "Check the numbers of the groups");
            all.push(Quota { group: *group, seats: typed.parse::<i32>().map_err(wrong)? });
        }
    }
    Ok(all)
}

async fn row(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    s: &Session,
    (organises, removable, drawn): (bool, bool, bool),
) -> Result<SessionRow, Problem> {
    let now = app.now();
    let tally = door::tally(app.db.read(), s, now).await?;
    let base = format!("{}/sessions/{}", desk_path(event), s.number);
    let changes = organises && event.cancelled_at.is_none() && now < s.begins_at;
    let serves = event.published_at.is_some() && policy::may_serve_door(&visitor.actor, event).is_ok();
    let shares = Shares::load(app.db.read(), s).await?;
    let by_lot = s.method == SeatMethod::Draw && event.published_at.is_some();
    let may_draw =
        by_lot && organises && !drawn && event.cancelled_at.is_none() && now >= s.registration_closes_at;
    Ok(SessionRow {
        quotas: labels::shares(visitor.lang, &shares),
        draw: by_lot.then(|| Href::new(draw_path(event, s))),
        hold: may_draw.then(|| Href::new(format!("{base}/draw"))),
        number: s.number,
        state: labels::session_state(event, s, now),
        when: lang_words(visitor.lang, &when(s)),
        place: s.place.clone(),
        registration: labels::registration_window(visitor.lang, s),
        capacity: s.capacity,
        taken: s.taken,
        present: s.present,
        waiting: tally.waiting,
        edit: changes.then(|| Href::new(format!("{base}/edit"))),
        remove: (changes && removable && s.issued == 0).then(|| Href::new(format!("{base}/remove"))),
        door: serves.then(|| Href::new(format!("{base}/door"))),
    })
}

/// What stands in the way of publishing; the operation decides.
async fn missing(
    visitor: &Visitor,
    event: &Event,
    sessions: &[Session],
    app: &App,
) -> Result<Vec<String>, Problem> {
    let t = |zh: &str, en: &str| visitor.lang.t(zh, en).to_owned();
    let mut missing = Vec::new();
    if sessions.is_empty() {
        missing.push(t("至少一个场次", "a session"));
    }
    if sessions.iter().any(|s| s.begins_at <= app.now()) {
        missing.push(t("有场次的时间已过，请修改或移除", "a session lies in the past; change or remove it"));
    }
    if event.kind == EventKind::Meeting && event.decision_id.is_none() {
        missing.push(t("会议开放对应的决策事项", "the decision for which the meeting is opened"));
    }
    let of_hearing = law::missing(app.db.read(), event, sessions, app.today()).await?;
    missing.extend(of_hearing.iter().filter_map(|p| p.detail.as_ref()).map(|w| lang_words(visitor.lang, w)));
    Ok(missing)
}

/// After an act on the desk of an event: on, or the page again with what went wrong.
pub async fn after<T>(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    form: &Form,
    result: Result<T, Problem>,
    word: &str,
) -> poem::Result<Response> {
    match result {
        Ok(_) => Ok(done(&desk_path(event), word)),
        Err(problem) => {
            let page = markup(app, visitor, event, form.state(&problem, visitor.lang)).await?;
            form_again(problem, |_| page)
        }
    }
}

#[handler]
pub async fn publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = crate::event::publish(app, &visitor.actor, event.id).await;
    after(app, &visitor, &event, &form, result, "published").await
}

#[handler]
pub async fn cancel(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = crate::event::cancel(app, &visitor.actor, event.id, form.get("reason")).await;
    after(app, &visitor, &event, &form, result, "cancelled").await
}

#[handler]
pub async fn discard(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    match crate::event::discard(app, &visitor.actor, event.id).await {
        Ok(()) => Ok(done(DESK, "removed")),
        Err(problem) => after(app, &visitor, &event, &form, Err::<(), _>(problem), "removed").await,
    }
}

#[handler]
pub async fn remove_session(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let number: i32 = number.parse().map_err(|_| Problem::not_found())?;
    let result = crate::event::remove_session(app, &visitor.actor, event.id, number).await;
    after(app, &visitor, &event, &form, result, "removed").await
}

#[handler]
pub async fn hold_draw(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let number: i32 = number.parse().map_err(|_| Problem::not_found())?;
    let result = draw::draw(app, &visitor.actor, event.id, number).await;
    after(app, &visitor, &event, &form, result, "drawn").await
}

#[handler]
pub async fn report(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let typed = (form.parse_opt("attended", |v| v.parse::<i32>().ok()), attendance(&form));
    let result = match typed {
        (Ok(attended), Ok(attendance)) => {
            let input = Report {
                text: form.get("text").to_owned(),
                outcome: form.get("outcome").to_owned(),
                said: form.get("said").to_owned(),
                attendance,
                attended,
            };
            crate::event::report(app, &visitor.actor, event.id, &input).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    after(app, &visitor, &event, &form, result, "published").await
}
