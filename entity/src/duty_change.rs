//! A change of a duty's due day or owner, old and new.

use sea_orm::entity::prelude::*;

use crate::enums::DutyChangeKind;
use crate::id::{DutyChangeId, DutyId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyChangeId,
    pub duty_id: DutyId,
    pub kind: DutyChangeKind,
    pub old_due_on: Date,
    pub new_due_on: Date,
    pub reason: String,
    pub changed_at: DateTimeUtc,
    pub changed_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
