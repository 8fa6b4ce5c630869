//! The bureau's words for screening, beside those that come with the program.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::unique;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("lexicon_word")
                .col(uuid("id").primary_key())
                .col(string("kind"))
                .col(string("word"))
                .col(string("sought"))
                .col(boolean("active"))
                .col(timestamp_with_time_zone("changed_at"))
                .col(uuid_null("changed_by"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("lexicon_word", &["kind", "sought"])).await
    }
}
