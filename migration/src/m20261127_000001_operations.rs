//! What instances over one database share to limit rates.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("rate_limit")
                .col(string_len("key", 64).primary_key())
                .col(big_integer("full_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("rate_limit", &["full_at"])).await?;
        if m.get_database_backend() == DbBackend::Postgres {
            // Counting anew after a crash is right; waiting for the disk at every search is not.
            m.get_connection().execute_unprepared("ALTER TABLE rate_limit SET UNLOGGED").await?;
        }
        Ok(())
    }
}
