//! Writing a session.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Timelike as _, Utc};
use entity::department::Model as Department;
use entity::qa_session::Model;
use maud::Markup;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::qa::{GuestChoice, QaFormView, form as form_page};
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::link::Href;
use web::path::DESK_QA;

use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::qa::{self, Content, Guest, policy, read, store};

#[handler]
pub async fn new(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let all = department::all(app.db.read()).await?;
    let mut organised = all.iter().filter(|d| policy::organises(staff, d.id));
    let own = organised.clone().find(|d| d.id == staff.department_id).or_else(|| organised.next());
    let Some(own) = own else { return Err(Problem::forbidden().into()) };
    let day = app.today().checked_add_days(Days::new(14)).unwrap_or_else(|| app.today());
    let state = FormState::default()
        .with("department", &own.key)
        .with("guests", &own.key)
        .with("begins_at", format!("{day}T14:00"))
        .with("ends_at", format!("{day}T16:00"));
    Ok(render::page(markup(app, &visitor, None, state).await?))
}

async fn markup(
    app: &App,
    visitor: &Visitor,
    session: Option<&Model>,
    state: FormState,
) -> Result<Markup, Problem> {
    let staff = visitor.actor.require_staff()?;
    let all = department::all(app.db.read()).await?;
    let (action, back) = match session {
        Some(s) => (format!("{DESK_QA}/{}/edit", s.code), format!("{DESK_QA}/{}", s.code)),
        None => (format!("{DESK_QA}/new"), DESK_QA.to_owned()),
    };
    let mine = all.iter().filter(|d| policy::organises(staff, d.id));
    let view = QaFormView {
        is_new: session.is_none(),
        is_public: session.is_some_and(|s| s.published_at.is_some()),
        departments: mine.map(|d| Choice::new(&d.key, &d.name)).collect(),
        guests: all.iter().map(|d| GuestChoice { key: d.key.clone(), name: d.name.clone() }).collect(),
        action: Href::new(action),
        back: Href::new(back),
        csrf: visitor.csrf().to_owned(),
        state,
    };
    let side = side(app, visitor, DESK_QA).await?;
    Ok(form_page(&visitor.frame(app, Nav::None), &side, &view))
}

/// A local moment as a form writes it: `2026-03-05T14:00`, or with a space, in Asia/Shanghai.
fn parse_moment(text: &str) -> Option<DateTime<Utc>> {
    let (day, time) = text.split_once('T').or_else(|| text.split_once(' '))?;
    let day: NaiveDate = civil::parse_date(day)?;
    let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|f| NaiveTime::parse_from_str(time.trim(), f).ok())?;
    Some(civil::at(day, time.hour(), time.minute()))
}

fn content(form: &Form, all: &[Department]) -> Result<Content, Problem> {
    let find = |key: &str| all.iter().find(|d| d.key == key).map(|d| d.id);
    let guests = form.all("guests").iter().map(|key| {
        let department_id = find(key)
            .ok_or_else(|| Problem::invalid("guests", "没有这个单位", "There is no such department"))?;
        Ok(Guest { department_id, person: form.get(&format!("person-{key}")).to_owned() })
    });
    Ok(Content {
        department_id: form.parse("department", find)?,
        title: form.get("title").to_owned(),
        theme: form.get("theme").to_owned(),
        guests: guests.collect::<Result<_, Problem>>()?,
        opens_at: form.parse_opt("opens_at", parse_moment)?,
        begins_at: form.parse("begins_at", parse_moment)?,
        ends_at: form.parse("ends_at", parse_moment)?,
    })
}

#[handler]
pub async fn create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let all = department::all(app.db.read()).await?;
    if !all.iter().any(|d| policy::organises(staff, d.id)) {
        return Err(Problem::forbidden().into());
    }
    let result = match content(&form, &all) {
        Ok(content) => qa::create(app, &visitor.actor, &content).await,
        Err(problem) => Err(problem),
    };
    saved(app, &visitor, None, &form, result).await
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let session = read::organised(app, &visitor.actor, &code).await?;
    let db = app.db.read();
    let all = department::all(db).await?;
    let key = |id| all.iter().find(|d| d.id == id).map_or_else(String::new, |d| d.key.clone());
    let moment = |at| civil::local_time(at).format("%Y-%m-%dT%H:%M").to_string();
    let mut state = FormState::default()
        .with("department", key(session.department_id))
        .with("title", &session.title)
        .with("theme", &session.theme)
        .with("opens_at", moment(session.opens_at))
        .with("begins_at", moment(session.begins_at))
        .with("ends_at", moment(session.ends_at))
        .with("revision", session.revision.to_string());
    for guest in store::guests(db, session.id).await? {
        let key = key(guest.department_id);
        state = state.with(&format!("person-{key}"), &guest.person).with("guests", key);
    }
    Ok(render::page(markup(app, &visitor, Some(&session), state).await?))
}

#[handler]
pub async fn save(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let session = read::organised(app, &visitor.actor, &code).await?;
    let all = department::all(app.db.read()).await?;
    let revision = form.parse_opt("revision", |v| v.parse::<i32>().ok());
    let result = match (revision, content(&form, &all)) {
        (Ok(revision), Ok(content)) => qa::edit(app, &visitor.actor, session.id, revision, &content).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    saved(app, &visitor, Some(&session), &form, result).await
}

async fn saved(
    app: &App,
    visitor: &Visitor,
    session: Option<&Model>,
    form: &Form,
    result: Result<Model, Problem>,
) -> poem::Result<Response> {
    match result {
        Ok(session) => Ok(render::done(&format!("{DESK_QA}/{}", session.code), "saved")),
        Err(problem) => {
            let page = markup(app, visitor, session, form.state(&problem, visitor.lang)).await?;
            render::form_again(problem, |_| page)
        }
    }
}
