//! Making a summary public: one transaction that checks everything again under lock.

use chrono::{DateTime, Utc};
use entity::enums::{DutyKind, StepKind, SubjectKind, SummaryState};
use entity::id::ConsultationId;
use entity::summary::Model;
use serde_json::json;

use super::approve::unchanged;
use super::content::{Correction, Snapshot};
use super::draft::{self, Work};
use super::gate::{self, Needed};
use super::{policy, store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::decision::NewStep;
use crate::problem::Problem;
use crate::publication::{self, Release};
use crate::{decision, duty, job, topic};

/// Publishes what was approved: snapshot, publication, step, duties, the authors' outcomes.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` when it was not approved or changed since; `against_rule` with the
/// exact difference while anything is unanswered; the database's own.
pub async fn publish(app: &App, actor: &Actor, id: ConsultationId) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = draft::enter(app, &write, id).await?;
    let by = policy::may_publish(actor, &work.decision)?.id;
    let before = work.row()?;
    draft::unpublished(&before)?;
    gate::require(&work.checks, Needed::Publish)?;
    if before.state != SummaryState::Approved {
        return Err(Problem::conflict(
            "采纳情况须经本单位负责人审批后公布",
            "The department's head has to approve the summary first",
        ));
    }
    unchanged(&work, &before)?;
    let last = publication::latest(&*write, SubjectKind::Summary, before.id.0).await?;
    let version = last.map_or(1, |p| p.version + 1);
    let snapshot = snapshot(&work, &before, version, app.now())?;
    let mut after = before.clone();
    after.state = SummaryState::Published;
    after.snapshot = Some(serde_json::to_value(&snapshot).map_err(Problem::internal)?);
    after.correction_reason = None;
    after.returned_reason = None;
    after.published_at = before.published_at.or(Some(app.now()));
    after.published_by = Some(by);
    after.updated_at = app.now();
    store::update(&write, &before, &after).await?;
    release(app, &write, actor, &work, &before).await?;
    topic::publish(&write, id, version).await?;
    if work.consultation.result_published_at.is_none() {
        fulfil(app, &write, actor, &work).await?;
    }
    let payload = json!({ "summary": before.id, "version": version, "after": "" });
    job::enqueue(app, &write, tell::JOB, &tell::key(before.id, version, ""), payload, app.now()).await?;
    write.commit().await
}

fn snapshot(work: &Work, row: &Model, version: i32, now: DateTime<Utc>) -> Result<Snapshot, Problem> {
    let mut corrections = Snapshot::of(row)?.map(|s| s.corrections).unwrap_or_default();
    if let Some(reason) = &row.correction_reason {
        corrections.push(Correction { version, at: now, reason: reason.clone() });
    }
    Ok(Snapshot {
        version,
        title: row.title.clone(),
        participation: row.participation.clone(),
        overview: row.overview.clone(),
        published_at: now,
        content: work.loaded.content.clone(),
        corrections,
    })
}

async fn release(app: &App, write: &Write, actor: &Actor, work: &Work, row: &Model) -> Result<(), Problem> {
    let body = work.body(row);
    let release = Release {
        subject_kind: SubjectKind::Summary,
        subject_id: row.id.0,
        column: publication::SUMMARIES,
        title: &row.title,
        body: &body,
        path: &format!("{}/{}", web::path::SUMMARIES, work.consultation.code),
        source: &work.loaded.facts.department,
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}

/// The first public answer: the step of the decision, and the duties that ask for it.
async fn fulfil(app: &App, write: &Write, actor: &Actor, work: &Work) -> Result<(), Problem> {
    let (consultation, decision) = (&work.consultation, &work.decision);
    store::mark_answered(write, consultation.id, app.now()).await?;
    let n = &work.loaded.content.figures;
    let step = NewStep {
        kind: StepKind::Summary,
        happened_on: app.today(),
        note: format!(
            "{}：收到意见 {} 条，采纳 {} 条，部分采纳 {} 条。",
            consultation.code, n.received, n.outcomes.adopted, n.outcomes.partly_adopted
        ),
        document_id: None,
    };
    decision::add_step(app, write, actor, decision.id, step).await?;
    duty::complete(app, write, actor, DutyKind::ConsultationResult, consultation.id.0).await?;
    // The decision's own duty waits for the last of its consultations.
    if !store::others_wait(&**write, decision.id, consultation.id, app.today()).await? {
        duty::complete(app, write, actor, DutyKind::AdoptionSummary, decision.id.0).await?;
    }
    Ok(())
}
