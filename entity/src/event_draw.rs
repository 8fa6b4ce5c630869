//! The draw of a session whose seats are given by lot.

use sea_orm::entity::prelude::*;

use crate::id::EventSessionId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_draw")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: EventSessionId,
    /// SHA-256 of the number, hex; published before anybody registers.
    pub commitment: String,
    /// The number, encrypted; none once it is revealed in the protocol.
    pub secret_enc: Option<Vec<u8>>,
    pub committed_at: DateTimeUtc,
    pub drawn_at: Option<DateTimeUtc>,
    /// The published file, JSON: list, number, seed and result. No personal data.
    #[sea_orm(column_type = "Text", nullable)]
    pub protocol: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
