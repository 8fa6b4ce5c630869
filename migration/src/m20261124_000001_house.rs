//! People, sessions and the engines: duties, jobs, notices, receipts, publications, audit.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        department(m).await?;
        staff(m).await?;
        staff_role(m).await?;
        session(m).await?;
        api_token(m).await?;
        one_time_token(m).await?;
        setting(m).await?;
        sequence(m).await?;
        audit(m).await?;
        receipt(m).await?;
        idempotency(m).await?;
        job(m).await?;
        notice(m).await?;
        mail(m).await?;
        duty(m).await?;
        duty_stage(m).await?;
        duty_change(m).await?;
        duty_pause(m).await?;
        duty_urging(m).await?;
        publication(m).await?;
        holiday(m).await?;
        calendar_import(m).await?;
        Ok(())
    }
}

async fn department(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("department")
            .col(uuid("id").primary_key())
            .col(uuid_null("parent_id"))
            .col(string("key").unique_key())
            .col(string("name"))
            .col(string("short_name"))
            .col(uuid_null("head_id"))
            .col(string("address"))
            .col(string("postcode"))
            .col(string("email"))
            .col(string("phone"))
            .col(integer("position"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("department", "parent_id", "department"))
            .to_owned(),
    )
    .await
}

async fn staff(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("staff")
            .col(uuid("id").primary_key())
            .col(string("login").unique_key())
            .col(string("display_name"))
            .col(string("email"))
            .col(uuid("department_id"))
            .col(string_null("password_hash"))
            .col(integer("failed_count"))
            .col(timestamp_with_time_zone_null("locked_until"))
            .col(timestamp_with_time_zone_null("disabled_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("staff", "department_id", "department"))
            .to_owned(),
    )
    .await
}

async fn staff_role(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("staff_role")
            .col(uuid("staff_id"))
            .col(string("role"))
            .col(timestamp_with_time_zone("granted_at"))
            .col(uuid_null("granted_by"))
            .primary_key(Index::create().col("staff_id").col("role"))
            .foreign_key(&mut fk("staff_role", "staff_id", "staff"))
            .to_owned(),
    )
    .await
}

