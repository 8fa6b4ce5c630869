//! One tree of migrations for both databases. Tables are named by strings, never by entities, so that
//! an old migration keeps meaning what it meant.

mod ddl;
mod m20261124_000001_house;
mod m20261124_000002_decision;
mod m20261124_000003_opinion;
mod m20261124_000004_search;
mod m20261127_000001_operations;
mod m20261127_000005_tally;
mod m20261127_000006_backup;
mod m20261127_000008_appeal;
mod m20261127_000010_lexicon;
mod m20261127_000011_import;
mod m20261127_000012_indices;
mod m20261127_000013_message;
mod m20261127_000014_factor;
mod m20261127_000014_request;
mod m20261127_000015_event;
mod m20261127_000016_topic_people;
mod m20261127_000017_claim;
mod m20261127_000018_report;
mod m20261127_000019_by_number;
mod m20261127_000020_draw;
mod m20261127_000021_attachment;
mod m20261127_000022_voice;
mod m20261127_000023_plain;
mod m20261127_000024_identity;
mod m20261127_000025_person;
mod m20261127_000026_qa;
mod m20261127_000027_feedback;
mod m20261127_000028_plans;
mod m20261127_000029_template;
mod m20261127_000030_questionnaire;
mod m20261127_000031_oidc;
mod m20261127_000032_flood;
mod m20261127_000033_near;
mod m20261127_000034_message_page;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::{DbErr, MigrationName, SchemaManager};
use sea_orm_migration::{MigrationTrait, async_trait};

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let all: Vec<Box<dyn MigrationTrait>> = vec![
            Box::new(m20261124_000001_house::Migration),
            Box::new(m20261124_000002_decision::Migration),
            Box::new(m20261124_000003_opinion::Migration),
            Box::new(m20261124_000004_search::Migration),
            Box::new(m20261127_000001_operations::Migration),
            Box::new(m20261127_000005_tally::Migration),
            Box::new(m20261127_000006_backup::Migration),
            Box::new(m20261127_000008_appeal::Migration),
            Box::new(m20261127_000010_lexicon::Migration),
            Box::new(m20261127_000011_import::Migration),
            Box::new(m20261127_000012_indices::Migration),
            Box::new(m20261127_000013_message::Migration),
            Box::new(m20261127_000014_factor::Migration),
            Box::new(m20261127_000014_request::Migration),
            Box::new(m20261127_000015_event::Migration),
            Box::new(m20261127_000016_topic_people::Migration),
            Box::new(m20261127_000017_claim::Migration),
            Box::new(m20261127_000018_report::Migration),
            Box::new(m20261127_000019_by_number::Migration),
            Box::new(m20261127_000020_draw::Migration),
            Box::new(m20261127_000021_attachment::Migration),
            Box::new(m20261127_000022_voice::Migration),
            Box::new(m20261127_000023_plain::Migration),
            Box::new(m20261127_000024_identity::Migration),
            Box::new(m20261127_000025_person::Migration),
            Box::new(m20261127_000026_qa::Migration),
            Box::new(m20261127_000027_feedback::Migration),
            Box::new(m20261127_000028_plans::Migration),
            Box::new(m20261127_000029_template::Migration),
            Box::new(m20261127_000030_questionnaire::Migration),
            Box::new(m20261127_000031_oidc::Migration),
            Box::new(m20261127_000032_flood::Migration),
            Box::new(m20261127_000033_near::Migration),
            Box::new(m20261127_000034_message_page::Migration),
        ];
        all.into_iter().map(|one| Box::new(Whole(one)) as _).collect()
    }
}

/// A migration that happens whole or not at all, on SQLite too, where it would otherwise stop halfway with
/// its process and never start again.
struct Whole(Box<dyn MigrationTrait>);

impl MigrationName for Whole {
    fn name(&self) -> &str {
        self.0.name()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Whole {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.0.down(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The names of all steps, in their order.
pub fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}
