//! The API of working days and holidays. Counting is open to everybody: a due date that can be checked by
//! anybody needs no trust.

use chrono::{DateTime, NaiveDate, Utc};
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::{Calendar, DayKind, DayLine, Note, civil, years};
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::problem::Problem;

/// Periods in one request.
const MAX_PERIODS: usize = 1000;
/// Duties named in the answer of an import; the rest are counted.
const MAX_MOVED: usize = 100;

pub struct Api;

/// A period to count.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct WorkdayPeriodIn {
    /// The day the period starts; it does not count and may be a day off.
    start: NaiveDate,
    /// How many days.
    days: u32,
    /// Count calendar days; when the last one is a day off, the end moves to the next working day.
    #[oai(default)]
    calendar_days: bool,
}

/// The end of a period.
#[derive(Object)]
struct WorkdayDue {
    start: NaiveDate,
    days: u32,
    calendar_days: bool,
    /// The last day; it ends at 24:00 in Asia/Shanghai.
    due: NaiveDate,
    /// The moment the last day is over.
    ends_at: DateTime<Utc>,
    /// In calendar days: the last day as counted, before it moved off a day off.
    #[oai(skip_serializing_if_is_none)]
    raw_last_day: Option<NaiveDate>,
    /// A year of the period has no holiday notice yet; only weekends were taken into account (暂按周末推算).
    provisional: bool,
    /// The count day by day.
    #[oai(skip_serializing_if_is_none)]
    explanation: Option<Vec<WorkdayLine>>,
}

/// A day of an explanation.
#[derive(Object)]
struct WorkdayLine {
    date: NaiveDate,
    /// Whether people work on this day.
    working: bool,
    /// The number of the day in the period; absent when it does not count.
    #[oai(skip_serializing_if_is_none)]
    counted: Option<u32>,
    note: WorkdayNote,
    text: String,
    text_en: String,
}

/// The part a day plays in a period.
#[derive(Enum)]
#[oai(rename_all = "snake_case")]
enum WorkdayNote {
    Start,
    Counted,
    DayOff,
    Paused,
    LastDayOff,
    PassedOver,
    Due,
}

/// A year whose holiday notice is loaded.
#[derive(Object)]
struct CalendarYear {
    year: i32,
    /// Days off and make-up working days that the notice names.
    days: usize,
}

/// A day that the State Council's notice names.
#[derive(Object)]
struct CalendarDay {
    date: NaiveDate,
    kind: entity::enums::DayKind,
    name: String,
    source: String,
}

/// A holiday table to import.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct CalendarImportIn {
    /// CSV with the columns `date,kind,name,source`; `kind` is `off` or `work`.
    csv: String,
    /// Only say what would change.
    #[oai(default)]
    dry_run: bool,
}

/// What an import changed, or would change.
#[derive(Object)]
struct CalendarImportOut {
    rows: usize,
    years: Vec<i32>,
    /// What is unusual in the table, in Chinese.
    warnings: Vec<String>,
    warnings_en: Vec<String>,
    /// How many open duties have another due day.
    moved_count: usize,
    /// The first 100 of them.
    moved: Vec<CalendarMove>,
}

/// A duty whose due day moved.
#[derive(Object)]
struct CalendarMove {
    duty: entity::id::DutyId,
    title: String,
    old_due: NaiveDate,
    new_due: NaiveDate,
}

#[OpenApi(tag = "Area::Duty")]
impl Api {
    /// 计算期限届满日 The last day of a period, explained day by day
    #[oai(path = "/workdays/due", method = "get", operation_id = "getWorkdayDue")]
    async fn due(
        &self,
        Data(app): Data<&App>,
        /// 起算日（不计入） The day the period starts; it does not count.
        start: Query<NaiveDate>,
        /// 天数 How many days.
        days: Query<u32>,
        /// 按自然日计算 Count calendar days.
        #[oai(default)]
        calendar_days: Query<bool>,
        /// 逐日说明 Explain day by day; at most ten years.
        #[oai(default = "yes")]
        explain: Query<bool>,
    ) -> Result<Json<WorkdayDue>, Problem> {
        let period = WorkdayPeriodIn { start: start.0, days: days.0, calendar_days: calendar_days.0 };
        Ok(Json(count(&app.calendar(), &period, explain.0)?))
    }

