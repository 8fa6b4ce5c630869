//! A published page under which residents may leave a message.

use sea_orm::entity::prelude::*;

use crate::enums::SubjectKind;
use crate::id::{MessagePageId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message_page")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessagePageId,
    /// Its address on this site.
    #[sea_orm(unique)]
    pub path: String,
    /// What is published there.
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// Its title when it was opened last.
    pub title: String,
    pub opened_at: DateTimeUtc,
    pub opened_by: StaffId,
    /// No more messages since then; those that are published stay under the page.
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
