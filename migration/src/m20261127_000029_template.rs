//! The moderators' usual words to authors, by decision; and the indices behind the figures of their work.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("reason_template")
                .col(uuid("id").primary_key())
                .col(string("action"))
                .col(string("name"))
                .col(text("text"))
                .col(timestamp_with_time_zone("changed_at"))
                .col(uuid("changed_by"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("reason_template", &["action", "name"])).await?;
        // The team's work of a time: second looks, and reviews that were finished.
        m.create_index(index("review", &["second_id"])).await?;
        m.create_index(index("duty", &["kind", "completed_on", "due_on"])).await
    }
}
