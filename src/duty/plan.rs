//! When the stages of a duty are due: at 09:00 in Asia/Shanghai, on working days.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::duty::Model;
use entity::duty_stage::{ActiveModel, Column, Entity};
use entity::enums::{DutyKind, StageState};
use entity::id::{DutyId, DutyStageId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::app::App;
use crate::calendar::{Calendar, civil};
use crate::db::Write;
use crate::problem::Problem;

/// Reminders leave at this hour, Asia/Shanghai.
pub const HOUR: u32 = 9;

pub const ASSIGNED: &str = "assigned";
pub const DUE_TODAY: &str = "due_today";

/// Working days left at which a kind of duty reminds.
fn left(kind: DutyKind) -> &'static [u32] {
    match kind {
        DutyKind::AdoptionSummary | DutyKind::ConsultationResult => &[5, 3, 1],
        DutyKind::ConsultationCloses => &[3, 1],
        DutyKind::OpinionReview => &[],
    }
}

fn tells_assignment(kind: DutyKind) -> bool {
    matches!(kind, DutyKind::AdoptionSummary | DutyKind::ConsultationResult)
}

/// `overdue_3` for 3.
pub fn overdue(days: i64) -> String {
    format!("overdue_{days}")
}

/// The number of working days in an `overdue_…` stage.
pub fn overdue_days(stage: &str) -> Option<i64> {
    stage.strip_prefix("overdue_")?.parse().ok()
}

/// Plans every stage that still lies ahead of the duty's start; the first overdue one plans its successor.
pub async fn plan(app: &App, write: &Write, duty: &Model) -> Result<(), Problem> {
    let calendar = app.calendar();
    let mut stages: Vec<(String, DateTime<Utc>)> = Vec::new();
    if tells_assignment(duty.kind) {
        stages.push((ASSIGNED.to_owned(), next_morning(&calendar, app.now())?));
    }
    for n in left(duty.kind) {
        let day = calendar.nth_working_day_before(duty.due_on, *n)?.date;
        if day > duty.start_on {
            stages.push((format!("left_{n}"), civil::at(day, HOUR, 0)));
        }
    }
    if calendar.is_working_day(duty.due_on) {
        stages.push((DUE_TODAY.to_owned(), civil::at(duty.due_on, HOUR, 0)));
    }
    stages.push((overdue(1), first_overdue(&calendar, duty.due_on)?));
    for (stage, at) in stages {
        insert(app, write, duty.id, &stage, at, StageState::Planned).await?;
    }
    Ok(())
}

/// 09:00 of the first working day after the due day.
fn first_overdue(calendar: &Calendar, due_on: NaiveDate) -> Result<DateTime<Utc>, Problem> {
    Ok(civil::at(calendar.nth_working_day_after(due_on, 1)?.date, HOUR, 0))
}

/// The next 09:00 of a working day, now included.
fn next_morning(calendar: &Calendar, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    let today = civil::local_date(now);
    let from = if now > civil::at(today, HOUR, 0) {
        today.checked_add_days(Days::new(1)).unwrap_or(today)
    } else {
        today
    };
    Ok(civil::at(calendar.next_working_day_on_or_after(from)?.date, HOUR, 0))
}

/// 09:00 of the next working day after `today`.
pub fn next_working_morning(calendar: &Calendar, today: NaiveDate) -> Result<DateTime<Utc>, Problem> {
    Ok(civil::at(calendar.nth_working_day_after(today, 1)?.date, HOUR, 0))
}

/// Writes one stage; a stage that is already there stays as it is.
pub async fn insert(
    app: &App,
    write: &Write,
    duty: DutyId,
    stage: &str,
    at: DateTime<Utc>,
    state: StageState,
) -> Result<bool, Problem> {
    let row = ActiveModel {
        id: Set(app.id::<DutyStageId>()),
        duty_id: Set(duty),
        stage: Set(stage.to_owned()),
        planned_at: Set(at),
        state: Set(state),
        reason: Set(None),
        handled_at: Set((state != StageState::Planned).then(|| app.now())),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::columns([Column::DutyId, Column::Stage]).do_nothing().to_owned())
        .exec_without_returning(&**write)
        .await?;
    Ok(inserted == 1)
}

/// Records that the stages still planned will not be sent, and why.
pub async fn drop_planned(
    write: &Write,
    duty: DutyId,
    now: DateTime<Utc>,
    reason: &str,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(StageState::Skipped))
        .col_expr(Column::Reason, Expr::value(Some(reason)))
        .col_expr(Column::HandledAt, Expr::value(Some(now)))
        .filter(Column::DutyId.eq(duty))
        .filter(Column::State.eq(StageState::Planned))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Removes plans that a new due day replaces; what was sent stays.
pub async fn forget_planned(write: &Write, duty: DutyId) -> Result<(), Problem> {
    Entity::delete_many()
        .filter(Column::DutyId.eq(duty))
        .filter(Column::State.eq(StageState::Planned))
        .exec(&**write)
        .await?;
    Ok(())
}
