//! Work that follows a change, written in the change's own transaction, so that neither is ever there
//! without the other. Claimed by compare-and-set and leased: many processes may work at once, and a job
//! whose worker died runs again. Every job may run twice; it carries only ids and reloads the truth.

pub mod registry;
mod worker;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::JobState;
use entity::id::JobId;
use entity::job::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;

pub use worker::{run_due, run_forever, watch, watch_forever};

use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

/// A worker that says nothing for this long is taken for dead.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// After this many failures a job waits for a person.
const MAX_ATTEMPTS: i32 = 10;

/// Writes a job into the open transaction. A second job with the same key is the same job.
///
/// # Errors
/// The database's own.
pub async fn enqueue(
    app: &App,
    write: &Write,
    kind: &str,
    unique_key: &str,
    payload: Value,
    run_at: DateTime<Utc>,
) -> Result<(), Problem> {
    let row = ActiveModel {
        id: Set(app.id::<JobId>()),
        kind: Set(kind.to_owned()),
        unique_key: Set(unique_key.to_owned()),
        payload: Set(payload),
        run_at: Set(run_at),
        state: Set(JobState::Waiting),
        attempts: Set(0),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(app.now()),
        finished_at: Set(None),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::UniqueKey).do_nothing().to_owned())
        .exec_without_returning(&**write)
        .await?;
    Ok(())
}

/// Takes the next job that is due, if there is one and nobody else took it.
async fn claim(app: &App) -> Result<Option<Model>, Problem> {
    let now = app.now();
    let free = Condition::any()
        .add(Column::State.eq(JobState::Waiting).and(Column::RunAt.lte(now)))
        .add(Column::State.eq(JobState::Running).and(Column::LeaseUntil.lt(now)));
    let candidates =
        Entity::find().filter(free).order_by_asc(Column::RunAt).limit(8).all(app.db.read()).await?;
    for job in candidates {
        if job.attempts >= MAX_ATTEMPTS {
            // Its worker died with it every time; left alone it would go round for ever.
            put_back(app, &job, &Problem::internal("the worker died with this job")).await?;
            continue;
        }
        let write = app.write().await?;
        write.unseen();
        let taken = Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Running))
            .col_expr(Column::Attempts, Expr::value(job.attempts + 1))
            .col_expr(Column::LeaseUntil, Expr::value(Some(now + LEASE)))
            .filter(Column::Id.eq(job.id))
            .filter(Column::State.eq(job.state))
            .filter(Column::Attempts.eq(job.attempts))
            .exec(&*write)
            .await?;
        write.commit().await?;
        if taken.rows_affected == 1 {
            return Ok(Some(Model { attempts: job.attempts + 1, ..job }));
        }
    }
    Ok(None)
}

async fn finish(app: &App, job: &Model) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Done))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::FinishedAt, Expr::value(Some(app.now())))
        .filter(still_ours(job))
        .exec(&*write)
        .await?;
    write.commit().await
}

/// True as long as nobody else took the job after our lease ran out.
fn still_ours(job: &Model) -> Condition {
    Condition::all()
        .add(Column::Id.eq(job.id))
        .add(Column::State.eq(JobState::Running))
        .add(Column::Attempts.eq(job.attempts))
}

/// Puts a failed job back with a growing pause, or parks it after the last try.
async fn put_back(app: &App, job: &Model, error: &Problem) -> Result<(), Problem> {
    let parked = job.attempts >= MAX_ATTEMPTS;
    let pause = TimeDelta::seconds(15 << job.attempts.clamp(0, 10));
    let write = app.write().await?;
    write.unseen();
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(if parked { JobState::Parked } else { JobState::Waiting }))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::RunAt, Expr::value(app.now() + pause))
        .col_expr(Column::LastError, Expr::value(Some(error.code.as_str().to_owned())))
        .filter(still_ours(job))
        .exec(&*write)
        .await?;
    if parked && done.rows_affected == 1 {
        registry::parked(app, &write, job).await?;
    }
    write.commit().await
}
