//! Seats by group and by lot, hearings by law, what an opened meeting must tell.
//!
//! A session that divides its seats among groups has a row for each share, and one for the seats open to all
//! others. As with the seats of the session itself, the counter of a share stands beside its size and a CHECK
//! refuses the statement that would take it above.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        add(m, "event_session", string("method").default("first_come").to_owned()).await?;
        add(m, "event_session", boolean("by_group").default(false).to_owned()).await?;
        add(m, "event_registration", string_null("seat_group").to_owned()).await?;
        add(m, "event_registration", integer_null("drawn").to_owned()).await?;
        add(m, "event_registration", boolean("name_public").default(false).to_owned()).await?;
        add(m, "event_registration", timestamp_with_time_zone_null("confirmed_record_at").to_owned()).await?;
        add(m, "event_registration", uuid_null("signature_noted_by").to_owned()).await?;
        add(m, "event", text_null("said").to_owned()).await?;
        add(m, "event", text_null("attendance").to_owned()).await?;
        share(m).await?;
        draw(m).await?;
        hearing(m).await
    }
}

async fn add(m: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    // One column a statement: SQLite takes no more.
    m.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn share(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = |name: &'static str| Expr::col(name);
    m.create_table(
        Table::create()
            .table("event_share")
            .col(uuid("session_id"))
            .col(string("share"))
            .col(integer("seats"))
            .col(integer("taken"))
            .primary_key(Index::create().col("session_id").col("share"))
            .foreign_key(&mut fk("event_share", "session_id", "event_session"))
            .check(column("taken").gte(0).and(column("taken").lte(column("seats"))))
            .to_owned(),
    )
    .await
}

async fn draw(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("event_draw")
            .col(uuid("session_id").primary_key())
            .col(string("commitment"))
            .col(blob_null("secret_enc"))
            .col(timestamp_with_time_zone("committed_at"))
            .col(timestamp_with_time_zone_null("drawn_at"))
            .col(text_null("protocol"))
            .foreign_key(&mut fk("event_draw", "session_id", "event_session"))
            .to_owned(),
    )
    .await
}

async fn hearing(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        Table::create()
            .table("event_hearing")
            .col(uuid("event_id").primary_key())
            .col(boolean("selects"))
            .col(text("selection_rules"))
            .col(text_null("participants"))
            .col(timestamp_with_time_zone_null("participants_at"))
            .col(date_null("delivered_on"))
            .col(string_null("delivered_how"))
            .col(uuid_null("delivered_by"))
            .col(text_null("record"))
            .col(timestamp_with_time_zone_null("record_at"))
            .foreign_key(&mut fk("event_hearing", "event_id", "event"))
            .to_owned(),
    )
    .await?;
    m.create_table(
        Table::create()
            .table("event_opinion")
            .col(uuid("opinion_id").primary_key())
            .col(uuid("event_id"))
            .foreign_key(&mut fk("event_opinion", "opinion_id", "opinion"))
            .foreign_key(&mut fk("event_opinion", "event_id", "event"))
            .to_owned(),
    )
    .await?;
    m.create_index(index("event_opinion", &["event_id"])).await
}
