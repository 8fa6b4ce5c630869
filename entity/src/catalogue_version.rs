//! One version of a catalogue; published versions never change.

use sea_orm::entity::prelude::*;

use crate::enums::VersionState;
use crate::id::{CatalogueId, CatalogueVersionId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CatalogueVersionId,
    pub catalogue_id: CatalogueId,
    pub number: i32,
    pub state: VersionState,
    /// Why the catalogue was adjusted (调整原因); none for the first version.
    pub reason: Option<String>,
    pub published_at: Option<DateTimeUtc>,
    pub published_by: Option<StaffId>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
