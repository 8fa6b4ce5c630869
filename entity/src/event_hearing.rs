//! What the law asks of a hearing beside what every event has.

use sea_orm::entity::prelude::*;

use crate::id::{EventId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event_hearing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    /// Whether participants are selected (遴选) from those who register.
    pub selects: bool,
    /// 遴选办法; must be there when participants are selected.
    #[sea_orm(column_type = "Text")]
    pub selection_rules: String,
    /// The published list of participants, JSON: numbers, groups, names as they may be shown.
    #[sea_orm(column_type = "Text", nullable)]
    pub participants: Option<String>,
    pub participants_at: Option<DateTimeUtc>,
    /// When the materials reached the participants.
    pub delivered_on: Option<Date>,
    pub delivered_how: Option<String>,
    pub delivered_by: Option<StaffId>,
    /// 听证会记录; published.
    #[sea_orm(column_type = "Text", nullable)]
    pub record: Option<String>,
    pub record_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
