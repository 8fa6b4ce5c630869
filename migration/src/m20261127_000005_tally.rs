//! Opinions counted as they come and move, and the indices that long lists are read by.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{Statement, Value};

use crate::ddl::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const KEY: [&str; 6] = ["consultation_id", "topic_id", "clause_id", "state", "channel", "person_kind"];

/// Those without a topic, and those on the whole draft, are kept under the nil UUID (`$1`).
const COUNT: &str = "INSERT INTO opinion_tally \
     (consultation_id, topic_id, clause_id, state, channel, person_kind, n, people) \
     SELECT o.consultation_id, COALESCE(m.topic_id, $1), COALESCE(o.clause_id, $1), o.state, o.channel, \
     o.person_kind, COUNT(*), 0 FROM opinion o LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
     GROUP BY 1, 2, 3, 4, 5, 6";
const PEOPLE: &str = "INSERT INTO opinion_tally \
     (consultation_id, topic_id, clause_id, state, channel, person_kind, n, people) \
     SELECT o.consultation_id, $1, $1, 'pending', 'site', 'individual', 0, \
     COUNT(DISTINCT COALESCE(o.person_hash, o.number)) FROM opinion o WHERE 1 = 1 GROUP BY o.consultation_id \
     ON CONFLICT (consultation_id, topic_id, clause_id, state, channel, person_kind) \
     DO UPDATE SET people = excluded.people";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut key = Index::create();
        for column in KEY {
            key.col(column);
        }
        // No foreign key: checking it would lock the consultation after an opinion, and whoever groups opinions
        // locks them the other way round.
        m.create_table(
            Table::create()
                .table("opinion_tally")
                .col(uuid("consultation_id"))
                .col(uuid("topic_id"))
                .col(uuid("clause_id"))
                .col(string("state"))
                .col(string("channel"))
                .col(string("person_kind"))
                .col(big_integer("n"))
                .col(big_integer("people"))
                .primary_key(&mut key)
                .to_owned(),
        )
        .await?;
        let db = m.get_connection();
        for sql in [COUNT, PEOPLE] {
            let nil = Value::from(Uuid::nil());
            db.execute_raw(Statement::from_sql_and_values(m.get_database_backend(), sql, [nil])).await?;
        }
        replace(m, &["state", "received_at"], &["state", "received_at", "number"]).await?;
        let newest = ["consultation_id", "state", "received_at", "number"];
        replace(m, &["consultation_id", "state", "received_at"], &newest).await?;
        let on_clause = ["consultation_id", "clause_id", "state", "received_at", "number"];
        replace(m, &["consultation_id", "clause_id"], &on_clause).await
    }
}

async fn replace(m: &SchemaManager<'_>, old: &[&'static str], new: &[&'static str]) -> Result<(), DbErr> {
    m.drop_index(Index::drop().name(format!("ix_opinion_{}", old.join("_"))).table("opinion").to_owned())
        .await?;
    m.create_index(index("opinion", new)).await
}
