//! Consultations as the views of pages want them.

use chrono::{DateTime, Utc};
use entity::consultation::Model;
use web::component::ConsultationCard;
use web::consultation::{Channels, Extension};
use web::label::ConsultationState;
use web::link::Href;

use super::{Listed, Stage, days_left, stage};
use crate::calendar::civil;

/// The last three days are "closing soon".
const SOON: i64 = 3;

pub fn href(c: &Model) -> Href {
    Href::new(format!("/consultations/{}", c.code))
}

pub fn state(c: &Model, answered: bool, now: DateTime<Utc>) -> ConsultationState {
    match stage(c, now) {
        _ if answered => ConsultationState::Answered,
        Stage::Draft | Stage::Announced => ConsultationState::Upcoming,
        Stage::Open if days_left(c, civil::local_date(now)) <= SOON => ConsultationState::ClosingSoon,
        Stage::Open => ConsultationState::Open,
        Stage::Closed => ConsultationState::Closed,
    }
}

/// The name of the draft in the title of its notice, which is what people look for: 关于公开征求《X》意见的公告 → X.
pub fn subject(title: &str) -> &str {
    title.split_once('《').and_then(|(_, rest)| rest.rsplit_once('》')).map_or(title, |(name, _)| name)
}

/// How a consultation stands in a list; the numbers come from whoever counts opinions.
pub fn card(listed: &Listed, opinions: u64, people: u64, now: DateTime<Utc>) -> ConsultationCard {
    let c = &listed.consultation;
    ConsultationCard {
        title: c.title.clone(),
        href: href(c),
        department: listed.about.as_ref().map(|a| a.department.clone()).unwrap_or_default(),
        state: state(c, listed.answered, now),
        opens: c.opens_on,
        closes: c.closes_on,
        days_left: days_left(c, civil::local_date(now)),
        opinions,
        people,
    }
}

pub fn channels(c: &Model) -> Channels {
    Channels {
        address: c.address.clone(),
        postcode: c.postcode.clone(),
        email: c.email.clone(),
        phone: c.phone.clone(),
        contact: c.contact_name.clone(),
        note: if c.address.is_empty() {
            String::new()
        } else {
            format!("来信请在信封上注明“{}”", subject(&c.title))
        },
    }
}

pub fn extensions(rows: &[entity::consultation_extension::Model]) -> Vec<Extension> {
    rows.iter()
        .map(|e| Extension {
            announced: civil::local_date(e.published_at),
            from: e.old_closes_on,
            to: e.new_closes_on,
            reason: e.reason.clone(),
        })
        .collect()
}
