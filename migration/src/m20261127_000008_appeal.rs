//! Objections of authors to reviews.

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
                .table("appeal")
                .col(uuid("id").primary_key())
                .col(uuid("opinion_id").unique_key())
                .col(uuid("review_id"))
                .col(text("reason"))
                .col(string("state"))
                .col(timestamp_with_time_zone("created_at"))
                .col(uuid_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .col(text("answer"))
                .foreign_key(&mut fk("appeal", "opinion_id", "opinion"))
                .foreign_key(&mut fk("appeal", "review_id", "review"))
                .foreign_key(&mut fk("appeal", "decided_by", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("appeal", &["state", "created_at"])).await
    }
}
