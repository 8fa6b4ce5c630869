//! Search over everything that is public, in the database's own full-text index: every word that stands in
//! a text finds it, best first.
//!
//! All words of a query must stand in a publication. Publications whose title holds all of them come first,
//! then those where one passage does, then those where they stand apart; within each, by the index's own
//! rank, and the newest first among equals. Only what is public now is in the index: a later version and a
//! withdrawal take the old text out.

pub mod api;
mod find;
mod mark;
pub mod page;
mod store;

pub use find::{Found, Hit, LONGEST_QUERY, Query, search};
pub use mark::Segments;
