//! A message to one person, written once per (subject, stage, recipient).

use sea_orm::entity::prelude::*;

use crate::enums::SubjectKind;
use crate::id::{NoticeId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    pub staff_id: Option<StaffId>,
    /// Staff id or keyed hash of a contact.
    pub recipient: String,
    pub contact_enc: Option<Vec<u8>>,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub stage: String,
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub path: String,
    pub created_at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