    /// 批量计算期限届满日 The last days of up to 1000 periods
    #[oai(path = "/workdays/due", method = "post", operation_id = "countWorkdays")]
    async fn due_of_many(
        &self,
        Data(app): Data<&App>,
        Json(periods): Json<Vec<WorkdayPeriodIn>>,
    ) -> Result<Json<Vec<WorkdayDue>>, Problem> {
        if periods.len() > MAX_PERIODS {
            return Err(Problem::invalid(
                "periods",
                format!("一次最多 {MAX_PERIODS} 项"),
                format!("At most {MAX_PERIODS} at once"),
            ));
        }
        let calendar = app.calendar();
        let answers = periods.iter().enumerate().map(|(i, period)| {
            count(&calendar, period, false).map_err(|mut problem| {
                for field in &mut problem.fields {
                    field.field = format!("[{i}].days").into();
                }
                problem
            })
        });
        Ok(Json(answers.collect::<Result<_, _>>()?))
    }

    /// 已有放假安排的年份 Years whose holiday notice is loaded
    #[oai(path = "/calendar/years", method = "get", operation_id = "listCalendarYears")]
    async fn years(&self, Data(app): Data<&App>) -> Result<Json<Vec<CalendarYear>>, Problem> {
        let years = years(&app.calendar()).into_iter();
        Ok(Json(years.map(|(year, days)| CalendarYear { year, days }).collect()))
    }

    /// 某年的放假与调休上班日 Days off and make-up working days of a year
    #[oai(path = "/calendar/days", method = "get", operation_id = "listCalendarDays")]
    async fn days(&self, Data(app): Data<&App>, year: Query<i32>) -> Result<Json<Vec<CalendarDay>>, Problem> {
        let calendar = app.calendar();
        let rows = calendar.table().of_year(year.0).map(|row| CalendarDay {
            date: row.date,
            kind: match row.kind {
                DayKind::Off => entity::enums::DayKind::Off,
                DayKind::Work => entity::enums::DayKind::Work,
            },
            name: row.name.clone(),
            source: row.source.clone(),
        });
        Ok(Json(rows.collect()))
    }

    /// 导入放假安排 Import a holiday notice; open duties are counted again
    #[oai(path = "/calendar/import", method = "post", operation_id = "importCalendar")]
    async fn import(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        Json(input): Json<CalendarImportIn>,
    ) -> Result<Json<CalendarImportOut>, Problem> {
        let (rows, years, warnings, moves, moved_count) = if input.dry_run {
            let p = super::preview(app, &token.0, &input.csv).await?;
            (p.rows.len(), p.years, p.warnings, p.moves, p.moved)
        } else {
            let done = super::import(app, &token.0, &input.csv).await?;
            let moved = done.moves.len();
            (done.rows, done.years, done.warnings, done.moves, moved)
        };
        Ok(Json(CalendarImportOut {
            rows,
            years,
            warnings: warnings.iter().map(super::ImportWarning::zh).collect(),
            warnings_en: warnings.iter().map(ToString::to_string).collect(),
            moved_count,
            moved: moves.into_iter().take(MAX_MOVED).map(moved_duty).collect(),
        }))
    }
}

fn yes() -> bool {
    true
}

fn moved_duty(step: crate::duty::Move) -> CalendarMove {
    CalendarMove {
        duty: step.duty.id,
        title: step.duty.title,
        old_due: step.duty.due_on,
        new_due: step.due.date,
    }
}

fn count(calendar: &Calendar, period: &WorkdayPeriodIn, explain: bool) -> Result<WorkdayDue, Problem> {
    let &WorkdayPeriodIn { start, days, calendar_days } = period;
    let (due, raw_last_day, provisional) = if calendar_days {
        let due = calendar.calendar_days_after(start, days)?;
        (due.due, Some(due.raw_last_day), due.provisional)
    } else {
        let due = calendar.nth_working_day_after(start, days)?;
        (due.date, None, due.provisional)
    };
    let explanation = if !explain {
        None
    } else if calendar_days {
        Some(calendar.explain_calendar_days(start, days)?)
    } else {
        Some(calendar.explain(start, days, &[])?)
    };
    let explanation = explanation.map(|lines| lines.iter().map(line).collect());
    let ends_at = civil::end_of_day(due);
    Ok(WorkdayDue { start, days, calendar_days, due, ends_at, raw_last_day, provisional, explanation })
}

fn line(line: &DayLine) -> WorkdayLine {
    WorkdayLine {
        date: line.date,
        working: line.day.status.is_working(),
        counted: line.counted,
        note: match line.note {
            Note::Start => WorkdayNote::Start,
            Note::Counted => WorkdayNote::Counted,
            Note::DayOff => WorkdayNote::DayOff,
            Note::Paused => WorkdayNote::Paused,
            Note::LastDayOff => WorkdayNote::LastDayOff,
            Note::PassedOver => WorkdayNote::PassedOver,
            Note::Due => WorkdayNote::Due,
        },
        text: line.zh(),
        text_en: line.en(),
    }
}
