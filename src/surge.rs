//! How fast something comes, by key: a bucket that runs empty with time and is *high* once a whole window's limit is in
//! it, until half of it has run out. What goes on coming at twice the limit keeps it high; what stops ends by itself.
//!
//! As with [`crate::rate`], one process over SQLite counts in memory. On PostgreSQL many instances serve one site, so one
//! upsert in the caller's transaction moves the rows of all keys at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, FromQueryResult, QueryFilter as _,
};
use sea_orm::{Statement, Value};

use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

/// Keys kept in memory before those that ran empty are forgotten.
const KEYS: usize = 50_000;

/// What came, and how many of it a window may bring.
#[derive(Clone, Debug)]
pub struct Came {
    /// At most 64 characters.
    pub key: String,
    pub limit: u32,
}

impl Came {
    /// Microseconds that one of it takes to run out.
    fn turn(&self, window: Duration) -> i64 {
        micros(window) / i64::from(self.limit.max(1))
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX / 8)
}

#[derive(Clone, Copy, Debug, Default)]
struct Level {
    empty_at: i64,
    high: bool,
}

impl Level {
    fn fill(&mut self, now: i64, window: i64, turn: i64) {
        self.empty_at = (self.empty_at.max(now) + turn).min(now + 2 * window);
        if self.empty_at > now + window {
            self.high = true;
        } else if self.empty_at < now + window / 2 {
            self.high = false;
        }
    }
}

/// The buckets of this process.
#[derive(Debug, Default)]
pub struct Levels(Mutex<HashMap<String, Level>>);

impl Levels {
    fn count(&self, window: Duration, came: &[Came], now: DateTime<Utc>) -> Vec<bool> {
        let now = now.timestamp_micros();
        let mut levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.len() > KEYS {
            levels.retain(|_, level| level.empty_at > now);
        }
        let mut fill = |c: &Came| {
            let level = levels.entry(c.key.clone()).or_default();
            level.fill(now, micros(window), c.turn(window));
            level.high
        };
        came.iter().map(&mut fill).collect()
    }
}

/// Counts one of each key, in the order given; whether it is high now.
///
/// # Errors
/// The database's own.
pub async fn count(app: &App, write: &Write, window: Duration, came: &[Came]) -> Result<Vec<bool>, Problem> {
    if app.db.backend() != DbBackend::Postgres {
        return Ok(app.levels.count(window, came, app.now()));
    }
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        high: bool,
    }
    let (now, long) = (app.now().timestamp_micros(), micros(window));
    let mut values: Vec<Value> = vec![now.into(), long.into()];
    let mut rows = Vec::new();
    for c in came {
        values.push(c.key.as_str().into());
        values.push(c.turn(window).into());
        rows.push(format!("(${}, $1 + ${}, false)", values.len() - 1, values.len()));
    }
    let next = "LEAST(GREATEST(surge.empty_at, $1) + excluded.empty_at - $1, $1 + 2 * $2)";
    let sql = format!(
        "INSERT INTO surge (key, empty_at, high) VALUES {} ON CONFLICT (key) DO UPDATE SET empty_at = {next}, \
         high = CASE WHEN {next} > $1 + $2 THEN true WHEN {next} < $1 + $2 / 2 THEN false ELSE surge.high END \
         RETURNING key, high",
        rows.join(", ")
    );
    let statement = Statement::from_sql_and_values(write.get_database_backend(), sql, values);
    let found = Row::find_by_statement(statement).all(&**write).await?;
    Ok(came.iter().map(|c| found.iter().any(|r| r.key == c.key && r.high)).collect())
}

/// Forgets buckets that ran empty.
///
/// # Errors
/// The database's own.
pub async fn sweep(app: &App) -> Result<(), Problem> {
    use entity::surge::{Column, Entity};
    if app.db.backend() == DbBackend::Postgres && app.config.flood.is_used() {
        let now = app.now().timestamp_micros();
        Entity::delete_many().filter(Column::EmptyAt.lt(now)).exec(app.db.direct()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surge_begins_above_its_limit_and_ends_by_itself() {
        let levels = Levels::default();
        let window = Duration::from_secs(600);
        let came = [Came { key: "a".into(), limit: 10 }, Came { key: "b".into(), limit: 1000 }];
        let at = |second: i64| DateTime::from_timestamp(1_000_000 + second, 0).unwrap();
        let first: Vec<bool> = (0..12).map(|s| levels.count(window, &came, at(s))[0]).collect();
        assert_eq!(first.iter().filter(|high| **high).count(), 2, "{first:?}");
        // It goes on, more slowly than it began and still twice as fast as it may.
        assert!((1..100).all(|n| levels.count(window, &came, at(11 + 30 * n)) == [true, false]));
        // Some quiet, and it is over.
        assert_eq!(levels.count(window, &came, at(3000 + 1200)), [false, false]);
    }
}
