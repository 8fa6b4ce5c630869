//! One import of holidays and what it changed.

use sea_orm::entity::prelude::*;

use crate::id::{CalendarImportId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarImportId,
    pub imported_at: DateTimeUtc,
    pub imported_by: Option<StaffId>,
    pub rows: i32,
    pub years: String,
    /// Duties whose due day moved.
    pub moved: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
