//! Writing an event and its sessions.

use chrono::{Days, Timelike as _};
use entity::enums::{EventKind, SeatGroup, SeatMethod};
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use maud::Markup;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::event::form::{EventFormView, SessionFormView, event_form, session_form};
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::link::Href;

use super::desk::{desk_path, mine, organised};
use crate::app::App;
use crate::calendar::civil;
use crate::event::content::{parse_moment, parse_time};
use crate::event::lot::Quota;
use crate::event::share::{Shares, group_words};
use crate::event::words::{kind_words, method_words};
use crate::event::{Content, SessionContent, store};
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, done, form_again};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{decision, department};

const DESK: &str = "/desk/events";

#[handler]
pub async fn new(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let all = department::all(app.db.read()).await?;
    let organised = organised(staff, &all);
    // Whose department this person organises first; the own one if there is a choice.
    let own = organised.iter().find(|id| **id == staff.department_id).or(organised.first());
    let Some(own) = own else { return Err(Problem::forbidden().into()) };
    let row = all.iter().find(|d| d.id == *own).ok_or_else(Problem::not_found)?;
    let state = FormState::default()
        .with("kind", EventKind::OpenDay.as_str())
        .with("department_id", own.to_string())
        .with("contact_name", &row.name)
        .with("phone", &row.phone)
        .with("email", &row.email);
    Ok(render::page(event_markup(app, &visitor, None, state).await?))
}

async fn event_markup(
    app: &App,
    visitor: &Visitor,
    event: Option<&Event>,
    state: FormState,
) -> Result<Markup, Problem> {
    let staff = visitor.actor.require_staff()?;
    let all = department::all(app.db.read()).await?;
    let mine = organised(staff, &all);
    let (action, back) = match event {
        Some(event) => (format!("{}/edit", desk_path(event)), desk_path(event)),
        None => (format!("{DESK}/new"), DESK.to_owned()),
    };
    let kind = |k: &EventKind| Choice::new(k.as_str(), lang_words(visitor.lang, &kind_words(*k)));
    let view = EventFormView {
        is_new: event.is_none(),
        is_public: event.is_some_and(|e| e.published_at.is_some()),
        kinds: EventKind::ALL.iter().map(kind).collect(),
        departments: all
            .iter()
            .filter(|d| mine.contains(&d.id))
            .map(|d| Choice::new(d.id.to_string(), &d.name))
            .collect(),
        action: Href::new(action),
        back: Href::new(back),
        csrf: visitor.csrf().to_owned(),
        state,
    };
    let side = side(app, visitor, DESK).await?;
    Ok(event_form(&visitor.frame(app, Nav::None), &side, &view))
}

fn content(form: &Form) -> Result<Content, Problem> {
    Ok(Content {
        kind: form.parse("kind", EventKind::parse)?,
        department_id: form.parse("department_id", |v| v.parse().ok())?,
        decision: form.get("decision").to_owned(),
        title: form.get("title").to_owned(),
        summary: form.get("summary").to_owned(),
        conditions: form.get("conditions").to_owned(),
        accessibility: form.get("accessibility").to_owned(),
        contact_name: form.get("contact_name").to_owned(),
        phone: form.get("phone").to_owned(),
        email: form.get("email").to_owned(),
    })
}

#[handler]
pub async fn create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    if organised(staff, &department::all(app.db.read()).await?).is_empty() {
        return Err(Problem::forbidden().into());
    }
    let result = match content(&form) {
        Ok(content) => crate::event::create(app, &visitor.actor, &content).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(event) => Ok(done(&desk_path(&event), "saved")),
        Err(problem) => {
            let page = event_markup(app, &visitor, None, form.state(&problem, visitor.lang)).await?;
            form_again(problem, |_| page)
        }
    }
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let decision = match event.decision_id {
        Some(id) => decision::find(app.db.read(), id).await?.code,
        None => String::new(),
    };
    let state = FormState::default()
        .with("kind", event.kind.as_str())
        .with("department_id", event.department_id.to_string())
        .with("decision", decision)
        .with("title", &event.title)
        .with("summary", &event.summary)
        .with("conditions", &event.conditions)
        .with("accessibility", &event.accessibility)
        .with("contact_name", &event.contact_name)
        .with("phone", &event.phone)
        .with("email", &event.email)
        .with("revision", event.revision.to_string());
    Ok(render::page(event_markup(app, &visitor, Some(&event), state).await?))
}

