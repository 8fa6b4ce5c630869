//! A word that screening looks for, or no longer looks for.

use sea_orm::entity::prelude::*;

use crate::enums::LexiconKind;
use crate::id::{LexiconWordId, StaffId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lexicon_word")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LexiconWordId,
    pub kind: LexiconKind,
    /// As it was written.
    pub word: String,
    /// What is looked for: its letters and digits, made plain.
    pub sought: String,
    /// False for one that was removed, and for one of the program's own that was switched off.
    pub active: bool,
    pub changed_at: DateTimeUtc,
    pub changed_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
