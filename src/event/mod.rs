//! Events with the public (公众参与活动): open days and weeks (政府开放日、开放周), hearings (听证会), seminars
//! (座谈会), field visits (实地走访) and opened meetings (列席会议).
//!
//! The rule: at least three open days or one open week a year (annual plan of open government, table II-8), at
//! least two opened meetings a year with who sat in and what was decided published (table II-6; 国办发〔2016〕80号);
//! hearings, seminars and visits are ways of hearing the public on a decision (国令713 Art. 14, 16, 17; table II-5).
//!
//! An event has sessions (场次), each with a place, a time and a number of seats. Seats go to who comes first, a
//! party all or nothing, one registration a person and session; who comes later waits in the order of arrival at
//! the server and moves up when seats become free. There is never one seat too many: [`seats`] is the only place
//! that gives or takes seats, under the lock of the session's row, and the table refuses the rest (see its
//! migration). Names and contacts are encrypted and erased some days after the event; the numbers stay.
//!
//! A session may divide its seats among groups ([`share`]) and may give them by lot instead of to who comes first
//! ([`draw`], [`lot`]). Room is left for online questions and answers.

pub mod api;
pub mod own;
pub mod page;
pub mod visit_api;

mod api_types;
mod calendar_file;
mod cancel;
mod change;
mod content;
mod door;
mod draft;
mod draw;
pub mod draw_api;
mod draw_types;
mod feedback;
mod hearing;
pub mod hearing_api;
mod jobs;
mod list;
pub mod lot;
pub mod material_api;
pub mod materials;
pub mod picture_api;
pub mod pictures;
mod policy;
mod publish;
mod record;
mod register;
mod registration_types;
mod report;
mod scan;
mod seats;
mod session;
mod share;
mod state;
mod store;
mod tell;
mod voice;
mod words;
mod year;

use chrono::{DateTime, Utc};
use entity::event::Model;
use entity::event_session::Model as Session;

pub use cancel::cancel;
pub use change::{accept, give_up, shrink};
pub use content::{Content, SessionContent};
pub use door::{CheckIn, WalkIn, check_in, walk_in};
pub use draft::{create, discard, edit};
pub use draw::{DRAW_JOB, draw, draw_due};
pub use feedback::{Feedback, Figures, figures, give_feedback};
pub use hearing::{Delivery, Participant, Selection, publish_participants, record_delivery, set_selection};
pub use jobs::{ERASE_JOB, OFFER_JOB, REMIND_JOB, TELL_JOB, erase, expire, remind, tell_all};
pub use list::{Card, Count, Counters, cards_of_decision, counters, past, upcoming};
pub use publish::publish;
pub use record::{confirm_record, note_signature, publish_record};
pub use register::{Receipt, Register, register};
pub use report::{Report, attendance, report};
pub use scan::{Outcome, Scan, scan};
pub use session::{add_session, change_session, remove_session};
pub use store::{by_code, find, session as find_session, sessions};
pub use voice::{Voice, voice};
pub use words::kind_words;
pub use year::{YEAR_JOB, follow as follow_year, plan as plan_year, subject as year_subject};

use crate::problem::Problem;

/// Where an event stands; derived from its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not published; nobody outside sees it.
    Draft,
    /// A session is still to come, or under way.
    Announced,
    /// The last session is over.
    Held,
    /// 活动已取消
    Cancelled,
}

/// The stage at an instant.
pub fn stage(event: &Model, sessions: &[Session], now: DateTime<Utc>) -> Stage {
    if event.published_at.is_none() {
        return Stage::Draft;
    }
    if event.cancelled_at.is_some() {
        return Stage::Cancelled;
    }
    match ends_at(sessions) {
        Some(end) if end <= now => Stage::Held,
        _ => Stage::Announced,
    }
}

/// When the last session ends.
pub fn ends_at(sessions: &[Session]) -> Option<DateTime<Utc>> {
    sessions.iter().map(|s| s.ends_at).max()
}

/// Whether somebody may register for a session now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    NotYet,
    Open,
    Closed,
}

/// Registration is open from its first moment until its last, and never once the session has begun.
pub fn window(session: &Session, now: DateTime<Utc>) -> Window {
    if now < session.registration_opens_at {
        Window::NotYet
    } else if now < session.registration_closes_at && now < session.begins_at {
        Window::Open
    } else {
        Window::Closed
    }
}

/// The code of an event in an address; anything else was never given out, and some of it (NUL) not every database
/// takes.
///
/// # Errors
/// `not_found`.
pub fn code(typed: &str) -> Result<&str, Problem> {
    let fine = typed.len() <= 40 && typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Ok(typed) } else { Err(Problem::not_found()) }
}

/// Where the public reads of an event.
pub fn path(code: &str) -> String {
    format!("{}/{code}", web::path::EVENTS)
}
