//! When the stages of a duty are due: at 09:00 in Asia/Shanghai, on working days.
//!
//! What to plan is computed by [`stages`] from the dates alone; the rest writes it down. A stage belongs to
//! a due day: when that moves, the new day has stages of its own, and what was sent for the old one stays.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::duty::Model;
use entity::duty_stage::{self, Column, Entity};
use entity::enums::{DutyKind, StageState};
use entity::id::{DutyId, DutyStageId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, IntoActiveModel as _, QueryFilter as _,
};

use crate::app::App;
use crate::calendar::{Calendar, CountError, civil};
use crate::db::{Inserts, Write};
use crate::problem::Problem;

/// Reminders leave at this hour, Asia/Shanghai.
pub const HOUR: u32 = 9;

pub const ASSIGNED: &str = "assigned";
/// The due day was moved.
pub const CHANGED: &str = "changed";
pub const DUE_TODAY: &str = "due_today";
/// A consultation closed by itself.
pub const CLOSED: &str = "closed";

/// Why a stage is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Its time had passed when it was planned.
    PassedBefore,
    /// The service did not run; a later stage goes instead.
    Downtime,
    /// A later stage is due at the same moment and says it all.
    Together,
    /// The duty was done or taken back.
    Ended,
}

impl Skip {
    pub fn code(self) -> &'static str {
        match self {
            Self::PassedBefore => "passed_before",
            Self::Downtime => "downtime",
            Self::Together => "together",
            Self::Ended => "ended",
        }
    }
}

/// Working days left at which a kind of duty reminds.
fn left(kind: DutyKind) -> &'static [u32] {
    match kind {
        DutyKind::AdoptionSummary | DutyKind::ConsultationResult => &[5, 3, 1],
        DutyKind::ConsultationCloses => &[3, 1],
        DutyKind::EventReport | DutyKind::HearingMaterials => &[3, 1],
        // A year is long: time for another event must be left.
        DutyKind::OpenDays | DutyKind::OpenMeetings => &[60, 40, 20, 10, 5],
        DutyKind::Appeal | DutyKind::Report => &[1],
        DutyKind::MessageAnswer | DutyKind::MessageFollowUp | DutyKind::QaAnswer | DutyKind::DataInquiry => {
            &[2, 1]
        }
        DutyKind::OpinionReview | DutyKind::MessageIntake => &[],
    }
}

/// Kinds whose owner is told of the duty itself and of a moved due day.
fn tells_assignment(kind: DutyKind) -> bool {
    matches!(
        kind,
        DutyKind::AdoptionSummary
            | DutyKind::Appeal
            | DutyKind::Report
            | DutyKind::ConsultationResult
            | DutyKind::HearingMaterials
            | DutyKind::MessageAnswer
            | DutyKind::MessageFollowUp
            | DutyKind::QaAnswer
    )
}

/// `overdue_3` for 3.
pub fn overdue(days: i64) -> String {
    format!("overdue_{days}")
}

/// The number of working days in an `overdue_…` stage.
pub fn overdue_days(stage: &str) -> Option<i64> {
    stage.strip_prefix("overdue_")?.parse().ok()
}

/// Which of two stages that are due at the same moment says more.
pub fn rank(stage: &str) -> i64 {
    match stage {
        ASSIGNED => 0,
        CHANGED => 1,
        DUE_TODAY => 1_000_000,
        CLOSED => 1_000_001,
        other => match (other.strip_prefix("left_"), overdue_days(other)) {
            (Some(days), _) => 999_999 - days.parse::<i64>().unwrap_or(0).clamp(0, 999_000),
            (_, Some(days)) => 2_000_000_i64.saturating_add(days),
            _ => 2,
        },
    }
}

/// A stage about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    pub at: DateTime<Utc>,
    pub skip: Option<Skip>,
}

impl Stage {
    fn state(&self) -> StageState {
        if self.skip.is_some() { StageState::Skipped } else { StageState::Planned }
    }
}

/// The stages of a duty as seen at `now`. `first` is the news of the duty itself, told next morning.
///
/// Stages whose morning has passed are not made up for, except that of the due day itself: a duty that
/// ends today is told at once.
pub fn stages(
    calendar: &Calendar,
    duty: &Model,
    now: DateTime<Utc>,
    first: Option<&str>,
) -> Result<Vec<Stage>, CountError> {
    let planned = |name: String, at| Stage { name, at, skip: None };
    let unless_passed =
        |name: String, at: DateTime<Utc>| Stage { name, at, skip: (at <= now).then_some(Skip::PassedBefore) };
    let mut stages = Vec::new();
    if let Some(first) = first {
        stages.push(planned(first.to_owned(), next_morning(calendar, now)?));
    }
    for n in left(duty.kind) {
        let day = calendar.nth_working_day_before(duty.due_on, *n)?.date;
        if day > duty.start_on {
            stages.push(unless_passed(format!("left_{n}"), civil::at(day, HOUR, 0)));
        }
    }
    if calendar.is_working_day(duty.due_on) {
        let at = civil::at(duty.due_on, HOUR, 0);
        let is_today = civil::local_date(now) == duty.due_on;
        stages.push(if is_today {
            planned(DUE_TODAY.to_owned(), at)
        } else {
            unless_passed(DUE_TODAY.to_owned(), at)
        });
    }
    stages.push(after_due(calendar, duty, now)?);
    Ok(stages)
}

