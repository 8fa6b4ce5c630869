//! Backups that were made or tried.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("backup")
                .col(uuid("id").primary_key())
                .col(string("origin"))
                .col(string("state"))
                .col(timestamp_with_time_zone("started_at"))
                .col(timestamp_with_time_zone_null("finished_at"))
                .col(text("path"))
                .col(big_integer_null("bytes"))
                .col(string_null("sha256"))
                .col(big_integer_null("rows"))
                .col(text_null("error"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("backup", &["started_at"])).await
    }
}
