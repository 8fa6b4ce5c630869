//! An archive of another site's consultation that was imported and brought something new.

use sea_orm::entity::prelude::*;

use crate::id::{ConsultationId, DecisionId, ImportId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    pub consultation_id: ConsultationId,
    pub decision_id: DecisionId,
    /// Name of the site that published it.
    #[sea_orm(column_type = "Text")]
    pub site: String,
    /// Its page there.
    #[sea_orm(column_type = "Text")]
    pub url: String,
    /// What its codes begin with here; empty when they are those of its site.
    pub prefix: String,
    /// Of the archive, hex.
    pub sha256: String,
    /// When the archive was made.
    pub made_at: DateTimeUtc,
    pub imported_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
