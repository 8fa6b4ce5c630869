//! The deadline engine against the shared cases, the table itself and a walk day by day.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Days, NaiveDate};
use jianyan::calendar::{
    Calendar, CountError, DayKind, DayStatus, HolidayTable, Note, Pause, civil, parse_csv,
};
use proptest::prelude::*;

type Outcome = Result<(), Box<dyn Error>>;

fn d(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

/// The founders' shared data, which is not part of the repository. A path given in the
/// environment must exist; without one, the tests that need it pass over it.
fn shared(file: &str) -> Option<PathBuf> {
    if let Ok(root) = std::env::var("JIANYAN_SHARED_DATA") {
        return Some(Path::new(&root).join("calendar").join(file));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/calendar");
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!(
        "passed over: no {}; set JIANYAN_SHARED_DATA",
        path.display()
    );
    None
}

fn rows(path: &Path) -> Result<Vec<Vec<String>>, csv::Error> {
    csv::Reader::from_path(path)?
        .records()
        .map(|record| Ok(record?.iter().map(str::to_owned).collect()))
        .collect()
}

/// What the obvious loop says, with no index and no formula.
struct Walk {
    named: HashMap<NaiveDate, DayKind>,
}

impl Walk {
    fn new(table: &HolidayTable) -> Self {
        Self {
            named: table.rows().map(|r| (r.date, r.kind)).collect(),
        }
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
fn shared_working_day_cases() -> Outcome {
    let Some(path) = shared("working_day_cases.csv") else {
        return Ok(());
    };
    let calendar = Calendar::embedded();
    let cases = rows(&path)?;
    assert_eq!(cases.len(), 150);
    for case in cases {
        let due = calendar.nth_working_day_after(case[0].parse()?, case[1].parse()?)?;
        assert_eq!(due.date.to_string(), case[2], "{case:?}");
        assert!(!due.provisional, "{case:?}");
    }
    Ok(())
}

#[test]
fn shared_calendar_day_cases() -> Outcome {
    let Some(path) = shared("calendar_day_cases.csv") else {
        return Ok(());
    };
    let calendar = Calendar::embedded();
    let cases = rows(&path)?;
    assert_eq!(cases.len(), 50);
    for case in cases {
        let due = calendar.calendar_days_after(case[0].parse()?, case[1].parse()?)?;
        assert_eq!(due.raw_last_day.to_string(), case[2], "{case:?}");
        assert_eq!(due.due.to_string(), case[3], "{case:?}");
        assert_eq!(due.rolled, case[2] != case[3], "{case:?}");
        assert!(!due.provisional, "{case:?}");
    }
    Ok(())
}

#[test]
fn the_embedded_table_is_the_shared_one() -> Outcome {
    let Some(path) = shared("holidays.csv") else {
        return Ok(());
    };
    let rows = parse_csv(&std::fs::read_to_string(path)?)?;
    assert_eq!(HolidayTable::new(rows), HolidayTable::embedded());
    Ok(())
}

#[test]
fn examples_of_the_trust_plan() -> Outcome {
    let calendar = Calendar::embedded();
    for (start, due) in [
        (d(2026, 2, 10), d(2026, 3, 2)),
        (d(2026, 4, 28), d(2026, 5, 14)),
        (d(2026, 9, 18), d(2026, 10, 9)),
        (d(2026, 9, 28), d(2026, 10, 16)),
        (d(2025, 12, 30), d(2026, 1, 14)),
        (d(2026, 2, 13), d(2026, 3, 5)),
    ] {
        assert_eq!(
            calendar.nth_working_day_after(start, 10)?.date,
            due,
            "{start}"
        );
    }
    Ok(())
}

#[test]
fn real_shanghai_notices_of_thirty_days() -> Outcome {
    let calendar = Calendar::embedded();
    for (published, closes) in [
        (d(2024, 2, 7), d(2024, 3, 8)),
        (d(2022, 10, 10), d(2022, 11, 9)),
        (d(2025, 11, 19), d(2025, 12, 19)),
    ] {
        let due = calendar.calendar_days_after(published, 30)?;
        assert_eq!((due.due, due.rolled), (closes, false), "{published}");
    }
    Ok(())
}

#[test]
fn every_day_of_the_covered_years_is_what_the_table_says() {
    let calendar = Calendar::embedded();
    let mut days = 0;
    for date in d(2014, 1, 1).iter_days().take_while(|x| x.year() <= 2026) {
        days += 1;
        let weekend = date.weekday().number_from_monday() > 5;
        let expected = match calendar.table().get(date) {
            Some(row) if row.kind == DayKind::Off => DayStatus::Holiday(row.name.clone()),
            Some(row) => DayStatus::MakeUp(row.name.clone()),
            None if weekend => DayStatus::Weekend,
            None => DayStatus::Working,
        };
        let day = calendar.day(date);
        assert_eq!(
            calendar.is_working_day(date),
            expected.is_working(),
            "{date}"
        );
        assert_eq!(day.status, expected, "{date}");
        assert!(!day.provisional, "{date}");
    }
    assert_eq!(days, 4_748);
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

#[test]
fn a_third_party_stops_the_clock() -> Outcome {
    let calendar = Calendar::embedded();
    let start = d(2026, 3, 2);
    // Twenty working days from 2 March end on 30 March.
    assert_eq!(
        calendar.nth_working_day_after(start, 20)?.date,
        d(2026, 3, 30)
    );
    // Asked on the 5th, answered on the 12th: 6, 9, 10, 11 and 12 March are skipped.
    let pause = Pause {
        from: d(2026, 3, 5),
        until: d(2026, 3, 12),
    };
    let due = calendar.nth_working_day_after_with_pauses(start, 20, &[pause])?;
    assert_eq!(due.date, d(2026, 4, 7)); // 6 April is 清明
    let lines = calendar.explain(start, 20, &[pause])?;
    let paused: Vec<_> = lines.iter().filter(|l| l.note == Note::Paused).collect();
    assert_eq!(paused.len(), 5);
    assert_eq!(lines.last().and_then(|l| l.counted), Some(20));
    // A pause after the due date, or one that ends before it begins, changes nothing.
    for idle in [
        Pause {
            from: d(2026, 3, 30),
            until: d(2026, 4, 30),
        },
        Pause {
            from: d(2026, 3, 12),
            until: d(2026, 3, 5),
        },
        Pause {
            from: d(2026, 2, 1),
            until: start,
        },
    ] {
        let due = calendar.nth_working_day_after_with_pauses(start, 20, &[idle])?;
        assert_eq!(due.date, d(2026, 3, 30), "{idle:?}");
    }
    // An extension follows the pause.
    assert_eq!(
        calendar.extend(due, 20)?.date,
        calendar.nth_working_day_after(due.date, 20)?.date
    );
    Ok(())
}

#[test]
fn a_notice_loaded_later_ends_the_doubt() -> Outcome {
    let calendar = Calendar::embedded();
    let over = calendar.nth_working_day_after(d(2026, 12, 28), 10)?;
    assert_eq!((over.date, over.provisional), (d(2027, 1, 11), true));
    assert!(
        !calendar
            .nth_working_day_after(d(2026, 12, 21), 8)?
            .provisional
    );
    // Invented rows: the notice for 2027 is not out.
    let rows = parse_csv("date,kind,name,source\n2027-01-01,off,元旦,invented for this test\n")?;
    let loaded = Calendar::from_table(calendar.table().clone().merged(rows));
    let over = loaded.nth_working_day_after(d(2026, 12, 28), 10)?;
    assert_eq!((over.date, over.provisional), (d(2027, 1, 12), false));
    Ok(())
}

#[test]
fn leap_days_count() -> Outcome {
    let calendar = Calendar::embedded();
    assert_eq!(
        calendar
            .calendar_days_after(d(2024, 1, 30), 30)?
            .raw_last_day,
        d(2024, 2, 29)
    );
    assert_eq!(
        calendar.nth_working_day_after(d(2024, 2, 28), 1)?.date,
        d(2024, 2, 29)
    );
    assert_eq!(
        calendar.months_after(d(2023, 11, 30), 3)?.raw_last_day,
        d(2024, 2, 29)
    );
    Ok(())
}

#[test]
fn time_left_and_time_over() {
    let calendar = Calendar::embedded();
    let due = d(2026, 3, 2);
    assert_eq!(calendar.working_days_between(d(2026, 2, 10), due), 10);
    assert_eq!(calendar.working_days_between(due, due), 0);
    assert_eq!(calendar.working_days_between(d(2026, 3, 4), due), -2);
    assert_eq!(civil::zh_deadline(due), "2026年3月2日 24:00（北京时间）");
}

/// Days from 1990 to 2050: before, inside and after the table.
fn date() -> impl Strategy<Value = NaiveDate> {
    (0u64..22_000).prop_map(|n| {
        d(1990, 1, 1)
            .checked_add_days(Days::new(n))
            .unwrap_or_default()
    })
}

/// Any day that can be expressed.
fn any_date() -> impl Strategy<Value = NaiveDate> {
    (NaiveDate::MIN.num_days_from_ce()..=NaiveDate::MAX.num_days_from_ce())
        .prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n).unwrap_or_default())
}

fn pause() -> impl Strategy<Value = Pause> {
    (date(), -5i64..60).prop_map(|(from, days)| Pause {
        from,
        until: from + chrono::TimeDelta::days(days),
    })
}

/// A table of random rows on any days, weekday or weekend, off or working.
fn table() -> impl Strategy<Value = HolidayTable> {
    prop::collection::vec((0u64..1_500, any::<bool>()), 0..400).prop_map(|rows| {
        HolidayTable::new(rows.into_iter().map(|(n, work)| {
            jianyan::calendar::Holiday {
                date: d(2024, 1, 1)
                    .checked_add_days(Days::new(n))
                    .unwrap_or_default(),
                kind: if work { DayKind::Work } else { DayKind::Off },
                name: "节".to_owned(),
                source: String::new(),
            }
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

#[test]
fn the_end_of_time_is_an_error_not_a_panic() {
    let calendar = Calendar::embedded();
    assert_eq!(
        calendar.nth_working_day_after(NaiveDate::MAX, 1),
        Err(CountError::OutOfRange)
    );
    assert_eq!(
        calendar.nth_working_day_before(NaiveDate::MIN, 1),
        Err(CountError::OutOfRange)
    );
    assert_eq!(
        calendar.nth_working_day_after(d(2026, 1, 1), u32::MAX),
        Err(CountError::OutOfRange)
    );
}
