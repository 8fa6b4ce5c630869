//! Decisions (决策事项) with their public dossier and timeline. A decision's status is derived from its steps,
//! never stored twice.

pub mod api;
pub mod page;
pub mod store;

use chrono::NaiveDate;
use entity::decision::Model;
use entity::enums::{StepKind, SubjectKind};
use entity::id::{DecisionId, DocumentId, StepId};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::json;

pub use store::{by_code, find, steps};

use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;

/// The member of staff, if the decision is run by the own department (or a department one heads).
///
/// # Errors
/// `unauthenticated`; `forbidden`.
pub fn may_run<'a>(actor: &'a Actor, decision: &Model) -> Result<&'a Staff, Problem> {
    let staff = actor.require_staff()?;
    if staff.runs(decision.department_id) { Ok(staff) } else { Err(Problem::forbidden()) }
}

/// A step about to be recorded.
#[derive(Clone, Debug)]
pub struct NewStep {
    pub kind: StepKind,
    pub happened_on: NaiveDate,
    pub note: String,
    pub document_id: Option<DocumentId>,
}

/// Records a step in the open transaction; gates are the caller's business.
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
    let id = app.id::<StepId>();
    entity::step::ActiveModel {
        id: Set(id),
        decision_id: Set(decision),
        kind: Set(step.kind),
        happened_on: Set(Some(step.happened_on)),
        note: Set(step.note),
        skipped_reason: Set(None),
        document_id: Set(step.document_id),
        recorded_by: Set(actor.staff_id()),
        created_at: Set(app.now()),
    }
    .insert(&**write)
    .await?;
    let detail = json!({ "kind": step.kind, "on": step.happened_on });
    audit::record(
        app,
        write,
        actor,
        "decision.step",
        audit::subject(SubjectKind::Decision, decision),
        detail,
    )
    .await?;
    Ok(id)
}
