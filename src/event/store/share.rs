//! The rows of shares.

use entity::event_share::{Column, Entity, Model};
use entity::id::EventSessionId;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// # Errors
/// The database's own.
pub async fn of(db: &impl ConnectionTrait, session: EventSessionId) -> Result<Vec<Model>, Problem> {
    let of = Entity::find().filter(Column::SessionId.eq(session));
    Ok(of.order_by_asc(Column::Share).all(db).await?)
}

/// The shares of several sessions.
///
/// # Errors
/// The database's own.
pub async fn of_all(db: &impl ConnectionTrait, sessions: &[EventSessionId]) -> Result<Vec<Model>, Problem> {
    let of = Entity::find().filter(Column::SessionId.is_in(sessions.iter().copied()));
    Ok(of.order_by_asc(Column::Share).all(db).await?)
}

pub async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// Moves the counter of a share; the table refuses what does not fit.
pub async fn count(write: &Write, session: EventSessionId, share: &str, taken: i32) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Taken, Expr::col(Column::Taken).add(taken))
        .filter(Column::SessionId.eq(session))
        .filter(Column::Share.eq(share))
        .exec(&**write)
        .await?;
    Ok(())
}

pub async fn clear(write: &Write, session: EventSessionId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::SessionId.eq(session)).exec(&**write).await?;
    Ok(())
}
