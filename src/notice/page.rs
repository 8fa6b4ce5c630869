//! The inbox.

use entity::id::NoticeId;
use entity::notice::Model;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Pager;
use web::desk::inbox::{InboxView, NoticeRow};
use web::layout::Nav;
use web::link::with_query;
use web::path;

use crate::app::App;
use crate::calendar::civil;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, page, see_other};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

const PAGE: u64 = 30;

pub fn add(pages: Pages) -> Pages {
    super::stop_page::add(pages)
        .get(path::INBOX, show)
        .post("/desk/inbox/read", mark_read)
        .post("/desk/inbox/:id/open", open)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct InboxQuery {
    unread: String,
    before: String,
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<InboxQuery>,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?.id;
    let (db, unread_only) = (app.db.read(), !query.unread.is_empty());
    let before: Option<NoticeId> = query.before.parse().ok();
    let mut rows = super::inbox(db, staff, unread_only, before, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let last = rows.last().map(|n| n.id.to_string());
    let view = InboxView {
        unread_only,
        unread: super::unread(db, staff).await?,
        rows: rows.into_iter().map(row).collect(),
        pager: Pager {
            previous: before.map(|_| path::INBOX.into()),
            next: last.filter(|_| more).map(|id| with_query(&visitor.path, "before", &id)),
            note: String::new(),
        },
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, &visitor, path::INBOX).await?;
    Ok(page(web::desk::inbox::inbox(&visitor.frame(app, Nav::None), &side, &view)))
}

/// A notice for the inbox and the desk's first page.
pub fn row(notice: Model) -> NoticeRow {
    NoticeRow {
        id: notice.id.to_string(),
        title: notice.title,
        body: notice.body,
        at: civil::local_time(notice.created_at),
        unread: notice.read_at.is_none(),
    }
}

#[handler]
async fn mark_read(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let id = match form.get("id") {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::not_found())?),
    };
    super::mark_read(app, &visitor.actor, id).await?;
    Ok(done(path::INBOX, "read"))
}

/// Marks a notice as read and leads to where its matter is.
#[handler]
async fn open(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?.id;
    let id: NoticeId = id.parse().map_err(|_| Problem::not_found())?;
    let notice = super::find(app.db.read(), staff, id).await?;
    super::mark_read(app, &visitor.actor, Some(id)).await?;
    let leads_inside = notice.path.starts_with('/') && !notice.path.starts_with("//");
    Ok(see_other(if leads_inside { &notice.path } else { path::INBOX }))
}
