//! The calendar changed: open duties are counted again, and every due day that moves is kept old and new.

use chrono::NaiveDate;
use entity::duty::Model;
use entity::enums::DutyChangeKind;
use entity::id::DutyId;
use sea_orm::ConnectionTrait;

use super::{Term, change, plan, store};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::{Calendar, Due};
use crate::db::Write;
use crate::problem::Problem;

/// Duties read at once.
const BATCH: u64 = 500;

/// An open duty that a calendar gives another due day, or the same one for certain.
#[derive(Clone, Debug)]
pub struct Move {
    /// As it stands.
    pub duty: Model,
    pub due: Due,
}

impl Move {
    fn of(duty: Model, due: Due) -> Option<Self> {
        (due.date != duty.due_on || due.provisional != duty.provisional).then_some(Self { duty, due })
    }

    pub fn is_another_day(&self) -> bool {
        self.due.date != self.duty.due_on
    }
}

async fn count_again(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    duty: &Model,
) -> Result<Option<Due>, Problem> {
    let Some(days) = duty.days.and_then(|d| u32::try_from(d).ok()) else { return Ok(None) };
    let pauses = store::pauses(db, duty.id).await?;
    Ok(Some(Term::WorkingDays(days).due(calendar, duty.start_on, &pauses)?))
}

/// What [`recalculate`] would move, without moving it: the first `limit` duties, and how many in all.
///
/// # Errors
/// The database's own.
pub async fn moves(
    db: &impl ConnectionTrait,
    calendar: &Calendar,
    from: NaiveDate,
    limit: usize,
) -> Result<(Vec<Move>, usize), Problem> {
    let (mut found, mut count) = (Vec::new(), 0);
    let mut after: Option<DutyId> = None;
    loop {
        let batch = store::open_due_from(db, Some(from), after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok((found, count)) };
        after = Some(last.id);
        for duty in batch {
            let Some(due) = count_again(db, calendar, &duty).await? else { continue };
            if let Some(step) = Move::of(duty, due).filter(Move::is_another_day) {
                count += 1;
                if found.len() < limit {
                    found.push(step);
                }
            }
        }
    }
}

/// Counts open duties again by a calendar that is about to be in force; gives those whose due day moved.
///
/// With `from`, the first day that the new calendar knows something else about, only duties due on or after
/// it are looked at and their reminders are planned again too. Without it, every open duty is checked and
/// only what does not fit is touched: that heals duties which another process counted by an old calendar.
///
/// # Errors
/// The database's own.
pub async fn recalculate(
    app: &App,
    write: &Write,
    actor: &Actor,
    calendar: &Calendar,
    from: Option<NaiveDate>,
) -> Result<Vec<Move>, Problem> {
    let mut moved = Vec::new();
    let mut after: Option<DutyId> = None;
    loop {
        let batch = store::lock_open_due_from(write, from, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(moved) };
        after = Some(last.id);
        for duty in batch {
            let due = count_again(&**write, calendar, &duty).await?;
            match due.and_then(|due| Move::of(duty.clone(), due)) {
                Some(step) => {
                    apply(app, write, actor, calendar, &step).await?;
                    if step.is_another_day() {
                        moved.push(step);
                    }
                }
                None if from.is_some() => plan::plan(app, write, calendar, &duty, false).await?,
                None => {}
            }
        }
    }
}

async fn apply(
    app: &App,
    write: &Write,
    actor: &Actor,
    calendar: &Calendar,
    step: &Move,
) -> Result<(), Problem> {
    let Move { duty, due } = step;
    let fresh = Model { due_on: due.date, provisional: due.provisional, ..duty.clone() };
    store::set_term(write, &fresh).await?;
    if step.is_another_day() {
        let reason = "节假日安排更新";
        change::log(app, write, actor, duty, DutyChangeKind::Recalculated, due.date, reason).await?;
    }
    plan::plan(app, write, calendar, &fresh, step.is_another_day()).await
}
