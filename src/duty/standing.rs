//! How a duty stands: derived from its dates, never stored.

use chrono::NaiveDate;
use entity::duty::Model;
use entity::enums::{DutyKind, DutyState};

use crate::calendar::Calendar;

/// Working days from this many on count as "due soon".
const SOON: i64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 按期: working days left, the due day included.
    OnTime { left: i64 },
    /// 即将到期: the same, three or fewer; 0 on the due day, and on days off before a due day off.
    DueSoon { left: i64 },
    /// 逾期: working days past the due day; 0 on days off right after it.
    Overdue { days: i64 },
    /// 按期办结
    DoneInTime { on: NaiveDate },
    /// 逾期办结: working days late.
    DoneLate { on: NaiveDate, days: i64 },
    /// 已取消
    Cancelled,
}

impl Standing {
    pub fn is_overdue(self) -> bool {
        matches!(self, Self::Overdue { .. })
    }
}

/// The standing on `today`.
pub fn standing(calendar: &Calendar, duty: &Model, today: NaiveDate) -> Standing {
    match (duty.state, duty.completed_on) {
        (DutyState::Cancelled, _) => Standing::Cancelled,
        (DutyState::Done, on) => {
            let on = on.unwrap_or(duty.due_on);
            if on <= duty.due_on {
                Standing::DoneInTime { on }
            } else {
                Standing::DoneLate { on, days: calendar.working_days_between(duty.due_on, on) }
            }
        }
        // A consultation closes by itself at 24:00; nobody can be late with it.
        (DutyState::Open, _) if today > duty.due_on && duty.kind == DutyKind::ConsultationCloses => {
            Standing::DoneInTime { on: duty.due_on }
        }
        (DutyState::Open, _) if today > duty.due_on => {
            Standing::Overdue { days: calendar.working_days_between(duty.due_on, today) }
        }
        (DutyState::Open, _) => {
            let left = calendar.working_days_between(today, duty.due_on);
            if left <= SOON { Standing::DueSoon { left } } else { Standing::OnTime { left } }
        }
    }
}
