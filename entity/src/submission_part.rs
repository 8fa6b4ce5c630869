//! An opinion that was sent together with others: the submission it came in.

use sea_orm::entity::prelude::*;

use crate::id::{OpinionId, SubmissionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission_part")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_id: OpinionId,
    pub submission_id: SubmissionId,
    /// In the order they were sent, from 0.
    pub position: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
