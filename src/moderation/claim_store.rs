//! The rows of claims. A claim counts while its opinion waits.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::claim::{ActiveModel, Column, Entity};
use entity::id::{OpinionId, StaffId};
use entity::opinion;
use sea_orm::sea_query::{Condition, Expr, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, JoinType,
    QueryFilter as _, QuerySelect as _,
};

use super::claim::{View, Whose};
use super::store::WAITING;
use crate::db::Write;
use crate::problem::Problem;

/// What a filter adds to a query of opinions.
pub(super) fn condition(view: &View) -> Option<Condition> {
    let claims = |of: fn(Expr, StaffId) -> Expr| -> SelectStatement {
        Query::select()
            .expr(Expr::value(1_i64))
            .from(Entity)
            .and_where(Expr::col((Entity, Column::OpinionId)).equals((opinion::Entity, opinion::Column::Id)))
            .and_where(of(Expr::col((Entity, Column::StaffId)), view.staff))
            .and_where(Expr::col((Entity, Column::ClaimedAt)).gt(view.since))
            .to_owned()
    };
    match view.whose {
        Whose::All => None,
        Whose::Mine => Some(Condition::all().add(Expr::exists(claims(|c, me| c.eq(me))))),
        Whose::Free => Some(Condition::all().add(Expr::exists(claims(|c, me| c.ne(me))).not())),
    }
}

/// What a moderator holds and what still waits.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    staff: StaffId,
    since: DateTime<Utc>,
) -> Result<Vec<OpinionId>, Problem> {
    let rows = Entity::find()
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(opinion::Entity).from(Column::OpinionId).to(opinion::Column::Id).into(),
        )
        .filter(Column::StaffId.eq(staff))
        .filter(Column::ClaimedAt.gt(since))
        .filter(opinion::Column::State.is_in(WAITING))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.opinion_id).collect())
}

/// Takes opinions, unless somebody else was quicker.
pub(super) async fn put(
    write: &Write,
    ids: &[OpinionId],
    staff: StaffId,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<(), Problem> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows =
        ids.iter().map(|id| ActiveModel { opinion_id: Set(*id), staff_id: Set(staff), claimed_at: Set(now) });
    let mine = Expr::col((Entity, Column::StaffId)).eq(staff);
    let lapsed = Expr::col((Entity, Column::ClaimedAt)).lte(since);
    let taken = OnConflict::column(Column::OpinionId)
        .update_columns([Column::StaffId, Column::ClaimedAt])
        .action_and_where(mine.or(lapsed))
        .to_owned();
    Entity::insert_many(rows).on_conflict(taken).exec_without_returning(&**write).await?;
    Ok(())
}

pub(super) async fn drop_lapsed(write: &Write, since: DateTime<Utc>) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::ClaimedAt.lte(since)).exec(&**write).await?;
    Ok(())
}

pub(super) async fn drop_all(write: &Write, staff: StaffId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::StaffId.eq(staff)).exec(&**write).await?;
    Ok(())
}

pub(super) async fn holders(
    db: &impl ConnectionTrait,
    ids: &[OpinionId],
    since: DateTime<Utc>,
) -> Result<HashMap<OpinionId, StaffId>, Problem> {
    let query = Entity::find()
        .filter(Column::OpinionId.is_in(ids.iter().copied()))
        .filter(Column::ClaimedAt.gt(since));
    Ok(query.all(db).await?.into_iter().map(|c| (c.opinion_id, c.staff_id)).collect())
}
