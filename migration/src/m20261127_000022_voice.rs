//! Opinions that were sent together, and readers' support of published opinions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("submission_part")
                .col(uuid("opinion_id").primary_key())
                .col(uuid("submission_id"))
                .col(integer("position"))
                .foreign_key(&mut fk("submission_part", "opinion_id", "opinion"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("submission_part", &["submission_id", "position"])).await?;
        m.create_table(
            Table::create()
                .table("support")
                .col(uuid("opinion_id"))
                .col(string("device"))
                .col(string("network"))
                .col(timestamp_with_time_zone("created_at"))
                .primary_key(Index::create().col("opinion_id").col("device"))
                .foreign_key(&mut fk("support", "opinion_id", "opinion"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("support", &["opinion_id", "network"])).await?;
        m.create_table(
            Table::create()
                .table("support_tally")
                .col(uuid("opinion_id").primary_key())
                .col(uuid("consultation_id"))
                .col(big_integer("n"))
                .foreign_key(&mut fk("support_tally", "opinion_id", "opinion"))
                .foreign_key(&mut fk("support_tally", "consultation_id", "consultation"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("support_tally", &["consultation_id", "n"])).await
    }
}
