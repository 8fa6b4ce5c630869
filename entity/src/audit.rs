//! Who did what: append-only, each record hashes the one before.

use sea_orm::entity::prelude::*;

use crate::enums::{ActorKind, SubjectKind};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub at: DateTimeUtc,
    pub actor_kind: ActorKind,
    pub actor_id: Option<Uuid>,
    pub address: String,
    pub action: String,
    pub subject_kind: SubjectKind,
    pub subject_id: Option<Uuid>,
    pub result: String,
    /// Codes and numbers, never what a person wrote.
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    pub request_id: String,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
