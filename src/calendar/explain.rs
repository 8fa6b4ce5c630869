//! Why a due date is what it is, day by day, for people to read.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::civil;
use super::count::Calendar;
use super::day::Day;
use super::period::{CountError, Pause};

/// The longest period, in calendar days from start to due date, that is explained day by day.
pub const MAX_EXPLAINED_DAYS: i64 = 3_660;

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayLine {
    /// The civil day in Asia/Shanghai.
    pub date: NaiveDate,
    /// What the day is in the calendar.
    pub day: Day,
    /// The number of the day in the period, from 1; `None` when it does not count.
    pub counted: Option<u32>,
    /// What the period is counted in.
    pub unit: Unit,
    /// The part this day plays.
    pub note: Note,
}

/// What a period is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Working days (工作日).
    WorkingDays,
    /// Calendar days (日).
    CalendarDays,
}

/// The part a day plays in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The start day, which is not counted.
    Start,
    /// Counted.
    Counted,
    /// A day off, not counted.
    DayOff,
    /// A working day in a pause, not counted.
    Paused,
    /// The last day as counted, which is a day off, so the end moves on.
    LastDayOff,
    /// A day off after the last day as counted, passed over (顺延).
    PassedOver,
    /// The due date.
    Due,
}

impl Calendar {
    /// Explains [`Calendar::nth_working_day_after_with_pauses`]: one line for each day from
    /// `start` to the due date. `pauses` may be empty.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`]; [`CountError::TooLongToExplain`] past [`MAX_EXPLAINED_DAYS`].
    pub fn explain(&self, start: NaiveDate, n: u32, pauses: &[Pause]) -> Result<Vec<DayLine>, CountError> {
        let due = self.nth_working_day_after_with_pauses(start, n, pauses)?;
        let mut counted = 0;
        self.lines(start, due.date, Unit::WorkingDays, |day| {
            let paused = pauses.iter().any(|p| p.from < day.date && day.date <= p.until);
            if !day.status.is_working() {
                (None, Note::DayOff)
            } else if paused {
                (None, Note::Paused)
            } else {
                counted += 1;
                let last = day.date == due.date;
                (Some(counted), if last { Note::Due } else { Note::Counted })
            }
        })
    }

    /// Explains [`Calendar::calendar_days_after`]: one line for each day from `start` to the due
    /// date, with the days passed over when the last day is a day off.
    ///
    /// # Errors
    /// [`CountError::OutOfRange`]; [`CountError::TooLongToExplain`] past [`MAX_EXPLAINED_DAYS`].
    pub fn explain_calendar_days(&self, start: NaiveDate, n: u32) -> Result<Vec<DayLine>, CountError> {
        let due = self.calendar_days_after(start, n)?;
        let mut counted = 0;
        self.lines(start, due.due, Unit::CalendarDays, |day| {
            if day.date <= due.raw_last_day {
                counted += 1;
            }
            let number = (day.date <= due.raw_last_day).then_some(counted);
            let note = if day.date == due.due {
                Note::Due
            } else if day.date == due.raw_last_day {
                Note::LastDayOff
            } else if number.is_none() {
                Note::PassedOver
            } else {
                Note::Counted
            };
            (number, note)
        })
    }

    /// Counts the calendar days to an end that was given rather than computed, for instance the announced
    /// last day of a consultation. Such a day may be a day off; nothing is passed over.
    ///
    /// # Errors
    /// [`CountError::TooLongToExplain`] past [`MAX_EXPLAINED_DAYS`].
    pub fn explain_until(&self, start: NaiveDate, end: NaiveDate) -> Result<Vec<DayLine>, CountError> {
        let mut counted = 0;
        self.lines(start, end, Unit::CalendarDays, |day| {
            counted += 1;
            (Some(counted), if day.date == end { Note::Due } else { Note::Counted })
        })
    }

    fn lines(
        &self,
        start: NaiveDate,
        end: NaiveDate,
        unit: Unit,
        mut judge: impl FnMut(&Day) -> (Option<u32>, Note),
    ) -> Result<Vec<DayLine>, CountError> {
        let days = (end - start).num_days();
        if days > MAX_EXPLAINED_DAYS {
            return Err(CountError::TooLongToExplain { days });
        }
        let line = |day: Day, (counted, note)| DayLine { date: day.date, day, counted, unit, note };
        let first = if start == end { Note::Due } else { Note::Start };
        let mut lines = vec![line(self.day(start), (None, first))];
        let after = start.iter_days().skip(1).take_while(|date| *date <= end);
        lines.extend(after.map(|date| {
            let day = self.day(date);
            let part = judge(&day);
            line(day, part)
        }));
        Ok(lines)
    }
}

