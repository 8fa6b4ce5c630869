//! The rows of people's sessions and of their requests.

use chrono::{DateTime, Utc};
use entity::id::DataRequestId;
use entity::person_session::{Column, Entity, Model};
use entity::{data_request, person_session};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// Writes a session and sweeps those that are over.
pub async fn begin(write: &Write, row: &Model, now: DateTime<Utc>) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(&**write).await?;
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub async fn session(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

pub async fn end(write: &Write, id: &str) -> Result<(), Problem> {
    Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

/// Ends every session of a contact.
pub async fn end_all(write: &Write, contact_hash: &str) -> Result<(), Problem> {
    person_session::Entity::delete_many().filter(Column::ContactHash.eq(contact_hash)).exec(&**write).await?;
    Ok(())
}

pub async fn request(db: &impl ConnectionTrait, id: DataRequestId) -> Result<data_request::Model, Problem> {
    data_request::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}
