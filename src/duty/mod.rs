//! Duties (时限): something a body must do by a date. A feature opens a duty in the transaction that starts
//! it and completes it in the transaction that fulfils it; the engine counts the due day with the calendar,
//! plans the stages, reminds, escalates, and says how the duty stands.
//!
//! The start day does not count and the due day ends at 24:00 in Asia/Shanghai (民法典 Art. 201, 203).

pub mod api;
pub mod page;
mod plan;
mod standing;
mod store;
mod sweep;
mod words;

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty::Model;
use entity::duty_change;
use entity::enums::{DutyChangeKind, DutyKind, DutyState, SubjectKind};
use entity::id::{DepartmentId, DutyChangeId, DutyId, StaffId};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::json;
use uuid::Uuid;

pub use standing::{Standing, standing};
pub use store::{Filter, explain, find, history, list, of_subject, of_subjects, open_of_staff, stages};
pub use sweep::sweep;
pub use words::{kind_words, rule_words, stage_words};

use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::{CountError, Due};
use crate::db::Write;
use crate::problem::Problem;

/// How long a duty runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// So many working days (工作日) after the start.
    WorkingDays(u32),
    /// Until the end of a given day.
    Day(NaiveDate),
}

/// A duty about to begin.
#[derive(Clone, Debug)]
pub struct Begin {
    pub kind: DutyKind,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub title: String,
    /// Where staff go to do it.
    pub path: String,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    /// Does not count.
    pub start_on: NaiveDate,
    pub term: Term,
}

impl From<CountError> for Problem {
    fn from(e: CountError) -> Self {
        Problem::invalid("date", e.zh(), e.to_string())
    }
}

/// Opens a duty and plans its stages.
///
/// # Errors
/// `invalid` for a date out of all range; the database's own.
pub async fn open(app: &App, write: &Write, actor: &Actor, begin: Begin) -> Result<Model, Problem> {
    let due = due(app, begin.start_on, begin.term, &[])?;
    let days = match begin.term {
        Term::WorkingDays(n) => Some(i32::try_from(n).unwrap_or(i32::MAX)),
        Term::Day(_) => None,
    };
    let row = Model {
        id: app.id(),
        kind: begin.kind,
        subject_kind: begin.subject_kind,
        subject_id: begin.subject_id,
        title: begin.title,
        path: begin.path,
        department_id: begin.department_id,
        owner_id: begin.owner_id,
        start_on: begin.start_on,
        days,
        due_on: due.date,
        provisional: due.provisional,
        state: DutyState::Open,
        completed_on: None,
        completed_at: None,
        created_at: app.now(),
    };
    store::insert(write, &row).await?;
    plan::plan(app, write, &row).await?;
    let detail = json!({ "kind": row.kind, "start": row.start_on, "due": row.due_on });
    audit::record(app, write, actor, "duty.open", audit::subject(SubjectKind::Duty, row.id), detail).await?;
    Ok(row)
}

/// Marks a subject's duty as done; nothing happens when there is none open.
///
/// # Errors
/// The database's own.
pub async fn complete(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
) -> Result<(), Problem> {
    end(app, write, actor, kind, subject, DutyState::Done).await
}

/// Takes a duty back because its reason fell away.
///
/// # Errors
/// The database's own.
pub async fn cancel(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
) -> Result<(), Problem> {
    end(app, write, actor, kind, subject, DutyState::Cancelled).await
}

async fn end(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
    state: DutyState,
) -> Result<(), Problem> {
    let Some(duty) = store::find_open(&**write, kind, subject).await? else { return Ok(()) };
    let done = state == DutyState::Done;
    store::end(write, duty.id, state, done.then(|| app.today()), done.then(|| app.now())).await?;
    plan::drop_planned(write, duty.id, app.now(), "时限已办结").await?;
    let action = if done { "duty.complete" } else { "duty.cancel" };
    audit::record(
        app,
        write,
        actor,
        action,
        audit::subject(SubjectKind::Duty, duty.id),
        json!({ "kind": kind }),
    )
    .await
}

/// Opens a duty that was done or cancelled again, for instance when a result is taken back.
///
/// # Errors
/// The database's own.
pub async fn reopen(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
) -> Result<(), Problem> {
    let Some(duty) = store::find_any(&**write, kind, subject).await? else { return Ok(()) };
    store::end(write, duty.id, DutyState::Open, None, None).await?;
    plan::plan(app, write, &duty).await?;
    audit::record(
        app,
        write,
        actor,
        "duty.reopen",
        audit::subject(SubjectKind::Duty, duty.id),
        json!({ "kind": kind }),
    )
    .await
}

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
        change(app, write, actor, &duty, DutyChangeKind::OwnerChanged, duty.due_on, "承办人变更").await?;
    }
    Ok(())
}

/// Moves the start or the given day of a subject's open duty, with a reason that stays visible.
///
/// # Errors
/// `invalid` for a date out of all range; the database's own.
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
    let Some(duty) = store::find_open(&**write, kind, subject).await? else { return Ok(()) };
    let due = due(app, start_on, term, &[])?;
    move_to(app, write, actor, &duty, start_on, due, DutyChangeKind::Extended, reason).await
}

/// Counts every open duty in working days again after the calendar changed; says which moved, old and new.
///
/// # Errors
/// The database's own.
pub async fn recalculate(
    app: &App,
    write: &Write,
    actor: &Actor,
) -> Result<Vec<(DutyId, NaiveDate, NaiveDate)>, Problem> {
    let mut moved = Vec::new();
    for duty in store::open_in_working_days(&**write).await? {
        let Some(days) = duty.days.and_then(|d| u32::try_from(d).ok()) else { continue };
        let pauses = store::pauses(&**write, duty.id).await?;
        let due = due(app, duty.start_on, Term::WorkingDays(days), &pauses)?;
        if due.date == duty.due_on && due.provisional == duty.provisional {
            continue;
        }
        if due.date != duty.due_on {
            moved.push((duty.id, duty.due_on, due.date));
        }
        move_to(app, write, actor, &duty, duty.start_on, due, DutyChangeKind::Recalculated, "节假日安排更新")
            .await?;
    }
    Ok(moved)
}

async fn move_to(
    app: &App,
    write: &Write,
    actor: &Actor,
    duty: &Model,
    start_on: NaiveDate,
    due: Due,
    kind: DutyChangeKind,
    reason: &str,
) -> Result<(), Problem> {
    store::set_due(write, duty.id, start_on, due).await?;
    change(app, write, actor, duty, kind, due.date, reason).await?;
    plan::forget_planned(write, duty.id).await?;
    let moved = Model { start_on, due_on: due.date, provisional: due.provisional, ..duty.clone() };
    plan::plan(app, write, &moved).await
}

async fn change(
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

fn due(app: &App, start: NaiveDate, term: Term, pauses: &[crate::calendar::Pause]) -> Result<Due, Problem> {
    let calendar = app.calendar();
    Ok(match term {
        Term::WorkingDays(n) => calendar.nth_working_day_after_with_pauses(start, n, pauses)?,
        Term::Day(date) => Due { date, provisional: calendar.is_provisional_between(date, date) },
    })
}

/// The moment a due day is over: 24:00, which is the next day's 00:00.
pub fn deadline(due_on: NaiveDate) -> DateTime<Utc> {
    crate::calendar::civil::end_of_day(due_on)
}
