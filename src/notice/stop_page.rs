//! Stopping the mails about one thing: from the link in a mail, by the one click of a mail program, and on a page
//! behind the lookup code, where they are turned on again.

use entity::enums::SubjectKind;
use poem::web::{Data, Path};
use poem::{Response, handler};
use uuid::Uuid;
use web::layout::Nav;
use web::mail::MailsView;

use super::stop;
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, page, secret};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};

pub fn add(pages: Pages) -> Pages {
    pages
        .get("/receipts/stop/:token", show_token)
        .post("/receipts/stop/:token", one_click)
        .get("/receipts/mails/:code", show)
        .post("/receipts/mails/:code", set)
}

/// What a lookup code stands for, where its author gets mails.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub(super) async fn subject(
    app: &App,
    visitor: &Visitor,
    code: &str,
) -> Result<(SubjectKind, Uuid, LookupCode), Problem> {
    rate::check(app, Act::Lookup, &visitor.actor.address).await?;
    let code = LookupCode::parse(code).ok_or_else(Problem::not_found)?;
    let receipt = receipt::find(app.db.read(), &code).await?;
    if !stop::is_news(receipt.subject_kind) {
        return Err(Problem::not_found());
    }
    Ok((receipt.subject_kind, receipt.subject_id, code))
}

async fn view(
    app: &App,
    visitor: &Visitor,
    (kind, id): (SubjectKind, Uuid),
    action: String,
    may_resume: bool,
) -> Result<maud::Markup, Problem> {
    let view = MailsView {
        about: visitor.say(&crate::audit::subject_words(kind)),
        stopped: stop::stopped(app.db.read(), kind, id).await?.map(civil::local_time),
        action: action.into(),
        csrf: visitor.csrf().to_owned(),
        may_resume,
    };
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    Ok(web::mail::mails(&frame, &view))
}

#[handler]
async fn show_token(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> poem::Result<Response> {
    let about = stop::read(&app.keys, &token)?;
    let page = page(view(app, &visitor, about, format!("/receipts/stop/{token}"), false).await?);
    Ok(secret(page, true))
}

/// From our page, or from a mail program that was asked to "unsubscribe" (RFC 8058): it sends no cookies and comes
/// from no page of ours. The token alone counts, whatever the body says.
#[handler]
async fn one_click(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> poem::Result<Response> {
    let about = stop::read(&app.keys, &token)?;
    stop::set(app, &visitor.actor, about.0, about.1, false).await?;
    let page = page(view(app, &visitor, about, format!("/receipts/stop/{token}"), false).await?);
    Ok(secret(page, true))
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Path(code): Path<String>) -> poem::Result<Response> {
    let (kind, id, code) = subject(app, &visitor, &code).await?;
    let action = format!("/receipts/mails/{}", code.grouped());
    Ok(secret(page(view(app, &visitor, (kind, id), action, true).await?), true))
}

#[handler]
async fn set(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (kind, id, code) = subject(app, &visitor, &code).await?;
    stop::set(app, &visitor.actor, kind, id, form.get("wanted") == "yes").await?;
    Ok(done(&format!("/receipts/mails/{}", code.grouped()), "saved"))
}
