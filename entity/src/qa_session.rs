//! An announced session of online questions and answers (网络问政).

use sea_orm::entity::prelude::*;

use crate::id::{DepartmentId, QaSessionId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "qa_session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QaSessionId,
    /// `Q2026-001`
    #[sea_orm(unique)]
    pub code: String,
    /// Who holds it.
    pub department_id: DepartmentId,
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub theme: String,
    /// From when on people may ask.
    pub opens_at: DateTimeUtc,
    /// Live from …
    pub begins_at: DateTimeUtc,
    /// … to; questions are taken until then.
    pub ends_at: DateTimeUtc,
    pub published_at: Option<DateTimeUtc>,
    pub published_by: Option<StaffId>,
    pub cancelled_at: Option<DateTimeUtc>,
    pub cancelled_reason: Option<String>,
    /// When the transcript was first published, and what was left open became a duty.
    pub transcript_at: Option<DateTimeUtc>,
    /// Questions so far: the last number given.
    pub issued: i32,
    /// Counts what changed for the public: live pages ask for it.
    pub version: i32,
    pub created_by: StaffId,
    pub created_at: DateTimeUtc,
    /// Counts changes of its words and times.
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
