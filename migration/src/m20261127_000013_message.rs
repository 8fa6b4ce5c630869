//! The message board.

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
                .table("message")
                .col(uuid("id").primary_key())
                .col(string("number").unique_key())
                .col(string("kind"))
                .col(blob("title_enc"))
                .col(blob("text_enc"))
                .col(uuid_null("addressed_to"))
                .col(blob_null("name_enc"))
                .col(blob_null("contact_enc"))
                .col(string_null("person_hash"))
                .col(boolean("may_publish"))
                .col(string("state"))
                .col(uuid_null("department_id"))
                .col(timestamp_with_time_zone("received_at"))
                .col(string("month"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .col(uuid_null("decided_by"))
                .col(string_null("reason"))
                .col(text("reason_note"))
                .col(timestamp_with_time_zone_null("extended_at"))
                .col(text("extension_reason"))
                .col(blob_null("answer_enc"))
                .col(timestamp_with_time_zone_null("answered_at"))
                .col(uuid_null("answered_by"))
                .col(boolean_null("in_time"))
                .col(text_null("public_title"))
                .col(text_null("public_text"))
                .col(text_null("public_name"))
                .col(text_null("public_answer"))
                .col(timestamp_with_time_zone_null("published_at"))
                .col(string_null("satisfaction"))
                .col(blob_null("follow_up_enc"))
                .col(timestamp_with_time_zone_null("followed_up_at"))
                .col(blob_null("follow_up_answer_enc"))
                .col(timestamp_with_time_zone_null("follow_up_answered_at"))
                .col(string("lang"))
                .col(integer("revision"))
                .foreign_key(&mut fk("message", "addressed_to", "department"))
                .foreign_key(&mut fk("message", "department_id", "department"))
                .foreign_key(&mut fk("message", "decided_by", "staff"))
                .foreign_key(&mut fk("message", "answered_by", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("message", &["state", "received_at"])).await?;
        m.create_index(index("message", &["department_id", "state"])).await?;
        m.create_index(index("message", &["published_at"])).await?;
        m.create_index(index("message", &["month"])).await
    }
}
