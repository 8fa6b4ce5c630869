//! Online questions and answers (网络问政, 互动访谈): an announced session with departments at the table.
//!
//! The rule: a portal holds at least six interviews a year, a department's site three (国办秘函〔2019〕19号);
//! 网络问政 is one of the ways of taking part in the annual plan of open government (table II-8). Questions are
//! asked before and during the session, without an account; a moderator looks at each before it is public and gives
//! it to a department at the table, which answers. What is open when the session ends is a duty of that department.
//! Whoever follows the page hears of news at once ([`live`]), or asks for the page again.

pub mod api;
pub mod desk_api;
pub mod page;

mod answer;
mod api_types;
mod ask;
mod content;
mod decide;
mod draft;
mod jobs;
mod live;
mod policy;
mod publish;
mod read;
mod state;
mod store;
mod tell;
mod words;

use chrono::{DateTime, Utc};
use entity::qa_session::Model;

pub use answer::answer;
pub use ask::{Ask, Receipt, ask};
pub use content::{Content, Guest};
pub use decide::{Decision, Rejection, decide, route};
pub use draft::{create, discard, edit};
pub use jobs::{END_JOB, ERASE_JOB, end, erase};
pub use live::Live;
pub use publish::{cancel, publish};
pub use read::{takes_part, waiting_for};
pub use store::by_code;

use crate::problem::Problem;

/// Where a session stands; derived from its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not published; nobody outside sees it.
    Draft,
    /// Announced; questions are not taken yet.
    Announced,
    /// Questions are taken before the session.
    Collecting,
    /// The departments sit at the table.
    Live,
    /// It is over; what is open is answered afterwards.
    Ended,
    Cancelled,
}

impl Stage {
    /// Whether somebody may ask now.
    pub fn takes_questions(self) -> bool {
        matches!(self, Self::Collecting | Self::Live)
    }
}

/// The stage at an instant. Each moment belongs to what begins with it.
pub fn stage(session: &Model, now: DateTime<Utc>) -> Stage {
    if session.published_at.is_none() {
        Stage::Draft
    } else if session.cancelled_at.is_some() {
        Stage::Cancelled
    } else if now >= session.ends_at {
        Stage::Ended
    } else if now >= session.begins_at {
        Stage::Live
    } else if now >= session.opens_at {
        Stage::Collecting
    } else {
        Stage::Announced
    }
}

/// `Q2026-001-0007`: session, place in the order of arrival.
pub fn number(session: &str, question: i32) -> String {
    format!("{session}-{question:04}")
}

/// The code of a session in an address; anything else was never given out, and some of it (NUL) not every database
/// takes.
///
/// # Errors
/// `not_found`.
pub fn code(typed: &str) -> Result<&str, Problem> {
    let fine = typed.len() <= 40 && typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Ok(typed) } else { Err(Problem::not_found()) }
}

/// Where the public reads of a session.
pub fn path(code: &str) -> String {
    format!("{}/{code}", web::path::QA)
}

/// Where staff go to deal with a question.
fn desk_path(session: &str, question: i32) -> String {
    format!("{}/{session}/questions/{question}", web::path::DESK_QA)
}
