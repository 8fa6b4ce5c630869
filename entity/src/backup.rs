//! A backup of the whole site that was made or tried.

use sea_orm::entity::prelude::*;

use crate::enums::{BackupOrigin, BackupState};
use crate::id::BackupId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "backup")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BackupId,
    pub origin: BackupOrigin,
    pub state: BackupState,
    pub started_at: DateTimeUtc,
    /// None while it runs, and for ever when its process died.
    pub finished_at: Option<DateTimeUtc>,
    /// Where it lies, on the machine that made it.
    pub path: String,
    /// Of the archive.
    pub bytes: Option<i64>,
    /// Of the archive, hex.
    pub sha256: Option<String>,
    /// Rows of all tables.
    pub rows: Option<i64>,
    /// What went wrong, in words for administrators.
    #[sea_orm(column_type = "Text", nullable)]
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
