//! What belongs to a subject: naming uploads, deciding who may see them, taking them away.

use entity::attachment::Model;
use entity::enums::{AttachmentState, SubjectKind};
use entity::id::AttachmentId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::keep::{FIELD, read_ticket};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::{Code, Problem};

/// The uploads that these tickets stand for and that still wait to be named: for a form that is shown again.
///
/// # Errors
/// The database's own.
pub async fn waiting(app: &App, tickets: &[String]) -> Result<Vec<(String, Model)>, Problem> {
    let mut found = Vec::new();
    for ticket in tickets.iter().take(most(app)) {
        let Some(id) = read_ticket(&app.keys, ticket) else { continue };
        let row = store::find(app.db.read(), id).await?;
        found.extend(row.filter(|r| r.state == AttachmentState::Unclaimed).map(|r| (ticket.clone(), r)));
    }
    Ok(found)
}

/// What tickets stand for, by content: the same files sent twice have the same words.
///
/// # Errors
/// `invalid` for more files than are taken; the database's own.
pub async fn contents(app: &App, tickets: &[String]) -> Result<Vec<String>, Problem> {
    if tickets.len() > most(app) {
        return Err(too_many(app));
    }
    let mut found = Vec::with_capacity(tickets.len());
    for ticket in tickets {
        let row = match read_ticket(&app.keys, ticket) {
            Some(id) => store::find(app.db.read(), id).await?,
            None => None,
        };
        found.push(row.map_or_else(|| ticket.clone(), |r| r.content_hash));
    }
    Ok(found)
}

/// Gives uploads to a subject, in the subject's own transaction; each can be given once.
///
/// # Errors
/// `invalid` with the field `files`: more than are taken, together too large, or no longer there; the database's
/// own.
pub async fn claim(
    app: &App,
    write: &Write,
    kind: SubjectKind,
    subject: Uuid,
    tickets: &[String],
) -> Result<Vec<Model>, Problem> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    let before = store::of(&**write, kind, &[subject]).await?.remove(&subject).unwrap_or_default();
    let mut total: i64 = before.iter().map(|r| r.size).sum();
    let mut claimed = Vec::with_capacity(tickets.len());
    for (position, ticket) in (before.len()..).zip(tickets) {
        if position >= most(app) {
            return Err(too_many(app));
        }
        let row = match read_ticket(&app.keys, ticket) {
            Some(id) => store::find(&**write, id).await?,
            None => None,
        };
        let row = row.ok_or_else(gone)?;
        total = total.saturating_add(row.size);
        let place = i32::try_from(position).unwrap_or(i32::MAX);
        if !store::claim(write, row.id, kind, subject, place).await? {
            return Err(gone());
        }
        claimed.push(row);
    }
    if usize::try_from(total).unwrap_or(usize::MAX) > app.config.attachments.total_bytes {
        let mb = app.config.attachments.total_bytes / (1024 * 1024);
        return Err(Problem::new(Code::TooLarge).field(
            FIELD,
            format!("附件合计不超过 {mb} MB，请去掉一些"),
            format!("All files together may have {mb} MB at most; please leave some out"),
        ));
    }
    Ok(claimed)
}

/// Gives one upload to a subject and shows it to everybody with it: for what staff publish themselves.
///
/// # Errors
/// `invalid` with the field `files` when it is no longer there; the database's own.
pub async fn publish_one(
    app: &App,
    write: &Write,
    actor: &Actor,
    (kind, subject): (SubjectKind, Uuid),
    ticket: &str,
    alt: &str,
) -> Result<Model, Problem> {
    let row = match read_ticket(&app.keys, ticket) {
        Some(id) => store::find(&**write, id).await?,
        None => None,
    };
    let row = row.ok_or_else(gone)?;
    let before = of(&**write, kind, subject).await?;
    let position = before.last().map_or(0, |last| last.position + 1);
    if !store::claim(write, row.id, kind, subject, position).await? {
        return Err(gone());
    }
    store::set_alt(write, row.id, alt).await?;
    store::decide(write, &[row.id], AttachmentState::Published, actor.staff_id(), app.now()).await?;
    Ok(row)
}

/// Decides who may see each attachment of a subject: everybody those that are named, nobody outside the others. Says
/// how many there are.
///
/// # Errors
/// `invalid` for one that is not the subject's; the database's own.
pub async fn decide(
    app: &App,
    write: &Write,
    actor: &Actor,
    (kind, subject): (SubjectKind, Uuid),
    shown: &[AttachmentId],
) -> Result<usize, Problem> {
    let all = of(&**write, kind, subject).await?;
    if shown.iter().any(|id| all.iter().all(|a| a.id != *id)) {
        return Err(Problem::invalid(
            "attachments",
            "附件不属于这条内容",
            "The attachment is not one of these",
        ));
    }
    let (open, closed): (Vec<_>, Vec<_>) = all.iter().map(|a| a.id).partition(|id| shown.contains(id));
    for (ids, state) in [(open, AttachmentState::Published), (closed, AttachmentState::Withheld)] {
        if !ids.is_empty() {
            store::decide(write, &ids, state, actor.staff_id(), app.now()).await?;
        }
    }
    Ok(all.len())
}

/// What nobody has decided on is not shown: for whoever ends the review of a subject.
///
/// # Errors
/// The database's own.
pub async fn close(
    app: &App,
    write: &Write,
    actor: &Actor,
    (kind, subject): (SubjectKind, Uuid),
) -> Result<(), Problem> {
    let all = of(&**write, kind, subject).await?;
    let open: Vec<_> = all.iter().filter(|a| a.state == AttachmentState::Waiting).map(|a| a.id).collect();
    if open.is_empty() {
        return Ok(());
    }
    store::decide(write, &open, AttachmentState::Withheld, actor.staff_id(), app.now()).await
}

/// What was decided on the attachments of a subject is open again.
///
/// # Errors
/// The database's own.
pub async fn reopen(write: &Write, (kind, subject): (SubjectKind, Uuid)) -> Result<(), Problem> {
    store::reopen(write, kind, subject).await
}

/// The attachments of one subject, in their order.
///
/// # Errors
/// The database's own.
pub async fn of(db: &impl ConnectionTrait, kind: SubjectKind, subject: Uuid) -> Result<Vec<Model>, Problem> {
    Ok(store::of(db, kind, &[subject]).await?.remove(&subject).unwrap_or_default())
}

/// An attachment, whatever it belongs to.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: AttachmentId) -> Result<Model, Problem> {
    store::find(db, id).await?.ok_or_else(Problem::not_found)
}

/// One attachment of a subject.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn one_of(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    subject: Uuid,
    id: AttachmentId,
) -> Result<Model, Problem> {
    let found = store::find(db, id).await?;
    let mine = found.filter(|a| a.subject_kind == Some(kind) && a.subject_id == Some(subject));
    mine.ok_or_else(Problem::not_found)
}

/// Erases attachments: their keys go at once, so that no copy of the store opens; the sweep takes the bytes.
///
/// # Errors
/// The database's own.
pub async fn erase(write: &Write, ids: &[AttachmentId]) -> Result<(), Problem> {
    store::delete(write, ids).await
}

fn most(app: &App) -> usize {
    app.config.attachments.most as usize
}

fn too_many(app: &App) -> Problem {
    let most = most(app);
    Problem::invalid(FIELD, format!("最多 {most} 个附件"), format!("At most {most} files"))
}

fn gone() -> Problem {
    Problem::invalid(
        FIELD,
        "附件已过期或已随另一条提交，请重新选择文件",
        "A file is no longer there or was sent with something else; please choose it again",
    )
}
