//! A major administrative decision (决策事项) with its public dossier. Its status is derived from its steps.

use sea_orm::entity::prelude::*;

use crate::enums::DecisionKind;
use crate::id::{DecisionId, DepartmentId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DecisionId,
    /// What people see and links use, such as `2026-007`.
    #[sea_orm(unique)]
    pub code: String,
    pub year: i32,
    pub title: String,
    pub kind: DecisionKind,
    /// Undertaking department (承办单位).
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    /// Plain words for residents.
    pub summary: String,
    pub basis: String,
    /// Document number (发文字号), such as 沪体规〔2020〕1号.
    pub doc_number: Option<String>,
    pub promulgated_on: Option<Date>,
    /// Legal basis where the decision is not to be disclosed by law.
    pub not_disclosed_basis: Option<String>,
    /// When the dossier became public; none while nobody outside may see it.
    pub published_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Counts changes, for If-Match.
    pub revision: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
