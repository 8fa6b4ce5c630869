//! What goes over the wire of the API of catalogues.

use chrono::{DateTime, Utc};
use entity::enums::{DecisionKind, StepKind, VersionState};
use entity::id::{CatalogueEntryId, CatalogueId, DecisionId, DepartmentId};
use poem_openapi::Object;

use super::{Field, Way};

/// A published catalogue, as its version in force.
#[derive(Object)]
pub(super) struct CatalogueListed {
    pub id: CatalogueId,
    pub title: String,
    /// 单位代号 Key of the department, for addresses
    pub department_key: String,
    pub department: String,
    pub year: i32,
    pub version: i32,
    pub entries: u64,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
}

/// A page of catalogues, the newest year first.
#[derive(Object)]
pub(super) struct CataloguePage {
    pub items: Vec<CatalogueListed>,
    pub total: u64,
}

/// A step that an entry foresees, or that does not apply to it.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct CatalogueStep {
    pub kind: StepKind,
    pub foreseen: bool,
    /// 不适用的理由 Why it does not apply
    #[oai(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A decision as one version of a catalogue words it.
#[derive(Object)]
pub(super) struct CatalogueEntryOut {
    pub id: CatalogueEntryId,
    pub decision_id: DecisionId,
    pub decision_code: String,
    pub title: String,
    pub kind: DecisionKind,
    pub department_id: DepartmentId,
    pub department: String,
    pub basis: String,
    pub planned_time: String,
    pub steps: Vec<CatalogueStep>,
}

/// A version of a catalogue.
#[derive(Object)]
pub(super) struct CatalogueVersionOut {
    pub number: i32,
    pub state: VersionState,
    /// 调整理由 Why it was adjusted
    #[oai(skip_serializing_if_is_none)]
    pub reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
}

/// One version with its entries, and which versions there are.
#[derive(Object)]
pub(super) struct CatalogueOut {
    pub id: CatalogueId,
    pub title: String,
    pub department: String,
    pub year: i32,
    pub version: CatalogueVersionOut,
    pub versions: Vec<CatalogueVersionOut>,
    pub entries: Vec<CatalogueEntryOut>,
}

/// One changed column of an entry.
#[derive(Object)]
pub(super) struct CatalogueFieldChange {
    pub field: Field,
    pub old: String,
    pub new: String,
}

/// An entry that changed, as it is now.
#[derive(Object)]
pub(super) struct CatalogueEntryChange {
    pub entry: CatalogueEntryOut,
    pub fields: Vec<CatalogueFieldChange>,
}

/// What differs between two versions.
#[derive(Object)]
pub(super) struct CatalogueComparison {
    pub from: i32,
    pub to: i32,
    pub added: Vec<CatalogueEntryOut>,
    pub removed: Vec<CatalogueEntryOut>,
    pub changed: Vec<CatalogueEntryChange>,
    pub kept: u64,
}

/// Whose catalogue of which year.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct CatalogueNew {
    pub department_id: DepartmentId,
    pub year: i32,
}

/// An entry to add or change.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct CatalogueEntryIn {
    /// 已有决策事项的编号 Code of a decision that exists; without it a new decision begins. Not for changes.
    pub decision: Option<String>,
    pub title: String,
    pub kind: DecisionKind,
    pub department_id: DepartmentId,
    #[oai(default)]
    pub basis: String,
    pub planned_time: String,
    #[oai(default)]
    pub steps: Vec<CatalogueStep>,
}

/// Where to move an entry.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct CatalogueEntryMove {
    pub way: Way,
}

/// Why the catalogue was adjusted; not needed for the first version.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct CataloguePublish {
    #[oai(default)]
    pub reason: String,
}
