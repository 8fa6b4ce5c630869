//! Asking about one's data what the site cannot do by itself; the page behind its lookup code.

use entity::enums::DataRight;
use web::form::{Choice, FormState};
use web::person::{AskView, InquiryView};

use super::inquiry::{LONGEST, Opened};
use super::words::{outcome_words, right_words};
use crate::app::App;
use crate::calendar::civil;
use crate::http::lang_words;
use crate::http::visitor::Visitor;

/// The form.
pub(super) fn form(app: &App, visitor: &Visitor, state: FormState) -> AskView {
    let choice =
        |right: &DataRight| Choice::new(right.as_str(), lang_words(visitor.lang, &right_words(*right)));
    AskView {
        csrf: visitor.csrf().to_owned(),
        kinds: DataRight::ALL.iter().map(choice).collect(),
        longest: LONGEST,
        days: app.config.rules.data_inquiry_working_days.into(),
        state,
    }
}

/// What its author reads of it.
pub(super) fn view(visitor: &Visitor, code: &str, opened: &Opened) -> InquiryView {
    let lang = visitor.lang;
    let inquiry = &opened.inquiry;
    InquiryView {
        number: inquiry.number.clone(),
        code: code.to_owned(),
        kind: lang_words(lang, &right_words(inquiry.kind)),
        received: civil::local_time(inquiry.received_at),
        due: opened.due_on,
        outcome: lang_words(lang, &outcome_words(inquiry.granted)),
        granted: inquiry.granted,
        answered: inquiry.answered_at.map(civil::local_time),
        text: opened.text.clone(),
        answer: opened.answer.clone(),
    }
}
