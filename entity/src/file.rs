//! An uploaded original of a document.

use sea_orm::entity::prelude::*;

use crate::id::{DocumentId, FileId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    pub document_id: DocumentId,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    pub content_hash: String,
    pub bytes: Vec<u8>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
