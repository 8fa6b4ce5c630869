//! Once a day: uploads that nothing named are forgotten, and files that no row names are taken away.

use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::json;

use super::files::Place;
use super::store;
use crate::app::App;
use crate::job;
use crate::problem::Problem;

/// The job that sweeps.
pub const JOB: &str = "attachment.sweep";
/// So long an upload waits to be named.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);
/// Files asked about at once.
const BATCH: usize = 1_000;

/// Plans the sweep of the day, where there is anything in the store: one job, however many processes plan it. A store
/// that does not answer is asked again the next day.
///
/// # Errors
/// The database's own.
pub async fn plan(app: &App) -> Result<(), Problem> {
    let day = app.now().date_naive();
    if app.sweep_planned() == Some(day) {
        return Ok(());
    }
    app.plan_sweep(day);
    match app.files.is_empty().await {
        Ok(false) => {}
        Ok(true) => return Ok(()),
        Err(problem) => {
            tracing::warn!(%problem, "the store of attachments");
            return Ok(());
        }
    }
    let write = app.write().await?;
    write.unseen();
    job::enqueue(app, &write, JOB, &format!("attachment.sweep:{day}"), json!({}), app.now()).await?;
    write.commit().await
}

/// Sweeps. A file is put before its row is written, so only those of days that are over are looked at: a day must
/// have passed since the last moment of the day it was put there.
///
/// # Errors
/// `unavailable` when the store does not answer; the database's own. What was swept stays swept.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    let forgotten = store::delete_unclaimed(&write, app.now() - LONGEST_WAIT).await?;
    write.commit().await?;
    let before: NaiveDate = app.now().date_naive() - Days::new(1);
    let mut removed = 0_u64;
    let all = app.files.before(before).await?;
    for some in all.chunks(BATCH) {
        let hashes: Vec<String> = some.iter().map(|p: &Place| p.hash.clone()).collect();
        let named = store::named(app.db.read(), &hashes).await?;
        for place in some.iter().filter(|p| !named.contains(&p.hash)) {
            app.files.remove(place).await?;
            removed += 1;
        }
    }
    if forgotten + removed > 0 {
        tracing::info!(forgotten, removed, "attachments swept");
    }
    Ok(())
}
