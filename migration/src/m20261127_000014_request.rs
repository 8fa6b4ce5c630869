//! What one administrator asks and another confirms about somebody's account.

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
                .table("staff_request")
                .col(uuid("id").primary_key())
                .col(string("kind"))
                .col(uuid("staff_id"))
                .col(json_binary("roles"))
                .col(uuid("requested_by"))
                .col(timestamp_with_time_zone("requested_at"))
                .col(string_null("outcome"))
                .col(uuid_null("decided_by"))
                .col(timestamp_with_time_zone_null("decided_at"))
                .foreign_key(&mut fk("staff_request", "staff_id", "staff"))
                .foreign_key(&mut fk("staff_request", "requested_by", "staff"))
                .foreign_key(&mut fk("staff_request", "decided_by", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("staff_request", &["requested_at"])).await
    }
}
