//! Somebody who was sent to a provider (OpenID Connect) and is expected back. `id` is the SHA-256 of the `state` that
//! went along, hex: whoever reads the table cannot answer in somebody's place.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_visit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// SHA-256 of the secret in the browser's cookie, hex.
    pub browser_hash: String,
    /// Name of the provider in the settings.
    pub provider: String,
    /// What for, such as `opinion:2026-001-1`.
    pub purpose: String,
    /// The page of ours that goes on, here or after a refusal.
    pub back: String,
    /// What was typed before, and the secrets of this visit, sealed for this row.
    pub going_enc: Vec<u8>,
    pub created_at: DateTimeUtc,
    /// Until when the answer is taken.
    pub expires_at: DateTimeUtc,
    /// When the answer came; it is taken once.
    pub returned_at: Option<DateTimeUtc>,
    /// SHA-256 of the secret by which a form names this visit.
    #[sea_orm(unique)]
    pub ticket_hash: Option<String>,
    /// Who it turned out to be, sealed for this row.
    pub arrival_enc: Option<Vec<u8>>,
    /// When it served its purpose.
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
