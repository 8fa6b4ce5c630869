//! The in-app inbox of staff.

use entity::id::{NoticeId, StaffId};
use entity::notice::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;

/// A member of staff's inbox, newest first; ids are in the order of time.
///
/// # Errors
/// The database's own.
pub async fn inbox(
    db: &impl ConnectionTrait,
    staff: StaffId,
    unread_only: bool,
    before: Option<NoticeId>,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    let mut rows = Entity::find().filter(Column::StaffId.eq(staff));
    if unread_only {
        rows = rows.filter(Column::ReadAt.is_null());
    }
    if let Some(id) = before {
        rows = rows.filter(Column::Id.lt(id));
    }
    Ok(rows.order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// One of the person's own notices.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, staff: StaffId, id: NoticeId) -> Result<Model, Problem> {
    let row = Entity::find_by_id(id).filter(Column::StaffId.eq(staff)).one(db).await?;
    row.ok_or_else(Problem::not_found)
}

/// # Errors
/// The database's own.
pub async fn unread(db: &impl ConnectionTrait, staff: StaffId) -> Result<u64, Problem> {
    let rows = Entity::find().filter(Column::StaffId.eq(staff));
    Ok(rows.filter(Column::ReadAt.is_null()).count(db).await?)
}

/// Marks one's own notices as read, one or all; says how many were new.
///
/// # Errors
/// `unauthenticated`; `not_found` for a notice of somebody else; the database's own.
pub async fn mark_read(app: &App, actor: &Actor, id: Option<NoticeId>) -> Result<u64, Problem> {
    let staff = actor.require_staff()?.id;
    if let Some(id) = id {
        find(app.db.read(), staff, id).await?;
    }
    let write = app.write().await?;
    write.unseen();
    let mut update = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(Some(app.now())))
        .filter(Column::StaffId.eq(staff))
        .filter(Column::ReadAt.is_null());
    if let Some(id) = id {
        update = update.filter(Column::Id.eq(id));
    }
    let done = update.exec(&*write).await?;
    write.commit().await?;
    Ok(done.rows_affected)
}
