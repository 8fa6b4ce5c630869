//! A sign-in whose password was right, or whose provider was, and whose code is awaited. `id` is the SHA-256 of the cookie's secret.

use sea_orm::entity::prelude::*;

use crate::id::StaffId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub staff_id: StaffId,
    pub expires_at: DateTimeUtc,
    pub tries: i32,
    /// What the browser that gave the password said of itself; another one may not go on.
    pub user_agent: String,
    /// By which provider of the settings it was begun; by a password otherwise.
    pub provider: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
