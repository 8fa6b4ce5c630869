//! The site as a whole: home, rules and statements, site map, feeds, addresses for machines.

mod answers;
mod column;
mod consultation_page;
mod consultation_parts;
mod dossier;
mod feed;
mod home;
mod machines;
pub mod page;
mod rules;
mod said;
mod store;
