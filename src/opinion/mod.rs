//! Opinions (意见): what someone says on a draft. Received is never lost and never edited; not shown is not
//! the same as not considered.

pub mod api;
pub mod page;
pub mod store;

pub use store::{Counts, by_number, counts, find};
