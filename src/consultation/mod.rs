//! Consultations (公开征求意见): a window in which the public may comment on a decision's draft.

pub mod api;
pub mod page;
pub mod store;

use chrono::{DateTime, Utc};
use entity::consultation::Model;

pub use store::{by_code, find};

use crate::calendar::civil;
use crate::problem::{Code, Problem};

/// Where a consultation stands; derived from its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not published; nobody outside sees it.
    Draft,
    /// Published, opens on a later day.
    Announced,
    /// 征集中
    Open,
    /// 已结束
    Closed,
}

/// The stage at an instant. The window is open from the start of its first day (or its publication) until
/// 24:00:00 of its last day, Asia/Shanghai (民法典 Art. 203).
pub fn stage(c: &Model, now: DateTime<Utc>) -> Stage {
    match c.published_at {
        None => Stage::Draft,
        Some(_) if now < civil::start_of_day(c.opens_on) => Stage::Announced,
        Some(_) if now < civil::end_of_day(c.closes_on) => Stage::Open,
        Some(_) => Stage::Closed,
    }
}

/// Proof that a consultation takes opinions now.
#[derive(Debug)]
pub struct Open<'a>(&'a Model);

impl Open<'_> {
    pub fn consultation(&self) -> &Model {
        self.0
    }
}

/// Proves that the consultation is open at `now`.
///
/// # Errors
/// `not_found` before publication; `consultation_closed` before the first and after the last moment.
pub fn open_at(c: &Model, now: DateTime<Utc>) -> Result<Open<'_>, Problem> {
    match stage(c, now) {
        Stage::Open => Ok(Open(c)),
        Stage::Draft => Err(Problem::not_found()),
        Stage::Announced => Err(Problem::new(Code::ConsultationClosed).because(
            format!("征求意见将于 {} 开始", civil::zh_date(c.opens_on)),
            format!("The consultation opens on {}", civil::en_date(c.opens_on)),
        )),
        Stage::Closed => Err(Problem::new(Code::ConsultationClosed).because(
            format!("征求意见已于 {} 截止", civil::zh_deadline(c.closes_on)),
            format!("The consultation closed on {}", civil::en_deadline(c.closes_on)),
        )),
    }
}
