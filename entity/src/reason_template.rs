//! Words to an author that moderators use again and again.

use sea_orm::entity::prelude::*;

use crate::enums::ReviewAction;
use crate::id::{ReasonTemplateId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reason_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReasonTemplateId,
    /// The decision it belongs to.
    pub action: ReviewAction,
    /// What moderators choose it by; one of a kind for its decision.
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub changed_at: DateTimeUtc,
    pub changed_by: StaffId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
