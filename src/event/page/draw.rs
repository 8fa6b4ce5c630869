//! The draw of a session for everybody, and holding it.

use std::collections::HashMap;

use entity::event::Model as Event;
use entity::event_session::Model as Session;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use web::component::Pager;
use web::event::draw::{DrawRow, DrawView, DrawnView, draw as page};
use web::layout::Nav;
use web::link::Href;

use super::labels;
use super::public::Asked;
use crate::app::App;
use crate::event::draw::{self, Public};
use crate::event::lot::{Entry, Protocol};
use crate::event::register::number as full_number;
use crate::event::share::{Shares, group_words};
use crate::event::words::{moment, when};
use crate::event::{path, store};
use crate::http::lang_words;
use crate::http::pager::number;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// Rows of a result on one page.
const PAGE: usize = 200;

/// Where the draw of a session is shown.
pub fn draw_path(event: &Event, session: &Session) -> String {
    format!("{}/sessions/{}/draw", path(&event.code), session.number)
}

/// The published event and its session with a draw.
async fn target(app: &App, code: &str, session: &str) -> Result<(Event, Session, Public), Problem> {
    let db = app.db.read();
    let event = store::by_code(db, code).await?;
    if event.published_at.is_none() {
        return Err(Problem::not_found());
    }
    let session = session.parse().map_err(|_| Problem::not_found())?;
    let session = store::session(db, event.id, session).await?;
    let public = draw::public(db, session.id).await?.ok_or_else(Problem::not_found)?;
    Ok((event, session, public))
}

#[handler]
pub(super) async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, session)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (event, session, public) = target(app, &code, &session).await?;
    let lang = visitor.lang;
    // What the draw was held with; before it, what it will be held with.
    let quotas = match &public.protocol {
        Some(p) => labels::quotas(lang, &p.quotas, p.seats - p.quotas.iter().map(|q| q.seats).sum::<i32>()),
        None => labels::shares(lang, &Shares::load(app.db.read(), &session).await?),
    };
    let here = number(&asked.page);
    let view = DrawView {
        title: event.title.clone(),
        event: Href::new(path(&event.code)),
        session: session.number,
        when: lang_words(lang, &when(&session)),
        seats: public.protocol.as_ref().map_or(session.capacity, |p| p.seats),
        quotas,
        closes: lang_words(lang, &moment(session.registration_closes_at)),
        commitment: public.commitment.clone(),
        committed: lang_words(lang, &moment(public.committed_at)),
        cancelled: event.cancelled_at.is_some(),
        drawn: public.protocol.as_ref().map(|p| drawn(&visitor, &event, &session, p, here)),
    };
    Ok(render::page(page(&visitor.frame(app, Nav::Events), &view)))
}

fn drawn(visitor: &Visitor, event: &Event, session: &Session, p: &Protocol, here: u64) -> DrawnView {
    let lang = visitor.lang;
    let entries: HashMap<i32, &Entry> = p.list.iter().map(|e| (e.number, e)).collect();
    let skipped = usize::try_from(here - 1).unwrap_or(usize::MAX).saturating_mul(PAGE);
    let row = |d: &crate::event::lot::Drawn| DrawRow {
        place: d.place,
        number: full_number(&event.code, session.number, d.number),
        group: entries.get(&d.number).and_then(|e| e.group).map(|g| lang_words(lang, &group_words(g))),
        seats: entries.get(&d.number).map_or(0, |e| e.seats),
        seated: d.seated,
    };
    let to = |n: u64| Href::new(format!("{}?page={n}#result", draw_path(event, session)));
    DrawnView {
        at: lang_words(lang, &moment(p.drawn_at)),
        parties: p.list.len(),
        seated: p.result.iter().filter(|d| d.seated).count(),
        people: p.list.iter().map(|e| i64::from(e.seats)).sum(),
        list_hash: p.list_hash.clone(),
        secret: p.secret.clone(),
        seed: p.seed.clone(),
        file: Href::new(format!("{}.json", draw_path(event, session))),
        rows: p.result.iter().skip(skipped).take(PAGE).map(row).collect(),
        pager: Pager {
            previous: (here > 1).then(|| to(here - 1)),
            next: (skipped.saturating_add(PAGE) < p.result.len()).then(|| to(here + 1)),
            note: String::new(),
        },
    }
}

/// The file with which everybody can repeat the draw, as it was published.
#[handler]
pub(super) async fn file(
    Data(app): Data<&App>,
    Path((code, session)): Path<(String, String)>,
) -> poem::Result<Response> {
    let (event, session, public) = target(app, &code, &session).await?;
    let file = public.file.ok_or_else(Problem::not_found)?;
    let name = format!("draw-{}-{}.json", event.code, session.number);
    Ok(render::download(&name, "application/json", file.into_bytes()))
}
