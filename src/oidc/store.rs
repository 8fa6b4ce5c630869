//! The rows of visits.

use chrono::{DateTime, Utc};
use entity::provider_visit::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// Writes a visit and sweeps those that are over.
pub async fn begin(write: &Write, row: &Model, over: DateTime<Utc>) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::CreatedAt.lt(over)).exec(&**write).await?;
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

pub async fn by_ticket(db: &impl ConnectionTrait, ticket_hash: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::TicketHash.eq(ticket_hash)).one(db).await?)
}

/// Takes the answer; false when it was taken before.
pub async fn take(write: &Write, id: &str, now: DateTime<Utc>) -> Result<bool, Problem> {
    let taken = Entity::update_many()
        .col_expr(Column::ReturnedAt, Expr::value(Some(now)))
        .filter(Column::Id.eq(id))
        .filter(Column::ReturnedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(&**write)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Keeps who arrived.
pub async fn arrive(write: &Write, id: &str, ticket_hash: &str, arrival: Vec<u8>) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::TicketHash, Expr::value(Some(ticket_hash)))
        .col_expr(Column::ArrivalEnc, Expr::value(Some(arrival)))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Uses a visit up and forgets what was typed; false when somebody else just did.
pub async fn spend(
    write: &Write,
    id: &str,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<bool, Problem> {
    let spent = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(Some(now)))
        .col_expr(Column::GoingEnc, Expr::value(Vec::<u8>::new()))
        .filter(Column::Id.eq(id))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ArrivalEnc.is_not_null())
        .filter(Column::ReturnedAt.gt(since))
        .exec(&**write)
        .await?;
    Ok(spent.rows_affected == 1)
}

pub async fn remove(write: &Write, id: &str) -> Result<(), Problem> {
    Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}
