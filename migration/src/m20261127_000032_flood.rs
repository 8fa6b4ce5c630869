//! Against abuse: answers to tasks that were used, and floods of opinions, which are reviewed in a lane of their own.

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
                .table("challenge_spent")
                .col(string_len("nonce", 64).primary_key())
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("challenge_spent", &["expires_at"])).await?;
        m.create_table(
            Table::create()
                .table("surge")
                .col(string_len("key", 64).primary_key())
                .col(big_integer("empty_at"))
                .col(boolean("high"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("surge", &["empty_at"])).await?;
        if m.get_database_backend() == DbBackend::Postgres {
            // As for rate limits: after a crash, counting begins anew.
            m.get_connection().execute_unprepared("ALTER TABLE surge SET UNLOGGED").await?;
        }
        m.create_table(
            Table::create()
                .table("flood")
                .col(uuid("id").primary_key())
                .col(uuid("consultation_id"))
                .col(string("kind"))
                .col(string_len("key", 64))
                .col(integer("threshold"))
                .col(integer("window_minutes"))
                .col(timestamp_with_time_zone("began_at"))
                .col(timestamp_with_time_zone("last_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .col(integer("received"))
                .col(timestamp_with_time_zone_null("released_at"))
                .col(uuid_null("released_by"))
                .foreign_key(&mut fk("flood", "consultation_id", "consultation"))
                .foreign_key(&mut fk("flood", "released_by", "staff"))
                .to_owned(),
        )
        .await?;
        // No foreign key: SQLite adds none to a table that is there.
        m.alter_table(Table::alter().table("opinion").add_column(uuid_null("flood_id")).to_owned()).await?;
        let db = m.get_connection();
        for sql in INDICES {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// Each lane of the queue is read from the end of its own index, and an opinion outside of floods stands in as many
/// indices as before.
const INDICES: [&str; 8] = [
    "CREATE UNIQUE INDEX uq_flood_open ON flood (consultation_id, kind, key) WHERE ended_at IS NULL",
    "CREATE INDEX ix_flood_last_at ON flood (last_at) WHERE ended_at IS NULL",
    "DROP INDEX ix_opinion_state_received_at_number",
    "CREATE INDEX ix_opinion_usual ON opinion (state, received_at, number) WHERE flood_id IS NULL",
    "CREATE INDEX ix_opinion_flood ON opinion (state, received_at, number) WHERE flood_id IS NOT NULL",
    "CREATE INDEX ix_opinion_flood_id ON opinion (flood_id, state, received_at, number) WHERE flood_id IS NOT NULL",
    // The queue of one consultation passes over what came in a flood without opening it.
    "DROP INDEX ix_opinion_consultation_id_state_received_at_number",
    "CREATE INDEX ix_opinion_consultation_id_state_received_at_number ON opinion \
     (consultation_id, state, received_at, number, flood_id)",
];
