//! Duties (时限): something a body must do by a date. A feature opens a duty in the transaction that starts
//! it and completes it in the transaction that fulfils it; the engine counts the due day with the calendar,
//! plans the stages, reminds, escalates, and says how the duty stands.
//!
//! The start day does not count and the due day ends at 24:00 in Asia/Shanghai (民法典 Art. 201, 203).

pub mod api;
mod change;
mod close;
mod open;
pub mod page;
mod plan;
mod recalculate;
mod standing;
mod store;
mod sweep;
mod tell;
mod urge;
mod view;
mod words;

use chrono::{DateTime, NaiveDate, Utc};

pub use change::{reassign, restart};
pub use close::{cancel, complete, reopen};
pub use open::{Begin, open, open_first};
pub use recalculate::{Move, moves, recalculate};
pub use standing::{Standing, standing};
pub use store::{
    Counts, Filter, count, count_of_owner, counts, explain, find, history, list, of_subject, of_subjects,
    open_of_staff, stages,
};
pub use sweep::sweep;
pub use urge::{Order, Reply, answer, may_answer, urge, waiting as urged};
pub use view::{Names, scope};
pub use words::{kind_words, reason_words, rule_words, stage_words};

use crate::calendar::{Calendar, CountError, Due, Pause};
use crate::problem::Problem;

/// How long a duty runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// So many working days (工作日) after the start.
    WorkingDays(u32),
    /// Until the end of a given day.
    Day(NaiveDate),
}

impl Term {
    /// As the row keeps it: a number of working days, or none for a given day.
    fn days(self) -> Option<i32> {
        match self {
            Self::WorkingDays(n) => Some(i32::try_from(n).unwrap_or(i32::MAX)),
            Self::Day(_) => None,
        }
    }

    fn due(self, calendar: &Calendar, start: NaiveDate, pauses: &[Pause]) -> Result<Due, CountError> {
        match self {
            Self::WorkingDays(n) => calendar.nth_working_day_after_with_pauses(start, n, pauses),
            // A day that was given does not move when holidays are announced.
            Self::Day(date) => Ok(Due { date, provisional: false }),
        }
    }
}

impl From<CountError> for Problem {
    fn from(e: CountError) -> Self {
        Problem::invalid("date", e.zh(), e.to_string())
    }
}

/// The moment a due day is over: 24:00, which is the next day's 00:00.
pub fn deadline(due_on: NaiveDate) -> DateTime<Utc> {
    crate::calendar::civil::end_of_day(due_on)
}
