//! The second factor of staff: its secret, the recovery codes, and sign-ins between password and code.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::ddl::{fk, index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("second_factor")
                .col(uuid("staff_id").primary_key())
                .col(blob("secret_enc"))
                .col(big_integer("last_step"))
                .col(timestamp_with_time_zone("begun_at"))
                .col(string_null("session_id"))
                .col(timestamp_with_time_zone_null("confirmed_at"))
                .foreign_key(&mut fk("second_factor", "staff_id", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("recovery_code")
                .col(uuid("id").primary_key())
                .col(uuid("staff_id"))
                .col(string("code_hash"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("used_at"))
                .foreign_key(&mut fk("recovery_code", "staff_id", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("recovery_code", &["staff_id", "code_hash"])).await?;
        m.create_table(
            Table::create()
                .table("sign_in_step")
                .col(string("id").primary_key())
                .col(uuid("staff_id"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(integer("tries"))
                .col(string("user_agent"))
                .foreign_key(&mut fk("sign_in_step", "staff_id", "staff"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("sign_in_step", &["staff_id"])).await?;
        m.create_index(index("sign_in_step", &["expires_at"])).await
    }
}
