//! Backup: the whole site as one file in an open format, its way back, and the proof that both are whole.
//!
//! Everything is driven by the schema that the database itself reports, so a new table is in the next backup
//! without anybody thinking of it, and a column of an unknown type stops a backup instead of being left out.
//! The same lines of JSON stand for a row whichever database holds it: a backup made on SQLite is restored
//! into PostgreSQL and back, and two sites are equal when their tables have the same digests. The format is
//! described in `docs/archive-format.md`.

mod archive;
mod attached;
mod check;
mod check_answers;
mod check_archive;
mod export;
mod fault;
mod import;
mod keep;
mod load;
mod make;
mod manifest;
mod public;
mod report;
mod restore;
mod row;
mod schedule;
mod schema;
mod store;
mod table;
mod transfer;

pub use attached::verify as verify_attachments;
pub use check::verify_site;
pub use check_archive::verify_archive;
pub use export::export;
pub use fault::Fault;
pub use import::{Arrival, Brought, ImportOrder, Readable, import, origin};
pub use make::{Made, Order, make};
pub use report::Report;
pub use restore::{KeyChoice, restore};
pub use schedule::{JOB, last, last_done, plan, record_manual, run};
pub use schema::{LEFT_OUT, is_current};
pub use table::{TableDigest, digests};
pub use transfer::transfer;
