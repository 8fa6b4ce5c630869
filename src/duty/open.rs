//! A duty begins.

use chrono::NaiveDate;
use entity::duty::Model;
use entity::enums::{DutyChangeKind, DutyKind, DutyState, SubjectKind};
use entity::id::{DepartmentId, StaffId};
use serde_json::json;
use uuid::Uuid;

use super::{Term, change, plan, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::Due;
use crate::db::{Inserts, Write};
use crate::problem::Problem;

/// A duty about to begin.
#[derive(Clone, Debug)]
pub struct Begin {
    pub kind: DutyKind,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// What it is about.
    pub title: String,
    /// Where staff go to do it. Reviews with the same path are told together, in one notice a day, so theirs
    /// is the queue of the consultation.
    pub path: String,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    /// Does not count.
    pub start_on: NaiveDate,
    pub term: Term,
}

/// Opens a duty and plans its stages. A subject has one duty of a kind: opening it again while it is open
/// changes nothing, and one that had ended starts anew, with the old due day kept in its history.
///
/// # Errors
/// `invalid` for a date out of all range; the database's own.
pub async fn open(app: &App, write: &Write, actor: &Actor, begin: Begin) -> Result<Model, Problem> {
    let calendar = app.calendar();
    let due = begin.term.due(&calendar, begin.start_on, &[])?;
    let old = store::lock(write, begin.kind, begin.subject_id).await?;
    if let Some(duty) = old.as_ref().filter(|d| d.state == DutyState::Open) {
        return Ok(duty.clone());
    }
    let row = row(app, begin, due, old.as_ref());
    match &old {
        None => store::insert(write, &row).await?,
        Some(old) => {
            store::replace(write, &row).await?;
            change::log(app, write, actor, old, DutyChangeKind::Extended, due.date, "重新开始计算").await?;
        }
    }
    plan::plan(app, write, &calendar, &row, old.is_some()).await?;
    record(app, write, actor, &row).await?;
    Ok(row)
}

/// Opens the first duty of a subject that was made in this very transaction, and so has none yet; its rows go
/// beside those of the subject.
///
/// # Errors
/// `invalid` for a date out of all range.
pub async fn open_first(
    app: &App,
    write: &Write,
    actor: &Actor,
    begin: Begin,
    rows: &mut Inserts,
) -> Result<Model, Problem> {
    let calendar = app.calendar();
    let due = begin.term.due(&calendar, begin.start_on, &[])?;
    let row = row(app, begin, due, None);
    rows.add(row.clone());
    plan::first(app, &calendar, &row, rows)?;
    record(app, write, actor, &row).await?;
    Ok(row)
}

fn row(app: &App, begin: Begin, due: Due, old: Option<&Model>) -> Model {
    Model {
        id: old.map_or_else(|| app.id(), |d| d.id),
        kind: begin.kind,
        subject_kind: begin.subject_kind,
        subject_id: begin.subject_id,
        title: begin.title,
        path: begin.path,
        department_id: begin.department_id,
        owner_id: begin.owner_id,
        start_on: begin.start_on,
        days: begin.term.days(),
        due_on: due.date,
        provisional: due.provisional,
        state: DutyState::Open,
        completed_on: None,
        completed_at: None,
        created_at: old.map_or_else(|| app.now(), |d| d.created_at),
    }
}

async fn record(app: &App, write: &Write, actor: &Actor, row: &Model) -> Result<(), Problem> {
    let detail = json!({ "kind": row.kind, "start": row.start_on, "due": row.due_on });
    audit::record(app, write, actor, "duty.open", audit::subject(SubjectKind::Duty, row.id), detail).await
}
