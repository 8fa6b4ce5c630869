//! Online questions and answers (网络问政): announced sessions, the departments at the table, what people ask.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        session(m).await?;
        guest(m).await?;
        question(m).await
    }
}

async fn session(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("qa_session")
            .col(uuid("id").primary_key())
            .col(string("code").unique_key())
            .col(uuid("department_id"))
            .col(string("title"))
            .col(text("theme"))
            .col(timestamp_with_time_zone("opens_at"))
            .col(timestamp_with_time_zone("begins_at"))
            .col(timestamp_with_time_zone("ends_at"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(uuid_null("published_by"))
            .col(timestamp_with_time_zone_null("cancelled_at"))
            .col(string_null("cancelled_reason"))
            .col(timestamp_with_time_zone_null("transcript_at"))
            .col(integer("issued"))
            .col(integer("version"))
            .col(uuid("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(integer("revision"))
            .foreign_key(&mut fk("qa_session", "department_id", "department"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("qa_session", &["ends_at"])).await?;
    m.create_index(index("qa_session", &["department_id"])).await
}

async fn guest(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("qa_guest")
            .col(uuid("id").primary_key())
            .col(uuid("session_id"))
            .col(integer("position"))
            .col(uuid("department_id"))
            .col(string("person"))
            .foreign_key(&mut fk("qa_guest", "session_id", "qa_session"))
            .foreign_key(&mut fk("qa_guest", "department_id", "department"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("qa_guest", &["session_id", "department_id"])).await?;
    m.create_index(index("qa_guest", &["department_id"])).await
}

async fn question(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("qa_question")
            .col(uuid("id").primary_key())
            .col(uuid("session_id"))
            .col(integer("number"))
            .col(blob("text_enc"))
            .col(blob_null("name_enc"))
            .col(blob_null("contact_enc"))
            .col(string("state"))
            .col(uuid_null("department_id"))
            .col(timestamp_with_time_zone("received_at"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(uuid_null("decided_by"))
            .col(string_null("reason"))
            .col(text("reason_note"))
            .col(text_null("public_text"))
            .col(string_null("public_name"))
            .col(text_null("answer"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(uuid_null("answered_by"))
            .col(string("lang"))
            .col(integer("revision"))
            .foreign_key(&mut fk("qa_question", "session_id", "qa_session"))
            .foreign_key(&mut fk("qa_question", "department_id", "department"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("qa_question", &["session_id", "number"])).await?;
    m.create_index(index("qa_question", &["session_id", "state", "number"])).await
}
