//! The rows of consultations.

use entity::consultation::{Column, Entity, Model};
use entity::id::{ConsultationId, DecisionId};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Model, Problem> {
    Entity::find().filter(Column::Code.eq(code)).one(db).await?.ok_or_else(Problem::not_found)
}

/// The consultations of a decision, oldest first.
///
/// # Errors
/// The database's own.
pub async fn of_decision(db: &impl ConnectionTrait, decision: DecisionId) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::DecisionId.eq(decision)).order_by_asc(Column::CreatedAt).all(db).await?)
}
