//! Time that does not count (期限中止).

use sea_orm::entity::prelude::*;

use crate::id::{DutyId, DutyPauseId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty_pause")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyPauseId,
    pub duty_id: DutyId,
    pub from_on: Date,
    pub until_on: Option<Date>,
    pub reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
