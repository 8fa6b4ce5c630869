//! A moderator's decision on an opinion.

use sea_orm::entity::prelude::*;

use crate::enums::{ReasonCode, ReviewAction, ReviewState};
use crate::id::{OpinionId, ReviewId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReviewId,
    pub opinion_id: OpinionId,
    pub action: ReviewAction,
    pub reason_code: Option<ReasonCode>,
    #[sea_orm(column_type = "Text")]
    pub reason_text: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub public_text: Option<String>,
    pub moderator_id: StaffId,
    pub second_id: Option<StaffId>,
    pub state: ReviewState,
    pub created_at: DateTimeUtc,
    pub decided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
