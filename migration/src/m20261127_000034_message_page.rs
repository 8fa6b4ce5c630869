//! Messages are left under published pages that open them; requests about personal data are answered by people.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("message_page")
                .col(uuid("id").primary_key())
                .col(string("path"))
                .col(string("subject_kind"))
                .col(uuid("subject_id"))
                .col(string("title"))
                .col(timestamp_with_time_zone("opened_at"))
                .col(uuid("opened_by"))
                .col(timestamp_with_time_zone_null("closed_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("message_page", &["path"])).await?;
        let left_under = uuid_null("page_id").to_owned();
        m.alter_table(Table::alter().table("message").add_column(left_under).to_owned()).await?;
        m.create_index(index("message", &["page_id", "published_at"])).await?;
        m.create_index(index("publication", &["path"])).await?;
        m.create_table(
            Table::create()
                .table("data_inquiry")
                .col(uuid("id").primary_key())
                .col(string("number"))
                .col(string("kind"))
                .col(blob_null("text_enc"))
                .col(blob_null("contact_enc"))
                .col(string_null("person_hash"))
                .col(timestamp_with_time_zone("received_at"))
                .col(timestamp_with_time_zone_null("answered_at"))
                .col(uuid_null("answered_by"))
                .col(boolean_null("granted"))
                .col(blob_null("answer_enc"))
                .col(string("lang"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("data_inquiry", &["number"])).await?;
        m.create_index(index("data_inquiry", &["person_hash"])).await
    }
}
