//! The rows of messages; those of the pages that take them are in [`place`].

pub mod place;

use entity::enums::{MessageKind, MessageState, Satisfaction};
use entity::id::{DepartmentId, MessageId, MessagePageId};
use entity::message::{Column, Entity, Model};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

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

/// Messages by their ids, in no order.
///
/// # Errors
/// The database's own.
pub async fn of_ids(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::Id.is_in(ids)).all(db).await?)
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

/// # Errors
/// `not_found`; the database's own.
pub async fn lock_by_id(write: &Write, id: MessageId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
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

/// The messages of one person, the newest first.
///
/// # Errors
/// The database's own.
pub async fn of_person(db: &impl ConnectionTrait, person: &str) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::PersonHash.eq(person));
    Ok(query.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id).all(db).await?)
}

/// Messages of a state, the newest first; only those of some departments, where they are given.
///
/// # Errors
/// The database's own.
pub async fn of_state(
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
    let page =
        query.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Number).limit(limit).offset(offset);
    Ok((page.all(db).await?, all))
}

/// How many messages wait for acceptance.
///
/// # Errors
/// The database's own.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64, Problem> {
    Ok(Entity::find().filter(Column::State.eq(MessageState::Pending)).count(db).await?)
}

/// Which published messages to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub kind: Option<MessageKind>,
    pub department: Option<DepartmentId>,
    /// Only those that were left under this page.
    pub page: Option<MessagePageId>,
    /// Number of the last one of the page before.
    pub after: Option<String>,
}

/// Published messages, the newest publication first. Within one moment the number decides.
///
/// # Errors
/// `not_found` for a cursor that cannot be one; the database's own.
pub async fn published(
    db: &impl ConnectionTrait,
    filter: &Filter,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    let mut query = Entity::find().filter(Column::PublishedAt.is_not_null());
    if let Some(kind) = filter.kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(department) = filter.department {
        query = query.filter(Column::DepartmentId.eq(department));
    }
    if let Some(page) = filter.page {
        query = query.filter(Column::PageId.eq(page));
    }
    if let Some(after) = &filter.after {
        let last = by_number(db, after).await.ok().and_then(|m| Some((m.published_at?, m.number)));
        let Some((at, number)) = last else { return Ok(Vec::new()) };
        let same = Column::PublishedAt.eq(at).and(Column::Number.lt(number));
        query = query.filter(Column::PublishedAt.lte(at)).filter(Column::PublishedAt.lt(at).or(same));
    }
    let query = query.order_by_desc(Column::PublishedAt).order_by_desc(Column::Number);
    Ok(query.limit(limit).all(db).await?)
}

/// How many messages are public; under one page, where it is given.
///
/// # Errors
/// The database's own.
pub async fn count_published(db: &impl ConnectionTrait, page: Option<MessagePageId>) -> Result<u64, Problem> {
    let mut query = Entity::find().filter(Column::PublishedAt.is_not_null());
    if let Some(page) = page {
        query = query.filter(Column::PageId.eq(page));
    }
    Ok(query.count(db).await?)
}

/// How many messages of a month are of a kind, in a state, and were answered in time.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Group {
    pub month: String,
    pub kind: MessageKind,
    pub state: MessageState,
    pub in_time: Option<bool>,
    pub n: i64,
}

/// # Errors
/// The database's own.
pub async fn groups(db: &impl ConnectionTrait) -> Result<Vec<Group>, Problem> {
    let by = [Column::Month, Column::Kind, Column::State, Column::InTime];
    let query = Entity::find().select_only().columns(by).column_as(Column::Id.count(), "n");
    let query = by.into_iter().fold(query, |query, column| query.group_by(column));
    Ok(query.into_model().all(db).await?)
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct Votes {
    pub satisfaction: Satisfaction,
    pub n: i64,
}

/// # Errors
/// The database's own.
pub async fn satisfaction(db: &impl ConnectionTrait) -> Result<Vec<Votes>, Problem> {
    let query = Entity::find()
        .select_only()
        .column(Column::Satisfaction)
        .column_as(Column::Id.count(), "n")
        .filter(Column::Satisfaction.is_not_null())
        .group_by(Column::Satisfaction);
    Ok(query.into_model().all(db).await?)
}
