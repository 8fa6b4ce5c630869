//! The site as a whole: home, rules and statements, site map, feeds, addresses for machines.

mod answers;
mod column;
mod consultation_list;
mod consultation_page;
mod consultation_parts;
mod dossier;
mod feed;
mod machines;
mod opinions_csv;
pub mod page;
mod said;
mod share;
mod store;
