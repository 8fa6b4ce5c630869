//! Who speaks: what a consultation verifies, one-time codes, and consent with its version.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.alter_table(
            Table::alter().table("consultation").add_column(string("identity").default("none")).to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("contact_code")
                .col(uuid("id").primary_key())
                .col(string("ticket_hash"))
                .col(string("purpose"))
                .col(string("contact_hash"))
                .col(big_integer("minute"))
                .col(blob("contact_enc"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(integer("tries"))
                .col(timestamp_with_time_zone_null("used_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("contact_code", &["ticket_hash"])).await?;
        m.create_index(unique("contact_code", &["contact_hash", "minute"])).await?;
        m.create_index(index("contact_code", &["contact_hash", "created_at"])).await?;
        m.create_table(
            Table::create()
                .table("consent_text")
                .col(integer("version").primary_key())
                .col(text("zh"))
                .col(text("en"))
                .col(timestamp_with_time_zone("published_at"))
                .col(uuid("published_by"))
                .foreign_key(&mut fk("consent_text", "published_by", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("consent")
                .col(string("subject_kind"))
                .col(uuid("subject_id"))
                .col(integer("text_version"))
                .col(timestamp_with_time_zone_null("verified_at"))
                .col(timestamp_with_time_zone("agreed_at"))
                .col(blob_null("guardian_enc"))
                .primary_key(Index::create().col("subject_kind").col("subject_id"))
                .to_owned(),
        )
        .await
    }
}
