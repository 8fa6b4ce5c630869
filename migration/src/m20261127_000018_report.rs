//! Readers report published opinions.

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
                .table("report")
                .col(uuid("id").primary_key())
                .col(uuid("opinion_id"))
                .col(string("reason"))
                .col(text("note"))
                .col(string("reporter"))
                .col(string("state"))
                .col(timestamp_with_time_zone("created_at"))
                .col(uuid_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .foreign_key(&mut fk("report", "opinion_id", "opinion"))
                .foreign_key(&mut fk("report", "decided_by", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("report", &["opinion_id", "state"])).await?;
        m.create_index(index("report", &["state", "created_at"])).await
    }
}
