//! Reading a holiday table from CSV, with messages that an administrator can act on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

use super::civil::parse_date;
use super::lines::Lines;
use super::table::{DayKind, Holiday};

/// Why a table was refused: every problem found, in file order, none of the rows taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// Line in the file (the header is line 1) and what is wrong there.
    pub problems: Vec<(u64, ImportProblem)>,
}

/// One thing wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportProblem {
    /// The header lacks a column that must be there.
    MissingColumn(&'static str),
    /// The file has a header, or nothing, but no row.
    NoRows,
    /// The date is not a real day written `YYYY-MM-DD`.
    BadDate(String),
    /// The kind is neither `off` nor `work`.
    BadKind(String),
    /// The row does not name the holiday.
    NoName,
    /// The date stands in the file twice; the line where it stood first.
    Duplicate(NaiveDate, u64),
    /// The line is not CSV (a quote that never closes, for example).
    NotCsv(String),
}

/// Something unusual in a table that is accepted all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportWarning {
    /// A Monday to Friday marked `work`: it changes nothing unless it undoes an earlier `off`.
    WeekdayMarkedWork(NaiveDate),
    /// The year has no weekday off from 1 to 7 October (国庆节), which every notice has: the rows
    /// are probably only part of a notice, yet the year now counts as covered.
    LooksIncomplete(i32),
}

/// Reads a table with the columns `date,kind,name,source`, found by header name in any order;
/// more columns may stand beside them, and `source` may be missing.
///
/// Dates are civil days in Asia/Shanghai written `YYYY-MM-DD`; `kind` is `off` or `work`. A
/// weekend day marked `off` is allowed (some lists name every day of a holiday). What is unusual
/// but acceptable is told by [`warnings`].
///
/// # Errors
/// [`ImportError`] with every bad line, when any line is bad or there is no row at all.
pub fn parse_csv(text: &str) -> Result<Vec<Holiday>, ImportError> {
    // Spreadsheet programs put a byte-order mark first; it would hide the first column's name.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let one = |line, problem| ImportError { problems: vec![(line, problem)] };
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return Err(one(1, ImportProblem::NotCsv(error.to_string()))),
    };
    let find = |name: &str| header.iter().position(|h| h.eq_ignore_ascii_case(name));
    let column = |name| find(name).ok_or_else(|| one(1, ImportProblem::MissingColumn(name)));
    let columns = Columns {
        date: column("date")?,
        kind: column("kind")?,
        name: column("name")?,
        source: find("source"),
    };

    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut seen = BTreeMap::new();
    let mut lines = Lines::new(text);
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = lines.of(error.position());
                problems.push((line, ImportProblem::NotCsv(error.to_string())));
                continue;
            }
        };
        let line = lines.of(record.position());
        match columns.row(&record) {
            Err(problem) => problems.push((line, problem)),
            Ok(row) => match seen.insert(row.date, line) {
                Some(first) => {
                    problems.push((line, ImportProblem::Duplicate(row.date, first)));
                }
                None => rows.push(row),
            },
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push((1, ImportProblem::NoRows));
    }
    if problems.is_empty() { Ok(rows) } else { Err(ImportError { problems }) }
}

/// What is unusual in rows that were accepted, for the person who imports them to confirm.
pub fn warnings(rows: &[Holiday]) -> Vec<ImportWarning> {
    let mut found: Vec<_> = rows
        .iter()
        .filter(|row| row.kind == DayKind::Work && is_weekday(row.date))
        .map(|row| ImportWarning::WeekdayMarkedWork(row.date))
        .collect();
    let years: BTreeSet<i32> =
        rows.iter().filter(|row| row.date.month() < 12).map(|row| row.date.year()).collect();
    let whole: BTreeSet<i32> = rows
        .iter()
        .filter(|row| row.kind == DayKind::Off && is_weekday(row.date))
        .filter(|row| row.date.month() == 10 && row.date.day() <= 7)
        .map(|row| row.date.year())
        .collect();
    found.extend(years.difference(&whole).map(|year| ImportWarning::LooksIncomplete(*year)));
    found
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

struct Columns {
    date: usize,
    kind: usize,
    name: usize,
    source: Option<usize>,
}

impl Columns {
    fn row(&self, record: &csv::StringRecord) -> Result<Holiday, ImportProblem> {
        let field = |i| record.get(i).unwrap_or_default();
        let date = field(self.date);
        let date = parse_date(date).ok_or_else(|| ImportProblem::BadDate(date.to_owned()))?;
        let kind = match field(self.kind) {
            text if text.eq_ignore_ascii_case("off") => DayKind::Off,
            text if text.eq_ignore_ascii_case("work") => DayKind::Work,
            text => return Err(ImportProblem::BadKind(text.to_owned())),
        };
        let name = field(self.name);
        if name.is_empty() {
            return Err(ImportProblem::NoName);
        }
        Ok(Holiday {
            date,
            kind,
            name: name.to_owned(),
            source: self.source.map(field).unwrap_or_default().to_owned(),
        })
    }
}

impl ImportProblem {
    /// In Chinese, without the line number.
    pub fn zh(&self) -> String {
        match self {
            Self::MissingColumn(name) => format!("表头缺少“{name}”列"),
            Self::NoRows => "没有数据行".to_owned(),
            Self::BadDate(text) => format!("日期“{text}”无效，应写作 2026-03-05"),
            Self::BadKind(text) => format!("类型“{text}”无效，应为 off（放假）或 work（上班）"),
            Self::NoName => "缺少节日名称".to_owned(),
            Self::Duplicate(date, first) => format!("日期 {date} 重复，首次出现在第{first}行"),
            Self::NotCsv(text) => format!("不是有效的 CSV：{text}"),
        }
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingColumn(name) => write!(f, "the header has no column \"{name}\""),
            Self::NoRows => f.write_str("there is no row"),
            Self::BadDate(text) => write!(f, "\"{text}\" is not a date; write it 2026-03-05"),
            Self::BadKind(text) => write!(f, "kind \"{text}\" is neither off nor work"),
            Self::NoName => f.write_str("the row does not name the holiday"),
            Self::Duplicate(date, first) => write!(f, "{date} already stands on line {first}"),
            Self::NotCsv(text) => write!(f, "not CSV: {text}"),
        }
    }
}

