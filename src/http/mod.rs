//! The edge: everything that is said in HTTP and nothing that is decided. One middleware knows who asks,
//! limits what comes in, checks where forms come from, turns problems into pages or RFC 9457 JSON, and sets
//! the headers.

mod address;
pub mod api;
mod assets;
mod below;
mod cache;
pub mod challenge;
pub mod desk;
pub mod device;
pub mod duty_view;
mod edge;
pub mod flash;
pub mod form;
mod headers;
mod health;
mod load;
mod metrics;
mod packed;
pub mod pager;
pub mod pages;
pub mod render;
mod router;
pub mod served;
mod server;
pub mod spool;
pub mod visitor;
mod way_in;

use web::lang::Lang;

use crate::problem::Words;

pub use router::{endpoint, guarded, openapi, page_list};
pub use server::{serve, serve_on, shutdown};

/// Words in a language.
pub fn lang_words(lang: Lang, words: &Words) -> String {
    lang.t(&words.zh, &words.en).to_owned()
}
