//! A reminder of a duty, sent once to each recipient. A stage belongs to a due day: when that moves, the
//! stages before the new day are new ones.

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
    /// The due day it counts to.
    pub due_on: Date,
    pub planned_at: DateTimeUtc,
    pub state: StageState,
    /// Why it was skipped: a code such as `downtime`.
    pub reason: Option<String>,
    pub handled_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
