//! The page behind a lookup code. A code is a key: the page is not indexed and tells nobody outside where the
//! reader came from.

use entity::enums::{RegistrationState as Row, SeatMethod};
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::event::registration::{RegistrationView, registration as page};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;
use web::path::REGISTRATIONS;

use super::draw::draw_path;
use super::labels;
use crate::app::App;
use crate::event::share::group_words;
use crate::event::state::{self, State};
use crate::event::words::{moment, when};
use crate::event::{change, feedback, path, policy, record};
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, secret};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let state = state::load(app, id).await?;
    Ok(secret(render::page(markup(app, &visitor, &state, FormState::default())), true))
}

#[handler]
pub async fn accept(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let done = change::accept(app, &visitor.actor, id).await;
    after(app, &visitor, &code, &form, done, "accepted").await
}

#[handler]
pub async fn shrink(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let done = match form.parse("seats", |v| v.parse::<i32>().ok()) {
        Ok(seats) => change::shrink(app, &visitor.actor, id, seats).await,
        Err(problem) => Err(problem),
    };
    after(app, &visitor, &code, &form, done, "saved").await
}

#[handler]
pub async fn confirm_record(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let done = record::confirm_record(app, &visitor.actor, id).await;
    after(app, &visitor, &code, &form, done, "confirmed").await
}

#[handler]
pub async fn give_up(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let done = change::give_up(app, &visitor.actor, id).await;
    after(app, &visitor, &code, &form, done, "given_up").await
}

/// Back to the page, or the page again with what went wrong.
async fn after(
    app: &App,
    visitor: &Visitor,
    code: &str,
    form: &Form,
    done: Result<(), Problem>,
    word: &str,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, code).await?;
    let state = state::load(app, id).await?;
    match done {
        Ok(()) => Ok(render::done(&format!("{REGISTRATIONS}/{}", state.code.grouped()), word)),
        Err(problem) => {
            let page =
                render::form_again(problem, |p| markup(app, visitor, &state, form.state(p, visitor.lang)))?;
            Ok(secret(page, true))
        }
    }
}

fn markup(app: &App, visitor: &Visitor, s: &State, form: FormState) -> maud::Markup {
    let (lang, now) = (visitor.lang, app.now());
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    let code = s.code.grouped();
    let may_change = s.may_change(now);
    // Also for who comes late.
    let holds = matches!(s.registration.state, Row::Confirmed | Row::Offered)
        && s.event.cancelled_at.is_none()
        && now < s.session.ends_at;
    let address = format!("{}{REGISTRATIONS}/{code}", app.config.base_url());
    let serves = policy::may_serve_door(&visitor.actor, &s.event).is_ok();
    let door = format!("/desk/events/{}/sessions/{}/door?code={code}", s.event.code, s.session.number);
    let view = RegistrationView {
        number: s.number.clone(),
        state: labels::registration_state(&s.event, &s.session, &s.registration, now),
        title: s.event.title.clone(),
        event: Href::new(path(&s.event.code)),
        calendar: Href::new(format!("{}/calendar.ics", path(&s.event.code))),
        session: s.session.number,
        when: lang_words(lang, &when(&s.session)),
        place: s.session.place.clone(),
        seats: s.registration.seats,
        name: s.name.clone(),
        contact_masked: s.contact_masked.clone(),
        group: s.registration.seat_group.map(|g| lang_words(lang, &group_words(g))),
        draw: (s.session.method == SeatMethod::Draw).then(|| Href::new(draw_path(&s.event, &s.session))),
        drawn_at: (s.registration.drawn.is_none())
            .then(|| lang_words(lang, &moment(s.session.registration_closes_at))),
        registered: lang_words(lang, &moment(s.registration.registered_at)),
        ahead: s.ahead,
        offered_until: s.registration.offered_until.map(|until| lang_words(lang, &moment(until))),
        cancelled: s.event.cancelled_reason.clone(),
        may_change,
        may_accept: may_change && s.registration.offered_until.is_some_and(|until| now < until),
        may_confirm: s.may_confirm,
        confirmed: s.registration.confirmed_record_at.map(|at| lang_words(lang, &moment(at))),
        qr: holds.then(|| labels::qr(&address)).flatten(),
        csrf: visitor.csrf().to_owned(),
        form,
        feedback: feedback::may_give(s, now).then(|| Href::new(format!("{REGISTRATIONS}/{code}/feedback"))),
        door: serves.then(|| Href::new(door)),
        code,
    };
    page(&frame, &view)
}
