//! Administration: departments, staff, the calendar, the audit record.

pub mod audit;
pub mod calendar;
pub mod department;
pub mod staff;
