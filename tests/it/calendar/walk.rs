//! The index against a loop that looks at one day after another, for random dates and tables.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use jianyan::calendar::{Calendar, DayKind, Holiday, HolidayTable, Pause, civil, parse_csv};
use proptest::prelude::*;

use super::{Outcome, d};

/// What the obvious loop says, with no index and no formula.
struct Walk {
    named: HashMap<NaiveDate, DayKind>,
}

impl Walk {
    fn new(table: &HolidayTable) -> Self {
        Self { named: table.rows().map(|r| (r.date, r.kind)).collect() }
    }

    fn works(&self, date: NaiveDate) -> bool {
        match self.named.get(&date) {
            Some(kind) => *kind == DayKind::Work,
            None => date.weekday().number_from_monday() <= 5,
        }
    }

    fn after(&self, start: NaiveDate, n: u32, pauses: &[Pause]) -> Option<NaiveDate> {
        let mut date = start;
        let mut left = n;
        while left > 0 {
            date = date.succ_opt()?;
            let paused = pauses.iter().any(|p| p.from < date && date <= p.until);
            left -= u32::from(self.works(date) && !paused);
        }
        Some(date)
    }

    fn before(&self, start: NaiveDate, n: u32) -> Option<NaiveDate> {
        let mut date = start;
        let mut left = n;
        while left > 0 {
            date = date.pred_opt()?;
            left -= u32::from(self.works(date));
        }
        Some(date)
    }

    fn between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        let days = |from: NaiveDate, to: NaiveDate| {
            let span = from.iter_days().skip(1).take_while(move |x| *x <= to);
            span.map(|x| i64::from(self.works(x))).sum::<i64>()
        };
        if a <= b { days(a, b) } else { -days(b, a) }
    }
}

#[test]
fn every_start_of_the_covered_years_against_the_walk() -> Outcome {
    let calendar = Calendar::embedded();
    let walk = Walk::new(calendar.table());
    for start in d(2013, 12, 1).iter_days().take_while(|x| x.year() <= 2027) {
        for n in [0, 1, 2, 5, 7, 10, 15, 20] {
            let after = calendar.nth_working_day_after(start, n)?;
            assert_eq!(Some(after.date), walk.after(start, n, &[]), "{start} + {n}");
            let before = calendar.nth_working_day_before(start, n)?;
            assert_eq!(Some(before.date), walk.before(start, n), "{start} - {n}");
        }
    }
    Ok(())
}

/// Days from 1990 to 2050: before, inside and after the table.
fn date() -> impl Strategy<Value = NaiveDate> {
    (0u64..22_000).prop_map(|n| d(1990, 1, 1).checked_add_days(Days::new(n)).unwrap_or_default())
}

/// Any day that can be expressed.
fn any_date() -> impl Strategy<Value = NaiveDate> {
    (NaiveDate::MIN.num_days_from_ce()..=NaiveDate::MAX.num_days_from_ce())
        .prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n).unwrap_or_default())
}

fn pause() -> impl Strategy<Value = Pause> {
    (date(), -5i64..60).prop_map(|(from, days)| Pause { from, until: from + chrono::TimeDelta::days(days) })
}

/// A table of random rows on any days, weekday or weekend, off or working.
fn table() -> impl Strategy<Value = HolidayTable> {
    prop::collection::vec((0u64..1_500, any::<bool>()), 0..400).prop_map(|rows| {
        HolidayTable::new(rows.into_iter().map(|(n, work)| Holiday {
            date: d(2024, 1, 1).checked_add_days(Days::new(n)).unwrap_or_default(),
            kind: if work { DayKind::Work } else { DayKind::Off },
            name: "节".to_owned(),
            source: String::new(),
        }))
    })
}

