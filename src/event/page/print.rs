//! The poster of an event and a visitor's ticket, for paper or a PDF.

use entity::enums::RegistrationState as Row;
use entity::event::Model as Event;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::event::print::{
    PosterSession, PosterView, TicketView, poster as poster_page, ticket as ticket_page,
};
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;
use web::path::REGISTRATIONS;

use super::labels;
use super::public::readable;
use crate::app::App;
use crate::department;
use crate::event::words::{kind_words, when};
use crate::event::{path, state};
use crate::http::lang_words;
use crate::http::render::{self, secret};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

fn contact(event: &Event) -> Vec<String> {
    let all = [&event.contact_name, &event.phone, &event.email];
    all.into_iter().filter(|c| !c.is_empty()).cloned().collect()
}

/// The poster is Chinese whatever the reader's language: it hangs on a wall. The page around it is not.
#[handler]
pub async fn poster(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (event, sessions) = readable(app, &visitor, &code).await?;
    let kind = kind_words(event.kind);
    let address = format!("{}{}", app.config.base_url(), path(&event.code));
    let session = |s: &entity::event_session::Model| PosterSession {
        number: s.number,
        when: when(s).zh.into_owned(),
        place: s.place.clone(),
        directions: s.directions.clone(),
        capacity: s.capacity,
        registration: labels::registration_window(Lang::Zh, s),
    };
    let view = PosterView {
        title: event.title.clone(),
        kind: (kind.zh.into_owned(), kind.en.into_owned()),
        department: department::find(app.db.read(), event.department_id).await?.name,
        cancelled: event.cancelled_at.is_some(),
        summary: event.summary.clone(),
        conditions: event.conditions.clone(),
        accessibility: event.accessibility.clone(),
        sessions: sessions.iter().map(session).collect(),
        contact: contact(&event),
        qr: labels::qr(&address),
        address,
        event: Href::new(path(&event.code)),
    };
    Ok(render::page(poster_page(&visitor.frame(app, Nav::Events), &view)))
}

/// Behind the lookup code, as the page it belongs to.
#[handler]
pub async fn ticket(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let s = state::load(app, id).await?;
    let (lang, now) = (visitor.lang, app.now());
    let holds = matches!(s.registration.state, Row::Confirmed | Row::Offered)
        && s.event.cancelled_at.is_none()
        && now < s.session.ends_at;
    if !holds {
        return Err(Problem::conflict(
            "这次报名目前没有名额，没有入场凭证",
            "There is no seat in this registration, and so no ticket",
        )
        .into());
    }
    let code = s.code.grouped();
    let back = format!("{REGISTRATIONS}/{code}");
    let view = TicketView {
        title: s.event.title.clone(),
        number: s.number.clone(),
        state: labels::registration_state(&s.event, &s.session, &s.registration, now).word(lang).to_owned(),
        when: lang_words(lang, &when(&s.session)),
        place: s.session.place.clone(),
        directions: s.session.directions.clone(),
        session: s.session.number,
        seats: s.registration.seats,
        name: s.name.clone(),
        conditions: s.event.conditions.clone(),
        contact: contact(&s.event),
        qr: labels::qr(&format!("{}{back}", app.config.base_url())),
        back: Href::new(back),
        code,
    };
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    Ok(secret(render::page(ticket_page(&frame, &view)), false))
}
