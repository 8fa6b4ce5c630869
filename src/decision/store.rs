//! The rows of decisions and their steps.

use entity::decision::{Column, Entity, Model};
use entity::id::DecisionId;
use entity::step;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: DecisionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Model, Problem> {
    Entity::find().filter(Column::Code.eq(code)).one(db).await?.ok_or_else(Problem::not_found)
}

/// The steps of a decision in the order they happened; those not applicable last.
///
/// # Errors
/// The database's own.
pub async fn steps(db: &impl ConnectionTrait, id: DecisionId) -> Result<Vec<step::Model>, Problem> {
    let rows =
        step::Entity::find().filter(step::Column::DecisionId.eq(id)).order_by_asc(step::Column::CreatedAt);
    let mut rows = rows.all(db).await?;
    rows.sort_by_key(|s| (s.happened_on.is_none(), s.happened_on));
    Ok(rows)
}
