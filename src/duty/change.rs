//! A duty changes hands or its due day moves; old and new stay in its history.

use chrono::NaiveDate;
use entity::duty::Model;
use entity::duty_change;
use entity::enums::{DutyChangeKind, DutyKind, DutyState, SubjectKind};
use entity::id::{DepartmentId, DutyChangeId, StaffId};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::json;
use uuid::Uuid;

use super::{Term, plan, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;

/// Gives the open duties of a subject to another person; the next stage reaches that person.
///
/// # Errors
/// The database's own.
pub async fn reassign(
    app: &App,
    write: &Write,
    actor: &Actor,
    subject: Uuid,
    department: DepartmentId,
    owner: Option<StaffId>,
) -> Result<(), Problem> {
    for duty in store::of_subject(&**write, subject).await? {
        if duty.state != DutyState::Open || (duty.owner_id == owner && duty.department_id == department) {
            continue;
        }
        store::set_owner(write, duty.id, department, owner).await?;
        log(app, write, actor, &duty, DutyChangeKind::OwnerChanged, duty.due_on, "承办人变更").await?;
    }
    Ok(())
}

/// Gives the start and the term of a subject's open duty anew, with a reason that stays visible. Nothing
/// happens when there is none open.
///
/// # Errors
/// `invalid` for a date out of all range; the database's own.
#[expect(clippy::too_many_arguments, reason = "three of them are the change, the rest every operation takes")]
pub async fn restart(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
    start_on: NaiveDate,
    term: Term,
    reason: &str,
) -> Result<(), Problem> {
    let Some(duty) = store::lock_open(write, kind, subject).await? else { return Ok(()) };
    let calendar = app.calendar();
    let due = term.due(&calendar, start_on, &store::pauses(&**write, duty.id).await?)?;
    let fresh =
        Model { start_on, days: term.days(), due_on: due.date, provisional: due.provisional, ..duty.clone() };
    if fresh == duty {
        return Ok(());
    }
    store::set_term(write, &fresh).await?;
    log(app, write, actor, &duty, DutyChangeKind::Extended, due.date, reason).await?;
    plan::plan(app, write, &calendar, &fresh, fresh.due_on != duty.due_on).await
}

/// Writes the change into the duty's history and the audit record. `duty` is as it was.
pub async fn log(
    app: &App,
    write: &Write,
    actor: &Actor,
    duty: &Model,
    kind: DutyChangeKind,
    new_due: NaiveDate,
    reason: &str,
) -> Result<(), Problem> {
    duty_change::ActiveModel {
        id: Set(app.id::<DutyChangeId>()),
        duty_id: Set(duty.id),
        kind: Set(kind),
        old_due_on: Set(duty.due_on),
        new_due_on: Set(new_due),
        reason: Set(reason.to_owned()),
        changed_at: Set(app.now()),
        changed_by: Set(actor.staff_id()),
    }
    .insert(&**write)
    .await?;
    let detail = json!({ "kind": kind, "old": duty.due_on, "new": new_due });
    audit::record(app, write, actor, "duty.change", audit::subject(SubjectKind::Duty, duty.id), detail).await
}
