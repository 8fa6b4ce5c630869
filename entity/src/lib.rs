//! SeaORM entities, typed ids and enums: one file a table, no logic.
//!
//! Ids are UUIDv7 newtypes, so that a decision's id cannot be passed where a department's is meant.
//! Enums are stored as plain text and carry the names the API and the forms use, so that one word
//! stands for one thing everywhere. Instants are UTC, cut to microseconds; `*_on` columns are civil
//! dates in Asia/Shanghai.

#[macro_use]
mod macros;

pub mod enums;
pub mod id;

pub mod api_token;
pub mod appeal;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod calendar_import;
pub mod catalogue;
pub mod catalogue_entry;
pub mod catalogue_version;
pub mod challenge_spent;
pub mod claim;
pub mod clause;
pub mod consent;
pub mod consent_text;
pub mod consultation;
pub mod consultation_extension;
pub mod consultation_import;
pub mod contact_code;
pub mod data_inquiry;
pub mod data_request;
pub mod decision;
pub mod department;
pub mod document;
pub mod duty;
pub mod duty_change;
pub mod duty_pause;
pub mod duty_stage;
pub mod duty_urging;
pub mod event;
pub mod event_draw;
pub mod event_feedback;
pub mod event_hearing;
pub mod event_opinion;
pub mod event_registration;
pub mod event_session;
pub mod event_share;
pub mod file;
pub mod flood;
pub mod holiday;
pub mod idempotency;
pub mod job;
pub mod lexicon_word;
pub mod mail;
pub mod message;
pub mod message_page;
pub mod near_band;
pub mod notice;
pub mod notice_stop;
pub mod one_time_token;
pub mod opinion;
pub mod opinion_near;
pub mod opinion_revision;
pub mod opinion_tally;
pub mod passage;
pub mod person_session;
pub mod provider_visit;
pub mod publication;
pub mod qa_guest;
pub mod qa_question;
pub mod qa_session;
pub mod questionnaire;
pub mod questionnaire_response;
pub mod questionnaire_tally;
pub mod rate_limit;
pub mod reason_template;
pub mod receipt;
pub mod recovery_code;
pub mod report;
pub mod response;
pub mod review;
pub mod second_factor;
pub mod sequence;
pub mod session;
pub mod setting;
pub mod sign_in_step;
pub mod staff;
pub mod staff_link;
pub mod staff_request;
pub mod staff_role;
pub mod step;
pub mod submission_part;
pub mod summary;
pub mod support;
pub mod support_tally;
pub mod surge;
pub mod topic;
pub mod topic_opinion;
pub mod work_plan_item;
