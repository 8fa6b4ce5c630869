//! Topics and responses (归并意见、处理结果): opinions that say the same are grouped, and each group or single
//! opinion is answered: adopted, partly adopted, not adopted, explained (国令713 Art. 18: every opinion is
//! sorted and studied).
//!
//! Every opinion that is neither rejected nor withdrawn is counted and must be answered. An opinion has at most one topic; its
//! own response goes before its topic's. A topic of at least `rules.concentrated_people` different people is
//! concentrated (较为集中): not adopting it needs a reason (2020 plan, table 二-5).
//!
//! Responses may change until the summary is published, and again while a correction of it is written; what
//! the public and the authors read meanwhile stays what was published.

pub mod api;
mod arrange;
pub mod figures;
mod gather;
pub mod list;
mod outcome;
pub mod page;
mod policy;
mod respond;
mod store;
mod view;

pub use arrange::{NewTopic, change, create, delete, order};
pub use figures::{Figures, Outcomes};
pub use gather::{Group, Place, Suggestion, gather, join, leave, suggestions};
pub use outcome::{OutcomeView, outcome_of, outcomes_of, publish, unpublish};
pub use policy::{CONCENTRATED_REASON, is_concentrated, open_for_answers};
pub use respond::{Answer, Target, respond, retract};
pub use store::{
    TopicStats, Undecided, appealed, figures, final_text, lock, of_consultation, pending, people, stats,
    undecided, without_clause,
};
pub use view::outcome_label;
