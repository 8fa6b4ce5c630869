//! A reader's report of a published opinion (举报).

use sea_orm::entity::prelude::*;

use crate::enums::{ReasonCode, ReportState};
use crate::id::{OpinionId, ReportId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    pub opinion_id: OpinionId,
    pub reason: ReasonCode,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    /// Keyed hash of the address it came from: one reader, one report.
    pub reporter: String,
    pub state: ReportState,
    pub created_at: DateTimeUtc,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
