//! The example bureau (`jianyan demo`): an invented sports bureau whose year is lived through the real
//! operations, on a clock that runs from the past to now. Nothing is written past the rules.

mod answer;
mod bulk;
mod content;
mod file;
mod find;
mod gathering;
mod hearing;
mod live;
mod message;
mod people;
mod qa;
mod review;
mod rights;
mod survey;
mod timeline;
mod voice;

use std::path::Path;

use chrono::TimeDelta;

use crate::app::App;
use crate::config::{Challenge, Config};
use crate::job;
use crate::problem::Problem;
use crate::random::Rng;
use crate::receipt::LookupCode;
use crate::time::{Clock, FixedClock};
use content::Content;

/// Marks a directory as the example's own, so that a fresh start may empty it.
const MARK: &str = "this-is-an-example";

/// Who may sign in to the example, all with one password made for this start.
pub struct Logins {
    pub password: String,
    /// Login, name and office, roles.
    pub people: Vec<(String, String, String)>,
    /// A lookup code to try as a visitor: a hearing's participant with a record to confirm.
    pub code: Option<LookupCode>,
}

/// Makes the directory of the example empty.
///
/// # Errors
/// A directory that holds anything else, in words for the person at the terminal.
pub fn clear(dir: &Path) -> Result<(), String> {
    let is_empty = dir.read_dir().map_or(true, |mut entries| entries.next().is_none());
    if !is_empty {
        if !dir.join(MARK).exists() {
            return Err(format!(
                "{} is not empty and not an example of ours; choose another --data-dir",
                dir.display()
            ));
        }
        std::fs::remove_dir_all(dir).map_err(|e| format!("cannot empty {}: {e}", dir.display()))?;
    }
    std::fs::create_dir_all(dir).map_err(|e| format!("cannot create {}: {e}", dir.display()))?;
    std::fs::write(dir.join(MARK), "").map_err(|e| format!("cannot write to {}: {e}", dir.display()))
}

/// The example's settings: ours, with longer time for results, because its consultations are spread over a
/// year.
pub fn settings(mut config: Config) -> Config {
    config.data_dir.push("demo");
    config.database_url = None;
    config.smtp_url = None;
    config.rules.result_working_days = 90;
    // The neighbours who pass one text round are seen as what they are: a flood.
    config.flood.network = 10;
    config.flood.text = 6;
    config
}

/// Fills a fresh database. The site is then served with the machine's clock.
///
/// # Errors
/// Whatever a real operation answers; the content is made so that none does.
pub async fn build(config: &Config, now: chrono::DateTime<chrono::Utc>) -> Result<Logins, Problem> {
    build_with(config, now, 0, |_| {}).await
}

/// The same with so many more opinions; `progress` hears how many are there.
///
/// # Errors
/// As [`build`].
pub async fn build_with(
    config: &Config,
    now: chrono::DateTime<chrono::Utc>,
    opinions: u64,
    progress: impl FnMut(u64),
) -> Result<Logins, Problem> {
    let mut config = config.clone();
    config.limits.opinions_per_minute = 100_000;
    config.limits.registrations_per_minute = 100_000;
    config.limits.supports_per_minute = 100_000;
    config.limits.responses_per_minute = 100_000;
    // Who lives in the example solves no tasks, whatever its visitors are asked for.
    config.challenge = Challenge::default();
    let content = Content::read()?;
    let (clock, hand) = Clock::fixed(now - TimeDelta::days(300));
    let app = App::open(config, clock, Rng::system()).await.map_err(Problem::internal)?;
    let logins = people::settle(&app, &content).await?;
    let code = live::live(&app, &hand, &content, now).await?;
    if opinions > 0 {
        bulk::fill(&app, opinions, progress).await?;
    }
    app.db.close().await;
    Ok(Logins { code, ..logins })
}

/// Moves the clock on; what is due on the way is done at nine on each day.
async fn pass(app: &App, hand: &FixedClock, until: chrono::DateTime<chrono::Utc>) -> Result<(), Problem> {
    use crate::calendar::civil;
    loop {
        let today = civil::local_date(app.now());
        let nine = civil::at(today, 9, 0);
        let next = if app.now() < nine { nine } else { nine + TimeDelta::days(1) };
        if next > until {
            break;
        }
        hand.set(next);
        job::run_due(app).await?;
    }
    hand.set(until);
    Ok(())
}
