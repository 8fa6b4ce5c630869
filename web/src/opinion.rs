//! Giving an opinion and following it: form, receipt, state, lookup.
//!
//! The names of the form's fields are constants here, so that the handler reads what the page sends.

use crate::{consultation::ClauseLine, link::Href};

mod closed;
mod form;
mod lookup;
mod receipt;
mod report;
mod state;

pub use closed::{ClosedView, closed};
pub use form::{OpinionFormView, opinion_form};
pub use lookup::{LookupView, lookup, lookup_fields};
pub use receipt::{ReceiptView, When, receipt};
pub use report::{ReportView, report};
pub use state::{
    Appeal, AppealDecision, Appealed, OpinionOutcome, OpinionStateView, ReviewReason, Revision, Withdrawal,
    opinion_state,
};

pub const FIELD_BODY: &str = "text";
pub const FIELD_NAME: &str = "name";
/// `individual`, `company`, `organisation`, `other`
pub const FIELD_KIND: &str = "person_kind";
pub const FIELD_CONTACT: &str = "contact";
/// `named`, `masked`, `anonymous`, `hidden`
pub const FIELD_SHOWING: &str = "show_as";
/// `yes`
pub const FIELD_AGREE: &str = "consent";
pub const FIELD_FILES: &str = "files";
pub const FIELD_CLAUSE: &str = "clause";
pub const FIELD_KEY: &str = "key";
pub const FIELD_CODE: &str = "code";
pub const FIELD_APPEAL: &str = "reason";

/// The clause an opinion speaks on, quoted.
#[derive(Clone, Debug)]
pub struct QuotedClause {
    /// What the hidden field sends back.
    pub id: String,
    pub label: String,
    pub lines: Vec<ClauseLine>,
    /// Its place in the draft.
    pub href: Href,
}
