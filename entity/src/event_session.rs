//! One time and place of an event (场次), with its seats.

use sea_orm::entity::prelude::*;

use crate::enums::SeatMethod;
use crate::id::{EventId, EventSessionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventSessionId,
    pub event_id: EventId,
    /// From 1 in each event.
    pub number: i32,
    pub place: String,
    /// How to get there, in words.
    pub directions: String,
    pub begins_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub capacity: i32,
    pub registration_opens_at: DateTimeUtc,
    pub registration_closes_at: DateTimeUtc,
    /// Most people in one registration.
    pub party_max: i32,
    /// Hours for taking up a seat that became free; 0 gives it at once.
    pub offer_hours: i32,
    /// Seats given: confirmed and offered. Never above the capacity: the table itself forbids it.
    pub taken: i32,
    /// People who came. Never above the seats given.
    pub present: i32,
    /// Registrations so far: the last number given, and with it the order of the waiting list.
    pub issued: i32,
    pub method: SeatMethod,
    /// Whether the seats are divided among groups; see [`crate::event_share`].
    pub by_group: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
