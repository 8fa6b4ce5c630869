//! The two languages of the frame, and how dates and counts are written in each.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Chinese is the first language; English covers the frame, never the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// Picks the text of this language.
    #[must_use]
    pub fn t<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The value of the `lang` attribute of the document.
    #[must_use]
    pub fn html_tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The `lang` attribute of content from the database, needed only where the frame is not Chinese:
    /// a screen reader would otherwise read Chinese text with an English voice.
    #[must_use]
    pub fn content(self) -> Option<&'static str> {
        match self {
            Self::Zh => None,
            Self::En => Some("zh-CN"),
        }
    }

    /// `2026年3月5日` / `5 March 2026`
    #[must_use]
    pub fn date(self, d: NaiveDate) -> String {
        match self {
            Self::Zh => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
            Self::En => format!("{} {} {}", d.day(), month(d), d.year()),
        }
    }

    /// `3月5日` / `5 March`, for places where the year is plain from the context.
    #[must_use]
    pub fn day_month(self, d: NaiveDate) -> String {
        match self {
            Self::Zh => format!("{}月{}日", d.month(), d.day()),
            Self::En => format!("{} {}", d.day(), month(d)),
        }
    }

    /// A local time: `2026年3月5日 15:42` / `5 March 2026, 15:42`
    #[must_use]
    pub fn date_time(self, t: NaiveDateTime) -> String {
        let sep = self.t(" ", ", ");
        format!("{}{sep}{:02}:{:02}", self.date(t.date()), t.hour(), t.minute())
    }

    /// The end of a period. The day alone misleads: a resident must know that the day itself counts.
    #[must_use]
    pub fn deadline(self, d: NaiveDate) -> String {
        match self {
            Self::Zh => format!("{} 24:00（北京时间）", self.date(d)),
            Self::En => format!("{}, 24:00 (Beijing time)", self.date(d)),
        }
    }

    /// `2026年11月2日 至 2026年12月4日 24:00（北京时间）`
    #[must_use]
    pub fn period(self, from: NaiveDate, to: NaiveDate) -> String {
        format!("{} {} {}", self.date(from), self.t("至", "to"), self.deadline(to))
    }

    /// `3 天` / `1 day` / `3 days`
    #[must_use]
    pub fn days(self, n: i64) -> String {
        self.counted(n, "天", "day", "days")
    }

    /// `3 个工作日` / `3 working days`
    #[must_use]
    pub fn working_days(self, n: i64) -> String {
        self.counted(n, "个工作日", "working day", "working days")
    }

    /// A number with its unit; English needs the plural.
    #[must_use]
    pub fn counted(self, n: i64, zh: &str, one: &str, many: &str) -> String {
        match self {
            Self::Zh => format!("{n} {zh}"),
            Self::En if n == 1 => format!("{n} {one}"),
            Self::En => format!("{n} {many}"),
        }
    }

    /// `周三` / `Wed`
    #[must_use]
    pub fn weekday(self, d: NaiveDate) -> &'static str {
        let i = d.weekday().num_days_from_monday() as usize;
        let names = match self {
            Self::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
            Self::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        names.get(i).copied().unwrap_or_default()
    }
}

/// `2026-03-05 15:42`: the form that government sites must use for the time of publishing (WS-04, WS-06).
#[must_use]
pub fn stamp(t: NaiveDateTime) -> String {
    t.format("%Y-%m-%d %H:%M").to_string()
}

/// `2026-03-05`, for `<time datetime>` and date fields.
#[must_use]
pub fn iso(d: NaiveDate) -> String {
    d.format("%Y-%m-%d").to_string()
}

fn month(d: NaiveDate) -> &'static str {
    MONTHS.get(d.month0() as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()
    }

    #[test]
    fn an_end_names_the_hour_and_the_place() {
        assert_eq!(Lang::Zh.deadline(day()), "2026年3月5日 24:00（北京时间）");
        assert_eq!(Lang::En.deadline(day()), "5 March 2026, 24:00 (Beijing time)");
    }

    #[test]
    fn english_counts_have_plurals() {
        assert_eq!(Lang::En.days(1), "1 day");
        assert_eq!(Lang::En.working_days(3), "3 working days");
        assert_eq!(Lang::Zh.working_days(1), "1 个工作日");
    }

    #[test]
    fn published_time_is_written_as_the_site_rules_ask() {
        assert_eq!(stamp(day().and_hms_opt(9, 5, 0).unwrap()), "2026-03-05 09:05");
    }
}
