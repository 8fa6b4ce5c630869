//! Opinions (意见): what someone says on a draft. Received is never lost and never edited; not shown is not
//! the same as not considered.
//!
//! An opinion is taken online ([`submit`], several at once by [`several`]) or taken down by staff ([`record`]); both go through one door
//! that numbers it, issues the receipt and opens the review's duty. Where it stands changes in one place
//! ([`settle`]), moved by the review. Its author follows it with the lookup code ([`state`]) and may revise
//! what was returned ([`revise`]), object ([`appeal`]), or take it back ([`withdraw`]). On a clause it may propose other words
//! ([`wording`]).
//!
//! [`state`] reads the review, topics, responses and summary of one opinion, read-only: the author is
//! entitled to the whole way on one page.

pub mod api;
pub mod appeal;
pub mod batch;
mod content;
pub mod fairness;
pub mod flood;
pub mod near;
pub mod own;
pub mod page;
mod quote;
mod receive;
pub mod record;
pub mod revise;
pub mod settle;
pub mod several;
pub mod state;
pub mod store;
pub mod submit;
pub mod support;
pub mod tell;
pub mod withdraw;
pub mod wording;
pub mod words;

pub use content::{Content, code};
pub use page::attached;
pub use page::words as page_words;
pub use quote::{Quote, labels, quote};
pub use receive::Receipt;
pub use store::appeal as appeals;
pub use store::support::counts as supports;
pub use store::tally::{self, Voices};
pub use store::{
    Counts, Group, by_channel_and_kind, by_number, counted_ids, counts, current_text, find, first_answer,
    hold, older, published_page, revised_texts, unanswered,
};
pub use submit::check_key;
pub use words::state_words;

/// Stands in the public text for what was removed (个保法 Art. 25).
pub const REMOVED: &str = "【已隐去】";
