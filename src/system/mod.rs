//! How the site stands, for those who run it: the page "system" of administrators, the API, and `/metrics`.
//! It reads across the engines and decides nothing; the one act is to try a parked job once more, which is the
//! job engine's.

pub mod api;
pub mod page;
mod state;

pub use state::{Standing, State, read, state};
