//! Steps of the timeline (全过程时间线): recorded with their day, or recorded as not applicable with a published
//! reason, or taken back after a slip. Every version of a public dossier stays in its publications.

use chrono::NaiveDate;
use entity::enums::{StepKind, SubjectKind};
use entity::id::{DecisionId, DocumentId, StepId};
use entity::step;
use serde_json::json;
use validator::Validate;

use super::{dossier, facts, may_run, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;
use crate::text;

/// A step about to be recorded in an open transaction.
#[derive(Clone, Debug)]
pub struct NewStep {
    pub kind: StepKind,
    pub happened_on: NaiveDate,
    pub note: String,
    pub document_id: Option<DocumentId>,
}

/// A step as staff record it.
#[derive(Clone, Debug, Validate)]
pub struct Record {
    pub kind: StepKind,
    pub happened_on: NaiveDate,
    #[validate(length(max = 1000), custom(function = text::several_lines))]
    pub note: String,
    pub document_id: Option<DocumentId>,
}

/// A step that does not apply.
#[derive(Clone, Debug, Validate)]
pub struct Skip {
    pub kind: StepKind,
    #[validate(length(min = 5, max = 1000), custom(function = text::several_lines))]
    pub reason: String,
}

/// Records a step in the open transaction and publishes a public dossier again; gates are the caller's
/// business.
///
/// # Errors
/// The database's own.
pub async fn add_step(
    app: &App,
    write: &Write,
    actor: &Actor,
    decision: DecisionId,
    step: NewStep,
) -> Result<StepId, Problem> {
    let id = insert_step(app, write, actor, decision, step).await?;
    dossier::republish(app, write, actor, decision).await?;
    Ok(id)
}

pub(super) async fn insert_step(
    app: &App,
    write: &Write,
    actor: &Actor,
    decision: DecisionId,
    step: NewStep,
) -> Result<StepId, Problem> {
    let row = step::Model {
        id: app.id(),
        decision_id: decision,
        kind: step.kind,
        happened_on: Some(step.happened_on),
        note: step.note,
        skipped_reason: None,
        document_id: step.document_id,
        recorded_by: actor.staff_id(),
        created_at: app.now(),
    };
    store::insert_step(write, &row).await?;
    let detail = json!({ "kind": row.kind, "on": row.happened_on });
    let subject = audit::subject(SubjectKind::Decision, decision);
    audit::record(app, write, actor, "decision.step", subject, detail).await?;
    Ok(row.id)
}

/// Records a step that happened.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict`; `against_rule` with the article.
pub async fn record_step(app: &App, actor: &Actor, code: &str, record: &Record) -> Result<StepId, Problem> {
    record.validate()?;
    let write = app.write().await?;
    let row = store::lock(&write, code).await?;
    may_run(actor, &row)?;
    policy::may_record(&facts::facts(app, &*write, &row).await?, record.kind, record.happened_on)?;
    if let Some(document) = record.document_id
        && !store::has_document(&*write, row.id, document, None).await?
    {
        return Err(Problem::invalid(
            "document_id",
            "请选择本事项的文件",
            "Choose a document of this decision",
        ));
    }
    let step = NewStep {
        kind: record.kind,
        happened_on: record.happened_on,
        note: record.note.clone(),
        document_id: record.document_id,
    };
    let id = add_step(app, &write, actor, row.id, step).await?;
    write.commit().await?;
    Ok(id)
}

/// Records that a step does not apply, and why.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict`; `against_rule` for the public consultation.
pub async fn skip_step(app: &App, actor: &Actor, code: &str, skip: &Skip) -> Result<StepId, Problem> {
    skip.validate()?;
    let write = app.write().await?;
    let decision = store::lock(&write, code).await?;
    may_run(actor, &decision)?;
    policy::may_skip(&facts::facts(app, &*write, &decision).await?, skip.kind)?;
    let row = step::Model {
        id: app.id(),
        decision_id: decision.id,
        kind: skip.kind,
        happened_on: None,
        note: String::new(),
        skipped_reason: Some(skip.reason.clone()),
        document_id: None,
        recorded_by: actor.staff_id(),
        created_at: app.now(),
    };
    store::insert_step(&write, &row).await?;
    let subject = audit::subject(SubjectKind::Decision, decision.id);
    audit::record(app, &write, actor, "decision.skip", subject, json!({ "kind": row.kind })).await?;
    dossier::republish(app, &write, actor, decision.id).await?;
    write.commit().await?;
    Ok(row.id)
}

/// Takes a record back that was a slip; nothing later may rely on it.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict`; `invalid` for steps that follow from acts of their own.
pub async fn take_back(app: &App, actor: &Actor, code: &str, id: StepId) -> Result<(), Problem> {
    let write = app.write().await?;
    let decision = store::lock(&write, code).await?;
    may_run(actor, &decision)?;
    let step = store::find_step(&*write, decision.id, id).await?;
    policy::may_take_back(&facts::facts(app, &*write, &decision).await?, &step)?;
    store::delete_step(&write, id).await?;
    let detail = json!({ "kind": step.kind, "on": step.happened_on, "recorded_by": step.recorded_by });
    let subject = audit::subject(SubjectKind::Decision, decision.id);
    audit::record(app, &write, actor, "decision.step_taken_back", subject, detail).await?;
    dossier::republish(app, &write, actor, decision.id).await?;
    write.commit().await
}
