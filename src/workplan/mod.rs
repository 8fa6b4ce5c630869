//! The bureau's open-government work plan (政务公开工作计划表): who does what by when, as the plan of the year
//! prints it. For reading; its rows come from a table.

pub mod api;
mod import;
pub mod page;
mod store;

pub use import::import;
pub use store::{items, years};
