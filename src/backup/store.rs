//! The table of backups.

use chrono::{DateTime, Utc};
use entity::backup::{Column, Entity, Model};
use entity::enums::{BackupState, Role};
use entity::id::{BackupId, StaffId};
use entity::{staff, staff_role};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::make::Made;
use crate::db::Write;
use crate::problem::Problem;

pub async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub async fn done(write: &Write, id: BackupId, at: DateTime<Utc>, made: &Made) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(BackupState::Done))
        .col_expr(Column::FinishedAt, Expr::value(Some(at)))
        .col_expr(Column::Bytes, Expr::value(i64::try_from(made.bytes).ok()))
        .col_expr(Column::Sha256, Expr::value(Some(made.sha256.clone())))
        .col_expr(Column::Rows, Expr::value(i64::try_from(made.rows).ok()))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub async fn failed(write: &Write, id: BackupId, at: DateTime<Utc>, error: &str) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(BackupState::Failed))
        .col_expr(Column::FinishedAt, Expr::value(Some(at)))
        .col_expr(Column::Error, Expr::value(Some(error)))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// The last one, however it ended.
pub async fn last(db: &impl ConnectionTrait) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().order_by_desc(Column::StartedAt).limit(1).one(db).await?)
}

/// The last one that is whole.
pub async fn last_done(db: &impl ConnectionTrait) -> Result<Option<Model>, Problem> {
    let done = Entity::find().filter(Column::State.eq(BackupState::Done));
    Ok(done.order_by_desc(Column::StartedAt).limit(1).one(db).await?)
}

pub async fn first(db: &impl ConnectionTrait) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().order_by_asc(Column::StartedAt).limit(1).one(db).await?)
}

pub async fn administrators(db: &impl ConnectionTrait) -> Result<Vec<StaffId>, Problem> {
    let holders = staff_role::Entity::find()
        .select_only()
        .column(staff_role::Column::StaffId)
        .filter(staff_role::Column::Role.eq(Role::Admin));
    let query = staff::Entity::find()
        .filter(staff::Column::Id.in_subquery(holders.into_query()))
        .filter(staff::Column::DisabledAt.is_null());
    Ok(query.all(db).await?.into_iter().map(|row| row.id).collect())
}
