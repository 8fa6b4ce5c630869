//! The adoption summary (意见采纳情况): how the public was heard, what was said, what became of it and why
//! concentrated opinions were not adopted (国令713 Art. 18, 32; 2020 plan, table 二-5).
//!
//! Generated from the responses, edited by the owner, approved by the department's head, published. What was
//! submitted is what is approved and published: its SHA-256 is kept at submission, and any later change of a
//! response, a review or a text sends it back. Publishing is refused, with the exact difference, while
//! anything is unanswered; received = published + not shown + rejected + withdrawn + pending always holds.

pub mod api;
mod approve;
mod content;
mod correct;
mod desk_view;
mod draft;
mod figure_words;
mod gate;
pub mod generate;
pub mod list;
pub mod page;
mod policy;
mod publish;
pub mod store;
mod tell;
mod view;

pub use approve::{approve, send_back, submit};
pub use content::{Content, Correction, Row, Snapshot, is_snapshot};
pub use correct::{correct, withdraw};
pub use draft::{Texts, Work, edit, generate, read};
pub use gate::{Check, Link, Needed};
pub use publish::publish;
pub use tell::{JOB as TELL_JOB, tell};
