//! My data (我的数据): whoever proves a contact sees what was sent with it, takes a copy, corrects the contact, and
//! has it erased (个人信息保护法 Art. 44 to 47, 50).
//!
//! The proof is a one-time code, or a provider's word (OpenID Connect); it opens a session of half an hour ([`session`]) that is no account. What is erased
//! and what stays is each feature's own rule (`opinion/own.rs`, `message/own.rs`); registrations for events erase
//! themselves after the event. Every request is recorded by what was done, never by whom, with a receipt
//! ([`request`]); the audit chain stays, for it holds no personal data.

pub mod api;
pub mod page;

mod api_types;
mod provider_page;
mod request;
mod rights;
mod session;
mod store;

pub use request::{Done, find as request};
pub use rights::{All, all, correct, erase, export};
pub use session::{PURPOSE, Person, enter, enter_by, find as session, leave};
