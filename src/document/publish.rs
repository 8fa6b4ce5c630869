//! Publishing a version: from then on it never changes.

use entity::document::Model;
use entity::enums::{DocumentKind, SubjectKind};
use entity::id::DocumentId;
use serde_json::json;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::decision;
use crate::department;
use crate::problem::Problem;
use crate::publication::{self, Release};

/// Locks a version for good, in the transaction of the act that publishes it; with a notice when it corrects
/// an earlier one. Nothing happens when it is published already.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn lock(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: DocumentId,
    notice: Option<&str>,
) -> Result<Model, Problem> {
    let document = store::find_locked(write, id).await?;
    if document.published_at.is_some() {
        return Ok(document);
    }
    if notice.is_some() {
        store::set_notice(write, id, notice).await?;
    }
    store::set_published(write, id, app.now()).await?;
    let detail = json!({ "kind": document.kind, "version": document.version, "hash": document.content_hash });
    audit::record(app, write, actor, "document.publish", audit::subject(SubjectKind::Document, id), detail)
        .await?;
    store::find(&**write, id).await
}

/// Publishes the final text (正式文本) of a decision that was issued; a later version is a correction and
/// needs its notice.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict`; `invalid`; the database's own.
pub async fn publish_final(app: &App, actor: &Actor, id: DocumentId) -> Result<Model, Problem> {
    let document = store::find(app.db.read(), id).await?;
    let decision = decision::find(app.db.read(), document.decision_id).await?;
    decision::may_run(actor, &decision)?;
    if document.kind != DocumentKind::Final {
        return Err(Problem::conflict(
            "草案、说明和依据随公开征求意见一并公布",
            "Draft, explanation and basis are published with a consultation",
        ));
    }
    if document.published_at.is_some() {
        return Err(Problem::conflict("该版本已经公布", "This version is published already"));
    }
    if decision.promulgated_on.is_none() {
        return Err(Problem::conflict(
            "决策尚未出台，请先登记决策出台日期",
            "The decision is not issued yet; record the day of issue first",
        ));
    }
    if document.version > 1 && document.correction_notice.is_none() {
        return Err(Problem::invalid(
            "correction_notice",
            "请说明与前一版相比更正了什么",
            "Say what was corrected against the version before",
        ));
    }
    let versions = store::heads(app.db.read(), decision.id).await?;
    let first = versions.iter().filter(|v| v.kind == DocumentKind::Final).min_by_key(|v| v.version);
    let subject_id = first.map_or(id, |v| v.id);
    let source = department::find(app.db.read(), decision.department_id).await?.name;
    let write = app.write().await?;
    let locked = lock(app, &write, actor, id, None).await?;
    let release = Release {
        subject_kind: SubjectKind::Document,
        // All versions are one subject, so that search finds the newest alone.
        subject_id: subject_id.0,
        column: publication::DECISIONS,
        title: &locked.title,
        body: &locked.body,
        path: &format!("/documents/{id}"),
        source: &source,
    };
    publication::publish(app, &write, actor, &release).await?;
    write.commit().await?;
    Ok(locked)
}
