//! Staff accounts (工作人员): first administrator, sign-in, sessions, tokens, people and their roles.
//!
//! No default passwords: the first start prints a one-time link for the first administrator, who invites
//! the others. Passwords are argon2id hashes; sessions and tokens are kept as hashes of their secrets.

mod admin_page;
pub mod api;
pub mod code_step;
mod device;
pub mod factor;
mod factor_page;
pub mod own;
mod own_page;
pub mod page;
pub mod password;
pub mod people;
pub mod provider;
mod provider_page;
pub mod recover;
mod recovery;
pub mod request;
pub mod request_api;
mod request_page;
pub mod session;
pub mod set_up;
pub mod sign_in;
pub mod store;
pub mod token;
mod totp;
mod tries;

pub use store::{active, count_by_department, find_staff, first_with_role, names, owners_of, staff_of};
