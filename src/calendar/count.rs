//! The counts of the law, section by section of 民法典 Art. 201–203.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::day::{Day, DayStatus};
use super::index::Index;
use super::period::{CalendarDue, CountError, Due, MAX_EXTENSION, Pause};
use super::table::{DayKind, Holiday, HolidayTable};

/// Which days are working days, and every count that rests on it. Immutable; share it in an `Arc`.
///
/// All dates are civil days in Asia/Shanghai. Every due date takes O(log n) time in the number of
/// holiday rows, whatever the length of the period.
#[derive(Debug, Clone)]
pub struct Calendar {
    table: HolidayTable,
    index: Index,
    /// Runs of covered years, first and last inclusive, ascending and not touching.
    covered: Vec<(i32, i32)>,
}

impl Calendar {
    /// A calendar of these rows alone; of two rows for one date the later one stays.
    pub fn new(rows: impl IntoIterator<Item = Holiday>) -> Self {
        Self::from_table(HolidayTable::new(rows))
    }

    /// A calendar of the table shipped with the program (2014–2026).
    pub fn embedded() -> Self {
        Self::from_table(HolidayTable::embedded())
    }

    /// A calendar of a table, for instance `HolidayTable::embedded().merged(imported)`.
    pub fn from_table(table: HolidayTable) -> Self {
        let index = Index::new(table.rows().map(|r| (r.date, r.kind == DayKind::Work)));
        let mut covered: Vec<(i32, i32)> = Vec::new();
        for year in table.years() {
            match covered.last_mut() {
                Some((_, last)) if *last + 1 == year => *last = year,
                _ => covered.push((year, year)),
            }
        }
        Self { table, index, covered }
    }

    /// The table that the calendar was built from.
    pub fn table(&self) -> &HolidayTable {
        &self.table
    }

    /// Whether the State Council's notice for this year is loaded.
    pub fn covers(&self, year: i32) -> bool {
        self.covers_all(year, year)
    }

    /// What a day is.
    pub fn day(&self, date: NaiveDate) -> Day {
        let works = self.is_working_day(date);
        let weekend = date.weekday().number_from_monday() > 5;
        let status = match (works, weekend, self.table.get(date)) {
            (true, true, Some(row)) => DayStatus::MakeUp(row.name.clone()),
            (false, _, Some(row)) => DayStatus::Holiday(row.name.clone()),
            (true, ..) => DayStatus::Working,
            (false, ..) => DayStatus::Weekend,
        };
        Day { date, status, provisional: !self.covers(date.year()) }
    }

