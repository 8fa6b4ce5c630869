//! The rows of pages that take messages.

use std::collections::HashMap;

use entity::id::MessagePageId;
use entity::message;
use entity::message_page::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: MessagePageId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// The database's own.
pub async fn at(db: &impl ConnectionTrait, path: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::Path.eq(path)).one(db).await?)
}

/// The page, held until the transaction ends.
///
/// # Errors
/// The database's own.
pub async fn lock(write: &Write, path: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::Path.eq(path)).lock_exclusive().one(&**write).await?)
}

/// Every page that was ever opened: the open ones first, the latest first.
///
/// # Errors
/// The database's own.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, Problem> {
    let rows = Entity::find().order_by_desc(Column::OpenedAt).order_by_desc(Column::Id).all(db).await?;
    let (open, closed): (Vec<_>, Vec<_>) = rows.into_iter().partition(|p| p.closed_at.is_none());
    Ok(open.into_iter().chain(closed).collect())
}

/// # Errors
/// The database's own.
pub async fn of_ids(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = MessagePageId>,
) -> Result<HashMap<MessagePageId, Model>, Problem> {
    let ids: Vec<MessagePageId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|p| (p.id, p)).collect())
}

/// # Errors
/// The database's own.
pub async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// # Errors
/// The database's own.
pub async fn update(write: &Write, after: &Model) -> Result<(), Problem> {
    Entity::update(after.clone().into_active_model().reset_all()).exec(&**write).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Counted {
    page_id: Option<MessagePageId>,
    received: i64,
    published: i64,
}

/// How many messages were left under each page, and how many of them are public.
///
/// # Errors
/// The database's own.
pub async fn counts(db: &impl ConnectionTrait) -> Result<HashMap<MessagePageId, (i64, i64)>, Problem> {
    let query = message::Entity::find()
        .select_only()
        .column(message::Column::PageId)
        .column_as(message::Column::Id.count(), "received")
        .column_as(message::Column::PublishedAt.count(), "published")
        .filter(message::Column::PageId.is_not_null())
        .group_by(message::Column::PageId);
    let rows: Vec<Counted> = query.into_model().all(db).await?;
    Ok(rows.into_iter().filter_map(|c| Some((c.page_id?, (c.received, c.published)))).collect())
}
