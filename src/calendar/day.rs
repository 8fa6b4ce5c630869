//! What a single day is.

use chrono::NaiveDate;
use serde::Serialize;

/// One civil day and what it is in the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The civil day in Asia/Shanghai.
    pub date: NaiveDate,
    /// Working or off, and why. Serialised as `status` and, where there is one, `name`.
    #[serde(flatten)]
    pub status: DayStatus,
    /// True when the year has no State Council notice loaded, so that only weekends are known
    /// (暂按周末推算).
    pub provisional: bool,
}

/// Why a day is a working day (工作日) or a day off (法定休假日).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", content = "name", rename_all = "snake_case")]
pub enum DayStatus {
    /// An ordinary Monday to Friday.
    Working,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day off by the State Council's notice; the name of the holiday.
    Holiday(String),
    /// A weekend day made a working day by the notice (调休上班); the holiday it makes up for.
    MakeUp(String),
}

impl DayStatus {
    /// Whether people work on this day.
    pub fn is_working(&self) -> bool {
        matches!(self, Self::Working | Self::MakeUp(_))
    }

    /// In Chinese: `工作日`, `周末`, `春节放假`, `春节调休上班`.
    pub fn zh(&self) -> String {
        match self {
            Self::Working => "工作日".to_owned(),
            Self::Weekend => "周末".to_owned(),
            Self::Holiday(name) => format!("{name}放假"),
            Self::MakeUp(name) => format!("{name}调休上班"),
        }
    }

    /// In English; the name of the holiday stays as the notice gives it.
    pub fn en(&self) -> String {
        match self {
            Self::Working => "working day".to_owned(),
            Self::Weekend => "weekend".to_owned(),
            Self::Holiday(name) => format!("public holiday ({name})"),
            Self::MakeUp(name) => format!("make-up working day ({name})"),
        }
    }
}

impl Day {
    /// Whether the day of the week alone would not tell what the day is, or it is a day off.
    pub(super) fn is_named(&self) -> bool {
        self.status != DayStatus::Working
    }
}
