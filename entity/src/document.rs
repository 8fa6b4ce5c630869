//! A version of a draft, explanation, basis or final text.

use sea_orm::entity::prelude::*;

use crate::enums::DocumentKind;
use crate::id::{DecisionId, DocumentId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    pub decision_id: DecisionId,
    pub kind: DocumentKind,
    pub version: i32,
    pub title: String,
    /// The whole text as given; empty for a document that is a file only.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// SHA-256 of the body, hex.
    pub content_hash: String,
    /// What was corrected against the version before.
    pub correction_notice: Option<String>,
    /// Once set, the version never changes.
    pub published_at: Option<DateTimeUtc>,
    pub created_by: Option<StaffId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
