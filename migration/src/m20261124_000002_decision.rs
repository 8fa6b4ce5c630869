//! Catalogue, decisions, documents and consultations.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        decision(m).await?;
        catalogue(m).await?;
        catalogue_version(m).await?;
        catalogue_entry(m).await?;
        document(m).await?;
        file(m).await?;
        clause(m).await?;
        step(m).await?;
        consultation(m).await?;
        consultation_extension(m).await?;
        work_plan_item(m).await?;
        Ok(())
    }
}

async fn decision(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("decision")
            .col(uuid("id").primary_key())
            .col(string("code").unique_key())
            .col(integer("year"))
            .col(string("title"))
            .col(string("kind"))
            .col(uuid("department_id"))
            .col(uuid_null("owner_id"))
            .col(string("summary"))
            .col(string("basis"))
            .col(string_null("doc_number"))
            .col(date_null("promulgated_on"))
            .col(string_null("not_disclosed_basis"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(integer("revision"))
            .foreign_key(&mut fk("decision", "department_id", "department"))
            .foreign_key(&mut fk("decision", "owner_id", "staff"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("decision", &["department_id"])).await?;
    m.create_index(index("decision", &["year"])).await
}

async fn catalogue(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("catalogue")
            .col(uuid("id").primary_key())
            .col(uuid("department_id"))
            .col(integer("year"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("catalogue", "department_id", "department"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("catalogue", &["department_id", "year"])).await
}

async fn catalogue_version(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("catalogue_version")
            .col(uuid("id").primary_key())
            .col(uuid("catalogue_id"))
            .col(integer("number"))
            .col(string("state"))
            .col(string_null("reason"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(uuid_null("published_by"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("catalogue_version", "catalogue_id", "catalogue"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("catalogue_version", &["catalogue_id", "number"])).await
}

async fn catalogue_entry(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("catalogue_entry")
            .col(uuid("id").primary_key())
            .col(uuid("version_id"))
            .col(uuid("decision_id"))
            .col(integer("position"))
            .col(string("title"))
            .col(string("kind"))
            .col(uuid("department_id"))
            .col(string("basis"))
            .col(string("planned_time"))
            .col(json_binary("steps"))
            .foreign_key(&mut fk("catalogue_entry", "version_id", "catalogue_version"))
            .foreign_key(&mut fk("catalogue_entry", "decision_id", "decision"))
            .foreign_key(&mut fk("catalogue_entry", "department_id", "department"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("catalogue_entry", &["version_id", "decision_id"])).await?;
    m.create_index(index("catalogue_entry", &["decision_id"])).await
}

async fn document(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("document")
            .col(uuid("id").primary_key())
            .col(uuid("decision_id"))
            .col(string("kind"))
            .col(integer("version"))
            .col(string("title"))
            .col(text("body"))
            .col(string("content_hash"))
            .col(string_null("correction_notice"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(uuid_null("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("document", "decision_id", "decision"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("document", &["decision_id", "kind", "version"])).await
}

async fn file(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("file")
            .col(uuid("id").primary_key())
            .col(uuid("document_id"))
            .col(string("name"))
            .col(string("media_type"))
            .col(big_integer("size"))
            .col(string("content_hash"))
            .col(blob("bytes"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("file", "document_id", "document"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("file", &["document_id"])).await
}

async fn clause(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("clause")
            .col(uuid("id").primary_key())
            .col(uuid("document_id"))
            .col(uuid("lineage_id"))
            .col(integer("position"))
            .col(uuid_null("parent_id"))
            .col(text("path"))
            .col(string("kind"))
            .col(string_null("number"))
            .col(text("text"))
            .foreign_key(&mut fk("clause", "document_id", "document"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("clause", &["document_id", "position"])).await?;
    m.create_index(index("clause", &["lineage_id"])).await
}

async fn step(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("step")
            .col(uuid("id").primary_key())
            .col(uuid("decision_id"))
            .col(string("kind"))
            .col(date_null("happened_on"))
            .col(string("note"))
            .col(string_null("skipped_reason"))
            .col(uuid_null("document_id"))
            .col(uuid_null("recorded_by"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut fk("step", "decision_id", "decision"))
            .foreign_key(&mut fk("step", "document_id", "document"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("step", &["decision_id"])).await
}

async fn consultation(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("consultation")
            .col(uuid("id").primary_key())
            .col(string("code").unique_key())
            .col(uuid("decision_id"))
            .col(uuid("document_id"))
            .col(string("title"))
            .col(text("notice"))
            .col(date("opens_on"))
            .col(date("closes_on"))
            .col(string_null("short_reason"))
            .col(string("contact_name"))
            .col(string("address"))
            .col(string("postcode"))
            .col(string("email"))
            .col(string("phone"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(uuid_null("published_by"))
            .col(timestamp_with_time_zone_null("result_published_at"))
            .col(timestamp_with_time_zone("created_at"))
            .col(integer("revision"))
            .foreign_key(&mut fk("consultation", "decision_id", "decision"))
            .foreign_key(&mut fk("consultation", "document_id", "document"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("consultation", &["decision_id"])).await?;
    m.create_index(index("consultation", &["closes_on"])).await
}

async fn consultation_extension(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("consultation_extension")
            .col(uuid("id").primary_key())
            .col(uuid("consultation_id"))
            .col(date("old_closes_on"))
            .col(date("new_closes_on"))
            .col(string("reason"))
            .col(timestamp_with_time_zone("published_at"))
            .col(uuid_null("published_by"))
            .foreign_key(&mut fk("consultation_extension", "consultation_id", "consultation"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("consultation_extension", &["consultation_id"])).await
}

async fn work_plan_item(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("work_plan_item")
            .col(uuid("id").primary_key())
            .col(integer("year"))
            .col(integer("position"))
            .col(string("section"))
            .col(string("subsection"))
            .col(text("requirement"))
            .col(string("responsible"))
            .col(string("implementing"))
            .col(text("measure"))
            .col(string("deadline_text"))
            .col(date_null("deadline_on"))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("work_plan_item", &["year", "position"])).await
}
