//! The rows of messages.

use entity::enums::MessageState;
use entity::id::{DepartmentId, MessageId};
use entity::message::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: MessageId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_number(db: &impl ConnectionTrait, number: &str) -> Result<Model, Problem> {
    let number = crate::opinion::code(number)?;
    Entity::find().filter(Column::Number.eq(number)).one(db).await?.ok_or_else(Problem::not_found)
}

/// The message, held until the transaction ends.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn lock(write: &Write, number: &str) -> Result<Model, Problem> {
    let number = crate::opinion::code(number)?;
    let row = Entity::find().filter(Column::Number.eq(number)).lock_exclusive().one(&**write).await?;
    row.ok_or_else(Problem::not_found)
}

/// Writes where a message that is held stands now.
///
/// # Errors
/// The database's own.
pub async fn update(write: &Write, after: &Model) -> Result<(), Problem> {
    let row = after.clone().into_active_model().reset_all();
    Entity::update(row).exec(&**write).await?;
    Ok(())
}

/// Messages of a state, oldest first; only those of some departments, where they are given.
///
/// # Errors
/// The database's own.
pub async fn queue(
    db: &impl ConnectionTrait,
    state: MessageState,
    departments: Option<&[DepartmentId]>,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Model>, u64), Problem> {
    let mut query = Entity::find().filter(Column::State.eq(state));
    if let Some(departments) = departments {
        query = query.filter(Column::DepartmentId.is_in(departments.iter().copied()));
    }
    let all = query.clone().count(db).await?;
    let page = query.order_by_asc(Column::ReceivedAt).order_by_asc(Column::Id).limit(limit).offset(offset);
    Ok((page.all(db).await?, all))
}

/// How many messages wait for acceptance.
///
/// # Errors
/// The database's own.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64, Problem> {
    Ok(Entity::find().filter(Column::State.eq(MessageState::Pending)).count(db).await?)
}

/// Published messages, newest answer first.
///
/// # Errors
/// The database's own.
pub async fn published(
    db: &impl ConnectionTrait,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Model>, u64), Problem> {
    let query = Entity::find().filter(Column::PublishedAt.is_not_null());
    let all = query.clone().count(db).await?;
    let page = query.order_by_desc(Column::PublishedAt).order_by_desc(Column::Id).limit(limit).offset(offset);
    Ok((page.all(db).await?, all))
}
