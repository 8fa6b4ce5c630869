//! Standing against a plain walk over the days.

use chrono::{Days, NaiveDate};
use entity::duty::Model;
use entity::enums::{DutyKind, DutyState, SubjectKind};
use entity::id::{DepartmentId, DutyId};
use jianyan::calendar::Calendar;
use jianyan::duty::{Standing, standing};
use proptest::prelude::*;
use uuid::Uuid;

fn duty(start: NaiveDate, due: NaiveDate, done: Option<NaiveDate>) -> Model {
    Model {
        id: DutyId(Uuid::nil()),
        kind: DutyKind::AdoptionSummary,
        subject_kind: SubjectKind::Decision,
        subject_id: Uuid::nil(),
        title: String::new(),
        path: String::new(),
        department_id: DepartmentId(Uuid::nil()),
        owner_id: None,
        start_on: start,
        days: Some(10),
        due_on: due,
        provisional: false,
        state: if done.is_some() { DutyState::Done } else { DutyState::Open },
        completed_on: done,
        completed_at: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// Working days after `from` up to `to`, day by day.
fn walk(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> i64 {
    let days = from.iter_days().skip(1).take_while(|d| *d <= to);
    days.filter(|d| calendar.day(*d).status.is_working()).count() as i64
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..4000).prop_map(|n| NaiveDate::from_ymd_opt(2018, 1, 1).unwrap() + Days::new(n))
}

proptest! {
    #[test]
    fn an_open_duty_counts_down_to_its_due_day_and_up_after_it(start in any_day(), n in 1_u32..40, today in any_day()) {
        let calendar = Calendar::embedded();
        let due = calendar.nth_working_day_after(start, n).unwrap().date;
        let expected = if today > due {
            Standing::Overdue { days: walk(&calendar, due, today) }
        } else {
            let left = walk(&calendar, today, due);
            if left <= 3 { Standing::DueSoon { left } } else { Standing::OnTime { left } }
        };
        prop_assert_eq!(standing(&calendar, &duty(start, due, None), today), expected);
        // On the start day exactly the whole term is left, whatever days lie between.
        let first = standing(&calendar, &duty(start, due, None), start);
        prop_assert_eq!(first, if n <= 3 { Standing::DueSoon { left: n.into() } } else { Standing::OnTime { left: n.into() } });
    }

    #[test]
    fn a_done_duty_is_in_time_up_to_the_last_moment_of_its_due_day(start in any_day(), n in 1_u32..40, later in 0_u64..60, today in any_day()) {
        let calendar = Calendar::embedded();
        let due = calendar.nth_working_day_after(start, n).unwrap().date;
        let on = start + Days::new(later);
        let expected = if on <= due {
            Standing::DoneInTime { on }
        } else {
            Standing::DoneLate { on, days: walk(&calendar, due, on) }
        };
        prop_assert_eq!(standing(&calendar, &duty(start, due, Some(on)), today), expected);
    }
}
