//! What a visitor says of an event afterwards.

use sea_orm::entity::prelude::*;

use crate::id::{EventId, EventRegistrationId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_feedback")]
pub struct Model {
    /// One for each registration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: EventRegistrationId,
    pub event_id: EventId,
    /// 活动内容: 1, not at all, to 5, very.
    pub content: i32,
    /// 组织服务
    pub hosting: i32,
    /// 交流答疑
    pub answers: i32,
    /// In the visitor's own words, encrypted; none, or erased.
    pub words_enc: Option<Vec<u8>>,
    pub given_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
