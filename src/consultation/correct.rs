//! Correcting a text while people comment on it: a new version with a notice. The old one stays readable,
//! and opinions stay with their clauses by the clauses' identity.

use entity::consultation::Model;
use entity::enums::{DocumentKind, SubjectKind};
use entity::id::{ConsultationId, DocumentId};
use serde_json::json;
use validator::Validate;

use super::extend::still_running;
use super::{publish, release, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::decision;
use crate::document as documents;
use crate::problem::Problem;
use crate::text;

#[derive(Clone, Debug, Validate)]
pub struct Correction {
    /// The unpublished new version of draft, explanation or basis.
    pub document_id: DocumentId,
    /// What was corrected and why; published.
    #[validate(length(min = 1, max = 1000), custom(function = text::several_lines))]
    pub notice: String,
}

/// Publishes a correction in a consultation that has not closed.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict`; the database's own.
pub async fn publish_correction(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    input: &Correction,
) -> Result<Model, Problem> {
    input.validate()?;
    let write = app.write().await?;
    let before = store::find_locked(&write, id).await?;
    decision::may_run(actor, &decision::find(&*write, before.decision_id).await?)?;
    still_running(app, &before)?;
    let wrong = || {
        Problem::invalid(
            "document_id",
            "请选择本事项尚未公布的新版本草案、说明或依据",
            "Choose an unpublished new version of this decision's draft, explanation or basis",
        )
    };
    let text = documents::find(&*write, input.document_id).await.map_err(|_| wrong())?;
    if text.decision_id != before.decision_id
        || text.published_at.is_some()
        || !publish::KINDS.contains(&text.kind)
    {
        return Err(wrong());
    }
    let is_draft = text.kind == DocumentKind::Draft;
    if is_draft && documents::clauses(&*write, text.id).await?.is_empty() {
        return Err(Problem::invalid("document_id", "新版本没有正文", "The new version has no text"));
    }
    documents::lock(app, &write, actor, text.id, Some(&input.notice)).await?;
    let points_at = if is_draft { text.id } else { before.document_id };
    store::set_document(&write, id, points_at).await?;
    let c = store::find(&*write, id).await?;
    release::release(app, &write, actor, &c).await?;
    let detail = json!({ "kind": text.kind, "version": text.version, "old": before.document_id, "new": c.document_id });
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "consultation.correct", subject, detail).await?;
    write.commit().await?;
    Ok(c)
}
