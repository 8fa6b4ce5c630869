//! What people agree to when they send something (个人信息处理告知同意书), in versions that never change.

use sea_orm::entity::prelude::*;

use crate::id::StaffId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_text")]
pub struct Model {
    /// From 2; the first version comes with the program.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    #[sea_orm(column_type = "Text")]
    pub zh: String,
    #[sea_orm(column_type = "Text")]
    pub en: String,
    pub published_at: DateTimeUtc,
    pub published_by: StaffId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
