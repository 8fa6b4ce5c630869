//! The tests that live outside: stories through HTTP, JSON and HTML, on a site of their own.

mod calendar;
mod harness;
