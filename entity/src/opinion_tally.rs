//! How many opinions agree in everything that is counted, kept in step with the opinions themselves, so that
//! numbers cost the same for ten opinions and for a million.

use sea_orm::entity::prelude::*;

use crate::enums::{Channel, OpinionState, PersonKind};
use crate::id::ConsultationId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opinion_tally")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub consultation_id: ConsultationId,
    /// The nil UUID for those without a topic.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic_id: Uuid,
    /// The nil UUID for those on the whole draft.
    #[sea_orm(primary_key, auto_increment = false)]
    pub clause_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub state: OpinionState,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: Channel,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_kind: PersonKind,
    pub n: i64,
    /// How many people spoke here for the first time in the consultation; stays where they were first counted,
    /// so that only its sum over a consultation means something.
    pub people: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