impl ImportError {
    /// In Chinese, one problem a line: `第3行：…`.
    pub fn zh(&self) -> String {
        let lines = self.problems.iter();
        let lines: Vec<_> = lines.map(|(line, problem)| format!("第{line}行：{}", problem.zh())).collect();
        lines.join("\n")
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (line, problem)) in self.problems.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}line {line}: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ImportError {}

impl ImportWarning {
    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::WeekdayMarkedWork(date) => {
                format!("{date} 本来就是周一至周五，标为上班仅在更正此前的放假时有意义")
            }
            Self::LooksIncomplete(year) => {
                format!("{year}年没有国庆节放假，安排可能不完整，但该年将不再标为暂按周末推算")
            }
        }
    }
}

impl fmt::Display for ImportWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WeekdayMarkedWork(date) => {
                write!(f, "{date} is a Monday to Friday; \"work\" only matters where it undoes an \"off\"")
            }
            Self::LooksIncomplete(year) => write!(
                f,
                "{year} has no National Day holiday; the table may be incomplete, \
                 yet the year will no longer be marked provisional"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(u64, ImportProblem)> {
        parse_csv(text).map_or_else(|e| e.problems, |_| Vec::new())
    }

    #[test]
    fn columns_are_found_by_name_and_a_mark_or_crlf_does_not_matter() {
        let text = "\u{feff}note,Name,kind,date\r\n\r\nx, 元旦 ,OFF,2027-01-01\r\n";
        let rows = parse_csv(text).unwrap_or_default();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].name, "元旦");
        assert_eq!(rows[0].source, "");
    }

    #[test]
    fn every_bad_line_is_named() {
        let text = "date,kind,name,source\n\
            2027-01-01,off,元旦,s\n\
            2027-02-30,off,春节,s\n\
            2027-02-08,holiday,春节,s\n\
            2027-01-01,work,元旦,s\n\
            2027-02-09\n\
            2027-02-10,off,,s\n";
        let date = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap_or_default();
        assert_eq!(
            problems(text),
            [
                (3, ImportProblem::BadDate("2027-02-30".to_owned())),
                (4, ImportProblem::BadKind("holiday".to_owned())),
                (5, ImportProblem::Duplicate(date, 2)),
                (6, ImportProblem::BadKind(String::new())),
                (7, ImportProblem::NoName),
            ]
        );
        let error = ImportError { problems: problems(text) };
        assert!(error.to_string().starts_with("line 3: \"2027-02-30\" is not a date"));
        assert!(error.zh().contains("第5行：日期 2027-01-01 重复，首次出现在第2行"));
    }

    #[test]
    fn lines_are_those_of_an_editor() {
        let text = "\r\ndate,kind,name\r\n\r\n2027-01-01,off,\"元\r\n旦\"\r\n\r\nx,off,元旦\r\n";
        assert_eq!(problems(text), [(7, ImportProblem::BadDate("x".to_owned()))]);
    }

    #[test]
    fn a_table_without_columns_or_rows_is_refused() {
        assert_eq!(problems("date,name\n"), [(1, ImportProblem::MissingColumn("kind"))]);
        assert_eq!(problems(""), [(1, ImportProblem::MissingColumn("date"))]);
        assert_eq!(problems("date,kind,name,source\n"), [(1, ImportProblem::NoRows)]);
    }

    #[test]
    fn what_is_odd_is_accepted_and_told() {
        let text = "date,kind,name\n2027-01-01,work,元旦\n2027-01-02,off,元旦\n2026-10-01,off,国庆节\n";
        let rows = parse_csv(text).unwrap_or_default();
        assert_eq!(
            warnings(&rows),
            [ImportWarning::WeekdayMarkedWork(rows[0].date), ImportWarning::LooksIncomplete(2027)]
        );
        let embedded: Vec<_> = crate::calendar::HolidayTable::embedded().rows().cloned().collect();
        assert_eq!(warnings(&embedded), []);
    }
}
