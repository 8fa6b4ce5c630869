//! Review of what the public says (审核).

pub mod api;
pub mod page;
