//! A time in which far more opinions than usual came (集中涌入): they are reviewed in a lane of their own.

use sea_orm::entity::prelude::*;

use crate::enums::FloodKind;
use crate::id::{ConsultationId, FloodId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "flood")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FloodId,
    pub consultation_id: ConsultationId,
    pub kind: FloodKind,
    /// Keyed hash of what they have in common.
    pub key: String,
    /// So many within `window_minutes` were the limit when it began.
    pub threshold: i32,
    pub window_minutes: i32,
    pub began_at: DateTimeUtc,
    /// When the last of it came.
    pub last_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    /// How many came with it before it was released.
    pub received: i32,
    /// A moderator let all of it back into the usual queue; more of the same stay there.
    pub released_at: Option<DateTimeUtc>,
    pub released_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
