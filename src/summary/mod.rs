//! The adoption summary (意见采纳情况): how the public was heard, what was said, what became of it and why
//! concentrated opinions were not adopted (国令713 Art. 18, 32; 2020 plan, table 二-5).
//!
//! Generated from the responses, edited by the owner, approved by the department's head, published. What was
//! submitted is what is approved and published: its SHA-256 is kept at submission, and any later change of a
//! response, a review or a text sends it back. Publishing is refused, with the exact difference, while
//! anything is unanswered; received = published + not shown + rejected + pending always holds.

pub mod api;
mod figure_words;
pub mod generate;
pub mod page;
mod policy;
