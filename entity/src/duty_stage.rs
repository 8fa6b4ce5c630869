//! A reminder of a duty, sent once to each recipient.

use sea_orm::entity::prelude::*;

use crate::enums::StageState;
use crate::id::{DutyId, DutyStageId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_stage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyStageId,
    pub duty_id: DutyId,
    /// Such as `assigned`, `left_5`, `due_today`, `overdue_3`.
    pub stage: String,
    pub planned_at: DateTimeUtc,
    pub state: StageState,
    /// Why it was skipped.
    pub reason: Option<String>,
    pub handled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
