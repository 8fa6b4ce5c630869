//! Archives of single consultations that were imported, so that each stays marked with where it came from.

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
                .table("consultation_import")
                .col(uuid("id").primary_key())
                .col(uuid("consultation_id"))
                .col(uuid("decision_id"))
                .col(text("site"))
                .col(text("url"))
                .col(string("prefix"))
                .col(string("sha256"))
                .col(timestamp_with_time_zone("made_at"))
                .col(timestamp_with_time_zone("imported_at"))
                .foreign_key(&mut fk("consultation_import", "consultation_id", "consultation"))
                .foreign_key(&mut fk("consultation_import", "decision_id", "decision"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("consultation_import", &["consultation_id", "imported_at"])).await?;
        m.create_index(index("consultation_import", &["decision_id"])).await
    }
}
