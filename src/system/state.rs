//! What there is to know, in one look.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use entity::enums::Role;

use crate::actor::Actor;
use crate::app::App;
use crate::problem::{Problem, Words};
use crate::{backup, db, duty, job, notice, oidc};

/// Parked jobs that are named; the others are counted.
const PARKED: u64 = 50;

#[derive(Clone, Debug)]
pub struct State {
    pub now: DateTime<Utc>,
    pub database: db::State,
    /// How long the database took to answer.
    pub ping: Duration,
    pub queue: job::Queue,
    pub parked: Vec<entity::job::Model>,
    pub duties: duty::Counts,
    pub mails: notice::Mails,
    /// The last backup that is whole.
    pub backup: Option<entity::backup::Model>,
    /// Years with a notice (放假通知).
    pub years: Vec<i32>,
    /// Whether the year that now runs, and the next one, have none.
    pub missing_years: Vec<i32>,
    /// Providers (统一身份认证), each as it answered last.
    pub providers: Vec<Standing>,
}

/// How a provider stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// In the settings.
    pub key: String,
    pub name: Words,
    pub issuer: String,
    pub seen: oidc::Seen,
}

impl State {
    /// Seconds for which the oldest job that is due has waited; 0 when none does.
    pub fn oldest_wait(&self) -> i64 {
        self.queue.oldest_due.map_or(0, |at| (self.now - at).num_seconds().max(0))
    }
}

/// The state, for whoever may not ask by role: metrics.
///
/// # Errors
/// The database's own.
pub async fn state(app: &App) -> Result<State, Problem> {
    use chrono::Datelike as _;
    let (db, now, today) = (app.db.read(), app.now(), app.today());
    let asked = Instant::now();
    app.db.ping().await?;
    let ping = asked.elapsed();
    let calendar = app.calendar();
    let running = [today.year(), today.year() + 1];
    Ok(State {
        now,
        database: app.db.state().await?,
        ping,
        queue: job::queue(db, now).await?,
        parked: job::parked(db, PARKED).await?,
        duties: duty::counts(db, today).await?,
        mails: notice::mails(db).await?,
        backup: backup::last_done(app).await?,
        years: calendar.table().years(),
        missing_years: running.into_iter().filter(|year| !calendar.covers(*year)).collect(),
        // Metrics are read every few seconds; providers are not asked for them.
        providers: Vec::new(),
    })
}

/// The state, for an administrator.
///
/// # Errors
/// `forbidden`; the database's own.
pub async fn read(app: &App, actor: &Actor) -> Result<State, Problem> {
    actor.require(Role::Admin)?;
    let providers = oidc::standing(app).await.into_iter().map(|(provider, seen)| Standing {
        key: provider.key.clone(),
        name: oidc::name(&provider),
        issuer: provider.settings.issuer.clone(),
        seen,
    });
    Ok(State { providers: providers.collect(), ..state(app).await? })
}
