//! The loop that does what is due: jobs, and the stages of duties.

use std::time::Duration;

use super::{claim, finish, put_back, registry};
use crate::app::App;
use crate::duty;
use crate::problem::Problem;

/// Pause between two looks when there is nothing to do.
const IDLE: Duration = Duration::from_secs(2);

/// Does everything that is due now and says how much it did. Tests call it after setting the clock.
///
/// # Errors
/// The database's own; a job's failure is kept with the job.
pub async fn run_due(app: &App) -> Result<usize, Problem> {
    let mut done = duty::sweep(app).await?;
    while let Some(job) = claim(app).await? {
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
        if let Err(problem) = run_due(&app).await {
            tracing::warn!(%problem, "worker");
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(IDLE) => {}
        }
    }
}
