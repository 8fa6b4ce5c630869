//! The rows of draws.

use chrono::{DateTime, Utc};
use entity::event_draw::{Column, Entity, Model};
use entity::id::EventSessionId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// # Errors
/// The database's own.
pub async fn of(db: &impl ConnectionTrait, session: EventSessionId) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id(session).one(db).await?)
}

/// The draws of several sessions.
///
/// # Errors
/// The database's own.
pub async fn of_all(db: &impl ConnectionTrait, sessions: &[EventSessionId]) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::SessionId.is_in(sessions.iter().copied())).all(db).await?)
}

pub async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// Reveals the number with the protocol; what was sealed is not kept.
pub async fn reveal(
    write: &Write,
    session: EventSessionId,
    at: DateTime<Utc>,
    protocol: &str,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::SecretEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::DrawnAt, Expr::value(Some(at)))
        .col_expr(Column::Protocol, Expr::value(Some(protocol.to_owned())))
        .filter(Column::SessionId.eq(session))
        .exec(&**write)
        .await?;
    Ok(())
}

pub async fn clear(write: &Write, session: EventSessionId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::SessionId.eq(session)).exec(&**write).await?;
    Ok(())
}
