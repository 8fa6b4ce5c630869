//! Attachments (附件): files that people add to what they say, and staff to what they publish.
//!
//! A file is checked by its bytes and made harmless ([`check`]): pictures are encoded anew, Word and Excel files are
//! packed anew without the names of their authors, PDF is emptied of them; what could act by itself is refused.
//! Then it is sealed and put into the store ([`files`]), and only when it is there a row names it ([`keep`]). An
//! upload belongs to nothing until its subject names it in its own transaction ([`own`]); what nothing names is swept
//! after a day ([`sweep`]).
//!
//! Files are sealed although texts are not: pictures and scans show faces, signatures and numbers that nobody can
//! screen, the store may be another's, and its copies outlive what was erased here. Each file has a key of its own,
//! sealed with the site's in its row; with the row the file is gone everywhere.
//!
//! Who may see an attachment is the business of what it belongs to. It is served to be saved, never to be run;
//! pictures alone are shown, and only as they were encoded here.

pub mod api;
mod bench;
pub mod check;
pub mod files;
pub mod keep;
mod name;
mod own;
mod package;
mod pdf;
mod picture;
mod picture_data;
pub mod store;
pub mod sweep;
pub mod words;

pub use files::{Files, Place};
pub use keep::{FIELD, FIELDS, Kept, Upload, bytes, open, seal, upload};
pub use own::{claim, close, contents, decide, erase, find, of, one_of, publish_one, reopen, waiting};
pub use store::of as of_many;
pub use sweep::{JOB, plan, sweep};
