//! A version of a subject as the public saw it.

use sea_orm::entity::prelude::*;

use crate::enums::SubjectKind;
use crate::id::{PublicationId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PublicationId,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub version: i32,
    /// Column (栏目).
    pub column_name: String,
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub path: String,
    /// Source and other meta tags.
    #[sea_orm(column_type = "JsonBinary")]
    pub meta: Json,
    pub content_hash: String,
    pub published_at: DateTimeUtc,
    pub published_by: Option<StaffId>,
    /// False once a later version is out or it was withdrawn.
    pub current: bool,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub withdrawn_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
