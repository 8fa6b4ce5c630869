//! What visitors say of an event afterwards: three marks and a few words, once for each registration.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mark = |name: &'static str| Expr::col(name).gte(1).and(Expr::col(name).lte(5));
        m.create_table(
            Table::create()
                .table("event_feedback")
                .col(uuid("registration_id").primary_key())
                .col(uuid("event_id"))
                .col(integer("content"))
                .col(integer("hosting"))
                .col(integer("answers"))
                .col(blob_null("words_enc"))
                .col(timestamp_with_time_zone("given_at"))
                .foreign_key(&mut fk("event_feedback", "registration_id", "event_registration"))
                .foreign_key(&mut fk("event_feedback", "event_id", "event"))
                .check(mark("content"))
                .check(mark("hosting"))
                .check(mark("answers"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("event_feedback", &["event_id", "given_at"])).await
    }
}
