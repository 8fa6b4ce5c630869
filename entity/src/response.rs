//! The answer to a topic or to one opinion (处理结果); exactly one of the two is set.

use sea_orm::entity::prelude::*;

use crate::enums::Outcome;
use crate::id::{ClauseId, ConsultationId, OpinionId, ResponseId, StaffId, TopicId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "response")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ResponseId,
    pub consultation_id: ConsultationId,
    #[sea_orm(unique)]
    pub topic_id: Option<TopicId>,
    #[sea_orm(unique)]
    pub opinion_id: Option<OpinionId>,
    pub outcome: Outcome,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// The clause of the final text that changed.
    pub final_clause_id: Option<ClauseId>,
    /// What the published summary says; while a correction is being written it differs from the above.
    pub public_outcome: Option<Outcome>,
    #[sea_orm(column_type = "Text", nullable)]
    pub public_reason: Option<String>,
    pub public_clause_id: Option<ClauseId>,
    /// The version of the summary that published it as it is: its authors are told by that version.
    pub public_version: Option<i32>,
    pub created_by: StaffId,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
