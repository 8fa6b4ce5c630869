//! The answers of a count and the ways in which it can fail.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The longest extension (延期) in working days: 政府信息公开条例 (国务院令第711号) Art. 33(2).
pub const MAX_EXTENSION: u32 = 20;

/// A due date in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Due {
    /// The last day, a civil day in Asia/Shanghai; it ends at 24:00.
    pub date: NaiveDate,
    /// True when a day that was looked at lies in a year without a notice (暂按周末推算).
    pub provisional: bool,
}

/// A due date in calendar days or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CalendarDue {
    /// The last day as counted, before it is moved off a day off.
    pub raw_last_day: NaiveDate,
    /// The last day, a civil day in Asia/Shanghai; it ends at 24:00.
    pub due: NaiveDate,
    /// Whether the two differ (顺延 forwards; 提前 for a backward period).
    pub rolled: bool,
    /// True when a day that was looked at lies in a year without a notice (暂按周末推算).
    pub provisional: bool,
}

/// A time that does not count (中止), for instance while a third party is asked for its opinion
/// (征求第三方意见, 政府信息公开条例 Art. 33(3)).
///
/// Working days d with `from < d <= until` are skipped. An `until` that is not after `from` skips
/// nothing. Pauses may overlap and come in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// The day the question was sent; it still counts.
    pub from: NaiveDate,
    /// The day the answer came; the last day that does not count.
    pub until: NaiveDate,
}

/// Why a count has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountError {
    /// The answer lies outside the years that dates can express (about ±262,000).
    OutOfRange,
    /// The extension is longer than the law allows.
    ExtensionTooLong {
        /// Working days asked for.
        asked: u32,
    },
    /// The explanation would have more lines than anyone reads.
    TooLongToExplain {
        /// Days between start and due date.
        days: i64,
    },
}

impl CountError {
    /// In Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::OutOfRange => "日期超出可计算范围".to_owned(),
            Self::ExtensionTooLong { asked } => {
                format!("延长期限最长{MAX_EXTENSION}个工作日，不能延长{asked}个工作日")
            }
            Self::TooLongToExplain { days } => format!("期限长达{days}日，不逐日说明"),
        }
    }
}

impl fmt::Display for CountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange => f.write_str("the date lies outside the range that can be computed"),
            Self::ExtensionTooLong { asked } => {
                write!(f, "an extension is at most {MAX_EXTENSION} working days, not {asked}")
            }
            Self::TooLongToExplain { days } => {
                write!(f, "a period of {days} days is too long to explain day by day")
            }
        }
    }
}

impl std::error::Error for CountError {}
