//! What goes over the wire of the API of decisions.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{DecisionKind, DocumentKind, DutyKind, DutyState, StepKind};
use entity::id::{DecisionId, DepartmentId, DocumentId, DutyId, StaffId, StepId};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

use super::Status;

/// A decision in a list.
#[derive(Object)]
pub(super) struct DecisionOut {
    pub id: DecisionId,
    pub code: String,
    pub year: i32,
    pub title: String,
    pub kind: DecisionKind,
    pub department_id: DepartmentId,
    pub department: String,
    pub status: Status,
    #[oai(skip_serializing_if_is_none)]
    pub doc_number: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub promulgated_on: Option<NaiveDate>,
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
}

/// A page of decisions, the newest code first.
#[derive(Object)]
pub(super) struct DecisionPage {
    pub items: Vec<DecisionOut>,
    pub total: u64,
}

/// A step that happened, or that was recorded as not applicable.
#[derive(Object)]
pub(super) struct DecisionStepOut {
    pub id: StepId,
    pub kind: StepKind,
    #[oai(skip_serializing_if_is_none)]
    pub happened_on: Option<NaiveDate>,
    pub note: String,
    /// 不适用的理由 Why the step does not apply
    #[oai(skip_serializing_if_is_none)]
    pub skipped_reason: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    pub document_id: Option<DocumentId>,
}

/// A document of the dossier.
#[derive(Object)]
pub(super) struct DecisionDocumentOut {
    pub id: DocumentId,
    pub kind: DocumentKind,
    pub title: String,
}

/// A time limit of the decision.
#[derive(Object)]
pub(super) struct DecisionDutyOut {
    pub id: DutyId,
    pub kind: DutyKind,
    pub start_on: NaiveDate,
    pub due_on: NaiveDate,
    /// Working days of the period.
    #[oai(skip_serializing_if_is_none)]
    pub working_days: Option<i32>,
    pub provisional: bool,
    pub state: DutyState,
    #[oai(skip_serializing_if_is_none)]
    pub completed_on: Option<NaiveDate>,
}

/// A decision with its dossier.
#[derive(Object)]
pub(super) struct DecisionDossier {
    #[oai(flatten)]
    pub decision: DecisionOut,
    pub summary: String,
    pub basis: String,
    #[oai(skip_serializing_if_is_none)]
    pub not_disclosed_basis: Option<String>,
    pub steps: Vec<DecisionStepOut>,
    pub documents: Vec<DecisionDocumentOut>,
    pub duties: Vec<DecisionDutyOut>,
    /// For If-Match.
    pub revision: i32,
}

/// A decision about to begin.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionNew {
    pub title: String,
    pub kind: DecisionKind,
    pub year: i32,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    /// Plain words for residents.
    #[oai(default)]
    pub summary: String,
    #[oai(default)]
    pub basis: String,
}

/// Fields of the dossier to change; what is left out stays.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionPatch {
    pub title: Option<String>,
    pub kind: Option<DecisionKind>,
    pub department_id: Option<DepartmentId>,
    pub owner_id: MaybeUndefined<StaffId>,
    pub summary: Option<String>,
    pub basis: Option<String>,
}

/// A step to record.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionStepNew {
    pub kind: StepKind,
    pub happened_on: NaiveDate,
    #[oai(default)]
    pub note: String,
    pub document_id: Option<DocumentId>,
}

/// A step that does not apply, and why; the reason is published.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionSkipNew {
    pub kind: StepKind,
    pub reason: String,
}

/// How and when the decision was issued.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionPromulgation {
    /// 发文字号, such as 沪体规〔2020〕1号
    pub doc_number: String,
    pub promulgated_on: NaiveDate,
    pub final_document_id: Option<DocumentId>,
    #[oai(default)]
    pub note: String,
}

/// Why the procedure is stopped; the reason is published.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionWithdrawal {
    pub reason: String,
}

/// The legal basis for not disclosing the matter; empty takes the record back.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub(super) struct DecisionNotDisclosed {
    pub basis: String,
}

/// The id of what was recorded.
#[derive(Object)]
pub(super) struct DecisionStepId {
    pub id: StepId,
}
