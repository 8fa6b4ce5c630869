//! Which subject of a provider (OpenID Connect) a member of staff is.

use sea_orm::entity::prelude::*;

use crate::id::StaffId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub staff_id: StaffId,
    /// Name of the provider in the settings.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// Keyed hash of issuer and subject; one subject is one account.
    #[sea_orm(unique)]
    pub subject_hash: String,
    /// What the provider calls the person, masked, sealed for this row.
    pub label_enc: Vec<u8>,
    pub linked_at: DateTimeUtc,
    /// When it was last signed in by.
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
