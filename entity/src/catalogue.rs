//! A department's catalogue of major decisions of one year (重大行政决策事项目录).

use sea_orm::entity::prelude::*;

use crate::id::{CatalogueId, DepartmentId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CatalogueId,
    pub department_id: DepartmentId,
    pub year: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
