//! The tests that live outside: stories through HTTP, JSON and HTML, on a site of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is wrong")]

mod factor;
mod factor_request;
mod factor_session;
mod fixture;
mod harness;
mod matrix_fixture;
mod shared;

mod account;
mod appeal;
mod architecture;
mod attachment;
mod audit;
mod authz;
mod backup;
mod batch;
mod cache;
mod calendar;
mod catalogue;
mod claim;
mod clauses;
mod cli;
mod consultation;
mod crawl;
mod decision;
mod department;
mod document;
mod duty;
mod edge;
mod event;
mod fuzz;
mod identity;
mod lexicon;
mod message;
mod moderation;
mod openapi;
mod operations;
mod opinion;
mod person;
mod qa;
mod report;
mod screening;
mod screening_corpus;
mod search;
mod site;
mod story;
mod summary;
mod summary_fixture;
mod tally;
mod template;
mod topic;
mod withdraw;
mod workload;
mod workplan;
