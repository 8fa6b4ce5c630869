//! A consultation's opinions are read in the order of their numbers: the owner's list, and the first of those that
//! wait for an answer. Without an index in that order, each page sorts all of them.

use sea_orm_migration::prelude::*;

use crate::ddl::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_index(index("opinion", &["consultation_id", "number"])).await
    }
}
