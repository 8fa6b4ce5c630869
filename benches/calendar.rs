//! Due dates a second. The naive walk in the same run is the floor: what the obvious loop gives.

use std::collections::HashMap;
use std::hint::black_box;

use chrono::{Datelike, Days, NaiveDate};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jianyan::calendar::{Calendar, DayKind};

/// Starts spread over every day of 2014–2026, periods of 1 to 30 working days.
fn periods() -> Vec<(NaiveDate, u32)> {
    let first = NaiveDate::from_ymd_opt(2014, 1, 1).unwrap_or_default();
    let mut state: u64 = 1;
    (0..10_000)
        .map(|_| {
            // Knuth's MMIX generator: the same periods in every run.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let days = Days::new((state >> 33) % 4_700);
            let n = u32::try_from((state >> 20) % 30).unwrap_or_default() + 1;
            (first.checked_add_days(days).unwrap_or_default(), n)
        })
        .collect()
}

fn walk(named: &HashMap<NaiveDate, DayKind>, start: NaiveDate, n: u32) -> NaiveDate {
    let mut date = start;
    let mut left = n;
    while left > 0 {
        date = date.succ_opt().unwrap_or_default();
        let works = match named.get(&date) {
            Some(kind) => *kind == DayKind::Work,
            None => date.weekday().number_from_monday() <= 5,
        };
        left -= u32::from(works);
    }
    date
}

fn due_dates(c: &mut Criterion) {
    let calendar = Calendar::embedded();
    let named: HashMap<_, _> = calendar.table().rows().map(|r| (r.date, r.kind)).collect();
    let periods = periods();
    for (start, n) in &periods {
        let fast = calendar.nth_working_day_after(*start, *n).map(|due| due.date);
        assert_eq!(fast, Ok(walk(&named, *start, *n)));
    }

    let mut group = c.benchmark_group("due_dates");
    group.throughput(Throughput::Elements(periods.len() as u64));
    group.bench_function("working_days", |b| {
        b.iter(|| {
            for (start, n) in &periods {
                let _ = black_box(calendar.nth_working_day_after(black_box(*start), black_box(*n)));
            }
        });
    });
    group.bench_function("calendar_days", |b| {
        b.iter(|| {
            for (start, n) in &periods {
                let _ = black_box(calendar.calendar_days_after(black_box(*start), black_box(*n)));
            }
        });
    });
    group.bench_function("naive_walk", |b| {
        b.iter(|| {
            for (start, n) in &periods {
                black_box(walk(&named, black_box(*start), black_box(*n)));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, due_dates);
criterion_main!(benches);
