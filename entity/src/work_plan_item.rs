//! A row of the bureau's open-government work plan (政务公开工作计划表).

use sea_orm::entity::prelude::*;

use crate::id::WorkPlanItemId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "work_plan_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkPlanItemId,
    pub year: i32,
    pub position: i32,
    pub section: String,
    pub subsection: String,
    #[sea_orm(column_type = "Text")]
    pub requirement: String,
    pub responsible: String,
    pub implementing: String,
    #[sea_orm(column_type = "Text")]
    pub measure: String,
    pub deadline_text: String,
    pub deadline_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
