//! Events with the public: sessions, seats, registrations.
//!
//! Never one seat too many, whatever the program does: the seats given are a counter beside the capacity, and
//! a CHECK refuses any statement that would take it above. A counter rather than a row for each seat, because a
//! party takes its seats all or nothing in one statement, the capacity of a session can be changed by one, and
//! the row that carries the counter is also the lock that brings all that happens to a session into one order.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        event(m).await?;
        session(m).await?;
        registration(m).await
    }
}

async fn event(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("event")
            .col(uuid("id").primary_key())
            .col(string("code").unique_key())
            .col(string("kind"))
            .col(uuid("department_id"))
            .col(uuid_null("decision_id"))
            .col(string("title"))
            .col(text("summary"))
            .col(text("conditions"))
            .col(text("accessibility"))
            .col(string("contact_name"))
            .col(string("phone"))
            .col(string("email"))
            .col(timestamp_with_time_zone_null("published_at"))
            .col(uuid_null("published_by"))
            .col(timestamp_with_time_zone_null("cancelled_at"))
            .col(string_null("cancelled_reason"))
            .col(text_null("report"))
            .col(text_null("outcome"))
            .col(integer_null("attended"))
            .col(timestamp_with_time_zone_null("report_published_at"))
            .col(timestamp_with_time_zone_null("erased_at"))
            .col(uuid("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(integer("revision"))
            .foreign_key(&mut fk("event", "department_id", "department"))
            .foreign_key(&mut fk("event", "decision_id", "decision"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("event", &["department_id"])).await?;
    m.create_index(index("event", &["decision_id"])).await?;
    m.create_index(index("event", &["published_at"])).await
}

async fn session(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = |name: &'static str| Expr::col(name);
    m.create_table(
        Table::create()
            .table("event_session")
            .col(uuid("id").primary_key())
            .col(uuid("event_id"))
            .col(integer("number"))
            .col(string("place"))
            .col(string("directions"))
            .col(timestamp_with_time_zone("begins_at"))
            .col(timestamp_with_time_zone("ends_at"))
            .col(integer("capacity"))
            .col(timestamp_with_time_zone("registration_opens_at"))
            .col(timestamp_with_time_zone("registration_closes_at"))
            .col(integer("party_max"))
            .col(integer("offer_hours"))
            .col(integer("taken"))
            .col(integer("present"))
            .col(integer("issued"))
            .foreign_key(&mut fk("event_session", "event_id", "event"))
            .check(column("taken").gte(0).and(column("taken").lte(column("capacity"))))
            .check(column("present").gte(0).and(column("present").lte(column("taken"))))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("event_session", &["event_id", "number"])).await?;
    m.create_index(index("event_session", &["begins_at"])).await
}

async fn registration(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("event_registration")
            .col(uuid("id").primary_key())
            .col(uuid("session_id"))
            .col(integer("number"))
            .col(integer("seats"))
            .col(string("state"))
            .col(boolean("walk_in"))
            .col(blob_null("name_enc"))
            .col(blob_null("contact_enc"))
            .col(string_null("person_hash"))
            .col(string_null("form_hash"))
            .col(string("lang"))
            .col(timestamp_with_time_zone("registered_at"))
            .col(timestamp_with_time_zone_null("offered_until"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .col(timestamp_with_time_zone_null("came_at"))
            .col(integer("came"))
            .col(uuid_null("let_in_by"))
            .foreign_key(&mut fk("event_registration", "session_id", "event_session"))
            .check(Expr::col("seats").gte(1))
            .check(Expr::col("came").gte(0).and(Expr::col("came").lte(Expr::col("seats"))))
            .to_owned(),
    )
    .await?;
    m.create_index(unique("event_registration", &["session_id", "number"])).await?;
    // Absent values never meet: who cancelled may come again.
    m.create_index(unique("event_registration", &["session_id", "person_hash"])).await?;
    m.create_index(unique("event_registration", &["session_id", "form_hash"])).await?;
    m.create_index(index("event_registration", &["session_id", "state", "number"])).await
}
