//! The rows of floods, and the lane that opinions stand in.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::OpinionState;
use entity::flood::{Column, Entity, Model};
use entity::id::{ConsultationId, FloodId, OpinionId, StaffId};
use entity::opinion;
use sea_orm::sea_query::{Asterisk, Expr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};

use crate::db::Write;
use crate::problem::Problem;

/// Floods that a list shows, and the newest among which it looks for them.
const SHOWN: usize = 50;
const LOOKED_AT: u64 = 500;

/// The flood that goes on, after one more came.
#[derive(FromQueryResult)]
pub struct Joined {
    pub id: FloodId,
    pub released_at: Option<DateTime<Utc>>,
}

/// Begins a flood, or counts one more to the one that goes on.
pub(in crate::opinion) async fn join(write: &Write, begin: &Model) -> Result<Joined, Problem> {
    let sql = "INSERT INTO flood (id, consultation_id, kind, key, threshold, window_minutes, began_at, last_at, received) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1) \
               ON CONFLICT (consultation_id, kind, key) WHERE ended_at IS NULL DO UPDATE SET last_at = excluded.last_at, \
               received = flood.received + (CASE WHEN flood.released_at IS NULL THEN 1 ELSE 0 END) \
               RETURNING id, released_at";
    let values = [
        begin.id.0.into(),
        begin.consultation_id.0.into(),
        begin.kind.as_str().into(),
        begin.key.as_str().into(),
        begin.threshold.into(),
        begin.window_minutes.into(),
        begin.began_at.into(),
    ];
    let statement = Statement::from_sql_and_values(write.get_database_backend(), sql, values);
    let joined = Joined::find_by_statement(statement).one(&**write).await?;
    joined.ok_or_else(|| Problem::internal("a flood that was neither begun nor joined"))
}

pub(in crate::opinion) async fn is_any_quiet(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
) -> Result<bool, Problem> {
    let quiet = Entity::find().filter(Column::EndedAt.is_null()).filter(Column::LastAt.lt(before));
    Ok(quiet.one(db).await?.is_some())
}

/// Ends those of which nothing came since; says which.
pub(in crate::opinion) async fn end_quiet(
    write: &Write,
    before: DateTime<Utc>,
) -> Result<Vec<Model>, Problem> {
    let quiet = Entity::find().filter(Column::EndedAt.is_null()).filter(Column::LastAt.lt(before));
    let found = quiet.order_by_asc(Column::Id).lock_exclusive().all(&**write).await?;
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::col(Column::LastAt))
        .filter(Column::Id.is_in(found.iter().map(|f| f.id)))
        .exec(&**write)
        .await?;
    Ok(found)
}

pub(in crate::opinion) async fn lock(write: &Write, id: FloodId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

pub(in crate::opinion) async fn set_released(
    write: &Write,
    id: FloodId,
    by: Option<StaffId>,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::ReleasedAt, Expr::value(Some(at)))
        .col_expr(Column::ReleasedBy, Expr::value(by))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Takes all opinions out of a flood.
pub(in crate::opinion) async fn empty(write: &Write, id: FloodId) -> Result<u64, Problem> {
    let out = opinion::Entity::update_many()
        .col_expr(opinion::Column::FloodId, Expr::value(None::<FloodId>))
        .filter(opinion::Column::FloodId.eq(id));
    Ok(out.exec(&**write).await?.rows_affected)
}

pub(in crate::opinion) async fn take_out(write: &Write, id: OpinionId) -> Result<(), Problem> {
    opinion::Entity::update_many()
        .col_expr(opinion::Column::FloodId, Expr::value(None::<FloodId>))
        .filter(opinion::Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// A flood with opinions that wait.
#[derive(Clone, Debug)]
pub struct Found {
    pub flood: Model,
    pub waiting: u64,
}

/// The newest floods of which something waits, or that go on.
///
/// # Errors
/// The database's own.
pub async fn found(db: &impl ConnectionTrait, waiting: &[OpinionState]) -> Result<Vec<Found>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        flood_id: FloodId,
        n: i64,
    }
    let newest = Entity::find().order_by_desc(Column::BeganAt).order_by_desc(Column::Id);
    let floods = newest.limit(LOOKED_AT).all(db).await?;
    if floods.is_empty() {
        return Ok(Vec::new());
    }
    // By flood and state: both are in the index, and no opinion is opened.
    let counted: Vec<Row> = opinion::Entity::find()
        .select_only()
        .column(opinion::Column::FloodId)
        .column_as(Expr::col(Asterisk).count(), "n")
        .filter(opinion::Column::FloodId.is_in(floods.iter().map(|f| f.id)))
        .filter(opinion::Column::State.is_in(waiting.iter().copied()))
        .group_by(opinion::Column::FloodId)
        .into_model()
        .all(db)
        .await?;
    let counts: HashMap<FloodId, i64> = counted.into_iter().map(|r| (r.flood_id, r.n)).collect();
    let found = |flood: Model| {
        let waiting = counts.get(&flood.id).copied().unwrap_or(0);
        Found { waiting: u64::try_from(waiting).unwrap_or(0), flood }
    };
    let goes_on = |f: &Found| f.flood.ended_at.is_none() && f.flood.released_at.is_none();
    let all = floods.into_iter().map(found).filter(|f| f.waiting > 0 || goes_on(f));
    Ok(all.take(SHOWN).collect())
}

/// The floods that opinions stand in.
///
/// # Errors
/// The database's own.
pub async fn waiting_in(
    db: &impl ConnectionTrait,
    opinions: &[opinion::Model],
) -> Result<HashMap<FloodId, Model>, Problem> {
    let ids: Vec<FloodId> = opinions.iter().filter_map(|o| o.flood_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|f| (f.id, f)).collect())
}

/// How many opinions on a consultation came in floods.
///
/// # Errors
/// The database's own.
pub async fn of_consultation(db: &impl ConnectionTrait, id: ConsultationId) -> Result<u64, Problem> {
    let floods = Entity::find().filter(Column::ConsultationId.eq(id)).all(db).await?;
    if floods.is_empty() {
        return Ok(0);
    }
    let query = opinion::Entity::find().filter(opinion::Column::FloodId.is_in(floods.iter().map(|f| f.id)));
    Ok(query.count(db).await?)
}
