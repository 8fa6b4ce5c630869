//! Duties are found by their subject and by their kind, however many reviews of opinions there are, and the
//! last reviews of a moderator among a million others.

use sea_orm_migration::prelude::*;

use crate::ddl::{index, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_index(unique("duty", &["subject_id", "kind"])).await?;
        m.create_index(index("duty", &["kind", "state", "department_id", "due_on"])).await?;
        m.create_index(index("review", &["moderator_id", "created_at"])).await?;
        for old in ["uq_duty_kind_subject_id", "ix_duty_department_id_state"] {
            m.drop_index(Index::drop().name(old).table("duty").to_owned()).await?;
        }
        Ok(())
    }
}
