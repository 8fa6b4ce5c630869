//! Search over everything public.

pub mod api;
pub mod page;
