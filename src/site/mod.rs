//! Pages of the site as a whole: home, feeds, notices.

pub mod api;
pub mod page;
