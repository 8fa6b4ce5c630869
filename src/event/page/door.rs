//! The door of a session.

use chrono::DateTime;
use entity::enums::RegistrationState as Row;
use entity::event::Model as Event;
use entity::event_session::Model as Session;
use maud::Markup;
use poem::web::{Data, Path, Query};
use poem::{IntoResponse as _, Response, handler};
use serde::Deserialize;
use serde_json::json;
use web::desk::event::door::{DoorView, GuestRow, LetIn, door as door_page};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;

use super::desk::desk_path;
use super::labels;
use crate::app::App;
use crate::calendar::civil;
use crate::event::door::{CheckIn, Expected, WalkIn, expected, take_list, tally};
use crate::event::share::group_words;
use crate::event::words::when;
use crate::event::{Scan, check_in as let_in, list, scan as kept_scan, store, walk_in as let_walk_in};
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, done, form_again, secret};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::text;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The code that was scanned with a phone.
    code: String,
    /// Number of who was let in just now.
    number: String,
}

/// The event and session of an address, for who serves its door.
async fn target(app: &App, visitor: &Visitor, code: &str, number: &str) -> Result<(Event, Session), Problem> {
    let event = list::at_door(app, &visitor.actor, code).await?;
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let session = store::session(app.db.read(), event.id, number).await?;
    Ok((event, session))
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (event, session) = target(app, &visitor, &code, &number).await?;
    let mut state = FormState::default();
    if !asked.code.is_empty() {
        state = state.with("code", asked.code);
    }
    let door = Door { event: &event, session: &session, let_in: asked.number.parse().ok() };
    Ok(render::page(markup(app, &visitor, &door, state, FormState::default()).await?))
}

#[handler]
pub async fn check_in(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (event, session) = target(app, &visitor, &code, &number).await?;
    let result = match form.parse_opt("people", |v| v.parse::<i32>().ok()) {
        Ok(people) => {
            let input =
                CheckIn { event: code, session: session.number, typed: form.get("code").to_owned(), people };
            let_in(app, &visitor.actor, &input).await
        }
        Err(problem) => Err(problem),
    };
    match result {
        Ok(r) => Ok(done(&back(&event, &session, r.number), "let_in")),
        Err(problem) => {
            let state = form.state(&problem, visitor.lang);
            let door = Door { event: &event, session: &session, let_in: None };
            let page = markup(app, &visitor, &door, state, FormState::default()).await?;
            form_again(problem, |_| page)
        }
    }
}

#[handler]
pub async fn walk_in(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (event, session) = target(app, &visitor, &code, &number).await?;
    let input = WalkIn {
        event: code,
        session: session.number,
        name: form.get("walk_in_name").to_owned(),
        people: form.get("walk_in_people").parse().unwrap_or(0),
    };
    match let_walk_in(app, &visitor.actor, &input).await {
        Ok(r) => Ok(done(&back(&event, &session, r.number), "walked_in")),
        Err(problem) => {
            let mut state = form.state(&problem, visitor.lang);
            for error in &mut state.errors {
                if error.field == "name" {
                    error.field = "walk_in_name".into();
                }
            }
            let door = Door { event: &event, session: &session, let_in: None };
            let page = markup(app, &visitor, &door, FormState::default(), state).await?;
            form_again(problem, |_| page)
        }
    }
}

fn back(event: &Event, session: &Session, number: i32) -> String {
    format!("{}/sessions/{}/door?number={number}", desk_path(event), session.number)
}

struct Door<'a> {
    event: &'a Event,
    session: &'a Session,
    let_in: Option<i32>,
}

async fn markup(
    app: &App,
    visitor: &Visitor,
    door: &Door<'_>,
    code: FormState,
    others: FormState,
) -> Result<Markup, Problem> {
    let (event, now) = (door.event, app.now());
    // Read again: an act may just have changed it.
    let session = store::session(app.db.read(), event.id, door.session.number).await?;
    let tally = tally(app.db.read(), &session, now).await?;
    let list = expected(app, event, &session).await?;
    let came = |e: &&Expected| e.registration.came > 0 && Some(e.registration.number) == door.let_in;
    let view = DoorView {
        title: event.title.clone(),
        event: Href::new(desk_path(event)),
        session: session.number,
        when: lang_words(visitor.lang, &when(&session)),
        place: session.place.clone(),
        capacity: tally.capacity,
        taken: tally.taken,
        present: tally.present,
        missing: tally.missing,
        waiting: tally.waiting,
        is_over: tally.is_over,
        is_open: event.published_at.is_some()
            && event.cancelled_at.is_none()
            && civil::local_date(session.begins_at) == app.today(),
        let_in: list.iter().find(came).map(|e| LetIn {
            number: e.registration.number,
            name: e.name.clone(),
            came: e.registration.came,
            seats: e.registration.seats,
        }),
        rows: list.into_iter().map(|e| row(event, &session, e, now)).collect(),
        base: format!("{}/sessions/{}", desk_path(event), session.number),
        csrf: visitor.csrf().to_owned(),
        check_in: code,
        walk_in: others,
    };
    let side = side(app, visitor, "/desk/events").await?;
    Ok(door_page(&visitor.frame(app, Nav::None), &side, &view))
}

