//! The timeline of a decision, or of one opinion: what happened, what is going on, what will come, what
//! was left out and why.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{DutyLine, duty};
use crate::{
    icon::icon,
    label::StepState,
    lang::{Lang, iso},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct TimelineStep {
    pub title: String,
    pub state: StepState,
    pub date: Option<NaiveDate>,
    /// Used instead of the date where more than a day must be said (`进行中，至 12月4日`).
    pub when: Option<String>,
    /// What it means, or for a skipped step the published reason.
    pub note: Option<String>,
    pub href: Option<Href>,
    /// The duty that hangs on this step.
    pub duty: Option<DutyLine>,
}

impl TimelineStep {
    #[must_use]
    pub fn new(title: impl Into<String>, state: StepState) -> Self {
        Self { title: title.into(), state, date: None, when: None, note: None, href: None, duty: None }
    }

    #[must_use]
    pub fn on(mut self, date: NaiveDate) -> Self {
        self.date = Some(date);
        self
    }

    #[must_use]
    pub fn when(mut self, when: impl Into<String>) -> Self {
        self.when = Some(when.into());
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub fn link(mut self, href: impl Into<Href>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn duty(mut self, line: DutyLine) -> Self {
        self.duty = Some(line);
        self
    }
}

#[must_use]
pub fn timeline(lang: Lang, steps: &[TimelineStep]) -> Markup {
    html! {
        ol.timeline {
            @for step in steps {
                li class={ "step step-" (class(step.state)) } aria-current=[(step.state == StepState::Current).then_some("step")] {
                    span.step-mark { (icon(step.state.icon())) }
                    div.step-body { (one_step(lang, step)) }
                }
            }
        }
    }
}

fn one_step(lang: Lang, step: &TimelineStep) -> Markup {
    html! {
        p.step-title {
            @if let Some(href) = &step.href { a href=(href) { (step.title) } } @else { (step.title) }
            @if step.state == StepState::Skipped {
                span.step-word { (step.state.word(lang)) }
            } @else {
                span.sr { "（" (step.state.word(lang)) "）" }
            }
        }
        @if let Some(when) = &step.when {
            p.step-when { (when) }
        } @else if let Some(date) = step.date {
            p.step-when { time datetime=(iso(date)) { (lang.date(date)) } }
        }
        @if let Some(note) = &step.note { p.step-note { (note) } }
        @if let Some(line) = &step.duty { (duty(lang, line)) }
    }
}

fn class(state: StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::Current => "current",
        StepState::Upcoming => "upcoming",
        StepState::Skipped => "skipped",
    }
}
