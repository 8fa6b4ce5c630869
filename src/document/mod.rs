//! Drafts, explanations, bases and final texts (决策草案、起草说明、决策依据).

pub mod api;
pub mod page;
