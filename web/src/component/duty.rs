//! A duty in one line: what, by when, how long still; and behind it the count day by day, so that anybody
//! can check the date.

use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

use crate::{
    label::{DutyState, Tone},
    lang::{Lang, iso},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayUnit {
    Calendar,
    Working,
}

#[derive(Clone, Debug)]
pub struct DutyLine {
    /// `公布意见采纳情况`
    pub title: String,
    pub state: DutyState,
    pub due: NaiveDate,
    pub unit: DayUnit,
    /// Days left, or late when overdue or done late; never negative.
    pub days: i64,
    pub done: Option<NaiveDate>,
    /// The rule in a sentence with its source.
    pub rule: Option<String>,
    /// The holidays of that year are not yet announced: the date may move.
    pub provisional: bool,
    /// The count day by day; empty leaves the explanation out.
    pub days_explained: Vec<DayLine>,
}

/// What a day is in the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// The day the count starts from; it does not count itself.
    Start,
    /// Counted, with its number.
    Counted(u32),
    /// A Saturday or Sunday.
    Weekend,
    /// A public holiday.
    Holiday,
    /// A weekend day made a working day, counted.
    MakeUp(u32),
    /// The count stood still.
    Paused,
    /// Counted, and the last.
    Due(u32),
}

#[derive(Clone, Debug)]
pub struct DayLine {
    pub date: NaiveDate,
    pub kind: DayKind,
    /// The holiday's name, or any other word; empty for the usual one.
    pub note: String,
}

#[must_use]
pub fn duty(lang: Lang, line: &DutyLine) -> Markup {
    html! {
        div class={ "duty duty-" (line.state.tone().class()) } {
            p.duty-line {
                (line.state.badge(lang))
                span.duty-title { (line.title) }
                span.duty-when { (when(lang, line)) }
            }
            @if line.provisional { p.small { (lang.t("下一年度放假安排公布前，此日期为暂定。", "Provisional until next year's holidays are announced.")) } }
            @if let Some(rule) = &line.rule { p.small.duty-rule { (rule) } }
            @if !line.days_explained.is_empty() {
                details.explain {
                    summary { (lang.t("这个日期是怎么算的", "How this date was counted")) }
                    (duty_days(lang, &line.days_explained))
                }
            }
        }
    }
}

fn when(lang: Lang, line: &DutyLine) -> Markup {
    let n = match line.unit {
        DayUnit::Calendar => lang.days(line.days),
        DayUnit::Working => lang.working_days(line.days),
    };
    let due = lang.date(line.due);
    let done = line.done.map(|d| lang.date(d)).unwrap_or_default();
    let text = match (line.state, lang) {
        (DutyState::OnTime | DutyState::DueSoon, _) if line.days == 0 => {
            format!("{}{due} 24:00", lang.t("今天到期：", "due today: "))
        }
        (DutyState::OnTime | DutyState::DueSoon, Lang::Zh) => format!("应于 {due} 前，还剩 {n}"),
        (DutyState::OnTime | DutyState::DueSoon, Lang::En) => format!("due {due}, {n} left"),
        (DutyState::Overdue, Lang::Zh) => format!("应于 {due} 前，已逾期 {n}"),
        (DutyState::Overdue, Lang::En) => format!("was due {due}, {n} overdue"),
        (DutyState::Paused, Lang::Zh) => format!("期限中止，中止前还剩 {n}"),
        (DutyState::Paused, Lang::En) => format!("paused with {n} left"),
        (DutyState::DoneInTime, Lang::Zh) => format!("{done} 完成（期限 {due}）"),
        (DutyState::DoneInTime, Lang::En) => format!("done {done} (due {due})"),
        (DutyState::DoneLate, Lang::Zh) => format!("{done} 完成，逾期 {n}（期限 {due}）"),
        (DutyState::DoneLate, Lang::En) => format!("done {done}, {n} late (due {due})"),
        (DutyState::Cancelled, Lang::Zh) => format!("不再需要办理（原期限 {due}）"),
        (DutyState::Cancelled, Lang::En) => format!("no longer needed (was due {due})"),
    };
    html! { time datetime=(iso(line.due)) { (text) } }
}

/// How long still, or how late, in a few words for a table that has the due day in a column of its own.
#[must_use]
pub fn duty_left(lang: Lang, line: &DutyLine) -> String {
    let n = match line.unit {
        DayUnit::Calendar => lang.days(line.days),
        DayUnit::Working => lang.working_days(line.days),
    };
    let done = line.done.map(|d| lang.day_month(d)).unwrap_or_default();
    match (line.state, lang) {
        (DutyState::OnTime | DutyState::DueSoon, _) if line.days == 0 => {
            lang.t("今天到期", "due today").to_owned()
        }
        (DutyState::OnTime | DutyState::DueSoon | DutyState::Paused, Lang::Zh) => format!("还剩 {n}"),
        (DutyState::OnTime | DutyState::DueSoon | DutyState::Paused, Lang::En) => format!("{n} left"),
        (DutyState::Overdue, Lang::Zh) => format!("逾期 {n}"),
        (DutyState::Overdue, Lang::En) => format!("{n} overdue"),
        (DutyState::DoneInTime, Lang::Zh) => format!("{done}完成"),
        (DutyState::DoneInTime, Lang::En) => format!("done {done}"),
        (DutyState::DoneLate, Lang::Zh) => format!("{done}完成，逾期 {n}"),
        (DutyState::DoneLate, Lang::En) => format!("done {done}, {n} late"),
        (DutyState::Cancelled, _) => String::new(),
    }
}

/// The count as a small calendar, Monday to Sunday: each day says whether it counts and why not.
#[must_use]
pub fn duty_days(lang: Lang, days: &[DayLine]) -> Markup {
    html! {
        ol.days {
            @for (i, day) in days.iter().enumerate() {
                @let column = (i == 0).then(|| format!(" days-from-{}", day.date.weekday().number_from_monday()));
                li class={ "day day-" (class(day.kind)) @if let Some(c) = column { (c) } } {
                    time.day-date datetime=(iso(day.date)) {
                        (day.date.month()) "/" (day.date.day()) " " span.day-week { (lang.weekday(day.date)) }
                    }
                    span.day-word { (word(lang, day)) }
                }
            }
        }
    }
}

fn class(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Start => "start",
        DayKind::Counted(_) => "counted",
        DayKind::Weekend | DayKind::Holiday => "off",
        DayKind::MakeUp(_) => "makeup",
        DayKind::Paused => "paused",
        DayKind::Due(_) => "due",
    }
}

fn word(lang: Lang, day: &DayLine) -> String {
    let nth = |n: u32| match lang {
        Lang::Zh => format!("第 {n} 天"),
        Lang::En => format!("day {n}"),
    };
    let usual = match day.kind {
        DayKind::Start => lang.t("起算日，不计", "start, not counted").to_owned(),
        DayKind::Counted(n) => nth(n),
        DayKind::Weekend => lang.t("周末", "weekend").to_owned(),
        DayKind::Holiday => lang.t("放假", "holiday").to_owned(),
        DayKind::MakeUp(n) => format!("{} {}", lang.t("调休", "make-up,"), nth(n)),
        DayKind::Paused => lang.t("中止", "paused").to_owned(),
        DayKind::Due(n) => format!("{} {}", nth(n), lang.t("到期", "due")),
    };
    if day.note.is_empty() { usual } else { day.note.clone() }
}

/// Whether a duty asks for attention.
impl DutyLine {
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        self.state.tone() == Tone::Warn
    }
}
