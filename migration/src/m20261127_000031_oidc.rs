//! Signing in at a provider (OpenID Connect): visits to one, whose subject is which member of staff, and by which
//! provider a session began.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("provider_visit")
                .col(string("id").primary_key())
                .col(string("browser_hash"))
                .col(string("provider"))
                .col(string("purpose"))
                .col(string("back"))
                .col(blob("going_enc"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("returned_at"))
                .col(string_null("ticket_hash"))
                .col(blob_null("arrival_enc"))
                .col(timestamp_with_time_zone_null("used_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("provider_visit", &["ticket_hash"])).await?;
        m.create_table(
            Table::create()
                .table("staff_link")
                .col(uuid("staff_id"))
                .col(string("provider"))
                .col(string("subject_hash"))
                .col(blob("label_enc"))
                .col(timestamp_with_time_zone("linked_at"))
                .col(timestamp_with_time_zone_null("used_at"))
                .primary_key(Index::create().col("staff_id").col("provider"))
                .foreign_key(&mut fk("staff_link", "staff_id", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("staff_link", &["subject_hash"])).await?;
        for table in ["session", "sign_in_step", "person_session"] {
            let column = string_null("provider").to_owned();
            m.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let covered = boolean("factor_covered").default(false).to_owned();
        m.alter_table(Table::alter().table("session").add_column(covered).to_owned()).await?;
        m.create_index(index("session", &["provider"])).await
    }
}
