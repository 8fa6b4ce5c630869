//! Messages under pages (页面留言): a moderator or disclosure officer opens a published page, whatever it tells of,
//! and residents leave a message there. It goes the board's way: the same screening, acceptance, duty and receipt;
//! what is published stands under the page as well as on the board.

use entity::enums::SubjectKind;
use entity::message_page::Model;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::policy::may_open_pages;
use super::store::{self, place as rows};
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::problem::Problem;
use crate::publication;
use crate::text;

/// Longest address that is read.
const LONGEST: usize = 300;

/// A page with how many messages were left under it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub page: Model,
    pub received: i64,
    pub published: i64,
    /// What was published there is not public any more.
    pub withdrawn: bool,
}

/// The path of an address of this site, as people paste it; none for other sites.
pub fn path_of(app: &App, typed: &str) -> Option<String> {
    let typed = text::tidy(typed);
    let path = typed.strip_prefix(&app.config.base_url()).unwrap_or(&typed);
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    (path.starts_with('/') && path.len() <= LONGEST).then(|| path.to_owned())
}

/// Opens a published page for messages; an open one stays as it is.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid` where nothing is published, or a message is; the database's own.
pub async fn open(app: &App, actor: &Actor, address: &str) -> Result<Model, Problem> {
    let staff = actor.require_staff()?;
    may_open_pages(staff)?;
    let path = path_of(app, address).ok_or_else(unknown)?;
    let write = app.write().await?;
    let published = publication::at_path(&*write, &path).await?.ok_or_else(unknown)?;
    if matches!(published.subject_kind, SubjectKind::Message | SubjectKind::QaQuestion) {
        return Err(Problem::invalid(
            "address",
            "留言和问答页面下不能再留言",
            "A message cannot be left under a message",
        ));
    }
    let before = rows::lock(&write, &path).await?;
    if let Some(before) = &before
        && before.closed_at.is_none()
    {
        let page = before.clone();
        write.commit().await?;
        return Ok(page);
    }
    let page = Model {
        id: before.as_ref().map_or_else(|| app.id(), |p| p.id),
        path,
        subject_kind: published.subject_kind,
        subject_id: published.subject_id,
        title: published.title,
        opened_at: app.now(),
        opened_by: staff.id,
        closed_at: None,
    };
    match before {
        Some(_) => rows::update(&write, &page).await?,
        None => rows::insert(&write, &page).await?,
    }
    audit::record(app, &write, actor, "message.open_page", subject(&page), json!({ "path": page.path }))
        .await?;
    write.commit().await?;
    Ok(page)
}

/// No more messages under a page; what is published there stays.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `conflict` when it is closed; the database's own.
pub async fn close(app: &App, actor: &Actor, address: &str) -> Result<Model, Problem> {
    may_open_pages(actor.require_staff()?)?;
    let path = path_of(app, address).ok_or_else(Problem::not_found)?;
    let write = app.write().await?;
    let page = rows::lock(&write, &path).await?.ok_or_else(Problem::not_found)?;
    if page.closed_at.is_some() {
        return Err(Problem::conflict("这个页面没有开放留言", "This page takes no messages"));
    }
    let page = Model { closed_at: Some(app.now()), ..page };
    rows::update(&write, &page).await?;
    audit::record(app, &write, actor, "message.close_page", subject(&page), json!({ "path": page.path }))
        .await?;
    write.commit().await?;
    Ok(page)
}

fn subject(page: &Model) -> Subject {
    Subject { kind: page.subject_kind, id: Some(page.subject_id) }
}

fn unknown() -> Problem {
    Problem::invalid(
        "address",
        "本站没有这个已公开的页面，请从浏览器地址栏复制",
        "Nothing is published at this address; please copy it from the browser",
    )
}

/// The pages that were opened, for who may open them.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Listed>, Problem> {
    may_open_pages(actor.require_staff()?)?;
    let db = app.db.read();
    let mut counts = rows::counts(db).await?;
    let mut listed = Vec::new();
    for page in rows::all(db).await? {
        let (received, published) = counts.remove(&page.id).unwrap_or_default();
        let withdrawn = !is_public(db, &page).await?;
        listed.push(Listed { page, received, published, withdrawn });
    }
    Ok(listed)
}

/// What was published last and takes no messages yet.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn candidates(
    app: &App,
    actor: &Actor,
    limit: u64,
) -> Result<Vec<entity::publication::Model>, Problem> {
    may_open_pages(actor.require_staff()?)?;
    let db = app.db.read();
    let open: Vec<String> =
        rows::all(db).await?.into_iter().filter(|p| p.closed_at.is_none()).map(|p| p.path).collect();
    let mut found = publication::latest_outside(db, publication::MESSAGES, limit).await?;
    let mut seen = open;
    found.retain(|p| {
        let fresh =
            p.subject_kind != SubjectKind::QaQuestion && !seen.contains(&p.path) && !p.path.contains('#');
        seen.push(p.path.clone());
        fresh
    });
    Ok(found)
}

/// Whether what the page was opened for can still be read there.
async fn is_public(db: &impl ConnectionTrait, page: &Model) -> Result<bool, Problem> {
    let latest = publication::latest(db, page.subject_kind, page.subject_id).await?;
    Ok(latest.is_some_and(|p| p.current))
}

/// The page at a path, open or not.
///
/// # Errors
/// The database's own.
pub async fn at(app: &App, path: &str) -> Result<Option<Model>, Problem> {
    rows::at(app.db.read(), path).await
}

/// Where a message is left, checked for writing it.
///
/// # Errors
/// `invalid` for a page that takes none; the database's own.
pub(super) async fn for_message(app: &App, address: &str) -> Result<Option<Model>, Problem> {
    if address.is_empty() {
        return Ok(None);
    }
    let shut = || {
        Problem::invalid(
            "page",
            "这个页面不再接收留言，可以到留言板提出",
            "This page takes no messages now; please use the board",
        )
    };
    let path = path_of(app, address).ok_or_else(shut)?;
    let db = app.db.read();
    match rows::at(db, &path).await? {
        Some(page) if page.closed_at.is_none() && is_public(db, &page).await? => Ok(Some(page)),
        _ => Err(shut()),
    }
}

/// What stands under a page: whether it takes messages, and those that are public.
#[derive(Debug)]
pub struct Under {
    pub page: Model,
    pub messages: super::list::Published,
    pub published: u64,
}

/// What stands under the page at a path; none where there is nothing.
///
/// # Errors
/// The database's own.
pub async fn under(app: &App, path: &str, limit: u64) -> Result<Option<Under>, Problem> {
    let Some(page) = at(app, path).await? else { return Ok(None) };
    let filter = store::Filter { page: Some(page.id), ..store::Filter::default() };
    let published = store::count_published(app.db.read(), Some(page.id)).await?;
    if page.closed_at.is_some() && published == 0 {
        return Ok(None);
    }
    let messages = super::list::published(app, &filter, limit).await?;
    Ok(Some(Under { page, messages, published }))
}
