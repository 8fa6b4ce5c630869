//! A one-time code that was sent to prove a contact. The code itself is in no row: it is derived from the id with
//! a key outside of the database when the message leaves, and again when somebody types it.

use sea_orm::entity::prelude::*;

use crate::id::ContactCodeId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactCodeId,
    /// SHA-256 of the secret that the form holds, hex.
    #[sea_orm(unique)]
    pub ticket_hash: String,
    /// What it is good for, such as `opinion:2026-001-1`.
    pub purpose: String,
    /// Keyed hash of the contact.
    pub contact_hash: String,
    /// Minute of its making since 1970; one code a contact and minute.
    pub minute: i64,
    /// The contact, sealed for this row.
    pub contact_enc: Vec<u8>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub tries: i32,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
