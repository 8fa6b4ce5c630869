//! A body in the organisation tree (单位、部门).

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "department")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartmentId,
    pub parent_id: Option<DepartmentId>,
    #[sea_orm(unique)]
    pub key: String,
    pub name: String,
    pub short_name: String,
    pub head_id: Option<StaffId>,
    pub address: String,
    pub postcode: String,
    pub email: String,
    pub phone: String,
    pub position: i32,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
