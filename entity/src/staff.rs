//! A person with a login in a department (工作人员).

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffId,
    #[sea_orm(unique)]
    pub login: String,
    pub display_name: String,
    pub email: String,
    pub department_id: DepartmentId,
    /// argon2id PHC string; none until the invitation is used.
    pub password_hash: Option<String>,
    /// Consecutive failed sign-ins.
    pub failed_count: i32,
    pub locked_until: Option<DateTimeUtc>,
    pub disabled_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
