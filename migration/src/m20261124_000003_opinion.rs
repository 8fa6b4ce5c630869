//! What the public says, its review and its answer.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        opinion(m).await?;
        opinion_revision(m).await?;
        review(m).await?;
        topic(m).await?;
        topic_opinion(m).await?;
        response(m).await?;
        summary(m).await?;
        Ok(())
    }
}

async fn opinion(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("opinion")
            .col(uuid("id").primary_key())
            .col(string("number").unique_key())
            .col(uuid("consultation_id"))
            .col(uuid_null("clause_id"))
            .col(string("channel"))
            .col(string("person_kind"))
            .col(string("show_as"))
            .col(blob_null("name_enc"))
            .col(blob_null("contact_enc"))
            .col(string_null("person_hash"))
            .col(text("text"))
            .col(string("text_hash"))
            .col(string("state"))
            .col(text_null("public_text"))
            .col(string_null("public_name"))
            .col(timestamp_with_time_zone("received_at"))
            .col(uuid_null("received_by"))
            .col(timestamp_with_time_zone_null("reviewed_at"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(string("lang"))
            .col(integer("revision"))
            .foreign_key(&mut fk("opinion", "consultation_id", "consultation"))
            .foreign_key(&mut fk("opinion", "clause_id", "clause"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("opinion", &["consultation_id", "state", "received_at"])).await?;
    m.create_index(index("opinion", &["consultation_id", "clause_id"])).await?;
    m.create_index(index("opinion", &["person_hash"])).await?;
    m.create_index(index("opinion", &["state", "received_at"])).await?;
    m.create_index(index("opinion", &["consultation_id", "text_hash"])).await
}

async fn opinion_revision(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("opinion_revision")
            .col(uuid("id").primary_key())
            .col(uuid("opinion_id"))
            .col(integer("number"))
            .col(text("text"))
            .col(timestamp_with_time_zone("submitted_at"))
            .foreign_key(&mut fk("opinion_revision", "opinion_id", "opinion"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("opinion_revision", &["opinion_id", "number"])).await
}

async fn review(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("review")
            .col(uuid("id").primary_key())
            .col(uuid("opinion_id"))
            .col(string("action"))
            .col(string_null("reason_code"))
            .col(text("reason_text"))
            .col(text_null("public_text"))
            .col(uuid("moderator_id"))
            .col(uuid_null("second_id"))
            .col(string("state"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .foreign_key(&mut fk("review", "opinion_id", "opinion"))
            .foreign_key(&mut fk("review", "moderator_id", "staff"))
            .foreign_key(&mut fk("review", "second_id", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("review", &["opinion_id"])).await?;
    m.create_index(index("review", &["state"])).await
}

async fn topic(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("topic")
            .col(uuid("id").primary_key())
            .col(uuid("consultation_id"))
            .col(string("title"))
            .col(text("gist"))
            .col(integer("position"))
            .col(uuid("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("topic", "consultation_id", "consultation"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("topic", &["consultation_id"])).await
}

async fn topic_opinion(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("topic_opinion")
            .col(uuid("opinion_id").primary_key())
            .col(uuid("topic_id"))
            .col(uuid("added_by"))
            .col(timestamp_with_time_zone("added_at"))
            .foreign_key(&mut fk("topic_opinion", "opinion_id", "opinion"))
            .foreign_key(&mut fk("topic_opinion", "topic_id", "topic"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("topic_opinion", &["topic_id"])).await
}

async fn response(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("response")
            .col(uuid("id").primary_key())
            .col(uuid("consultation_id"))
            .col(uuid_null("topic_id").unique_key())
            .col(uuid_null("opinion_id").unique_key())
            .col(string("outcome"))
            .col(text("reason"))
            .col(uuid_null("final_clause_id"))
            .col(string_null("public_outcome"))
            .col(text_null("public_reason"))
            .col(uuid_null("public_clause_id"))
            .col(integer_null("public_version"))
            .col(uuid("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(&mut fk("response", "consultation_id", "consultation"))
            .foreign_key(&mut fk("response", "topic_id", "topic"))
            .foreign_key(&mut fk("response", "opinion_id", "opinion"))
            .foreign_key(&mut fk("response", "final_clause_id", "clause"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("response", &["consultation_id"])).await
}

async fn summary(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("summary")
            .col(uuid("id").primary_key())
            .col(uuid("decision_id"))
            .col(uuid("consultation_id").unique_key())
            .col(string("state"))
            .col(string("title"))
            .col(text("participation"))
            .col(text("overview"))
            .col(boolean("participation_edited"))
            .col(boolean("overview_edited"))
            .col(json_binary_null("snapshot"))
            .col(uuid_null("submitted_by"))
            .col(timestamp_with_time_zone_null("submitted_at"))
            .col(string_null("submitted_hash"))
            .col(uuid_null("approved_by"))
            .col(timestamp_with_time_zone_null("approved_at"))
            .col(text_null("returned_reason"))
            .col(text_null("correction_reason"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(uuid_null("published_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(integer("revision"))
            .foreign_key(&mut fk("summary", "decision_id", "decision"))
            .foreign_key(&mut fk("summary", "consultation_id", "consultation"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("summary", &["decision_id"])).await?;
    m.create_index(index("summary", &["state"])).await
}
