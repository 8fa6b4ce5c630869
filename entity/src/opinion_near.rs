//! The group of near-equal texts that an opinion belongs to; see `opinion::near` in the program.

use sea_orm::entity::prelude::*;

use crate::id::{ConsultationId, OpinionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opinion_near")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_id: OpinionId,
    pub consultation_id: ConsultationId,
    /// The opinion that the group is compared with, maybe itself; none for a text too short to compare.
    pub leader_id: Option<OpinionId>,
    /// How alike both texts are, in percent.
    pub alike: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
