//! A bucket of turns that several instances share; see `rate` in the program.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rate_limit")]
pub struct Model {
    /// A keyed hash of the act and the network address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// When the bucket is full again, milliseconds since 1970.
    pub full_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
