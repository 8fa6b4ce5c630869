//! Proof of receipt (回执). `code_hash` is the SHA-256 of the lookup code (查询码).

use sea_orm::entity::prelude::*;

use crate::enums::SubjectKind;
use crate::id::ReceiptId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReceiptId,
    #[sea_orm(unique)]
    pub code_hash: String,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub issued_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