/// The stage that follows the due day: 09:00 of the first working day after it, or the next morning when
/// that has passed.
fn after_due(calendar: &Calendar, duty: &Model, now: DateTime<Utc>) -> Result<Stage, CountError> {
    let first = civil::at(calendar.nth_working_day_after(duty.due_on, 1)?.date, HOUR, 0);
    let at = if first > now { first } else { next_morning(calendar, now)? };
    let name = if duty.kind == DutyKind::ConsultationCloses {
        CLOSED.to_owned()
    } else {
        overdue(Ord::max(calendar.working_days_between(duty.due_on, civil::local_date(at)), 1))
    };
    Ok(Stage { name, at, skip: None })
}

/// Plans the stages of a duty, in place of those still planned for it. `moved` says that its due day is
/// another one than its owner knows of.
pub async fn plan(
    app: &App,
    write: &Write,
    calendar: &Calendar,
    duty: &Model,
    moved: bool,
) -> Result<(), Problem> {
    let now = app.now();
    let rows = super::store::stages(&**write, duty.id).await?;
    let told = rows.iter().any(|row| row.state == StageState::Sent);
    let news_waits = rows.iter().any(|row| row.state == StageState::Planned && row.stage == CHANGED);
    let first = match (tells_assignment(duty.kind), told) {
        (false, _) => None,
        (true, false) => Some(ASSIGNED),
        (true, true) => (moved || news_waits).then_some(CHANGED),
    };
    forget_planned(write, duty, now).await?;
    for stage in stages(calendar, duty, now, first)? {
        insert(app, write, duty, &stage).await?;
    }
    Ok(())
}

/// Plans the stages of a duty that is just being made.
pub fn first(app: &App, calendar: &Calendar, duty: &Model, rows: &mut Inserts) -> Result<(), CountError> {
    let news = tells_assignment(duty.kind).then_some(ASSIGNED);
    for stage in stages(calendar, duty, app.now(), news)? {
        rows.add(row(app, duty, &stage, stage.state()));
    }
    Ok(())
}

/// The next 09:00 of a working day.
fn next_morning(calendar: &Calendar, now: DateTime<Utc>) -> Result<DateTime<Utc>, CountError> {
    let today = civil::local_date(now);
    let from = if now >= civil::at(today, HOUR, 0) {
        today.checked_add_days(Days::new(1)).ok_or(CountError::OutOfRange)?
    } else {
        today
    };
    Ok(civil::at(calendar.next_working_day_on_or_after(from)?.date, HOUR, 0))
}

/// 09:00 of the next working day after `today`.
pub fn next_working_morning(calendar: &Calendar, today: NaiveDate) -> Result<DateTime<Utc>, CountError> {
    Ok(civil::at(calendar.nth_working_day_after(today, 1)?.date, HOUR, 0))
}

/// Writes a planned or skipped stage; one that is already there for this due day stays as it is.
pub async fn insert(app: &App, write: &Write, duty: &Model, stage: &Stage) -> Result<(), Problem> {
    put(app, write, duty, stage, stage.state()).await
}

/// Writes a stage that is being sent now.
pub async fn insert_sent(app: &App, write: &Write, duty: &Model, name: &str) -> Result<(), Problem> {
    let stage = Stage { name: name.to_owned(), at: app.now(), skip: None };
    put(app, write, duty, &stage, StageState::Sent).await
}

async fn put(
    app: &App,
    write: &Write,
    duty: &Model,
    stage: &Stage,
    state: StageState,
) -> Result<(), Problem> {
    Entity::insert(row(app, duty, stage, state).into_active_model())
        .on_conflict(
            OnConflict::columns([Column::DutyId, Column::DueOn, Column::Stage]).do_nothing().to_owned(),
        )
        .exec_without_returning(&**write)
        .await?;
    Ok(())
}

fn row(app: &App, duty: &Model, stage: &Stage, state: StageState) -> duty_stage::Model {
    duty_stage::Model {
        id: app.id::<DutyStageId>(),
        duty_id: duty.id,
        stage: stage.name.clone(),
        due_on: duty.due_on,
        planned_at: stage.at,
        state,
        reason: stage.skip.map(|skip| skip.code().to_owned()),
        handled_at: (state != StageState::Planned).then(|| app.now()),
    }
}

/// Records that the stages still planned will not be sent, and why.
pub async fn drop_planned(write: &Write, duty: DutyId, now: DateTime<Utc>, why: Skip) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(StageState::Skipped))
        .col_expr(Column::Reason, Expr::value(Some(why.code())))
        .col_expr(Column::HandledAt, Expr::value(Some(now)))
        .filter(Column::DutyId.eq(duty))
        .filter(Column::State.eq(StageState::Planned))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Removes plans that a new plan replaces: those still ahead, those of another due day, and those given up
/// before their time came. What was sent or missed stays, and so does what is due and only waits for the
/// sweep: a new plan must not swallow a reminder.
async fn forget_planned(write: &Write, duty: &Model, now: DateTime<Utc>) -> Result<(), Problem> {
    let ahead = Column::PlannedAt.gt(now).or(Column::DueOn.ne(duty.due_on));
    let planned = Column::State.eq(StageState::Planned).and(ahead);
    let given_up = Column::State.eq(StageState::Skipped).and(Column::PlannedAt.gte(now));
    Entity::delete_many()
        .filter(Column::DutyId.eq(duty.id))
        .filter(Condition::any().add(planned).add(given_up))
        .exec(&**write)
        .await?;
    Ok(())
}
