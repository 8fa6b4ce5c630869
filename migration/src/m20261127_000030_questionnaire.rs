//! Questionnaires of consultations, what was answered, and the tallies that results are read from.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // A draft that is discarded takes its questionnaire along; a published one is never deleted, and one with
        // answers could not be.
        let mut consultation = fk("questionnaire", "consultation_id", "consultation");
        consultation.on_delete(ForeignKeyAction::Cascade);
        m.create_table(
            Table::create()
                .table("questionnaire")
                .col(uuid("id").primary_key())
                .col(uuid("consultation_id"))
                .col(text("title"))
                .col(text("intro"))
                .col(json("questions"))
                .col(boolean("open_results"))
                .col(timestamp_with_time_zone_null("ready_at"))
                .col(big_integer("responses"))
                .col(integer("revision"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .foreign_key(&mut consultation)
                .to_owned(),
        )
        .await?;
        m.create_index(unique("questionnaire", &["consultation_id"])).await?;
        m.create_table(
            Table::create()
                .table("questionnaire_response")
                .col(uuid("id").primary_key())
                .col(uuid("questionnaire_id"))
                .col(string("person"))
                .col(string_null("network"))
                .col(json("answers"))
                .col(blob_null("texts_enc"))
                .col(timestamp_with_time_zone("received_at"))
                .foreign_key(&mut fk("questionnaire_response", "questionnaire_id", "questionnaire"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("questionnaire_response", &["questionnaire_id", "person"])).await?;
        m.create_index(index("questionnaire_response", &["questionnaire_id", "network"])).await?;
        m.create_index(index("questionnaire_response", &["questionnaire_id", "id"])).await?;
        m.create_table(
            Table::create()
                .table("questionnaire_tally")
                .col(uuid("id").primary_key())
                .col(uuid("questionnaire_id"))
                .col(integer("question"))
                .col(integer("choice"))
                .col(big_integer("n"))
                .foreign_key(&mut fk("questionnaire_tally", "questionnaire_id", "questionnaire"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("questionnaire_tally", &["questionnaire_id", "question", "choice"])).await
    }
}
