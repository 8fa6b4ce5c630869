pub mod calendar;
pub mod cli;
