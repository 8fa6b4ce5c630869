//! Review of what the public says (审核). Nothing is public before it; not shown is still counted; every act
//! has a moderator, a code and a time, and the author is told. A rejection, which takes an opinion out of
//! the count, needs two moderators unless a machine can prove its reason.

pub mod advice;
pub mod api;
pub mod appeal;
pub mod attachment_api;
pub mod attachments;
pub mod case;
pub mod claim;
mod claim_store;
pub mod equal;
pub mod flood;
pub mod flood_api;
pub mod lexicon;
pub mod lexicon_api;
mod lexicon_store;
pub mod page;
pub mod policy;
pub mod queue;
pub mod reason;
pub mod redaction;
pub mod report;
pub mod report_api;
mod report_store;
pub mod review;
pub mod second;
pub mod store;
pub mod template;
pub mod template_api;
pub mod undo;
pub mod workload;
pub mod workload_api;

pub use policy::Denied;
pub use report_store::count_open as open_reports;

/// How many opinions wait for a moderator, second reviews included.
///
/// # Errors
/// The database's own.
pub async fn waiting(db: &impl sea_orm::ConnectionTrait) -> Result<u64, crate::problem::Problem> {
    store::count_waiting(db, &store::Filter::default()).await
}
