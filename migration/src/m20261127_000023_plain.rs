//! What a draft means in plain words stands above the legal text.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let column = text("plain").default("").to_owned();
        m.alter_table(Table::alter().table("consultation").add_column(column).to_owned()).await
    }
}