fn row(event: &Event, session: &Session, e: Expected, now: chrono::DateTime<chrono::Utc>) -> GuestRow {
    let r = e.registration;
    let clock = |at| civil::local_time(at).format("%H:%M").to_string();
    GuestRow {
        number: r.number,
        name: e.name,
        contact: e.contact,
        guardian: e.guardian,
        seats: r.seats,
        came: r.came,
        came_at: r.came_at.map(clock),
        state: labels::registration_state(event, session, &r, now),
        walk_in: r.walk_in,
        offered_until: r
            .offered_until
            .filter(|_| r.state == Row::Offered)
            .map(|at| civil::local_time(at).format("%m-%d %H:%M").to_string()),
        may_enter: r.came_at.is_none() && matches!(r.state, Row::Confirmed | Row::Offered),
    }
}

/// The list as a file: names in full, contacts masked.
#[handler]
pub async fn file(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
) -> poem::Result<Response> {
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let (event, session, list) = take_list(app, &visitor.actor, &code, number).await?;
    let (lang, now) = (visitor.lang, app.now());
    let head = [
        lang.t("报名编号", "Number"),
        lang.t("姓名", "Name"),
        lang.t("联系方式（部分隐去）", "Contact (masked)"),
        lang.t("监护人（未满 14 周岁）", "Guardian (under 14)"),
        lang.t("组别", "Group"),
        lang.t("人数", "People"),
        lang.t("状态", "State"),
        lang.t("报名时间", "Registered"),
        lang.t("现场入场", "Walk-in"),
        lang.t("实到人数", "Came"),
        lang.t("签到时间", "Came at"),
    ];
    let row = |e: Expected| {
        let r = e.registration;
        let state = labels::registration_state(&event, &session, &r, now);
        vec![
            e.number,
            e.name.unwrap_or_default(),
            e.contact.as_deref().map(text::mask_contact).unwrap_or_default(),
            e.guardian.unwrap_or_default(),
            r.seat_group.map(|g| lang_words(lang, &group_words(g))).unwrap_or_default(),
            r.seats.to_string(),
            state.word(lang).to_owned(),
            civil::local_time(r.registered_at).format("%Y-%m-%d %H:%M").to_string(),
            lang.t(if r.walk_in { "是" } else { "" }, if r.walk_in { "yes" } else { "" }).to_owned(),
            r.came.to_string(),
            r.came_at.map(|at| civil::local_time(at).format("%H:%M").to_string()).unwrap_or_default(),
        ]
    };
    let name = format!("{}-{}-{}.csv", lang.t("报名名单", "registrations"), event.code, session.number);
    Ok(secret(render::csv(&name, &head, list.into_iter().map(row))?, false))
}

/// A scan that a phone kept while it had no network; answers a program, the page's own script.
#[handler]
pub async fn scan(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let (_, session) = target(app, &visitor, &code, &number).await?;
    let input = Scan {
        event: code,
        session: session.number,
        typed: form.get("code").to_owned(),
        people: form.parse_opt("people", |v| v.parse::<i32>().ok())?,
        at: form.parse_opt("at", |v| DateTime::parse_from_rfc3339(v).ok())?.map(|at| at.to_utc()),
        key: form.get("key").to_owned(),
    };
    let (outcome, tally) = kept_scan(app, &visitor.actor, &input).await?;
    let words = visitor.lang.t(&outcome.zh, &outcome.en);
    let body = json!({ "let_in": outcome.let_in, "words": words, "present": tally.present,
        "missing": tally.missing, "free": tally.capacity - tally.taken });
    Ok(body.to_string().with_content_type("application/json; charset=utf-8").into_response())
}
