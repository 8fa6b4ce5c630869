//! The pages of topics and summaries.
