//! The site as a whole: home, rules and statements, site map, feeds, addresses for machines.

pub mod api;
mod consultation_list;
mod consultation_page;
mod consultation_parts;
mod home;
mod machines;
pub mod page;
mod rules;
mod said;
mod store;
