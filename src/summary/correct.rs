//! After publication: a correction is a new version with a reason; taking the summary from the public leaves
//! a tombstone with its reason and opens the duties again.

use entity::enums::{DutyKind, SubjectKind, SummaryState};
use entity::id::ConsultationId;
use serde_json::json;
use validator::Validate;

use super::{draft, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;
use crate::{audit, duty, publication, text, topic};

#[derive(Validate)]
struct Reason<'a> {
    #[validate(length(min = 5, max = 1000), custom(function = text::several_lines))]
    reason: &'a str,
}

fn published(row: &entity::summary::Model) -> Result<(), Problem> {
    if row.state == SummaryState::Published {
        return Ok(());
    }
    Err(Problem::conflict("采纳情况还没有公布", "The summary is not published"))
}

/// Opens a correction: texts and responses may change again, and go the same way to the public. What is
/// public stays as it is until then.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid` without a reason; `conflict` when it is not published; the database's
/// own.
pub async fn correct(app: &App, actor: &Actor, id: ConsultationId, reason: &str) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = draft::enter(app, &write, id).await?;
    policy::may_write(actor, &work.decision)?;
    Reason { reason }.validate()?;
    let before = work.row()?;
    published(&before)?;
    let mut after = before.clone();
    draft::back_to_draft(&mut after);
    after.correction_reason = Some(reason.to_owned());
    after.updated_at = app.now();
    store::update(&write, &before, &after).await?;
    let subject = audit::subject(SubjectKind::Summary, before.id);
    audit::record(app, &write, actor, "summary.correct", subject, json!({})).await?;
    write.commit().await
}

/// Takes the summary from the public. The consultation counts as unanswered again, and so do its duties.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid` without a reason; `conflict` when it was never published or is
/// withdrawn already; the database's own.
pub async fn withdraw(app: &App, actor: &Actor, id: ConsultationId, reason: &str) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = draft::enter(app, &write, id).await?;
    policy::may_withdraw(actor, &work.decision)?;
    Reason { reason }.validate()?;
    let before = work.row()?;
    let public = publication::latest(&*write, SubjectKind::Summary, before.id.0).await?;
    if !public.is_some_and(|p| p.current) {
        return Err(Problem::conflict("采纳情况还没有公布", "The summary is not published"));
    }
    publication::withdraw(app, &write, actor, SubjectKind::Summary, before.id.0, reason).await?;
    let mut after = before.clone();
    draft::back_to_draft(&mut after);
    after.correction_reason = Some(reason.to_owned());
    after.published_at = None;
    after.updated_at = app.now();
    store::update(&write, &before, &after).await?;
    store::mark_unanswered(&write, id).await?;
    topic::unpublish(&write, id).await?;
    duty::reopen(app, &write, actor, DutyKind::ConsultationResult, id.0).await?;
    duty::reopen(app, &write, actor, DutyKind::AdoptionSummary, work.decision.id.0).await?;
    let subject = audit::subject(SubjectKind::Summary, before.id);
    audit::record(app, &write, actor, "summary.withdraw", subject, json!({})).await?;
    write.commit().await
}
