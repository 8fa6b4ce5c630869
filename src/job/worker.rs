//! The loop that does what is due: jobs, and the stages of duties.

use std::time::Duration;

use super::{claim, finish, put_back, registry};
use crate::app::App;
use crate::backup;
use crate::calendar;
use crate::duty;
use crate::problem::Problem;
use crate::rate;
use crate::surge;

/// Pause between two looks when there is nothing to do.
const IDLE: Duration = Duration::from_secs(2);
/// Pause between two looks at the database and at what other instances changed: half of the second within
/// which every instance must follow.
const WATCH: Duration = Duration::from_millis(500);
/// Jobs between two looks at the duties: a mail server that answers slowly must not hold up the reminders.
const ROUND: usize = 20;

/// Does everything that is due now and says how much it did. Tests call it after setting the clock.
///
/// # Errors
/// The database's own; a job's failure is kept with the job.
pub async fn run_due(app: &App) -> Result<usize, Problem> {
    let mut done = 0;
    loop {
        match round(app).await? {
            0 => return Ok(done),
            n => done += n,
        }
    }
}

async fn round(app: &App) -> Result<usize, Problem> {
    calendar::follow(app).await?;
    rate::sweep(app).await?;
    surge::sweep(app).await?;
    backup::plan(app).await?;
    registry::plan(app).await?;
    let mut done = duty::sweep(app).await?;
    for _ in 0..ROUND {
        let Some(job) = claim(app).await? else { break };
        match registry::run(app, &job).await {
            Ok(()) => finish(app, &job).await?,
            Err(problem) => {
                tracing::warn!(job = %job.kind, attempt = job.attempts, %problem, "job failed");
                put_back(app, &job, &problem).await?;
            }
        }
        done += 1;
    }
    Ok(done)
}

/// Works until told to stop; a failing database is asked again.
pub async fn run_forever(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    while !*stop.borrow() {
        let pause = match round(&app).await {
            Ok(0) => IDLE,
            Ok(_) => Duration::ZERO,
            Err(problem) => {
                tracing::warn!(%problem, "worker");
                IDLE
            }
        };
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// For a process that serves pages: notices whether the database answers and takes over what was changed on
/// other instances, until told to stop.
pub async fn watch_forever(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    while !*stop.borrow() {
        watch(&app).await;
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(WATCH) => {}
        }
    }
}

/// One look. The calendar is the only thing that a process keeps in memory and another one can change.
pub async fn watch(app: &App) {
    let answer = app.db.ping().await;
    app.health.heard(answer.as_ref().err());
    if answer.is_ok()
        && let Err(problem) = calendar::refresh(app).await
    {
        tracing::warn!(%problem, "calendar");
    }
}
