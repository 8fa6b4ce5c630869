//! What people may do about their data and their mails.

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
                .table("notice_stop")
                .col(string("subject_kind"))
                .col(uuid("subject_id"))
                .col(timestamp_with_time_zone("stopped_at"))
                .primary_key(Index::create().col("subject_kind").col("subject_id"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("person_session")
                .col(string("id").primary_key())
                .col(string("contact_hash"))
                .col(blob("contact_enc"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("person_session", &["expires_at"])).await?;
        m.create_index(index("person_session", &["contact_hash"])).await?;
        m.create_table(
            Table::create()
                .table("data_request")
                .col(uuid("id").primary_key())
                .col(string("number"))
                .col(string("kind"))
                .col(timestamp_with_time_zone("received_at"))
                .col(timestamp_with_time_zone("done_at"))
                .col(json_binary("outcome"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("data_request", &["number"])).await?;
        m.create_index(index("message", &["person_hash"])).await
    }
}
