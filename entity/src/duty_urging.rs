//! A supervisor's order on a duty (督办) and its answer.

use sea_orm::entity::prelude::*;

use crate::id::{DutyId, DutyUrgingId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_urging")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyUrgingId,
    pub duty_id: DutyId,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub urged_by: StaffId,
    pub urged_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub answered_by: Option<StaffId>,
    pub answered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
