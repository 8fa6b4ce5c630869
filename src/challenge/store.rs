//! The rows of answers that were used.

use chrono::{DateTime, Utc};
use entity::challenge_spent::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::token::Token;
use crate::db::Write;
use crate::problem::Problem;

/// Writes that it was used; whether it was the first time. On PostgreSQL a second use waits for the first.
pub(super) async fn spend(write: &Write, token: &Token, now: DateTime<Utc>) -> Result<bool, Problem> {
    let expires_at = DateTime::from_timestamp(token.until, 0).unwrap_or(now);
    let row = ActiveModel { nonce: Set(token.nonce.clone()), expires_at: Set(expires_at) };
    let first = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Nonce).do_nothing().to_owned())
        .exec_without_returning(&**write)
        .await?;
    // One in 64 takes away what has run out: nonces are random, and nobody has to remember to sweep.
    if token.nonce.starts_with('A') {
        Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(&**write).await?;
    }
    Ok(first == 1)
}