    /// Whether a day is a working day (工作日): 行政许可法 Art. 82, 行政复议法 Art. 88.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.index.works(date.num_days_from_ce())
    }

    /// The `n`-th working day after `start`, which is not counted and may be a day off
    /// (民法典 Art. 201(1)). `n = 0` gives `start` itself, whatever day it is.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn nth_working_day_after(&self, start: NaiveDate, n: u32) -> Result<Due, CountError> {
        if n == 0 {
            return Ok(self.due(start, start, start));
        }
        let count = i64::from(self.index.count(start.num_days_from_ce())) + i64::from(n);
        let date = self.index.find(count).ok_or(CountError::OutOfRange)?;
        let first = start.succ_opt().ok_or(CountError::OutOfRange)?;
        Ok(self.due(date, first, date))
    }

    /// The `n`-th working day before `date`, which is not counted and may be a day off.
    /// `n = 0` gives `date` itself. For periods such as 合法性审查 “不少于7个工作日” before a meeting.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn nth_working_day_before(&self, date: NaiveDate, n: u32) -> Result<Due, CountError> {
        if n == 0 {
            return Ok(self.due(date, date, date));
        }
        let last = date.pred_opt().ok_or(CountError::OutOfRange)?;
        let count = i64::from(self.index.count(last.num_days_from_ce())) + 1 - i64::from(n);
        let found = self.index.find(count).ok_or(CountError::OutOfRange)?;
        Ok(self.due(found, found, last))
    }

    /// The latest day that is `n` calendar days before an event (“7日前”, 国令713 Art. 16(3)):
    /// event − n, moved *earlier* to a working day when it is a day off (`rolled`). No statute says
    /// so; the engine chooses what can never be late.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn working_day_before(&self, event: NaiveDate, n: u32) -> Result<CalendarDue, CountError> {
        let raw = event.checked_sub_days(Days::new(n.into()));
        let raw = raw.ok_or(CountError::OutOfRange)?;
        let due = self.previous_working_day_on_or_before(raw)?;
        Ok(rolled(raw, due))
    }

    /// The end of a period of `n` calendar days: start + n, moved to the next working day when
    /// that is a day off (民法典 Art. 201(1), 203(1)). `n = 0` gives `start`, moved likewise.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn calendar_days_after(&self, start: NaiveDate, n: u32) -> Result<CalendarDue, CountError> {
        let raw = start.checked_add_days(Days::new(n.into()));
        self.roll_forward(raw)
    }

    /// The end of a period of `n` months: the corresponding day, or the end of the month where
    /// there is none (民法典 Art. 202), moved to the next working day when that is a day off.
    /// A year is 12 months.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn months_after(&self, start: NaiveDate, n: u32) -> Result<CalendarDue, CountError> {
        self.roll_forward(start.checked_add_months(Months::new(n)))
    }

    /// A due date extended by `k` working days (延期): the `k`-th working day after it
    /// (政府信息公开条例 Art. 33(2)). Provisional if either date is.
    ///
    /// # Errors
    /// [`CountError::ExtensionTooLong`] for more than [`MAX_EXTENSION`] working days,
    /// [`CountError::OutOfRange`].
    pub fn extend(&self, due: Due, k: u32) -> Result<Due, CountError> {
        if k > MAX_EXTENSION {
            return Err(CountError::ExtensionTooLong { asked: k });
        }
        let later = self.nth_working_day_after(due.date, k)?;
        Ok(Due { provisional: later.provisional || due.provisional, ..later })
    }

    /// The `n`-th working day after `start` that lies in no pause (政府信息公开条例 Art. 33(3)).
    /// Working days d with `from < d <= until` are skipped; see [`Pause`].
    ///
    /// A pause that is still open has no due date yet: ask again when its end is known.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn nth_working_day_after_with_pauses(
        &self,
        start: NaiveDate,
        n: u32,
        pauses: &[Pause],
    ) -> Result<Due, CountError> {
        let mut pauses = pauses.to_vec();
        pauses.sort_unstable_by_key(|pause| pause.from);
        let mut from = start;
        let mut left = n;
        for pause in pauses {
            if pause.until <= from.max(pause.from) {
                continue;
            }
            let before = self.working_days_between(from, pause.from).max(0);
            match u32::try_from(before) {
                Ok(before) if before < left => left -= before,
                _ => break,
            }
            from = pause.until;
        }
        let due = self.nth_working_day_after(from, left)?;
        if n == 0 {
            return Ok(due);
        }
        // The days before and inside the pauses were looked at too.
        let first = start.succ_opt().ok_or(CountError::OutOfRange)?;
        Ok(self.due(due.date, first, due.date))
    }

    /// Working days in (a, b], negative when `b` lies before `a`: from today to the due date it is
    /// “还剩 N 个工作日”, from the due date to today “逾期 N 个工作日”.
    ///
    /// Whether a year without a notice lies between is told by [`Self::is_provisional_between`].
    pub fn working_days_between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        let to = |date: NaiveDate| i64::from(self.index.count(date.num_days_from_ce()));
        to(b) - to(a)
    }

    /// Whether any year from that of `a` to that of `b` has no notice loaded; in either order.
    pub fn is_provisional_between(&self, a: NaiveDate, b: NaiveDate) -> bool {
        !self.covers_all(a.min(b).year(), a.max(b).year())
    }

    /// `date` if it is a working day, else the first one after it.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn next_working_day_on_or_after(&self, date: NaiveDate) -> Result<Due, CountError> {
        let count = i64::from(self.index.count(date.num_days_from_ce() - 1)) + 1;
        let found = self.index.find(count).ok_or(CountError::OutOfRange)?;
        Ok(self.due(found, date, found))
    }

    /// `date` if it is a working day, else the last one before it.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`].
    pub fn previous_working_day_on_or_before(&self, date: NaiveDate) -> Result<Due, CountError> {
        let count = i64::from(self.index.count(date.num_days_from_ce()));
        let found = self.index.find(count).ok_or(CountError::OutOfRange)?;
        Ok(self.due(found, found, date))
    }

    fn roll_forward(&self, raw: Option<NaiveDate>) -> Result<CalendarDue, CountError> {
        let raw = raw.ok_or(CountError::OutOfRange)?;
        Ok(rolled(raw, self.next_working_day_on_or_after(raw)?))
    }

    /// A due date reached by looking at the days `first..=last`.
    fn due(&self, date: NaiveDate, first: NaiveDate, last: NaiveDate) -> Due {
        Due { date, provisional: !self.covers_all(first.year(), last.year()) }
    }

    fn covers_all(&self, first: i32, last: i32) -> bool {
        let after = self.covered.partition_point(|(from, _)| *from <= first);
        after.checked_sub(1).and_then(|k| self.covered.get(k)).is_some_and(|(_, to)| last <= *to)
    }
}

