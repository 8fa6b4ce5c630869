//! An occasion on which the body meets people: open day, hearing, seminar, field visit, opened meeting.

use sea_orm::entity::prelude::*;

use crate::enums::EventKind;
use crate::id::{DecisionId, DepartmentId, EventId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    #[sea_orm(unique)]
    pub code: String,
    pub kind: EventKind,
    /// Who holds it.
    pub department_id: DepartmentId,
    /// The decision it serves, where it serves one.
    pub decision_id: Option<DecisionId>,
    pub title: String,
    /// What it is about and what happens there.
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    /// Who may come; empty for everybody.
    #[sea_orm(column_type = "Text")]
    pub conditions: String,
    /// Ramps, lifts, sign language, parking …
    #[sea_orm(column_type = "Text")]
    pub accessibility: String,
    pub contact_name: String,
    pub phone: String,
    pub email: String,
    pub published_at: Option<DateTimeUtc>,
    pub published_by: Option<StaffId>,
    pub cancelled_at: Option<DateTimeUtc>,
    /// Why it is cancelled; published.
    pub cancelled_reason: Option<String>,
    /// What happened and what was said; published.
    #[sea_orm(column_type = "Text", nullable)]
    pub report: Option<String>,
    /// What was decided about the matter; of opened meetings.
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    /// What those who sat in said, and what was answered; of opened meetings.
    #[sea_orm(column_type = "Text", nullable)]
    pub said: Option<String>,
    /// People from outside by group, as JSON: `{"citizen":2}`; of opened meetings.
    #[sea_orm(column_type = "Text", nullable)]
    pub attendance: Option<String>,
    /// People from outside who took part, as the report says.
    pub attended: Option<i32>,
    pub report_published_at: Option<DateTimeUtc>,
    /// When the visitors' personal data was erased.
    pub erased_at: Option<DateTimeUtc>,
    pub created_by: StaffId,
    pub created_at: DateTimeUtc,
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
