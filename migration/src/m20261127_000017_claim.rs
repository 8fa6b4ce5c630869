//! Moderators divide the queue by claiming parts of it.

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
                .table("claim")
                .col(uuid("opinion_id").primary_key())
                .col(uuid("staff_id"))
                .col(timestamp_with_time_zone("claimed_at"))
                .foreign_key(&mut fk("claim", "opinion_id", "opinion"))
                .foreign_key(&mut fk("claim", "staff_id", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("claim", &["staff_id", "claimed_at"])).await
    }
}
