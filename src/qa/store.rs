//! The rows of sessions and of who sits at their tables; those of questions are in [`question`].

pub mod question;

use chrono::{DateTime, Utc};
use entity::id::{DepartmentId, QaSessionId};
use entity::qa_guest::{self as guest_row, Model as Guest};
use entity::qa_session::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::{Code, Problem};

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: QaSessionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Model, Problem> {
    let code = super::code(code)?;
    Entity::find().filter(Column::Code.eq(code)).one(db).await?.ok_or_else(Problem::not_found)
}

/// The session, held until the transaction ends: all that happens to its questions waits here for its turn.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn lock(write: &Write, id: QaSessionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// As [`lock`].
pub async fn lock_by_code(write: &Write, code: &str) -> Result<Model, Problem> {
    let code = super::code(code)?;
    let found = Entity::find().filter(Column::Code.eq(code)).lock_exclusive().one(&**write).await?;
    found.ok_or_else(Problem::not_found)
}

pub async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// Writes a session that is held, if it still has the revision that was read.
pub async fn update(write: &Write, read: i32, after: &Model) -> Result<(), Problem> {
    let known = Entity::find_by_id(after.id).one(&**write).await?;
    if known.is_none_or(|k| k.revision != read) {
        return Err(Problem::new(Code::Stale));
    }
    let row = after.clone().into_active_model().reset_all();
    Entity::update(row).exec(&**write).await?;
    Ok(())
}

/// The next number of the session, which is held.
pub async fn issue(write: &Write, session: &Model) -> Result<i32, Problem> {
    move_on(write, session.id, Column::Issued).await?;
    Ok(session.issued + 1)
}

/// Something changed for the public.
pub async fn changed(write: &Write, id: QaSessionId) -> Result<(), Problem> {
    move_on(write, id, Column::Version).await
}

async fn move_on(write: &Write, id: QaSessionId, column: Column) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(column, Expr::col(column).add(1))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub async fn delete(write: &Write, id: QaSessionId) -> Result<(), Problem> {
    guest_row::Entity::delete_many().filter(guest_row::Column::SessionId.eq(id)).exec(&**write).await?;
    Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

/// Who sits at the table, in order.
///
/// # Errors
/// The database's own.
pub async fn guests(db: &impl ConnectionTrait, session: QaSessionId) -> Result<Vec<Guest>, Problem> {
    let of = guest_row::Entity::find().filter(guest_row::Column::SessionId.eq(session));
    Ok(of.order_by_asc(guest_row::Column::Position).all(db).await?)
}

/// Puts others at the table.
pub async fn seat(write: &Write, session: QaSessionId, guests: &[Guest]) -> Result<(), Problem> {
    guest_row::Entity::delete_many().filter(guest_row::Column::SessionId.eq(session)).exec(&**write).await?;
    for guest in guests {
        guest.clone().into_active_model().insert(&**write).await?;
    }
    Ok(())
}

/// Published sessions that are not over, the next first.
///
/// # Errors
/// The database's own.
pub async fn to_come(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::PublishedAt.is_not_null()).filter(Column::EndsAt.gt(now));
    Ok(query.order_by_asc(Column::BeginsAt).order_by_asc(Column::Code).all(db).await?)
}

/// Published sessions that are over, the latest first.
///
/// # Errors
/// The database's own.
pub async fn over(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
    offset: u64,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::PublishedAt.is_not_null()).filter(Column::EndsAt.lte(now));
    let query = query.order_by_desc(Column::EndsAt).order_by_desc(Column::Code);
    Ok(query.limit(limit).offset(offset).all(db).await?)
}

/// The sessions that some departments hold or sit at, or every one; the newest first, and how many there are.
///
/// # Errors
/// The database's own.
pub async fn of_departments(
    db: &impl ConnectionTrait,
    departments: Option<&[DepartmentId]>,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Model>, u64), Problem> {
    let mut query = Entity::find();
    if let Some(departments) = departments {
        let here = departments.iter().copied();
        let at_table = Query::select()
            .column(guest_row::Column::SessionId)
            .from(guest_row::Entity)
            .and_where(guest_row::Column::DepartmentId.is_in(here.clone()))
            .to_owned();
        query = query.filter(Column::DepartmentId.is_in(here).or(Column::Id.in_subquery(at_table)));
    }
    let all = query.clone().count(db).await?;
    let query = query.order_by_desc(Column::BeginsAt).order_by_desc(Column::Code);
    Ok((query.limit(limit).offset(offset).all(db).await?, all))
}
