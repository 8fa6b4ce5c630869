//! The moderator's desk: the queue, one opinion with its context, and one decision for equal opinions.

use maud::{Markup, html};

use crate::{
    component::key_hint,
    form::{csrf, hidden},
    label::DutyState,
    lang::Lang,
    layout::SideItem,
    link::Href,
};

mod appeals;
mod case;
mod decide;
mod equal;
mod flood;
mod queue;
mod reports;
pub mod templates;
pub mod workload;

pub use appeals::{AppealCard, AppealForm, AppealItem, AppealsView, appeals};
pub use case::{CaseView, NearNote, Other, Reviewed, case};
pub use decide::{DecideView, Reasons, SecondView, Template};
pub use equal::{EqualItem, EqualView, equal};
pub use flood::{FloodCard, FloodNote, Lanes};
pub use queue::{Claims, QueueItem, QueueView, queue};
pub use reports::{ReportItem, ReportLine, ReportedView, ReportsView, reported, reports};

/// The fields of a decision. Each form has reason fields of its own, for ids must not repeat on a page.
pub const FIELD_ACTION: &str = "action";
pub const FIELD_REVISION: &str = "revision";
pub const FIELD_PUBLIC_TEXT: &str = "public_text";
pub const FIELD_CONFIRM: &str = "confirm";
/// `yes`, `no`
pub const FIELD_OVERTURN: &str = "overturn";
pub const FIELD_ANSWER: &str = "answer";
/// `number:revision`
pub const FIELD_OPINIONS: &str = "opinions";
/// The filter of the queue, so that the next opinion comes from the same one.
pub const FIELD_BACK: &str = "back";

/// A piece of a text; what a machine noticed says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub noticed: Option<String>,
}

/// A review that can still be taken back.
#[derive(Clone, Debug)]
pub struct Undo {
    pub number: String,
    /// `公开`
    pub action: String,
    pub href: Href,
    pub csrf: String,
}

/// How the duty to review stands.
#[derive(Clone, Debug)]
pub struct Due {
    pub state: DutyState,
    /// `3月4日到期`
    pub words: String,
}

pub(crate) fn pieces(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match &piece.noticed {
                Some(what) => mark.noticed title=(what) { (piece.text) span.sr { "（" (what) "）" } },
                None => (piece.text),
            }
        }
    }
}

pub(crate) fn due(lang: Lang, due: &Due) -> Markup {
    html! { span.due { (due.state.badge(lang)) span.soft { (due.words) } } }
}

fn undo(lang: Lang, undo: Option<&Undo>) -> Markup {
    html! {
        @if let Some(u) = undo {
            form.undo method="post" action=(u.href) {
                (csrf(&u.csrf))
                span { (lang.t("刚才：", "Just now: ")) (u.number) " " (u.action) }
                button.button type="submit" data-key="u" { (lang.t("撤回", "Take back")) }
                span.soft { (lang.t("一分钟内可撤回", "within a minute")) }
            }
        }
    }
}

fn keys(lang: Lang, keys: &[(&str, &str, &str)]) -> Markup {
    html! { p.keys { @for (key, zh, en) in keys { (key_hint(key, lang.t(zh, en))) } } }
}

fn form_head(token: &str, revision: i32, back: &str, action: &str) -> Markup {
    html! {
        (csrf(token))
        (hidden(FIELD_REVISION, &revision.to_string()))
        (hidden(FIELD_BACK, back))
        (hidden(FIELD_ACTION, action))
    }
}

/// Asks where `side` is common to all three pages.
type Side = Vec<SideItem>;