#[handler]
pub async fn save(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let revision = form.parse_opt("revision", |v| v.parse::<i32>().ok());
    let result = match (revision, content(&form)) {
        (Ok(revision), Ok(content)) => {
            crate::event::edit(app, &visitor.actor, event.id, revision, &content).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match result {
        Ok(event) => Ok(done(&desk_path(&event), "saved")),
        Err(problem) => {
            let page = event_markup(app, &visitor, Some(&event), form.state(&problem, visitor.lang)).await?;
            form_again(problem, |_| page)
        }
    }
}

#[handler]
pub async fn new_session(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let known = store::sessions(app.db.read(), event.id).await?;
    // A further session is usually like the last one, on another day.
    let state = match known.last() {
        Some(last) => filled(last, &Shares::load(app.db.read(), last).await?),
        None => {
            let day = app.today().checked_add_days(Days::new(14)).unwrap_or_else(|| app.today());
            FormState::default()
                .with("held_on", day.to_string())
                .with("begins", "14:00")
                .with("ends", "16:00")
                .with("capacity", "30")
                .with("party_max", "4")
                .with("offer_hours", "24")
                .with("method", SeatMethod::FirstCome.as_str())
        }
    };
    Ok(render::page(session_markup(app, &visitor, &event, None, state).await?))
}

fn filled(s: &Session, shares: &Shares) -> FormState {
    let (begins, ends) = (civil::local_time(s.begins_at), civil::local_time(s.ends_at));
    let clock = |t: chrono::NaiveDateTime| format!("{:02}:{:02}", t.hour(), t.minute());
    let moment = |at| civil::local_time(at).format("%Y-%m-%dT%H:%M").to_string();
    let state = FormState::default()
        .with("place", &s.place)
        .with("directions", &s.directions)
        .with("held_on", begins.date().to_string())
        .with("begins", clock(begins))
        .with("ends", clock(ends))
        .with("capacity", s.capacity.to_string())
        .with("party_max", s.party_max.to_string())
        .with("offer_hours", s.offer_hours.to_string())
        .with("registration_opens_at", moment(s.registration_opens_at))
        .with("registration_closes_at", moment(s.registration_closes_at))
        .with("method", s.method.as_str());
    shares
        .quotas()
        .into_iter()
        .fold(state, |state, q| state.with(&format!("quota_{}", q.group), q.seats.to_string()))
}

async fn session_markup(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    session: Option<&Session>,
    state: FormState,
) -> Result<Markup, Problem> {
    let action = match session {
        Some(s) => format!("{}/sessions/{}/edit", desk_path(event), s.number),
        None => format!("{}/sessions/new", desk_path(event)),
    };
    let say = |words| lang_words(visitor.lang, &words);
    let method = |m: &SeatMethod| {
        let (name, note) = method_words(*m);
        Choice::new(m.as_str(), say(name)).note(say(note))
    };
    let view = SessionFormView {
        is_public: event.published_at.is_some() && session.is_some(),
        methods: SeatMethod::ALL.iter().map(method).collect(),
        groups: SeatGroup::ALL.iter().map(|g| (format!("quota_{g}"), say(group_words(*g)))).collect(),
        event: event.title.clone(),
        number: session.map(|s| s.number),
        taken: session.map_or(0, |s| s.taken),
        action: Href::new(action),
        back: Href::new(desk_path(event)),
        csrf: visitor.csrf().to_owned(),
        state,
    };
    let side = side(app, visitor, DESK).await?;
    Ok(session_form(&visitor.frame(app, Nav::None), &side, &view))
}

fn session_content(form: &Form) -> Result<SessionContent, Problem> {
    let number = |v: &str| v.parse::<i32>().ok();
    Ok(SessionContent {
        place: form.get("place").to_owned(),
        directions: form.get("directions").to_owned(),
        held_on: form.parse("held_on", civil::parse_date)?,
        begins: form.parse("begins", parse_time)?,
        ends: form.parse("ends", parse_time)?,
        capacity: form.parse("capacity", number)?,
        registration_opens_at: form.parse_opt("registration_opens_at", parse_moment)?,
        registration_closes_at: form.parse_opt("registration_closes_at", parse_moment)?,
        party_max: form.parse("party_max", number)?,
        offer_hours: form.parse("offer_hours", number)?,
        // A form that leaves it out means what was always meant.
        method: form.parse_opt("method", SeatMethod::parse)?.unwrap_or(SeatMethod::FirstCome),
        quotas: quotas(form)?,
    })
}

/// The groups with a number beside them.
fn quotas(form: &Form) -> Result<Vec<Quota>, Problem> {
    let mut quotas = Vec::new();
    for group in SeatGroup::ALL {
        let field = format!("quota_{group}");
        if let Some(typed) = form.opt(&field) {
            let seats = typed.parse::<i32>();
            let seats = seats.map_err(|_| Problem::invalid(field, "请填写数字", "Please give a number"))?;
            quotas.push(Quota { group: *group, seats });
        }
    }
    Ok(quotas)
}

#[handler]
pub async fn add_session(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let event = mine(app, &visitor, &code).await?;
    let result = match session_content(&form) {
        Ok(content) => crate::event::add_session(app, &visitor.actor, event.id, &content).await,
        Err(problem) => Err(problem),
    };
    session_saved(app, &visitor, &event, None, &form, result).await
}

/// The event and session of an address, for who organises it.
async fn session_of(
    app: &App,
    visitor: &Visitor,
    code: &str,
    number: &str,
) -> Result<(Event, Session), Problem> {
    let event = mine(app, visitor, code).await?;
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let session = store::session(app.db.read(), event.id, number).await?;
    Ok((event, session))
}

#[handler]
pub async fn show_session(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (event, session) = session_of(app, &visitor, &code, &number).await?;
    let state = filled(&session, &Shares::load(app.db.read(), &session).await?);
    Ok(render::page(session_markup(app, &visitor, &event, Some(&session), state).await?))
}

#[handler]
pub async fn save_session(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (event, session) = session_of(app, &visitor, &code, &number).await?;
    let result = match session_content(&form) {
        Ok(content) => {
            crate::event::change_session(app, &visitor.actor, event.id, session.number, &content).await
        }
        Err(problem) => Err(problem),
    };
    session_saved(app, &visitor, &event, Some(&session), &form, result).await
}

async fn session_saved(
    app: &App,
    visitor: &Visitor,
    event: &Event,
    session: Option<&Session>,
    form: &Form,
    result: Result<Session, Problem>,
) -> poem::Result<Response> {
    match result {
        Ok(_) => Ok(done(&desk_path(event), "saved")),
        Err(problem) => {
            let state = form.state(&problem, visitor.lang);
            let page = session_markup(app, visitor, event, session, state).await?;
            form_again(problem, |_| page)
        }
    }
}