impl DayLine {
    /// One line of Chinese, for instance `2026年3月2日 周一：第10个工作日，期限届满日，24:00截止`.
    pub fn zh(&self) -> String {
        const DAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        let weekday = self.date.weekday().num_days_from_monday() as usize;
        let weekday = DAYS.get(weekday).copied().unwrap_or_default();
        let mut parts = Vec::new();
        // An ordinary working day or weekend is already told by the day of the week.
        if self.day.is_named() {
            parts.push(self.day.status.zh());
        }
        if let Some(n) = self.counted {
            parts.push(match self.unit {
                Unit::WorkingDays => format!("第{n}个工作日"),
                Unit::CalendarDays => format!("第{n}日"),
            });
        }
        parts.extend(
            match self.note {
                Note::Start => Some("起算日，不计入"),
                Note::Counted => None,
                Note::DayOff => Some("不计入"),
                Note::Paused => Some("中止期间，不计入"),
                Note::LastDayOff => Some("期间最后一日为法定休假日，顺延"),
                Note::PassedOver => Some("顺延"),
                Note::Due => Some("期限届满日，24:00截止"),
            }
            .map(str::to_owned),
        );
        let mut text = format!("{} {weekday}：{}", civil::zh_date(self.date), parts.join("，"));
        if self.day.provisional {
            text.push_str("（暂按周末推算）");
        }
        text
    }

    /// One line of English, for instance
    /// `2 March 2026, Monday: working day 10, due date, ends at 24:00`.
    pub fn en(&self) -> String {
        let mut parts = Vec::new();
        if self.day.is_named() {
            parts.push(self.day.status.en());
        }
        if let Some(n) = self.counted {
            parts.push(match self.unit {
                Unit::WorkingDays => format!("working day {n}"),
                Unit::CalendarDays => format!("day {n}"),
            });
        }
        parts.extend(
            match self.note {
                Note::Start => Some("start, not counted"),
                Note::Counted => None,
                Note::DayOff => Some("not counted"),
                Note::Paused => Some("paused, not counted"),
                Note::LastDayOff => Some("last day, but a day off: the end moves on"),
                Note::PassedOver => Some("passed over"),
                Note::Due => Some("due date, ends at 24:00"),
            }
            .map(str::to_owned),
        );
        let mut text =
            format!("{}, {}: {}", civil::en_date(self.date), self.date.format("%A"), parts.join(", "));
        if self.day.provisional {
            text.push_str(" (provisional: only weekends are known)");
        }
        text
    }
}

/// The explanation in Chinese, one day a line.
pub fn render_zh(lines: &[DayLine]) -> String {
    lines.iter().map(DayLine::zh).collect::<Vec<_>>().join("\n")
}

/// The explanation in English, one day a line.
pub fn render_en(lines: &[DayLine]) -> String {
    lines.iter().map(DayLine::en).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default()
    }

    #[test]
    fn working_days_are_told_one_by_one() -> Result<(), CountError> {
        let pause = Pause { from: d(2026, 2, 12), until: d(2026, 2, 13) };
        let lines = Calendar::embedded().explain(d(2026, 2, 11), 3, &[pause])?;
        let text = render_zh(&lines);
        assert_eq!(
            text.lines().take(6).collect::<Vec<_>>(),
            [
                "2026年2月11日 周三：起算日，不计入",
                "2026年2月12日 周四：第1个工作日",
                "2026年2月13日 周五：中止期间，不计入",
                "2026年2月14日 周六：春节调休上班，第2个工作日",
                "2026年2月15日 周日：周末，不计入",
                "2026年2月16日 周一：春节放假，不计入",
            ]
        );
        assert_eq!(text.lines().last(), Some("2026年2月24日 周二：第3个工作日，期限届满日，24:00截止"));
        let english = render_en(&lines);
        assert!(english.contains("14 February 2026, Saturday: make-up working day (春节), working day 2\n"));
        assert!(english.ends_with("24 February 2026, Tuesday: working day 3, due date, ends at 24:00"));
        Ok(())
    }

    #[test]
    fn calendar_days_show_how_the_end_moves_on() -> Result<(), CountError> {
        let lines = Calendar::embedded().explain_calendar_days(d(2026, 9, 30), 2)?;
        let zh = render_zh(&lines);
        assert_eq!(lines.len(), 9);
        assert!(zh.contains("2026年10月2日 周五：国庆节放假，第2日，期间最后一日为法定休假日，顺延\n"));
        assert!(zh.contains("2026年10月3日 周六：周末，顺延\n"));
        assert!(zh.ends_with("2026年10月8日 周四：期限届满日，24:00截止"));
        Ok(())
    }

    #[test]
    fn a_year_without_a_notice_is_told_and_length_is_limited() -> Result<(), CountError> {
        let c = Calendar::embedded();
        let lines = c.explain(d(2026, 12, 31), 1, &[])?;
        assert_eq!(
            lines.last().map(DayLine::zh).as_deref(),
            Some("2027年1月1日 周五：第1个工作日，期限届满日，24:00截止（暂按周末推算）")
        );
        assert_eq!(c.explain(d(2026, 12, 31), 0, &[])?.len(), 1);
        assert!(matches!(c.explain(d(2026, 1, 1), 100_000, &[]), Err(CountError::TooLongToExplain { .. })));
        Ok(())
    }
}
