//! An author's objection to a review (申诉), decided by another moderator. One for each opinion.

use sea_orm::entity::prelude::*;

use crate::enums::AppealState;
use crate::id::{AppealId, OpinionId, ReviewId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "appeal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppealId,
    #[sea_orm(unique)]
    pub opinion_id: OpinionId,
    /// The review that it is against.
    pub review_id: ReviewId,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub state: AppealState,
    pub created_at: DateTimeUtc,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<DateTimeUtc>,
    /// What the author is told.
    #[sea_orm(column_type = "Text")]
    pub answer: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
