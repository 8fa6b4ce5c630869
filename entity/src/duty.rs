//! Something a body must do by a date (时限).

use sea_orm::entity::prelude::*;

use crate::enums::{DutyKind, DutyState, SubjectKind};
use crate::id::{DepartmentId, DutyId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "duty")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DutyId,
    pub kind: DutyKind,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// What it is about, for lists and notices.
    pub title: String,
    /// Where staff go to do it.
    pub path: String,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    /// The day that starts the period; it does not count (民法典 Art. 201).
    pub start_on: Date,
    /// Working days of the period; none where the due day is given.
    pub days: Option<i32>,
    pub due_on: Date,
    /// A year of the period has no holiday table yet (暂按周末推算).
    pub provisional: bool,
    pub state: DutyState,
    pub completed_on: Option<Date>,
    pub completed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
