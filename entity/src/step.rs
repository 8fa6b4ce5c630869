//! A dated, published event in a decision's life, or a step recorded as not applicable.

use sea_orm::entity::prelude::*;

use crate::enums::StepKind;
use crate::id::{DecisionId, DocumentId, StaffId, StepId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StepId,
    pub decision_id: DecisionId,
    pub kind: StepKind,
    /// None when the step is recorded as not applicable.
    pub happened_on: Option<Date>,
    pub note: String,
    /// Why the step does not apply (不适用的原因).
    pub skipped_reason: Option<String>,
    pub document_id: Option<DocumentId>,
    pub recorded_by: Option<StaffId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
