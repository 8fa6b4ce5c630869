//! A staff session. `id` is the SHA-256 of the cookie's secret, never the secret.

use sea_orm::entity::prelude::*;

use crate::id::StaffId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub staff_id: StaffId,
    pub csrf: String,
    pub created_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    pub user_agent: String,
    pub address: String,
    /// By which provider of the settings it was begun; by a password otherwise.
    pub provider: Option<String>,
    /// The provider itself asked for a second factor, and the settings take that for ours.
    pub factor_covered: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
