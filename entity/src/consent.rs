//! What somebody agreed to with a thing they sent, and what was verified of them then.

use sea_orm::entity::prelude::*;

use crate::enums::SubjectKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_kind: SubjectKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// Version of the consent text.
    pub text_version: i32,
    /// When the contact was proved by a one-time code; none where it was not asked for.
    pub verified_at: Option<DateTimeUtc>,
    pub agreed_at: DateTimeUtc,
    /// For somebody under fourteen: the name of the guardian who agreed, encrypted; the proved contact is theirs.
    pub guardian_enc: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
