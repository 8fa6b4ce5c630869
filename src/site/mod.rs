//! The site as a whole: home, rules and statements, site map, feeds, addresses for machines.

mod answers;
pub mod api;
mod column;
mod consultation_page;
mod consultation_parts;
mod feed;
mod dossier;
mod home;
mod machines;
pub mod page;
mod rules;
mod said;
mod store;
