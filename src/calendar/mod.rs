//! Days that count: civil days in Asia/Shanghai, working days (工作日) and legal periods (期间).
//!
//! What the law says, in plain words:
//!
//! - The day something starts is not counted; day 1 is the next day (开始的当日不计入,
//!   民法典 Art. 201(1)).
//! - A working day is a day that is not a statutory day off (法定休假日): Monday to Friday, less
//!   the days off of the State Council's yearly notice, plus the weekend days that the notice
//!   makes working days (调休上班). 行政许可法 Art. 82, 行政复议法 Art. 88, 民诉法 Art. 85(4).
//! - A period in calendar days whose last day is a day off ends on the first working day after it
//!   (顺延, 民法典 Art. 203(1)).
//! - A period in months ends on the corresponding day, or at the end of the month
//!   (民法典 Art. 202).
//! - The last day ends at 24:00 (民法典 Art. 203(2)).
//!
//! The notice is data ([`HolidayTable`]), embedded for 2014–2026 and extended by import. A year
//! without a notice is computed from weekends alone and everything that looked at it says so:
//! `provisional` (暂按周末推算). It is never silent.
//!
//! All counting is pure: no clock, no database, no I/O; only the import and its store touch the
//! database. A [`Calendar`] never changes after it is built, so share it in an `Arc`; a new table means a new calendar. Dates are civil days;
//! [`civil`] is the only bridge between them and instants.
//!
//! ```
//! use chrono::NaiveDate;
//! use jianyan::calendar::Calendar;
//!
//! let calendar = Calendar::embedded();
//! let issued = NaiveDate::from_ymd_opt(2026, 2, 10).unwrap_or_default();
//! let due = calendar.nth_working_day_after(issued, 10)?;
//! assert_eq!(due.date.to_string(), "2026-03-02"); // not 02-24: Spring Festival lies between
//! assert!(!due.provisional);
//! # Ok::<(), jianyan::calendar::CountError>(())
//! ```

pub mod api;
pub mod civil;
mod count;
mod day;
mod explain;
mod import;
mod import_op;
mod index;
mod lines;
pub mod page;
mod period;
pub mod store;
mod table;

pub use count::Calendar;
pub use day::{Day, DayStatus};
pub use explain::{DayLine, MAX_EXPLAINED_DAYS, Note, Unit, render_en, render_zh};
pub use import::{ImportError, ImportProblem, ImportWarning, parse_csv, warnings};
pub use import_op::{Imported, Preview, follow, import, preview, refresh};
pub(crate) use lines::Lines;
pub use period::{CalendarDue, CountError, Due, MAX_EXTENSION, Pause};
pub use table::{DayKind, Holiday, HolidayTable};

/// The covered years with the number of days that each one's notice names.
pub fn years(calendar: &Calendar) -> Vec<(i32, usize)> {
    let table = calendar.table();
    table.years().into_iter().map(|year| (year, table.of_year(year).count())).collect()
}
