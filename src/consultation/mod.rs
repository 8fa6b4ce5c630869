//! Consultations (公开征求意见): a window in which the public may comment on a decision's draft.
//!
//! The rule (重大行政决策程序暂行条例, 国令713, Art. 15): the draft and its explanation are published together, with
//! how and until when to comment; the window is open for 30 days as a rule, and a shorter one needs a
//! published reason. The day of publication does not count, so the last day is that day + 30 (民法典 Art.
//! 201), and it ends at 24:00 (Art. 203). Once published nothing of it is silently changed: the end may be
//! moved later, with a reason; a mistake in a text is corrected by a new version with a notice.

pub mod api;
pub mod page;
pub mod show;

mod api_types;
mod check;
mod correct;
mod draft;
mod extend;
mod list;
mod publish;
mod release;
mod staff_view;
mod store;

use chrono::{DateTime, NaiveDate, Utc};
use entity::consultation::Model;

pub use check::{Item, Weight, check_list};
pub use correct::{Correction, publish_correction};
pub use draft::{Content, create, discard, edit};
pub use extend::{Extend, extend};
pub use list::{Filter, Listed, Totals, list, totals};
pub use publish::publish;
pub use release::{Materials, materials, pick};
pub use store::{answered, by_code, extensions, find, of_decision};

use crate::calendar::civil;
use crate::problem::{Code, Problem, Words, words};

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

/// How many days the window is: the first day does not count.
pub fn days(opens_on: NaiveDate, closes_on: NaiveDate) -> i64 {
    (closes_on - opens_on).num_days()
}

/// Days left on `today`; the last day is 0, after it the number is negative.
pub fn days_left(c: &Model, today: NaiveDate) -> i64 {
    (c.closes_on - today).num_days()
}

/// How the last day was counted, in a sentence.
pub fn explain(opens_on: NaiveDate, closes_on: NaiveDate) -> Words {
    let n = days(opens_on, closes_on);
    words(
        format!(
            "自{}起征求意见，当日不计入，次日为第1日，{}为第{n}日，当日24:00截止（民法典第二百零一条、第二百零三条）",
            civil::zh_date(opens_on),
            civil::zh_date(closes_on)
        ),
        format!(
            "It opens on {}; that day does not count and the next is day 1, so {} is day {n} and it ends at 24:00 (Civil Code Art. 201, 203)",
            civil::en_date(opens_on),
            civil::en_date(closes_on)
        ),
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use entity::id::{ConsultationId, DecisionId, DocumentId};
    use uuid::Uuid;

    fn consultation() -> Model {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        Model {
            id: ConsultationId(Uuid::nil()),
            code: "2026-001-1".into(),
            decision_id: DecisionId(Uuid::nil()),
            document_id: DocumentId(Uuid::nil()),
            title: String::new(),
            notice: String::new(),
            plain: String::new(),
            opens_on: day(2),
            closes_on: day(12),
            short_reason: None,
            contact_name: String::new(),
            address: String::new(),
            postcode: String::new(),
            email: String::new(),
            phone: String::new(),
            identity: entity::enums::IdentityLevel::Unverified,
            published_at: Some(civil::start_of_day(day(1))),
            published_by: None,
            result_published_at: None,
            created_at: civil::start_of_day(day(1)),
            revision: 1,
        }
    }

    #[test]
    fn it_is_open_from_the_first_instant_until_twenty_four_hours() {
        let c = consultation();
        let (start, end) = (civil::start_of_day(c.opens_on), civil::end_of_day(c.closes_on));
        let second = TimeDelta::seconds(1);
        assert_eq!(stage(&c, start - second), Stage::Announced);
        assert_eq!(stage(&c, start), Stage::Open);
        assert_eq!(stage(&c, end - TimeDelta::microseconds(1)), Stage::Open);
        assert_eq!(stage(&c, end), Stage::Closed);
        assert_eq!(stage(&Model { published_at: None, ..c.clone() }, start), Stage::Draft);
        assert!(open_at(&c, end - second).is_ok());
        assert_eq!(open_at(&c, end).unwrap_err().code, Code::ConsultationClosed);
        assert_eq!(open_at(&c, start - second).unwrap_err().code, Code::ConsultationClosed);
        assert_eq!((days(c.opens_on, c.closes_on), days_left(&c, c.closes_on)), (10, 0));
    }
}
