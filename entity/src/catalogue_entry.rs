//! A decision as it stands in one version of a catalogue.

use sea_orm::entity::prelude::*;

use crate::enums::DecisionKind;
use crate::id::{CatalogueEntryId, CatalogueVersionId, DecisionId, DepartmentId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CatalogueEntryId,
    pub version_id: CatalogueVersionId,
    pub decision_id: DecisionId,
    pub position: i32,
    pub title: String,
    pub kind: DecisionKind,
    /// Undertaking department (承办单位).
    pub department_id: DepartmentId,
    pub basis: String,
    /// Planned time as printed, such as 第四季度.
    pub planned_time: String,
    /// `[{"kind", "foreseen", "reason"}]`: which steps are foreseen, or not applicable and why.
    #[sea_orm(column_type = "JsonBinary")]
    pub steps: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
