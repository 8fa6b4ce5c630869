//! A reader's support of a published opinion (赞同): one row a device. It tells neither who nor from where: both
//! hashes are keyed and cover the opinion, so that nobody can be followed from one opinion to another.

use sea_orm::entity::prelude::*;

use crate::id::OpinionId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "support")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub opinion_id: OpinionId,
    /// Keyed hash of the device.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device: String,
    /// Keyed hash of the network.
    pub network: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
