//! What one administrator asks about somebody's account and another one confirms.

use sea_orm::entity::prelude::*;

use crate::enums::{RequestOutcome, StaffRequestKind};
use crate::id::{StaffId, StaffRequestId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffRequestId,
    pub kind: StaffRequestKind,
    pub staff_id: StaffId,
    /// The names of the roles to grant; none for other kinds.
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Json,
    pub requested_by: StaffId,
    pub requested_at: DateTimeUtc,
    /// None while it waits.
    pub outcome: Option<RequestOutcome>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
