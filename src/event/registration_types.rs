//! What the API says of registrations and of the door, and takes.

use chrono::{DateTime, Utc};
use entity::enums::{RegistrationState, SeatGroup};
use poem_openapi::Object;

use super::Receipt;
use super::api_types::{EventSession, session_out};
use super::door::Expected;
use super::state::State;
use crate::app::App;

/// A registration for a session.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct RegistrationIn {
    pub name: String,
    /// E-mail address or phone number; encrypted, never shown, erased after the event.
    pub contact: String,
    /// People, whoever registers included.
    pub seats: i32,
    /// For whom they come; must be there where the session asks for it.
    pub group: Option<SeatGroup>,
    /// The name may stand in the published list of a hearing's participants; otherwise it is masked there.
    #[oai(default)]
    pub name_public: bool,
    /// For somebody under fourteen: the name of the guardian who agrees and comes along (个保法 Art. 31); the contact is
    /// theirs.
    pub guardian: Option<String>,
    /// The rules were read and accepted (报名须知).
    pub consent: bool,
}

/// Proof of a registration.
#[derive(Object)]
pub struct RegistrationReceipt {
    pub number: String,
    /// Lookup code (查询码): the key to the registration, and to the door.
    pub lookup_code: String,
    /// `confirmed`, or `waiting` when the seats do not suffice.
    pub state: RegistrationState,
    pub seats: i32,
    /// The page for people.
    pub url: String,
}

pub fn receipt_out(app: &App, r: &Receipt) -> RegistrationReceipt {
    let code = r.code.grouped();
    RegistrationReceipt {
        number: r.number.clone(),
        state: r.state,
        seats: r.seats,
        url: format!("{}{}/{code}", app.config.base_url(), web::path::REGISTRATIONS),
        lookup_code: code,
    }
}

/// How a registration stands, for who holds its lookup code.
#[derive(Object)]
pub struct RegistrationOut {
    pub number: String,
    pub event: String,
    pub event_title: String,
    pub session: EventSession,
    pub state: RegistrationState,
    pub seats: i32,
    pub registered_at: DateTime<Utc>,
    #[oai(skip_serializing_if_is_none)]
    pub group: Option<SeatGroup>,
    /// Place in the order that was drawn.
    #[oai(skip_serializing_if_is_none)]
    pub drawn: Option<i32>,
    /// Parties before this one, while it waits.
    pub ahead: u64,
    /// Until when an offered seat is kept.
    #[oai(skip_serializing_if_is_none)]
    pub offered_until: Option<DateTime<Utc>>,
    /// Why the event is off.
    #[oai(skip_serializing_if_is_none)]
    pub cancelled_reason: Option<String>,
    /// How many came, once somebody did.
    pub came: i32,
    /// Whether anything may still be changed.
    pub may_change: bool,
}

pub fn registration_out(s: &State, now: DateTime<Utc>) -> RegistrationOut {
    RegistrationOut {
        number: s.number.clone(),
        event: s.event.code.clone(),
        event_title: s.event.title.clone(),
        session: session_out(&s.event, &s.session, Some(&s.shares), now),
        state: s.registration.state,
        seats: s.registration.seats,
        registered_at: s.registration.registered_at,
        group: s.registration.seat_group,
        drawn: s.registration.drawn,
        ahead: s.ahead,
        offered_until: s.registration.offered_until,
        cancelled_reason: s.event.cancelled_reason.clone(),
        came: s.registration.came,
        may_change: s.may_change(now),
    }
}

/// Fewer people.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct RegistrationSizeIn {
    /// Fewer than before, at least 1.
    pub seats: i32,
}

/// Somebody expected at the door.
#[derive(Object)]
pub struct ExpectedOut {
    pub number: String,
    /// In the order of arrival, from 1.
    pub place: i32,
    #[oai(skip_serializing_if_is_none)]
    pub name: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub contact: Option<String>,
    /// Of somebody under fourteen.
    #[oai(skip_serializing_if_is_none)]
    pub guardian: Option<String>,
    pub seats: i32,
    #[oai(skip_serializing_if_is_none)]
    pub group: Option<SeatGroup>,
    pub state: RegistrationState,
    pub walk_in: bool,
    pub came: i32,
    #[oai(skip_serializing_if_is_none)]
    pub came_at: Option<DateTime<Utc>>,
}

pub fn expected_out(e: Expected) -> ExpectedOut {
    ExpectedOut {
        number: e.number,
        place: e.registration.number,
        name: e.name,
        contact: e.contact,
        guardian: e.guardian,
        seats: e.registration.seats,
        group: e.registration.seat_group,
        state: e.registration.state,
        walk_in: e.registration.walk_in,
        came: e.registration.came,
        came_at: e.registration.came_at,
    }
}

/// The list of a door, with its counts.
#[derive(Object)]
pub struct DoorOut {
    pub capacity: i32,
    pub taken: i32,
    pub present: i32,
    /// With a seat and not here.
    pub missing: i32,
    pub waiting_parties: i64,
    pub waiting_people: i64,
    pub items: Vec<ExpectedOut>,
}

/// Somebody at the door.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct CheckInIn {
    /// Lookup code, the address in a QR code, or the number on the list.
    pub code: String,
    /// How many of the party are here; without it, all.
    pub people: Option<i32>,
}

/// Somebody without a registration.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct WalkInIn {
    #[oai(default)]
    pub name: String,
    pub people: i32,
}

/// Who was let in.
#[derive(Object)]
pub struct AdmittedOut {
    /// Place in the order of arrival.
    pub place: i32,
    pub came: i32,
    pub seats: i32,
    pub came_at: Option<DateTime<Utc>>,
}

pub fn admitted_out(r: &entity::event_registration::Model) -> AdmittedOut {
    AdmittedOut { place: r.number, came: r.came, seats: r.seats, came_at: r.came_at }
}
