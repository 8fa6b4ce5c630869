//! The deadline engine against the shared cases, the table itself and a walk day by day.

mod import;
mod walk;

use std::error::Error;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use jianyan::calendar::{
    Calendar, CountError, DayKind, DayStatus, HolidayTable, Note, Pause, civil, parse_csv,
};

type Outcome = Result<(), Box<dyn Error>>;

fn d(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
}

fn shared(file: &str) -> Option<PathBuf> {
    crate::shared::path("calendar").map(|folder| folder.join(file))
}

fn rows(path: &Path) -> Result<Vec<Vec<String>>, csv::Error> {
    csv::Reader::from_path(path)?
        .records()
        .map(|record| Ok(record?.iter().map(str::to_owned).collect()))
        .collect()
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
        assert_eq!(calendar.nth_working_day_after(start, 10)?.date, due, "{start}");
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
        assert_eq!(calendar.is_working_day(date), expected.is_working(), "{date}");
        assert_eq!(day.status, expected, "{date}");
        assert!(!day.provisional, "{date}");
    }
    assert_eq!(days, 4_748);
}

#[test]
fn a_third_party_stops_the_clock() -> Outcome {
    let calendar = Calendar::embedded();
    let start = d(2026, 3, 2);
    // Twenty working days from 2 March end on 30 March.
    assert_eq!(calendar.nth_working_day_after(start, 20)?.date, d(2026, 3, 30));
    // Asked on the 5th, answered on the 12th: 6, 9, 10, 11 and 12 March are skipped.
    let pause = Pause { from: d(2026, 3, 5), until: d(2026, 3, 12) };
    let due = calendar.nth_working_day_after_with_pauses(start, 20, &[pause])?;
    assert_eq!(due.date, d(2026, 4, 7)); // 6 April is 清明
    let lines = calendar.explain(start, 20, &[pause])?;
    let paused: Vec<_> = lines.iter().filter(|l| l.note == Note::Paused).collect();
    assert_eq!(paused.len(), 5);
    assert_eq!(lines.last().and_then(|l| l.counted), Some(20));
    // A pause after the due date, or one that ends before it begins, changes nothing.
    for idle in [
        Pause { from: d(2026, 3, 30), until: d(2026, 4, 30) },
        Pause { from: d(2026, 3, 12), until: d(2026, 3, 5) },
        Pause { from: d(2026, 2, 1), until: start },
    ] {
        let due = calendar.nth_working_day_after_with_pauses(start, 20, &[idle])?;
        assert_eq!(due.date, d(2026, 3, 30), "{idle:?}");
    }
    // An extension follows the pause.
    assert_eq!(calendar.extend(due, 20)?.date, calendar.nth_working_day_after(due.date, 20)?.date);
    Ok(())
}

#[test]
fn a_notice_loaded_later_ends_the_doubt() -> Outcome {
    let calendar = Calendar::embedded();
    let over = calendar.nth_working_day_after(d(2026, 12, 28), 10)?;
    assert_eq!((over.date, over.provisional), (d(2027, 1, 11), true));
    assert!(!calendar.nth_working_day_after(d(2026, 12, 21), 8)?.provisional);
    // Invented rows: the notice for 2027 is not out.
    let rows = parse_csv("date,kind,name,source\n2027-01-01,off,元旦,invented for this test\n")?;
    let loaded = Calendar::from_table(calendar.table().clone().merged(rows));
    let over = loaded.nth_working_day_after(d(2026, 12, 28), 10)?;
    assert_eq!((over.date, over.provisional), (d(2027, 1, 12), false));
    Ok(())
}

#[test]
fn answers_serialise_flat() -> Outcome {
    let calendar = Calendar::embedded();
    assert_eq!(
        serde_json::to_string(&calendar.day(d(2026, 2, 16)))?,
        r#"{"date":"2026-02-16","status":"holiday","name":"春节","provisional":false}"#
    );
    assert_eq!(
        serde_json::to_string(&calendar.day(d(2027, 1, 4)))?,
        r#"{"date":"2027-01-04","status":"working","provisional":true}"#
    );
    assert_eq!(
        serde_json::to_string(&calendar.calendar_days_after(d(2026, 9, 25), 7)?)?,
        r#"{"raw_last_day":"2026-10-02","due":"2026-10-08","rolled":true,"provisional":false}"#
    );
    let lines = calendar.explain(d(2026, 2, 10), 1, &[])?;
    assert_eq!(
        serde_json::to_string(&lines.last())?,
        r#"{"date":"2026-02-11","day":{"date":"2026-02-11","status":"working","provisional":false},"counted":1,"unit":"working_days","note":"due"}"#
    );
    Ok(())
}

#[test]
fn leap_days_count() -> Outcome {
    let calendar = Calendar::embedded();
    assert_eq!(calendar.calendar_days_after(d(2024, 1, 30), 30)?.raw_last_day, d(2024, 2, 29));
    assert_eq!(calendar.nth_working_day_after(d(2024, 2, 28), 1)?.date, d(2024, 2, 29));
    assert_eq!(calendar.months_after(d(2023, 11, 30), 3)?.raw_last_day, d(2024, 2, 29));
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

#[test]
fn the_end_of_time_is_an_error_not_a_panic() {
    let calendar = Calendar::embedded();
    assert_eq!(calendar.nth_working_day_after(NaiveDate::MAX, 1), Err(CountError::OutOfRange));
    assert_eq!(calendar.nth_working_day_before(NaiveDate::MIN, 1), Err(CountError::OutOfRange));
    assert_eq!(calendar.nth_working_day_after(d(2026, 1, 1), u32::MAX), Err(CountError::OutOfRange));
}
