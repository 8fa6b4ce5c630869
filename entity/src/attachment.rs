//! A file that belongs to something (附件). Its bytes lie sealed in the file store, under the hash of what is stored.

use sea_orm::entity::prelude::*;

use crate::enums::{AttachmentFormat, AttachmentState, SubjectKind};
use crate::id::{AttachmentId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    /// None until something names it.
    pub subject_kind: Option<SubjectKind>,
    pub subject_id: Option<Uuid>,
    /// Its place among those of its subject.
    pub position: i32,
    /// As it is offered for download.
    pub name: String,
    pub format: AttachmentFormat,
    /// Bytes, as they are served.
    pub size: i64,
    /// Of pictures, in pixels.
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// What a picture shows, for those who cannot see it; may be empty.
    pub alt: String,
    /// SHA-256 of what is served, hex.
    pub content_hash: String,
    /// SHA-256 of what is stored, hex: its name in the store.
    pub stored_hash: String,
    /// The key of this one file, sealed with the site's.
    pub key_enc: Vec<u8>,
    pub state: AttachmentState,
    pub created_at: DateTimeUtc,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
