//! One tree of migrations for both databases. Tables are named by strings, never by entities, so that
//! an old migration keeps meaning what it meant.

mod ddl;
mod m20261124_000001_house;
mod m20261124_000002_decision;
mod m20261124_000003_opinion;
mod m20261124_000004_search;
mod m20261127_000001_operations;
mod m20261127_000005_tally;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_house::Migration),
            Box::new(m20261124_000002_decision::Migration),
            Box::new(m20261124_000003_opinion::Migration),
            Box::new(m20261124_000004_search::Migration),
            Box::new(m20261127_000001_operations::Migration),
            Box::new(m20261127_000005_tally::Migration),
        ]
    }
}
