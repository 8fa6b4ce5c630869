//! The full-text index: FTS5 on SQLite, tsvector on PostgreSQL, over the same tokens.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl::{fk, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("passage")
                .col(big_pk_auto("id"))
                .col(uuid("publication_id"))
                .col(integer("position"))
                .col(text("text"))
                .foreign_key(&mut fk("passage", "publication_id", "publication"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("passage", &["publication_id"])).await?;
        let db = m.get_connection();
        if m.get_database_backend() == DbBackend::Sqlite {
            // `rowid` is the passage's id. The tokens are made by the program; `ascii` splits them at the spaces
            // and takes every other character as it is, also those younger than its tables.
            db.execute_unprepared(
                "CREATE VIRTUAL TABLE passage_index USING fts5(tokens, content='', contentless_delete=1, tokenize=ascii)",
            )
            .await?;
        } else {
            db.execute_unprepared(
                "CREATE TABLE passage_index (passage_id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
            )
            .await?;
            db.execute_unprepared("CREATE INDEX ix_passage_index_tokens ON passage_index USING gin (tokens)")
                .await?;
        }
        Ok(())
    }
}
