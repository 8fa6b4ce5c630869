//! The first page of the desk: what waits for a person, in the roles held. Like search it may read across
//! the tables of other features, and it never writes.

pub mod page;
mod store;
