//! Duties as the pages of every feature show them: one line, and behind it the count day by day.

use chrono::NaiveDate;
use entity::duty::Model;
use entity::enums::DutyKind;
use web::component::{self, DayKind, DayUnit, DutyLine};
use web::desk::review::Due;
use web::label::DutyState;
use web::lang::Lang;

use crate::app::App;
use crate::calendar::{self, DayStatus, Note};
use crate::duty::{self, Standing};
use crate::problem::Problem;

/// A duty with its count day by day, for a page about that one duty or its subject.
///
/// # Errors
/// The database's own.
pub async fn duty_line(app: &App, duty: &Model, lang: Lang) -> Result<DutyLine, Problem> {
    let days_explained = day_lines(app, duty, lang).await?;
    Ok(DutyLine { days_explained, ..short_line(app, duty, lang) })
}

/// The same without the count, for lists; asks no database.
pub fn short_line(app: &App, duty: &Model, lang: Lang) -> DutyLine {
    let today = app.today();
    let (state, unit, days) = words(duty::standing(&app.calendar(), duty, today), duty, today);
    let (title, rule) = (duty::kind_words(duty.kind), duty::rule_words(duty));
    DutyLine {
        title: lang.t(&title.zh, &title.en).to_owned(),
        state,
        due: duty.due_on,
        unit,
        days,
        done: duty.completed_on,
        rule: Some(lang.t(&rule.zh, &rule.en).to_owned()),
        provisional: duty.provisional && duty.state == entity::enums::DutyState::Open,
        days_explained: Vec::new(),
    }
}

/// An open duty in a few words, for a case on the desk and its line in a list; none for one that is over.
pub fn due(app: &App, lang: Lang, duty: &Model) -> Option<Due> {
    let until = lang.day_month(duty.due_on);
    let left = match lang {
        Lang::Zh => format!("{until} 24:00 前"),
        Lang::En => format!("by {until}, 24:00"),
    };
    let (state, words) = match duty::standing(&app.calendar(), duty, app.today()) {
        Standing::OnTime { .. } => (DutyState::OnTime, left),
        Standing::DueSoon { left: 0 } => (DutyState::DueSoon, lang.t("今天到期", "due today").to_owned()),
        // Every message is to be accepted within a day or so; "soon" would mark them all.
        Standing::DueSoon { .. } if duty.kind == DutyKind::MessageIntake => (DutyState::OnTime, left),
        Standing::DueSoon { .. } => (DutyState::DueSoon, left),
        Standing::Overdue { days } => (
            DutyState::Overdue,
            match lang {
                Lang::Zh => format!("应于 {until} 办结，已逾期 {}", lang.working_days(days)),
                Lang::En => format!("was due {until}, {} late", lang.working_days(days)),
            },
        ),
        Standing::DoneInTime { .. } | Standing::DoneLate { .. } | Standing::Cancelled => return None,
    };
    Some(Due { state, words })
}

/// The count of a duty day by day.
///
/// # Errors
/// The database's own.
pub async fn day_lines(app: &App, duty: &Model, lang: Lang) -> Result<Vec<component::DayLine>, Problem> {
    Ok(days(&duty::explain(app, duty).await?, lang))
}

/// Any count of the calendar, day by day.
pub fn days(lines: &[calendar::DayLine], lang: Lang) -> Vec<component::DayLine> {
    lines.iter().map(|line| day(line, lang)).collect()
}

fn day(line: &calendar::DayLine, lang: Lang) -> component::DayLine {
    let n = line.counted.unwrap_or(0);
    let status = lang.t(&line.day.status.zh(), &line.day.status.en()).to_owned();
    let off = match line.day.status {
        DayStatus::Holiday(_) => (DayKind::Holiday, status),
        _ => (DayKind::Weekend, String::new()),
    };
    let (kind, note) = match line.note {
        Note::Start => (DayKind::Start, String::new()),
        Note::Counted if matches!(line.day.status, DayStatus::MakeUp(_)) => {
            (DayKind::MakeUp(n), String::new())
        }
        Note::Counted => (DayKind::Counted(n), String::new()),
        Note::DayOff => off,
        Note::Paused => (DayKind::Paused, String::new()),
        Note::LastDayOff => (off.0, lang.t("最后一日为休息日，顺延", "last day off: moves on").to_owned()),
        Note::PassedOver => (off.0, lang.t("顺延", "passed over").to_owned()),
        Note::Due if line.counted.is_none() => (DayKind::Due(n), lang.t("到期", "due").to_owned()),
        Note::Due => (DayKind::Due(n), String::new()),
    };
    component::DayLine { date: line.date, kind, note }
}

/// A number of days must say something: over a weekend the working days left or late are none, so
/// calendar days are told instead.
fn words(standing: Standing, duty: &Model, today: NaiveDate) -> (DutyState, DayUnit, i64) {
    let calendar_days = (duty.due_on - today).num_days().abs();
    let (state, days) = match standing {
        Standing::OnTime { left } => (DutyState::OnTime, left),
        Standing::DueSoon { left } => (DutyState::DueSoon, left),
        Standing::Overdue { days } => (DutyState::Overdue, days),
        Standing::DoneInTime { .. } => return (DutyState::DoneInTime, DayUnit::Working, 0),
        Standing::DoneLate { on, days: 0 } => {
            return (DutyState::DoneLate, DayUnit::Calendar, (on - duty.due_on).num_days());
        }
        Standing::DoneLate { days, .. } => return (DutyState::DoneLate, DayUnit::Working, days),
        Standing::Cancelled => return (DutyState::Cancelled, DayUnit::Working, 0),
    };
    if days == 0 { (state, DayUnit::Calendar, calendar_days) } else { (state, DayUnit::Working, days) }
}
