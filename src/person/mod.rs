//! My data (我的数据): whoever proves a contact sees what was sent with it, takes a copy, corrects the contact, and
//! has it erased (个人信息保护法 Art. 44 to 47, 50).
//!
//! The proof is a one-time code, or a provider's word (OpenID Connect); it opens a session of half an hour
//! ([`session`]) that is no account. What is erased and what stays is each feature's own rule (`opinion/own.rs`,
//! `message/own.rs`, `event/own.rs`); registrations for events erase themselves after the event too. Every request is
//! recorded by what was done, never by whom, with a receipt ([`request`]). What the site cannot do by itself a person of
//! the bureau answers ([`inquiry`]). The audit chain stays, for it holds no personal data.

pub mod api;
pub mod desk_api;
pub mod inquiry;
pub mod page;

mod api_types;
mod desk_page;
mod inquiry_page;
mod policy;
mod provider_page;
mod request;
mod rights;
mod session;
mod store;
mod tell;
mod words;

pub use request::{Done, find as request};
pub use rights::{All, all, correct, erase, export};
pub use session::{PURPOSE, Person, enter, enter_by, find as session, leave};
