//! What the API says of draws, quotas and participants.

use chrono::{DateTime, Utc};
use entity::enums::SeatGroup;
use poem_openapi::Object;

use super::draw::Public;
use super::hearing::Participant;
use super::lot::{self, Protocol};

/// So many seats, or people, of a group.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct GroupSeats {
    pub group: SeatGroup,
    pub seats: i32,
}

impl From<lot::Quota> for GroupSeats {
    fn from(q: lot::Quota) -> Self {
        Self { group: q.group, seats: q.seats }
    }
}

impl From<GroupSeats> for lot::Quota {
    fn from(q: GroupSeats) -> Self {
        Self { group: q.group, seats: q.seats }
    }
}

/// A registration in the list of a draw; no personal data.
#[derive(Object)]
pub struct DrawEntry {
    /// In the order of registration, from 1 in each session.
    pub number: i32,
    #[oai(skip_serializing_if_is_none)]
    pub group: Option<SeatGroup>,
    /// People.
    pub seats: i32,
}

/// What a draw gave a registration.
#[derive(Object)]
pub struct DrawResult {
    /// In the order drawn, from 1.
    pub place: i32,
    pub number: i32,
    /// Whether it has its seats; otherwise it is an alternate.
    pub seated: bool,
}

/// The published file of a draw, with which everybody can repeat it; see `docs/draw.md`.
#[derive(Object)]
pub struct DrawProtocol {
    /// `jianyan-draw-1`
    pub format: String,
    /// Event and session: `E2026-003-1`.
    pub session: String,
    pub title: String,
    pub closed_at: DateTime<Utc>,
    pub drawn_at: DateTime<Utc>,
    pub seats: i32,
    pub quotas: Vec<GroupSeats>,
    pub list: Vec<DrawEntry>,
    /// SHA-256 of the list as text, hex.
    pub list_hash: String,
    /// SHA-256 of the number, hex; published before registration opened.
    pub commitment: String,
    /// The number: 64 hex digits.
    pub secret: String,
    /// SHA-256 of hash and number, hex.
    pub seed: String,
    pub result: Vec<DrawResult>,
}

impl From<Protocol> for DrawProtocol {
    fn from(p: Protocol) -> Self {
        let entry = |e: lot::Entry| DrawEntry { number: e.number, group: e.group, seats: e.seats };
        let result = |d: lot::Drawn| DrawResult { place: d.place, number: d.number, seated: d.seated };
        Self {
            format: p.format,
            session: p.session,
            title: p.title,
            closed_at: p.closed_at,
            drawn_at: p.drawn_at,
            seats: p.seats,
            quotas: p.quotas.into_iter().map(GroupSeats::from).collect(),
            list: p.list.into_iter().map(entry).collect(),
            list_hash: p.list_hash,
            commitment: p.commitment,
            secret: p.secret,
            seed: p.seed,
            result: p.result.into_iter().map(result).collect(),
        }
    }
}

/// A draw, before and after it is held.
#[derive(Object)]
pub struct DrawOut {
    /// SHA-256 of the number that decides together with the list; published before registration opened.
    pub commitment: String,
    pub committed_at: DateTime<Utc>,
    /// Once it was held.
    #[oai(skip_serializing_if_is_none)]
    pub protocol: Option<DrawProtocol>,
}

impl From<Public> for DrawOut {
    fn from(p: Public) -> Self {
        Self {
            commitment: p.commitment,
            committed_at: p.committed_at,
            protocol: p.protocol.map(DrawProtocol::from),
        }
    }
}

/// Somebody in the published list of a hearing's participants.
#[derive(Object)]
pub struct HearingParticipant {
    /// `E2026-003-1-0007`
    pub number: String,
    /// Masked unless the person agreed to be named.
    pub name: String,
    #[oai(skip_serializing_if_is_none)]
    pub group: Option<SeatGroup>,
    pub seats: i32,
}

impl From<Participant> for HearingParticipant {
    fn from(p: Participant) -> Self {
        Self { number: p.number, name: p.name, group: p.group, seats: p.seats }
    }
}