proptest! {
    #[test]
    fn counts_agree_with_the_walk(start in date(), other in date(), n in 0u32..400) {
        let calendar = Calendar::embedded();
        let walk = Walk::new(calendar.table());
        let after = calendar.nth_working_day_after(start, n).map(|x| x.date);
        prop_assert_eq!(after.ok(), walk.after(start, n, &[]));
        let before = calendar.nth_working_day_before(start, n).map(|x| x.date);
        prop_assert_eq!(before.ok(), walk.before(start, n));
        prop_assert_eq!(calendar.working_days_between(start, other), walk.between(start, other));
    }

    #[test]
    fn provisional_means_a_year_without_rows_was_looked_at(start in date(), n in 1u32..600) {
        let calendar = Calendar::embedded();
        let due = calendar.nth_working_day_after(start, n);
        let years = |first: NaiveDate, last: NaiveDate| {
            (first.year()..=last.year()).any(|y| !(2014..=2026).contains(&y))
        };
        let first = start.succ_opt().unwrap_or_default();
        prop_assert_eq!(due.map(|x| x.provisional == years(first, x.date)), Ok(true));
        let rolled = calendar.calendar_days_after(start, n);
        let same = rolled.map(|x| x.provisional == years(x.raw_last_day, x.due));
        prop_assert_eq!(same, Ok(true));
    }

    #[test]
    fn any_table_agrees_with_the_walk(table in table(), shift in 0u64..1_500, n in 0u32..100) {
        let calendar = Calendar::from_table(table);
        let walk = Walk::new(calendar.table());
        let start = d(2024, 1, 1).checked_add_days(Days::new(shift)).unwrap_or_default();
        let after = calendar.nth_working_day_after(start, n).map(|x| x.date);
        prop_assert_eq!(after.ok(), walk.after(start, n, &[]));
        let before = calendar.nth_working_day_before(start, n).map(|x| x.date);
        prop_assert_eq!(before.ok(), walk.before(start, n));
        prop_assert_eq!(calendar.is_working_day(start), walk.works(start));
        prop_assert_eq!(calendar.day(start).status.is_working(), walk.works(start));
    }

    #[test]
    fn pauses_agree_with_the_walk(
        start in date(),
        n in 0u32..60,
        pauses in prop::collection::vec(pause(), 0..4),
        near in prop::collection::vec((0i64..60, -3i64..40), 0..5),
    ) {
        let calendar = Calendar::embedded();
        let walk = Walk::new(calendar.table());
        let mut pauses = pauses;
        pauses.extend(near.into_iter().map(|(gap, long)| {
            let from = start + chrono::TimeDelta::days(gap);
            Pause { from, until: from + chrono::TimeDelta::days(long) }
        }));
        let due = calendar.nth_working_day_after_with_pauses(start, n, &pauses);
        prop_assert_eq!(due.map(|x| x.date).ok(), walk.after(start, n, &pauses));
        let lines = calendar.explain(start, n, &pauses);
        let last = lines.map(|l| l.last().map(|l| (l.date, l.counted.unwrap_or(0))));
        prop_assert_eq!(last, Ok(due.map(|x| (x.date, n)).ok()));
    }

    #[test]
    fn rolling_never_shortens_and_lands_on_a_working_day(start in date(), n in 0u32..400) {
        let calendar = Calendar::embedded();
        let walk = Walk::new(calendar.table());
        let forward = calendar.calendar_days_after(start, n);
        let good = forward.map(|x| {
            let raw = start + Days::new(n.into());
            let off = raw.iter_days().take_while(|y| *y < x.due).all(|y| !walk.works(y));
            x.raw_last_day == raw && x.due >= raw && walk.works(x.due) && off
        });
        prop_assert_eq!(good, Ok(true));
        let backward = calendar.working_day_before(start, n);
        let good = backward.map(|x| {
            let between = x.due.iter_days().skip(1).take_while(|y| *y <= x.raw_last_day);
            x.due <= x.raw_last_day && walk.works(x.due) && between.into_iter().all(|y| !walk.works(y))
        });
        prop_assert_eq!(good, Ok(true));
    }

    #[test]
    fn no_date_and_no_number_panics(a in any_date(), b in any_date(), n in any::<u32>()) {
        let calendar = Calendar::embedded();
        let _ = calendar.nth_working_day_after(a, n);
        let _ = calendar.nth_working_day_before(a, n);
        let _ = calendar.working_day_before(a, n);
        let _ = calendar.calendar_days_after(a, n);
        let _ = calendar.months_after(a, n);
        let _ = calendar.nth_working_day_after_with_pauses(a, n, &[Pause { from: a, until: b }]);
        let _ = calendar.explain(a, n % 50, &[]);
        let _ = calendar.explain_calendar_days(a, n % 50);
        calendar.day(b);
        prop_assert_eq!(
            calendar.working_days_between(a, b),
            -calendar.working_days_between(b, a)
        );
        prop_assert!(civil::start_of_day(a) < civil::end_of_day(a));
    }

    #[test]
    fn the_importer_takes_any_text(text in "\\PC{0,200}", rows in "[0-9,\\-\"\nofwrk\r]{0,200}") {
        let _ = parse_csv(&text);
        let _ = parse_csv(&format!("date,kind,name,source\n{rows}"));
    }
}
