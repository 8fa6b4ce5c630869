//! An addressable part of a document (条款).

use sea_orm::entity::prelude::*;

use crate::id::{ClauseId, DocumentId, LineageId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "clause")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClauseId,
    pub document_id: DocumentId,
    /// The same clause in every version of the document.
    pub lineage_id: LineageId,
    /// Reading order, from 0.
    pub position: i32,
    pub parent_id: Option<ClauseId>,
    /// Human address, such as 第一章/第八条.
    #[sea_orm(column_type = "Text")]
    pub path: String,
    pub kind: String,
    pub number: Option<String>,
    /// Own text, children not included.
    #[sea_orm(column_type = "Text")]
    pub text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