fn rolled(raw_last_day: NaiveDate, due: Due) -> CalendarDue {
    CalendarDue {
        raw_last_day,
        due: due.date,
        rolled: due.date != raw_last_day,
        provisional: due.provisional,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    fn due(date: NaiveDate, provisional: bool) -> Result<Due, CountError> {
        Ok(Due { date, provisional })
    }

    #[test]
    fn each_kind_of_day_has_its_name() {
        let c = Calendar::embedded();
        let status = |date| c.day(date).status;
        assert_eq!(status(d(2026, 2, 13)), DayStatus::Working);
        assert_eq!(status(d(2026, 2, 14)), DayStatus::MakeUp("春节".to_owned()));
        assert_eq!(status(d(2026, 2, 15)), DayStatus::Weekend);
        assert_eq!(status(d(2026, 2, 16)), DayStatus::Holiday("春节".to_owned()));
        assert!(!c.day(d(2026, 12, 31)).provisional);
        assert!(c.day(d(2027, 1, 1)).provisional);
        assert!(c.day(d(2013, 12, 31)).provisional);
    }

    #[test]
    fn zero_days_is_the_start_even_on_a_day_off() {
        let c = Calendar::embedded();
        let sunday = d(2026, 2, 15);
        assert_eq!(c.nth_working_day_after(sunday, 0), due(sunday, false));
        assert_eq!(c.nth_working_day_before(sunday, 0), due(sunday, false));
    }

    #[test]
    fn backward_periods_move_earlier() {
        let c = Calendar::embedded();
        // 2026-02-24 − 7 = 17 February, in Spring Festival; the 14th is a make-up Saturday.
        let before = c.working_day_before(d(2026, 2, 24), 7);
        let due_day = before.map(|b| (b.raw_last_day, b.due, b.rolled));
        assert_eq!(due_day, Ok((d(2026, 2, 17), d(2026, 2, 14), true)));
        assert_eq!(c.nth_working_day_before(d(2026, 2, 24), 2), due(d(2026, 2, 13), false));
    }

    #[test]
    fn months_end_on_the_corresponding_day_or_the_end_of_the_month() {
        let c = Calendar::embedded();
        let raw = |start, n| c.months_after(start, n).map(|m| (m.raw_last_day, m.due));
        assert_eq!(raw(d(2024, 1, 31), 1), Ok((d(2024, 2, 29), d(2024, 2, 29))));
        assert_eq!(raw(d(2024, 2, 29), 12), Ok((d(2025, 2, 28), d(2025, 2, 28))));
        assert_eq!(raw(d(2026, 4, 3), 6), Ok((d(2026, 10, 3), d(2026, 10, 8))));
        assert_eq!(raw(d(2026, 4, 3), u32::MAX), Err(CountError::OutOfRange));
    }

    #[test]
    fn an_extension_starts_from_the_due_date_and_is_limited() {
        let c = Calendar::embedded();
        let first = Due { date: d(2026, 12, 20), provisional: false };
        assert_eq!(c.extend(first, 20), due(d(2027, 1, 15), true));
        assert_eq!(c.extend(first, 0), Ok(first));
        assert_eq!(c.extend(first, 21), Err(CountError::ExtensionTooLong { asked: 21 }));
        let doubtful = Due { date: d(2026, 3, 2), provisional: true };
        assert_eq!(c.extend(doubtful, 1), due(d(2026, 3, 3), true));
    }

    #[test]
    fn only_days_that_were_looked_at_make_a_date_provisional() {
        let c = Calendar::embedded();
        // The start itself is not counted, so its year does not matter.
        assert_eq!(c.nth_working_day_after(d(2013, 12, 31), 1), due(d(2014, 1, 2), false));
        assert_eq!(c.nth_working_day_after(d(2026, 12, 31), 1), due(d(2027, 1, 1), true));
        let over = c.calendar_days_after(d(2026, 12, 2), 30);
        assert_eq!(over.map(|o| o.provisional), Ok(true));
        // A gap in the middle is looked at too.
        let gap =
            Calendar::new(HolidayTable::embedded().rows().filter(|row| row.date.year() != 2020).cloned());
        assert_eq!(gap.nth_working_day_after(d(2019, 12, 31), 600).map(|x| x.provisional), Ok(true));
        assert!(gap.is_provisional_between(d(2021, 1, 1), d(2019, 1, 1)));
        assert!(!gap.is_provisional_between(d(2021, 1, 1), d(2026, 1, 1)));
    }

    #[test]
    fn the_ends_of_time_give_an_error() {
        let c = Calendar::embedded();
        let (min, max) = (NaiveDate::MIN, NaiveDate::MAX);
        for n in [1, 1000, u32::MAX] {
            assert_eq!(c.nth_working_day_after(max, n), Err(CountError::OutOfRange));
            assert_eq!(c.nth_working_day_before(min, n), Err(CountError::OutOfRange));
            assert_eq!(c.calendar_days_after(max, n), Err(CountError::OutOfRange));
            assert_eq!(c.working_day_before(min, n), Err(CountError::OutOfRange));
            assert_eq!(c.months_after(max, n), Err(CountError::OutOfRange));
        }
        assert!(c.nth_working_day_after(min, u32::MAX).is_err());
        assert!(c.nth_working_day_after(min, 1_000_000).is_ok());
        assert_eq!(c.nth_working_day_after(max, 0), due(max, true));
        let open = Pause { from: d(2026, 1, 1), until: max };
        let paused = c.nth_working_day_after_with_pauses(d(2026, 1, 1), 1, &[open]);
        assert_eq!(paused, Err(CountError::OutOfRange));
        assert_eq!(c.working_days_between(min, max), -c.working_days_between(max, min));
        let _ = c.next_working_day_on_or_after(max);
        let _ = c.next_working_day_on_or_after(min);
        let _ = c.previous_working_day_on_or_before(min);
        c.day(min);
        c.day(max);
    }
}
