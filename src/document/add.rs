//! Adding a version: text pasted or read from a file, cut into clauses that continue those of the version
//! before. A final text continues the last draft, so that an answer can say which clause changed.

use entity::clause;
use entity::document::Model;
use entity::enums::{DocumentKind, SubjectKind};
use entity::id::{DecisionId, DocumentId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use validator::Validate;

use super::body::{self, Prepared};
use super::{Upload, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::decision;
use crate::keys::sha256_hex;
use crate::problem::{Code, Problem};
use crate::text;

/// A version about to be added.
#[derive(Clone, Debug, Validate)]
pub struct NewVersion {
    pub kind: DocumentKind,
    /// Empty: the first line of the text, or the name of the file.
    pub title: String,
    /// Empty: the text of the first file that has one.
    pub body: String,
    pub uploads: Vec<Upload>,
    /// What was corrected against the version before.
    #[validate(length(max = 1000), custom(function = text::several_lines))]
    pub correction_notice: Option<String>,
}

/// Adds the next version of a kind; while one is unpublished it is changed, not overtaken.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` while an unpublished version waits; `stale` when two add
/// at once; the database's own.
pub async fn add_version(
    app: &App,
    actor: &Actor,
    decision: DecisionId,
    input: NewVersion,
) -> Result<Model, Problem> {
    input.validate()?;
    let db = app.db.read();
    let decision = decision::find(db, decision).await?;
    decision::may_run(actor, &decision)?;
    let last = store::latest(db, decision.id, input.kind).await?;
    no_unpublished(last.as_ref())?;
    let previous = previous_clauses(db, decision.id, input.kind, last.as_ref().map(|l| l.id)).await?;

    let id = app.id::<DocumentId>();
    let NewVersion { kind, title, body, uploads, correction_notice } = input;
    let limit = app.config.limits.upload_bytes;
    let maker = app.clone();
    let (prepared, rows) = off_thread(move || {
        let prepared = body::prepare(kind, &title, &body, uploads, 0, limit)?;
        let rows = if body::is_cut(kind) {
            body::rows(&maker, id, &prepared.outline, &previous, &[])
        } else {
            Vec::new()
        };
        Ok((prepared, rows))
    })
    .await?;
    let Prepared { title, body, files, .. } = prepared;

    let row = Model {
        id,
        decision_id: decision.id,
        kind,
        version: last.as_ref().map_or(1, |l| l.version + 1),
        title,
        content_hash: sha256_hex(body.as_bytes()),
        body,
        correction_notice: correction_notice.filter(|n| !n.is_empty()),
        published_at: None,
        created_by: actor.staff_id(),
        created_at: app.now(),
    };
    let write = app.write().await?;
    let now_last = store::latest(&*write, decision.id, kind).await?;
    if now_last.map(|l| l.id) != last.map(|l| l.id) {
        return Err(Problem::new(Code::Stale));
    }
    store::insert(&write, row.clone()).await?;
    store::insert_clauses(&write, &rows).await?;
    store::insert_files(app, &write, id, files).await?;
    let detail =
        json!({ "kind": kind, "version": row.version, "hash": row.content_hash, "clauses": rows.len() });
    audit::record(app, &write, actor, "document.add", audit::subject(SubjectKind::Document, id), detail)
        .await?;
    write.commit().await?;
    Ok(row)
}

fn no_unpublished(last: Option<&Model>) -> Result<(), Problem> {
    match last {
        Some(last) if last.published_at.is_none() => Err(Problem::conflict(
            format!("第 {} 版尚未公布，请直接修改该版本", last.version),
            format!("Version {} is not published yet; change that one", last.version),
        )),
        _ => Ok(()),
    }
}

/// The clauses that the new ones continue: those of the version before, and for the first final text those
/// of the draft that was last asked about.
pub(super) async fn previous_clauses(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    kind: DocumentKind,
    last: Option<DocumentId>,
) -> Result<Vec<clause::Model>, Problem> {
    if !body::is_cut(kind) {
        return Ok(Vec::new());
    }
    let from = match (last, kind) {
        (Some(last), _) => Some(last),
        (None, DocumentKind::Final) => {
            let asked = store::latest_published(db, decision, DocumentKind::Draft).await?;
            match asked {
                Some(draft) => Some(draft.id),
                None => store::latest(db, decision, DocumentKind::Draft).await?.map(|d| d.id),
            }
        }
        (None, _) => None,
    };
    match from {
        Some(id) => store::clauses(db, id).await,
        None => Ok(Vec::new()),
    }
}

/// Reading and matching long texts would hold up the other requests of a thread.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}
