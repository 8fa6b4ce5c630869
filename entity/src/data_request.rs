//! A request about one's personal data (个人信息权利请求) and what was done. It names nobody.

use sea_orm::entity::prelude::*;

use crate::enums::DataRequestKind;
use crate::id::DataRequestId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataRequestId,
    #[sea_orm(unique)]
    pub number: String,
    pub kind: DataRequestKind,
    pub received_at: DateTimeUtc,
    pub done_at: DateTimeUtc,
    /// How many things were given, changed, erased, kept; no text and no person.
    #[sea_orm(column_type = "JsonBinary")]
    pub outcome: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
