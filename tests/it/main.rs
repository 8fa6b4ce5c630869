//! The tests that live outside: stories through HTTP, JSON and HTML, on a site of their own.

mod fixture;
mod harness;

mod account;
mod calendar;
mod catalogue;
mod clauses;
mod consultation;
mod decision;
mod department;
mod document;
mod duty;
mod edge;
mod moderation;
mod opinion;
mod search;
mod site;
mod summary;
mod topic;
mod workplan;
