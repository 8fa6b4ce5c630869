//! What happens when: the content's days, counted from today, put in order.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::content::{Content, Decision, Step};
use super::{gathering, message, qa};
use crate::calendar::{Calendar, civil};
use entity::enums::StepKind;

/// One thing that somebody does; numbers are places in the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    PublishCatalogue,
    Adjust(usize),
    OpenConsultation(usize),
    Step(usize, usize),
    Opinion(usize),
    Review(usize),
    Answer(usize),
    Promulgate(usize, usize),
    Summarise(usize),
    Withdraw(usize, usize),
    /// Something of an event with the public.
    Gathering(usize, gathering::Act),
    Message(usize, message::Act),
    /// Something of an online session of questions and answers.
    Qa(usize, qa::Act),
}

pub struct Dates {
    pub calendar: Arc<Calendar>,
    pub today: NaiveDate,
}

impl Dates {
    pub fn day(&self, offset: i64) -> NaiveDate {
        let days = Days::new(offset.unsigned_abs());
        let day =
            if offset < 0 { self.today.checked_sub_days(days) } else { self.today.checked_add_days(days) };
        day.unwrap_or(self.today)
    }

    /// Working days before today where the content counts in them.
    pub fn step_day(&self, step: &Step) -> NaiveDate {
        let working = step.workday_offset.and_then(|n| u32::try_from(-n).ok());
        let working = working.and_then(|n| self.calendar.nth_working_day_before(self.today, n).ok());
        working.map_or_else(|| self.day(step.day_offset.unwrap_or(0)), |due| due.date)
    }
}

/// Everything up to now, in order.
pub fn events(content: &Content, days: &Dates, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Event)> {
    let mut events =
        vec![(civil::at(days.day(content.catalogue.published_offset), 10, 0), Event::PublishCatalogue)];
    for (i, adjustment) in content.catalogue.adjustment.iter().enumerate() {
        events.push((civil::at(days.day(adjustment.day_offset), 10, 0), Event::Adjust(i)));
    }
    for (i, decision) in content.decisions.iter().enumerate() {
        of_decision(&mut events, days, i, decision);
    }
    for (i, opinion) in content.opinions.iter().enumerate() {
        let Some(window) = content
            .decisions
            .iter()
            .find(|d| d.key == opinion.decision)
            .and_then(|d| d.consultation.as_ref())
        else {
            continue;
        };
        let day = days.day(window.opens_offset + opinion.day_offset);
        // Spread over the day, the same way at every start.
        let minute = u32::try_from(i).unwrap_or(0) * 37 % 720;
        let at = civil::at(day, 10 + minute / 60, minute % 60).min(now - chrono::TimeDelta::minutes(30));
        events.push((at, Event::Opinion(i)));
        if opinion.review != "pending"
            && let Ok(next) = days.calendar.nth_working_day_after(day, 1)
        {
            events.push((civil::at(next.date, 10, 30).max(at), Event::Review(i)));
        }
    }
    events.extend(gathering::acts(days).into_iter().map(|(at, i, act)| (at, Event::Gathering(i, act))));
    events.extend(qa::acts(days).into_iter().map(|(at, i, act)| (at, Event::Qa(i, act))));
    events.extend(message::events(content, days, now));
    events.retain(|(at, _)| *at <= now);
    events.sort_by_key(|(at, _)| *at);
    events
}

fn of_decision(events: &mut Vec<(DateTime<Utc>, Event)>, days: &Dates, i: usize, decision: &Decision) {
    if let Some(window) = &decision.consultation {
        events.push((civil::at(days.day(window.opens_offset), 9, 30), Event::OpenConsultation(i)));
    }
    let mut last = days.day(-249);
    for (j, step) in decision.steps.iter().enumerate() {
        if step.skipped {
            // Decided early on, once it is clear what the matter needs; what follows the issue, after it.
            let after = matches!(step.kind, StepKind::Interpretation | StepKind::Evaluation);
            let issued = decision.steps.iter().find(|s| s.kind == StepKind::Promulgated && after);
            let day = issued.map_or(last, |s| days.step_day(s));
            events.push((civil::at(day, if after { 17 } else { 11 }, 0), Event::Step(i, j)));
            continue;
        }
        let day = days.step_day(step);
        last = last.max(day);
        match step.kind {
            StepKind::Listed | StepKind::Consultation => {}
            StepKind::Promulgated => events.push((civil::at(day, 15, 0), Event::Promulgate(i, j))),
            StepKind::Summary => events.push((civil::at(day, 16, 0), Event::Summarise(i))),
            StepKind::Withdrawn => events.push((civil::at(day, 15, 0), Event::Withdraw(i, j))),
            StepKind::CollectiveDiscussion => {
                events.push((civil::at(days.day_before(day), 14, 0), Event::Answer(i)));
                events.push((civil::at(day, 14, 0), Event::Step(i, j)));
            }
            StepKind::Interpretation | StepKind::Evaluation => {
                events.push((civil::at(day, 17, 0), Event::Step(i, j)))
            }
            _ => events.push((civil::at(day, 14, 0), Event::Step(i, j))),
        }
    }
}

impl Dates {
    fn day_before(&self, day: NaiveDate) -> NaiveDate {
        day.pred_opt().unwrap_or(day)
    }
}
