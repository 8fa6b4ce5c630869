//! Which pages take messages: the desk's list, and what stands under such a page.

use maud::Markup;
use poem::web::Data;
use poem::{Response, handler};
use web::desk::message::pages::{Candidate, FIELD_ADDRESS, PageRow, PagesView, pages};
use web::form::FormState;
use web::layout::Nav;
use web::message::{BelowView, FIELD_PAGE, MessageCard};
use web::path;

use super::board::card;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{desk, render};
use crate::message::list;
use crate::message::place::{self, Listed};
use crate::problem::Problem;

/// Messages that stand under a page itself.
const SHOWN: u64 = 5;
/// Published pages that are offered without typing.
const OFFERED: u64 = 20;

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    Ok(render::page(markup(app, &visitor, FormState::default()).await?))
}

async fn markup(app: &App, visitor: &Visitor, form: FormState) -> Result<Markup, Problem> {
    let row = |l: Listed| PageRow {
        title: l.page.title,
        href: l.page.path.into(),
        opened: civil::local_date(l.page.opened_at),
        closed: l.page.closed_at.map(civil::local_date),
        withdrawn: l.withdrawn,
        received: l.received,
        published: l.published,
    };
    let candidate = |p: entity::publication::Model| Candidate {
        title: p.title,
        href: p.path.into(),
        column: p.column_name,
        published: civil::local_date(p.published_at),
    };
    let listed = place::all(app, &visitor.actor).await?;
    let takes_part = list::takes_part(visitor.actor.require_staff()?);
    let current = if takes_part { path::DESK_MESSAGES } else { path::DESK_MESSAGE_PAGES };
    let view = PagesView {
        side: desk::side(app, visitor, current).await?,
        back: takes_part.then(|| path::DESK_MESSAGES.into()),
        rows: listed.into_iter().map(row).collect(),
        candidates: place::candidates(app, &visitor.actor, OFFERED)
            .await?
            .into_iter()
            .map(candidate)
            .collect(),
        csrf: visitor.csrf().to_owned(),
        form,
    };
    Ok(pages(&visitor.frame(app, Nav::None), &view))
}

async fn finish<T>(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    done: Result<T, Problem>,
    word: &str,
) -> poem::Result<Response> {
    match done {
        Ok(_) => Ok(render::done(path::DESK_MESSAGE_PAGES, word)),
        Err(problem) if !render::can_be_mended(&problem) => Err(problem.into()),
        Err(problem) => {
            let page = markup(app, visitor, form.state(&problem, visitor.lang)).await?;
            render::form_again(problem, |_| page)
        }
    }
}

#[handler]
pub async fn open(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let done = place::open(app, &visitor.actor, form.get(FIELD_ADDRESS)).await;
    finish(app, &visitor, &form, done, "page_opened").await
}

#[handler]
pub async fn close(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let done = place::close(app, &visitor.actor, form.get(FIELD_ADDRESS)).await;
    finish(app, &visitor, &form, done, "page_closed").await
}

/// What stands under the page at a path; none for pages that never took messages.
///
/// # Errors
/// The database's own.
pub async fn below(app: &App, visitor: &Visitor, of: &str) -> Result<Option<Markup>, Problem> {
    let Some(under) = place::under(app, of, SHOWN).await? else { return Ok(None) };
    let at = |base: &str| web::link::with_pairs(base, &[(FIELD_PAGE, under.page.path.as_str())]);
    let view = BelowView {
        published: under.published,
        // Which page it was left under goes without saying.
        items: under
            .messages
            .items
            .iter()
            .map(|m| MessageCard { page: None, ..card(visitor, m, &under.messages) })
            .collect(),
        all: under.messages.next.as_ref().map(|_| at(path::MESSAGES)),
        write: under.page.closed_at.is_none().then(|| at(path::MESSAGES_NEW)),
    };
    Ok(Some(web::message::below(visitor.lang, &view)))
}
