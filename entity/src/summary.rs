//! The published answer to a consultation (意见采纳情况).

use sea_orm::entity::prelude::*;

use crate::enums::SummaryState;
use crate::id::{ConsultationId, DecisionId, StaffId, SummaryId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "summary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SummaryId,
    pub decision_id: DecisionId,
    #[sea_orm(unique)]
    pub consultation_id: ConsultationId,
    pub state: SummaryState,
    pub title: String,
    /// 履行公众参与程序总体情况
    #[sea_orm(column_type = "Text")]
    pub participation: String,
    /// 意见建议收集和采纳情况
    #[sea_orm(column_type = "Text")]
    pub overview: String,
    /// Once edited by hand, a text is no longer written again from the facts unless asked.
    pub participation_edited: bool,
    pub overview_edited: bool,
    /// Figures and rows as published.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub snapshot: Option<Json>,
    pub submitted_by: Option<StaffId>,
    pub submitted_at: Option<DateTimeUtc>,
    /// SHA-256 of what was submitted, hex: only that may be approved and published.
    pub submitted_hash: Option<String>,
    pub approved_by: Option<StaffId>,
    pub approved_at: Option<DateTimeUtc>,
    /// Why the head sent it back.
    #[sea_orm(column_type = "Text", nullable)]
    pub returned_reason: Option<String>,
    /// Why a published summary is being written again.
    #[sea_orm(column_type = "Text", nullable)]
    pub correction_reason: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    pub published_by: Option<StaffId>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
