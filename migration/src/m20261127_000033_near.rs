//! Near-equal texts: the groups that opinions belong to, and the sketches of those that lead a group.

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
                .table("opinion_near")
                .col(uuid("opinion_id").primary_key())
                .col(uuid("consultation_id"))
                .col(uuid_null("leader_id"))
                .col(integer("alike"))
                .foreign_key(&mut fk("opinion_near", "opinion_id", "opinion"))
                .foreign_key(&mut fk("opinion_near", "consultation_id", "consultation"))
                .foreign_key(&mut fk("opinion_near", "leader_id", "opinion"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("opinion_near", &["leader_id", "opinion_id"])).await?;
        m.create_table(
            Table::create()
                .table("near_band")
                .col(uuid("consultation_id"))
                .col(big_integer("band"))
                .col(uuid("leader_id"))
                .primary_key(Index::create().col("consultation_id").col("band").col("leader_id"))
                .foreign_key(&mut fk("near_band", "leader_id", "opinion"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("near_band", &["leader_id"])).await
    }
}
