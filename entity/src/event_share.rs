//! The seats of one group in a session, or those open to all who have none of their own.

use sea_orm::entity::prelude::*;

use crate::id::EventSessionId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: EventSessionId,
    /// The name of a group ([`crate::enums::SeatGroup`]), or `open`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub share: String,
    pub seats: i32,
    /// Seats given: confirmed and offered. Never above `seats`: the table itself forbids it.
    pub taken: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
