//! Opinions that say the same (归并意见).

use sea_orm::entity::prelude::*;

use crate::id::{ConsultationId, StaffId, TopicId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "topic")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TopicId,
    pub consultation_id: ConsultationId,
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub gist: String,
    pub position: i32,
    /// Different people whose counted opinions it holds; kept by the tally.
    pub people: i64,
    pub created_by: StaffId,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
