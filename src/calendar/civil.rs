//! Civil days and instants: the legal day is a day in Asia/Shanghai (北京时间).
//!
//! The offset is fixed at +08:00. China has used no other since 15 September 1991, and no rule
//! here reaches back before that, so no time-zone database is needed. Results that would leave
//! chrono's range stop at its ends; nothing here panics.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

const OFFSET: TimeDelta = TimeDelta::hours(8);

/// The civil day in Asia/Shanghai on which `instant` falls.
pub fn local_date(instant: DateTime<Utc>) -> NaiveDate {
    local_time(instant).date()
}

/// The wall-clock time in Asia/Shanghai at `instant`.
pub fn local_time(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.naive_utc().checked_add_signed(OFFSET).unwrap_or(NaiveDateTime::MAX)
}

/// The instant at which `date` begins: 00:00 in Asia/Shanghai, that is 16:00 UTC of the day before.
pub fn start_of_day(date: NaiveDate) -> DateTime<Utc> {
    at(date, 0, 0)
}

/// The instant at which `date` ends: 24:00 in Asia/Shanghai (民法典 Art. 203(2)).
///
/// The end is exclusive: it is the first instant of the next day, so "in time" is
/// `instant < end_of_day(due)`.
pub fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    at(date, 24, 0)
}

/// The instant of `hour:minute` in Asia/Shanghai on `date`.
///
/// Hours past 23 and minutes past 59 run on: `at(date, 24, 0)` is the next day's 00:00.
pub fn at(date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let minutes = i64::from(hour) * 60 + i64::from(minute);
    let wall = date.and_time(NaiveTime::MIN);
    // One sum, so that the first and last representable days do not overflow half-way.
    match wall.checked_add_signed(TimeDelta::minutes(minutes) - OFFSET) {
        Some(utc) => utc.and_utc(),
        None if date < NaiveDate::default() => DateTime::<Utc>::MIN_UTC,
        None => DateTime::<Utc>::MAX_UTC,
    }
}

/// A date written exactly as `YYYY-MM-DD`; `None` for any other spelling or a day that does not
/// exist.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    // chrono alone would also take "2026-2-3" and "+2026-02-03", which in a table are slips.
    let exact = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if exact { text.parse().ok() } else { None }
}

/// `2026年3月5日`.
pub fn zh_date(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `5 March 2026`.
pub fn en_date(date: NaiveDate) -> String {
    date.format("%-d %B %-Y").to_string()
}

/// The end of a due day: `2026年3月5日 24:00（北京时间）`.
pub fn zh_deadline(date: NaiveDate) -> String {
    format!("{} 24:00（北京时间）", zh_date(date))
}

/// The end of a due day: `24:00 on 5 March 2026 (Beijing time)`.
pub fn en_deadline(date: NaiveDate) -> String {
    format!("24:00 on {} (Beijing time)", en_date(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    #[test]
    fn the_legal_day_turns_at_sixteen_hours_utc() {
        let d = day(2026, 3, 5);
        assert_eq!(start_of_day(d).to_rfc3339(), "2026-03-04T16:00:00+00:00");
        assert_eq!(end_of_day(d), start_of_day(day(2026, 3, 6)));
        assert_eq!(local_date(end_of_day(d) - TimeDelta::nanoseconds(1)), d);
        assert_eq!(local_date(end_of_day(d)), day(2026, 3, 6));
        assert_eq!(at(d, 17, 30).to_rfc3339(), "2026-03-05T09:30:00+00:00");
        assert_eq!(at(d, 24, 0), end_of_day(d));
        assert_eq!(local_time(at(d, 17, 30)).to_string(), "2026-03-05 17:30:00");
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for date in [NaiveDate::MIN, NaiveDate::MAX] {
            assert!(start_of_day(date) <= end_of_day(date));
            at(date, u32::MAX, u32::MAX);
            zh_deadline(date);
            en_date(date);
        }
        local_date(DateTime::<Utc>::MIN_UTC);
        local_date(DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn dates_are_written_as_readers_expect() {
        let d = day(2026, 3, 5);
        assert_eq!(zh_date(d), "2026年3月5日");
        assert_eq!(en_date(d), "5 March 2026");
        assert_eq!(zh_deadline(d), "2026年3月5日 24:00（北京时间）");
        assert_eq!(en_deadline(d), "24:00 on 5 March 2026 (Beijing time)");
    }

    #[test]
    fn only_the_exact_spelling_is_a_date() {
        assert_eq!(parse_date("2024-02-29"), Some(day(2024, 2, 29)));
        for bad in ["2026-02-29", "2026-2-3", "+026-02-03", "2026/02/03", "2026-02-03 ", "", "２026-2-3"] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}
