//! What stands in the queue, and trying once more what was given up.

use chrono::{DateTime, Utc};
use entity::enums::{JobState, Role, SubjectKind};
use entity::id::JobId;
use entity::job::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde_json::json;

use super::registry;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::Problem;

/// Jobs by state; done ones are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Also those planned for later.
    pub waiting: i64,
    pub running: i64,
    pub parked: i64,
    /// When the oldest job that waits should have run; none when nothing is due.
    pub oldest_due: Option<DateTime<Utc>>,
}

/// # Errors
/// The database's own.
pub async fn queue(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Queue, Problem> {
    let count = async |state: JobState| {
        let n = Entity::find().filter(Column::State.eq(state)).count(db).await;
        n.map(|n| i64::try_from(n).unwrap_or(i64::MAX))
    };
    let due = Entity::find()
        .select_only()
        .column(Column::RunAt)
        .filter(Column::State.eq(JobState::Waiting))
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::RunAt)
        .limit(1);
    Ok(Queue {
        waiting: count(JobState::Waiting).await?,
        running: count(JobState::Running).await?,
        parked: count(JobState::Parked).await?,
        oldest_due: due.into_tuple().one(db).await?,
    })
}

/// Jobs given up, the oldest first.
///
/// # Errors
/// The database's own.
pub async fn parked(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Model>, Problem> {
    let parked = Entity::find().filter(Column::State.eq(JobState::Parked)).order_by_asc(Column::Id);
    Ok(parked.limit(limit).all(db).await?)
}

/// Puts a parked job back into the queue with all its tries.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` for a job that is not parked; the database's own.
pub async fn retry(app: &App, actor: &Actor, id: JobId) -> Result<(), Problem> {
    actor.require(Role::Admin)?;
    let write = app.write().await?;
    write.unseen();
    let changed = Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Waiting))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::RunAt, Expr::value(app.now()))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(JobState::Parked))
        .exec(&*write)
        .await?;
    let job = Entity::find_by_id(id).one(&*write).await?.ok_or_else(Problem::not_found)?;
    if changed.rows_affected == 0 {
        return Err(Problem::conflict("该任务没有被搁置", "This job is not parked"));
    }
    registry::taken_up(app, &write, &job).await?;
    let detail = json!({ "kind": job.kind });
    audit::record(app, &write, actor, "job.retry", audit::subject(SubjectKind::Job, id), detail).await?;
    write.commit().await
}
