//! Rewriting or removing a version that is not published yet.

use entity::document::Model;
use entity::enums::SubjectKind;
use entity::id::{DocumentId, FileId};
use serde_json::json;
use validator::Validate;

use super::add::{off_thread, previous_clauses};
use super::body::{self, Prepared};
use super::{Upload, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::decision;
use crate::problem::{Code, Problem};
use crate::text;

/// A version written anew.
#[derive(Clone, Debug, Validate)]
pub struct Edit {
    pub title: String,
    /// Empty: the text of the first new file that has one.
    pub body: String,
    pub uploads: Vec<Upload>,
    /// Originals to drop; the others stay.
    pub drop_files: Vec<FileId>,
    #[validate(length(max = 1000), custom(function = text::several_lines))]
    pub correction_notice: Option<String>,
    /// The content hash the writer saw; another one means that somebody else wrote in between.
    pub seen: Option<String>,
}

/// Replaces the text of an unpublished version. Clauses that are still there keep their ids.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` once published; `stale`; the database's own.
pub async fn edit_version(app: &App, actor: &Actor, id: DocumentId, edit: Edit) -> Result<Model, Problem> {
    edit.validate()?;
    let db = app.db.read();
    let document = store::find(db, id).await?;
    let decision = decision::find(db, document.decision_id).await?;
    decision::may_run(actor, &decision)?;
    still_open(&document, edit.seen.as_deref())?;
    let kind = document.kind;
    let heads = store::heads(db, decision.id).await?;
    let last =
        heads.iter().filter(|d| d.kind == kind && d.version < document.version).max_by_key(|d| d.version);
    let previous = previous_clauses(db, decision.id, kind, last.map(|l| l.id)).await?;
    let own = store::clauses(db, id).await?;
    let kept = store::files(db, id).await?.iter().filter(|f| !edit.drop_files.contains(&f.id)).count();

    let Edit { title, body, uploads, drop_files, correction_notice, .. } = edit;
    let limit = app.config.limits.upload_bytes;
    let maker = app.clone();
    let (prepared, rows) = off_thread(move || {
        let prepared = body::prepare(kind, &title, &body, uploads, kept, limit)?;
        let rows = if body::is_cut(kind) {
            body::rows(&maker, id, &prepared.outline, &previous, &own)
        } else {
            Vec::new()
        };
        Ok((prepared, rows))
    })
    .await?;
    let Prepared { title, body, files, .. } = prepared;

    let write = app.write().await?;
    let now = store::find_locked(&write, id).await?;
    still_open(&now, Some(&document.content_hash))?;
    store::set_text(&write, id, &title, &body).await?;
    store::set_notice(&write, id, correction_notice.as_deref().filter(|n| !n.is_empty())).await?;
    store::replace_clauses(&write, id, &rows).await?;
    store::delete_files(&write, id, Some(&drop_files)).await?;
    store::insert_files(app, &write, id, files).await?;
    let row = store::find(&*write, id).await?;
    let detail = json!({ "version": row.version, "hash": row.content_hash, "clauses": rows.len() });
    audit::record(app, &write, actor, "document.edit", audit::subject(SubjectKind::Document, id), detail)
        .await?;
    write.commit().await?;
    Ok(row)
}

/// Removes an unpublished version that nothing uses yet.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict`; the database's own.
pub async fn remove_version(app: &App, actor: &Actor, id: DocumentId) -> Result<(), Problem> {
    let document = store::find(app.db.read(), id).await?;
    let decision = decision::find(app.db.read(), document.decision_id).await?;
    decision::may_run(actor, &decision)?;
    let write = app.write().await?;
    still_open(&store::find_locked(&write, id).await?, None)?;
    store::delete_clauses(&write, id, false).await?;
    store::delete_files(&write, id, None).await?;
    store::delete(&write, id).await?;
    let detail = json!({ "kind": document.kind, "version": document.version });
    audit::record(app, &write, actor, "document.remove", audit::subject(SubjectKind::Document, id), detail)
        .await?;
    write.commit().await
}

fn still_open(document: &Model, seen: Option<&str>) -> Result<(), Problem> {
    if document.published_at.is_some() {
        return Err(Problem::conflict(
            "该版本已经公布，不能修改；需要更正的，请新增版本并说明更正内容",
            "This version is published and cannot be changed; add a version with a notice of correction",
        ));
    }
    match seen {
        Some(hash) if hash != document.content_hash => Err(Problem::new(Code::Stale)),
        _ => Ok(()),
    }
}
