//! An opinion that was voiced at an event and entered in the consultation.

use sea_orm::entity::prelude::*;

use crate::id::{EventId, OpinionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_opinion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_id: OpinionId,
    pub event_id: EventId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
