//! The pages of Jianyan: plain functions from plain data to markup.
//!
//! This crate knows no database and no web framework. A handler fills a view struct, calls one
//! function and sends what it returns. Order of reading:
//!
//! * [`lang`] – the two languages and the way dates are written;
//! * [`path`], [`link`] – the public addresses, and a link that cannot be `javascript:`;
//! * [`layout`] – the frame round every public page and every staff desk;
//! * [`form`] – fields that keep what was typed and say what is wrong beside it;
//! * [`label`] – every state in words with its badge;
//! * [`component`] – the signature pieces: timeline, document head, numbers that add up …;
//! * [`asset`] – style sheet, script and icon under names that carry their content's hash;
//! * [`error`] – pages for what went wrong, with what to do next;
//! * the rest – one file a feature.
//!
//! Everything given as `&str` or `String` is escaped by maud. Content from the database is Chinese;
//! on English pages it is marked with `lang="zh-CN"` (see [`lang::Lang::content`]).

pub mod asset;
pub mod attachment;
pub mod catalogue;
pub mod challenge;
pub mod column;
pub mod component;
pub mod consultation;
pub mod decision;
pub mod desk;
pub mod document;
pub mod error;
pub mod event;
pub mod form;
pub mod home;
pub mod icon;
pub mod identity;
pub mod label;
pub mod lang;
pub mod layout;
pub mod link;
pub mod mail;
pub mod message;
pub mod oidc;
pub mod opinion;
pub mod path;
pub mod person;
pub mod qa;
pub mod questionnaire;
pub mod search;
pub mod sign_in;
pub mod site;
pub mod summary;
pub mod workplan;
