//! A text sent again after the opinion was returned (退回修改).

use sea_orm::entity::prelude::*;

use crate::id::{OpinionId, OpinionRevisionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opinion_revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpinionRevisionId,
    pub opinion_id: OpinionId,
    pub number: i32,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub submitted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