async fn session(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("session")
            .col(string("id").primary_key())
            .col(uuid("staff_id"))
            .col(string("csrf"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("seen_at"))
            .col(string("user_agent"))
            .col(string("address"))
            .foreign_key(&mut fk("session", "staff_id", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("session", &["staff_id"])).await
}

async fn api_token(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("api_token")
            .col(string("id").primary_key())
            .col(uuid("staff_id"))
            .col(string("label"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut fk("api_token", "staff_id", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("api_token", &["staff_id"])).await
}

async fn one_time_token(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("one_time_token")
            .col(string("id").primary_key())
            .col(string("purpose"))
            .col(uuid_null("staff_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("one_time_token", "staff_id", "staff"))
            .to_owned(),
    )
    .await
}

async fn setting(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("setting")
            .col(string("key").primary_key())
            .col(json_binary("value"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .to_owned(),
    )
    .await
}

async fn sequence(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("sequence")
            .col(string("name").primary_key())
            .col(big_integer("value"))
            .to_owned(),
    )
    .await
}

async fn audit(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("audit")
            .col(big_pk_auto("seq"))
            .col(timestamp_with_time_zone("at"))
            .col(string("actor_kind"))
            .col(uuid_null("actor_id"))
            .col(string("address"))
            .col(string("action"))
            .col(string("subject_kind"))
            .col(uuid_null("subject_id"))
            .col(string("result"))
            .col(json_binary("detail"))
            .col(string("request_id"))
            .col(string("prev_hash"))
            .col(string("hash"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("audit", &["subject_kind", "subject_id"])).await?;
    m.create_index(index("audit", &["at"])).await
}

async fn receipt(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("receipt")
            .col(uuid("id").primary_key())
            .col(string("code_hash").unique_key())
            .col(string("subject_kind"))
            .col(uuid("subject_id"))
            .col(timestamp_with_time_zone("issued_at"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("receipt", &["subject_kind", "subject_id"])).await
}

async fn idempotency(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("idempotency")
            .col(string("scope"))
            .col(string("key"))
            .col(string("request_hash"))
            .col(json_binary("response"))
            .col(timestamp_with_time_zone("created_at"))
            .primary_key(Index::create().col("scope").col("key"))
            .to_owned(),
    )
    .await
}

async fn job(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("job")
            .col(uuid("id").primary_key())
            .col(string("kind"))
            .col(string("unique_key").unique_key())
            .col(json_binary("payload"))
            .col(timestamp_with_time_zone("run_at"))
            .col(string("state"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone_null("lease_until"))
            .col(string_null("last_error"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("job", &["state", "run_at"])).await
}

async fn notice(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("notice")
            .col(uuid("id").primary_key())
            .col(uuid_null("staff_id"))
            .col(string("recipient"))
            .col(blob_null("contact_enc"))
            .col(string("subject_kind"))
            .col(uuid("subject_id"))
            .col(string("stage"))
            .col(string("title"))
            .col(text("body"))
            .col(string("path"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("read_at"))
            .foreign_key(&mut fk("notice", "staff_id", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("notice", &["subject_kind", "subject_id", "stage", "recipient"])).await?;
    m.create_index(index("notice", &["staff_id", "created_at"])).await
}

async fn mail(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("mail")
            .col(uuid("id").primary_key())
            .col(uuid("notice_id"))
            .col(string("message_id").unique_key())
            .col(blob("to_enc"))
            .col(string("subject"))
            .col(text("body"))
            .col(string("state"))
            .col(timestamp_with_time_zone_null("sent_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("mail", "notice_id", "notice"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("mail", &["state"])).await
}

async fn duty(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("duty")
            .col(uuid("id").primary_key())
            .col(string("kind"))
            .col(string("subject_kind"))
            .col(uuid("subject_id"))
            .col(string("title"))
            .col(string("path"))
            .col(uuid("department_id"))
            .col(uuid_null("owner_id"))
            .col(date("start_on"))
            .col(integer_null("days"))
            .col(date("due_on"))
            .col(boolean("provisional"))
            .col(string("state"))
            .col(date_null("completed_on"))
            .col(timestamp_with_time_zone_null("completed_at"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("duty", "department_id", "department"))
            .foreign_key(&mut fk("duty", "owner_id", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("duty", &["kind", "subject_id"])).await?;
    m.create_index(index("duty", &["state", "due_on"])).await?;
    m.create_index(index("duty", &["department_id", "state"])).await
}

async fn duty_stage(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("duty_stage")
            .col(uuid("id").primary_key())
            .col(uuid("duty_id"))
            .col(string("stage"))
            .col(date("due_on"))
            .col(timestamp_with_time_zone("planned_at"))
            .col(string("state"))
            .col(string_null("reason"))
            .col(timestamp_with_time_zone_null("handled_at"))
            .foreign_key(&mut fk("duty_stage", "duty_id", "duty"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("duty_stage", &["duty_id", "due_on", "stage"])).await?;
    m.create_index(index("duty_stage", &["state", "planned_at"])).await
}

async fn duty_change(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("duty_change")
            .col(uuid("id").primary_key())
            .col(uuid("duty_id"))
            .col(string("kind"))
            .col(date("old_due_on"))
            .col(date("new_due_on"))
            .col(string("reason"))
            .col(timestamp_with_time_zone("changed_at"))
            .col(uuid_null("changed_by"))
            .foreign_key(&mut fk("duty_change", "duty_id", "duty"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("duty_change", &["duty_id"])).await
}

async fn duty_pause(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("duty_pause")
            .col(uuid("id").primary_key())
            .col(uuid("duty_id"))
            .col(date("from_on"))
            .col(date_null("until_on"))
            .col(string("reason"))
            .foreign_key(&mut fk("duty_pause", "duty_id", "duty"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("duty_pause", &["duty_id"])).await
}

async fn duty_urging(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("duty_urging")
            .col(uuid("id").primary_key())
            .col(uuid("duty_id"))
            .col(text("text"))
            .col(uuid("urged_by"))
            .col(timestamp_with_time_zone("urged_at"))
            .col(text_null("answer"))
            .col(uuid_null("answered_by"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .foreign_key(&mut fk("duty_urging", "duty_id", "duty"))
            .foreign_key(&mut fk("duty_urging", "urged_by", "staff"))
            .foreign_key(&mut fk("duty_urging", "answered_by", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("duty_urging", &["duty_id"])).await
}

async fn publication(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("publication")
            .col(uuid("id").primary_key())
            .col(string("subject_kind"))
            .col(uuid("subject_id"))
            .col(integer("version"))
            .col(string("column_name"))
            .col(string("title"))
            .col(text("body"))
            .col(string("path"))
            .col(json_binary("meta"))
            .col(string("content_hash"))
            .col(timestamp_with_time_zone("published_at"))
            .col(uuid_null("published_by"))
            .col(boolean("current"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .col(string_null("withdrawn_reason"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("publication", &["subject_kind", "subject_id", "version"])).await?;
    m.create_index(index("publication", &["current", "published_at"])).await
}

async fn holiday(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("holiday")
            .col(date("day").primary_key())
            .col(string("kind"))
            .col(string("name"))
            .col(string("source"))
            .col(timestamp_with_time_zone("imported_at"))
            .to_owned(),
    )
    .await
}

async fn calendar_import(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("calendar_import")
            .col(uuid("id").primary_key())
            .col(timestamp_with_time_zone("imported_at"))
            .col(uuid_null("imported_by"))
            .col(integer("rows"))
            .col(string("years"))
            .col(integer("moved"))
            .to_owned(),
    )
    .await
}
