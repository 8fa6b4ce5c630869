//! The holiday table (节假日安排): the State Council's yearly notices as rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::import::parse_csv;

/// The embedded table, 2014–2026. Source: PyPI `chinesecalendar` 1.11.0, see `README.md` beside it.
const EMBEDDED: &str = include_str!("holidays.csv");

/// Whether the notice makes a day off or a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A day off (放假).
    Off,
    /// A working day (调休上班).
    Work,
}

/// One row of the table: a day that the notice names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The civil day in Asia/Shanghai.
    pub date: NaiveDate,
    /// Off or working.
    pub kind: DayKind,
    /// The holiday, as the notice names it: 春节, 国庆节, …
    pub name: String,
    /// Where the row comes from, usually the address of the notice.
    pub source: String,
}

/// Rows by date, at most one a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HolidayTable {
    rows: BTreeMap<NaiveDate, Holiday>,
}

impl HolidayTable {
    /// A table of these rows; of two rows for one date the later one stays.
    pub fn new(rows: impl IntoIterator<Item = Holiday>) -> Self {
        Self::default().merged(rows)
    }

    /// The table shipped with the program, 2014–2026.
    pub fn embedded() -> Self {
        // A test holds the file to 310 good rows. Were it broken all the same, an empty table
        // would mark every answer provisional, which is honest; a panic would stop the service.
        Self::new(parse_csv(EMBEDDED).unwrap_or_default())
    }

    /// This table with `rows` laid over it: for a date in both, the new row wins.
    ///
    /// Rows of the same year that are not named again stay. To undo one, lay over it what the day
    /// would be without it: `work` on a weekday, `off` on a weekend day.
    #[must_use]
    pub fn merged(mut self, rows: impl IntoIterator<Item = Holiday>) -> Self {
        self.rows.extend(rows.into_iter().map(|row| (row.date, row)));
        self
    }

    /// The row of a date, if the notice names it.
    pub fn get(&self, date: NaiveDate) -> Option<&Holiday> {
        self.rows.get(&date)
    }

    /// All rows, by date.
    pub fn rows(&self) -> impl Iterator<Item = &Holiday> {
        self.rows.values()
    }

    /// The rows of one year, by date.
    pub fn of_year(&self, year: i32) -> impl Iterator<Item = &Holiday> {
        self.rows.values().filter(move |row| row.date.year() == year)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the table has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The covered years, ascending: those whose notice is loaded.
    ///
    /// A year is covered when it has a row before 1 December. A December row alone belongs to the
    /// notice of the next year and says nothing about the eleven months before it.
    pub fn years(&self) -> Vec<i32> {
        self.rows
            .keys()
            .filter(|date| date.month() < 12)
            .map(Datelike::year)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(date: &str, kind: DayKind) -> Holiday {
        Holiday {
            date: date.parse().unwrap_or_default(),
            kind,
            name: "测试".to_owned(),
            source: String::new(),
        }
    }

    #[test]
    fn the_embedded_table_is_whole() {
        let table = HolidayTable::embedded();
        assert_eq!(table.len(), 310);
        assert_eq!(table.years(), (2014..=2026).collect::<Vec<_>>());
        assert_eq!(table.rows().filter(|r| r.kind == DayKind::Off).count(), 230);
        let with_address = table.rows().filter(|r| r.source.contains("gov.cn/"));
        assert_eq!(with_address.count(), 306);
    }

    #[test]
    fn imported_rows_win_date_by_date() {
        let table = HolidayTable::embedded()
            .merged([row("2026-01-02", DayKind::Work), row("2027-01-01", DayKind::Off)]);
        let date = |s: &str| s.parse::<NaiveDate>().unwrap_or_default();
        assert_eq!(table.get(date("2026-01-02")).map(|r| r.kind), Some(DayKind::Work));
        assert_eq!(table.get(date("2026-01-01")).map(|r| r.name.as_str()), Some("元旦"));
        assert_eq!(table.len(), 311);
        assert_eq!(table.years().last(), Some(&2027));
    }

    #[test]
    fn a_december_row_does_not_cover_its_year() {
        let table = HolidayTable::new([row("2030-12-31", DayKind::Off), row("2031-01-01", DayKind::Off)]);
        assert_eq!(table.years(), [2031]);
        assert!(HolidayTable::default().is_empty());
    }
}
