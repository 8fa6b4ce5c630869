//! The rows of attachments.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::attachment::{Column, Entity, Model};
use entity::enums::{AttachmentState, SubjectKind};
use entity::id::{AttachmentId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::db::Write;
use crate::problem::Problem;

/// Ids in one statement.
const BATCH: usize = 500;

/// # Errors
/// The database's own.
pub async fn insert(write: &Write, row: Model) -> Result<(), Problem> {
    row.into_active_model().insert(&**write).await?;
    Ok(())
}

/// # Errors
/// The database's own.
pub async fn find(db: &impl ConnectionTrait, id: AttachmentId) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// # Errors
/// The database's own.
pub async fn find_all(db: &impl ConnectionTrait, ids: &[AttachmentId]) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The attachments of many subjects, in their order.
///
/// # Errors
/// The database's own.
pub async fn of(
    db: &impl ConnectionTrait,
    kind: SubjectKind,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>, Problem> {
    let mut found: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for some in subjects.chunks(BATCH) {
        let rows = Entity::find()
            .filter(Column::SubjectId.is_in(some.iter().copied()))
            .filter(Column::SubjectKind.eq(kind))
            .order_by_asc(Column::Position)
            .order_by_asc(Column::Id)
            .all(db)
            .await?;
        for row in rows {
            if let Some(subject) = row.subject_id {
                found.entry(subject).or_default().push(row);
            }
        }
    }
    Ok(found)
}

/// Gives an upload to its subject, if nobody did before.
///
/// # Errors
/// The database's own.
pub async fn claim(
    write: &Write,
    id: AttachmentId,
    kind: SubjectKind,
    subject: Uuid,
    position: i32,
) -> Result<bool, Problem> {
    let moved = Entity::update_many()
        .col_expr(Column::SubjectKind, Expr::value(Some(kind)))
        .col_expr(Column::SubjectId, Expr::value(Some(subject)))
        .col_expr(Column::Position, Expr::value(position))
        .col_expr(Column::State, Expr::value(AttachmentState::Waiting))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(AttachmentState::Unclaimed))
        .exec(&**write)
        .await?;
    Ok(moved.rows_affected == 1)
}

/// # Errors
/// The database's own.
pub async fn decide(
    write: &Write,
    ids: &[AttachmentId],
    state: AttachmentState,
    by: Option<StaffId>,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::DecidedAt, Expr::value(Some(at)))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(&**write)
        .await?;
    Ok(())
}

/// # Errors
/// The database's own.
pub async fn reopen(write: &Write, kind: SubjectKind, subject: Uuid) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(AttachmentState::Waiting))
        .col_expr(Column::DecidedBy, Expr::value(None::<StaffId>))
        .col_expr(Column::DecidedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::SubjectId.eq(subject))
        .filter(Column::SubjectKind.eq(kind))
        .exec(&**write)
        .await?;
    Ok(())
}

/// # Errors
/// The database's own.
pub async fn set_alt(write: &Write, id: AttachmentId, alt: &str) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Alt, Expr::value(alt))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// # Errors
/// The database's own.
pub async fn delete(write: &Write, ids: &[AttachmentId]) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::Id.is_in(ids.iter().copied())).exec(&**write).await?;
    Ok(())
}

/// Forgets uploads that nothing named in time.
///
/// # Errors
/// The database's own.
pub async fn delete_unclaimed(write: &Write, before: DateTime<Utc>) -> Result<u64, Problem> {
    let gone = Entity::delete_many()
        .filter(Column::State.eq(AttachmentState::Unclaimed))
        .filter(Column::CreatedAt.lt(before))
        .exec(&**write)
        .await?;
    Ok(gone.rows_affected)
}

/// Which of these stored hashes a row names.
///
/// # Errors
/// The database's own.
pub async fn named(db: &impl ConnectionTrait, hashes: &[String]) -> Result<HashSet<String>, Problem> {
    let mut found = HashSet::new();
    for some in hashes.chunks(BATCH) {
        let rows: Vec<String> = Entity::find()
            .select_only()
            .column(Column::StoredHash)
            .filter(Column::StoredHash.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// # Errors
/// The database's own.
pub async fn count(db: &impl ConnectionTrait, kind: SubjectKind, subject: Uuid) -> Result<u64, Problem> {
    let query = Entity::find().filter(Column::SubjectId.eq(subject)).filter(Column::SubjectKind.eq(kind));
    Ok(query.count(db).await?)
}

/// Attachments after one, in the order of their ids, those of nothing included.
///
/// # Errors
/// The database's own.
pub async fn page(
    db: &impl ConnectionTrait,
    after: Option<AttachmentId>,
    limit: u64,
) -> Result<Vec<Model>, sea_orm::DbErr> {
    let mut query = Entity::find().order_by_asc(Column::Id).limit(limit);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    query.all(db).await
}
