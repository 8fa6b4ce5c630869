//! Administration: departments, staff, the calendar, the audit record, the system.

pub mod audit;
pub mod calendar;
pub mod consent;
pub mod department;
pub mod lexicon;
pub mod request;
pub mod staff;
pub mod system;
