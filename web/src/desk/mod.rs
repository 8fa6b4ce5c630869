//! The desks of staff: one file a feature, set in [`crate::layout::desk`].

pub mod account;
pub mod admin;
pub mod batch;
pub mod catalogue;
pub mod consultation;
pub mod data;
pub mod decision;
pub mod document;
pub mod duty;
pub mod event;
pub mod factor;
pub mod home;
pub mod inbox;
pub mod message;
pub mod qa;
pub mod questionnaire;
pub mod record;
pub mod review;
pub mod summary;
pub mod topic;
