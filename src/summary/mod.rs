//! The adoption summary (意见采纳情况).

pub mod api;
pub mod page;
