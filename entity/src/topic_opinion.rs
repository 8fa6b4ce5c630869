//! An opinion's place in a topic; an opinion has at most one.

use sea_orm::entity::prelude::*;

use crate::id::{OpinionId, StaffId, TopicId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "topic_opinion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_id: OpinionId,
    pub topic_id: TopicId,
    pub added_by: StaffId,
    pub added_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
