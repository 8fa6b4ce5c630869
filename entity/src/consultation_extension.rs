//! A closing day moved later, with its reason.

use sea_orm::entity::prelude::*;

use crate::id::{ConsultationId, ExtensionId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation_extension")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExtensionId,
    pub consultation_id: ConsultationId,
    pub old_closes_on: Date,
    pub new_closes_on: Date,
    pub reason: String,
    pub published_at: DateTimeUtc,
    pub published_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
