//! Giving an opinion and following it: form, receipt, state, lookup.
//!
//! The names of the form's fields are constants here, so that the handler reads what the page sends.

use crate::{
    component::Change,
    consultation::{ClauseLine, Span},
    link::Href,
};

mod closed;
mod form;
mod lookup;
mod proposal;
mod receipt;
mod report;
mod several;
mod state;
mod support;

pub use closed::{ClosedView, closed};
pub use form::{OpinionFormView, opinion_form};
pub use lookup::{LookupView, lookup, lookup_fields};
pub use proposal::proposal;
pub use receipt::{ReceiptView, When, receipt};
pub use report::{ReportView, report};
pub use several::{
    SeveralCheckView, SeveralClause, SeveralView, SubmissionPart, SubmissionView, field_of, several,
    several_check, submission,
};
pub use state::{
    Appeal, AppealDecision, Appealed, OpinionOutcome, OpinionStateView, ReviewReason, Revision, Withdrawal,
    opinion_state,
};
pub use support::{SupportView, support};

pub const FIELD_BODY: &str = "text";
/// The words proposed for the clause.
pub const FIELD_WORDING: &str = "wording";
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

/// An opinion that proposes other words for its clause.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// May be empty.
    pub reason: Vec<Span>,
    /// From the words of the clause to those proposed.
    pub changes: Vec<Change>,
}

/// The clause an opinion speaks on, quoted.
#[derive(Clone, Debug)]
pub struct QuotedClause {
    /// What the hidden field sends back.
    pub id: String,
    pub label: String,
    pub lines: Vec<ClauseLine>,
    /// The same as text, to begin other words with.
    pub text: String,
    /// Its place in the draft.
    pub href: Href,
}
