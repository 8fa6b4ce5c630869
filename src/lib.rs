//! Jianyan (建言): the map of the house.
//!
//! Engines, named once and used by every feature: [`calendar`], [`duty`], [`publication`], [`receipt`],
//! [`notice`], [`job`], [`audit`], [`backup`], [`attachment`], [`challenge`], [`oidc`]; pure readers of text: [`clauses`],
//! [`screening`], [`sheet`].
//! Features in their order; a feature uses another only through its `mod.rs`, and only an earlier one:
//! [`department`], [`account`], [`identity`], [`decision`], [`catalogue`], [`document`], [`consultation`], [`opinion`],
//! [`questionnaire`], [`moderation`], [`topic`], [`summary`], [`workplan`], [`message`], [`event`], [`person`],
//! [`qa`], [`search`], [`site`], [`desk`], [`system`].
//! Above them the edge, [`http`], and the command line, [`cli`].
//!
//! Arrows point down only: `cli, http -> feature::{api, page} -> feature::operation -> store -> entity`.
//! `policy` and pure modules know no database; operations know no poem and no `web`; `api` and `page` know
//! no SeaORM.
//!
//! To add a feature: a folder here with `mod.rs`, its operations, `store.rs`, `api.rs`, `page.rs`; its views in
//! `web/src/`; one line each in this file and in `http/router.rs`; its stories in `tests/it/` and its rows in
//! the authorisation matrix.

pub mod actor;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod health;
pub mod http;
pub mod keys;
pub mod outbound;
pub mod problem;
pub mod random;
pub mod rate;
pub mod sequence;
pub mod surge;
pub mod text;
pub mod time;

pub mod attachment;
pub mod audit;
pub mod backup;
pub mod calendar;
pub mod challenge;
pub mod duty;
pub mod job;
pub mod notice;
pub mod oidc;
pub mod publication;
pub mod receipt;

pub mod clauses;
pub mod screening;
pub mod sheet;

pub mod account;
pub mod catalogue;
pub mod consultation;
pub mod decision;
pub mod department;
pub mod desk;
pub mod document;
pub mod event;
pub mod identity;
pub mod message;
pub mod moderation;
pub mod opinion;
pub mod person;
pub mod qa;
pub mod questionnaire;
pub mod search;
pub mod site;

pub mod demo;
pub mod summary;
pub mod system;
pub mod topic;
pub mod workplan;
