//! Opinions that say the same and wait are counted for each row of the moderators' queue, and read in the order of
//! their numbers. With an index by text alone, SQLite opened each of them to learn its state, or took the index by
//! number and read a million rows to find three.

use sea_orm_migration::prelude::*;

use crate::ddl::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_index(index("opinion", &["consultation_id", "text_hash", "state", "number"])).await?;
        let old = Index::drop().name("ix_opinion_consultation_id_text_hash").table("opinion").to_owned();
        m.drop_index(old).await?;
        // Nearly all reviews are in one state: an index by it only led the planner astray. Few have one action.
        m.drop_index(Index::drop().name("ix_review_state").table("review").to_owned()).await?;
        m.create_index(index("review", &["action"])).await
    }
}
