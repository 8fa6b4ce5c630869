//! Attachments: what is known of each; the bytes lie in the file store.

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
                .table("attachment")
                .col(uuid("id").primary_key())
                .col(string_null("subject_kind"))
                .col(uuid_null("subject_id"))
                .col(integer("position"))
                .col(string("name"))
                .col(string("format"))
                .col(big_integer("size"))
                .col(integer_null("width"))
                .col(integer_null("height"))
                .col(string("alt"))
                .col(string("content_hash"))
                .col(string("stored_hash"))
                .col(binary("key_enc"))
                .col(string("state"))
                .col(timestamp_with_time_zone("created_at"))
                .col(uuid_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .foreign_key(&mut fk("attachment", "decided_by", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("attachment", &["subject_id", "position"])).await?;
        m.create_index(index("attachment", &["state", "created_at"])).await?;
        m.create_index(index("attachment", &["stored_hash"])).await
    }
}
