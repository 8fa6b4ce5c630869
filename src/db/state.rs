//! What can be told of the database from outside: whether it answers, its schema, its size, its pools.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::setting;
use migration::{Migrator, MigratorTrait as _};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ConnAcquireErr, ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr,
    EntityTrait as _, Statement,
};
use serde_json::json;

use super::Db;

/// A database that takes longer to say that it lives is as good as away.
const ANSWER: Duration = Duration::from_secs(2);

const KEY_CHECK: &str = "key_check";

/// How the database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// "SQLite 3.50.2", "PostgreSQL 17.5"
    pub kind: String,
    /// Bytes on the disk.
    pub size: i64,
    /// Names of the migrations in force.
    pub migrations: Vec<String>,
    /// Names of those this program knows and the database has not seen.
    pub pending: Vec<String>,
}

/// Connections of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    pub name: &'static str,
    pub open: u32,
    pub idle: u32,
}

impl Db {
    /// Whether the database answers within two seconds.
    ///
    /// # Errors
    /// The database's own, or a timeout.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.ask(self.probe.ping()).await
    }

    /// The migrations that the database has not seen yet; it answers within two seconds. One that is ahead of
    /// this program is no trouble: migrations add, and instances are exchanged one after another.
    ///
    /// # Errors
    /// The database's own, or a timeout.
    pub async fn pending(&self) -> Result<Vec<String>, DbErr> {
        let applied = self.ask(self.applied()).await?;
        let ours = Migrator::migrations().into_iter().map(|m| m.name().to_owned());
        Ok(ours.filter(|name| !applied.contains(name)).collect())
    }

    async fn applied(&self) -> Result<Vec<String>, DbErr> {
        let sql = "SELECT version FROM seaql_migrations ORDER BY version";
        let rows = self.probe.query_all_raw(Statement::from_string(self.backend(), sql)).await?;
        rows.iter().map(|row| row.try_get("", "version")).collect()
    }

    async fn ask<T>(&self, question: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let answer = tokio::time::timeout(ANSWER, question).await;
        answer.unwrap_or(Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)))
    }

    /// # Errors
    /// The database's own.
    pub async fn state(&self) -> Result<State, DbErr> {
        let (version, size) = if self.backend() == DbBackend::Sqlite {
            (
                "SELECT sqlite_version() AS v",
                "SELECT page_count * page_size AS n FROM pragma_page_count(), pragma_page_size()",
            )
        } else {
            ("SELECT split_part(version(), ' ', 2) AS v", "SELECT pg_database_size(current_database()) AS n")
        };
        let one = async |sql: &'static str| {
            let row = self.probe.query_one_raw(Statement::from_string(self.backend(), sql)).await?;
            row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))
        };
        let name = if self.backend() == DbBackend::Sqlite { "SQLite" } else { "PostgreSQL" };
        let version: String = one(version).await?.try_get("", "v")?;
        Ok(State {
            kind: format!("{name} {version}"),
            size: one(size).await?.try_get("", "n")?,
            migrations: self.applied().await?,
            pending: self.pending().await?,
        })
    }

    /// How the pools are used.
    pub fn pools(&self) -> Vec<Pool> {
        let counts = |pool: &DatabaseConnection| {
            if self.backend() == DbBackend::Sqlite {
                let pool = pool.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            } else {
                let pool = pool.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        let read = self.read.counts().unwrap_or_else(|| counts(&self.moments));
        [("write", counts(&self.write)), ("read", read)]
            .map(|(name, (open, idle))| Pool { name, open, idle: u32::try_from(idle).unwrap_or(u32::MAX) })
            .to_vec()
    }

    /// The mark of the key that the database was begun with; `ours` if this is its beginning.
    ///
    /// # Errors
    /// The database's own.
    pub async fn key_check(&self, ours: &str, now: DateTime<Utc>) -> Result<String, DbErr> {
        let known = setting::Entity::find_by_id(KEY_CHECK).one(&self.read).await?;
        if let Some(known) = known {
            return Ok(known.value.as_str().unwrap_or_default().to_owned());
        }
        let row = setting::ActiveModel {
            key: Set(KEY_CHECK.to_owned()),
            value: Set(json!(ours)),
            updated_at: Set(now),
            updated_by: Set(None),
        };
        let row = setting::Entity::insert(row)
            .on_conflict(OnConflict::column(setting::Column::Key).do_nothing().to_owned());
        row.exec_without_returning(&self.write).await?;
        let known = setting::Entity::find_by_id(KEY_CHECK).one(&self.read).await?;
        Ok(known.and_then(|row| row.value.as_str().map(str::to_owned)).unwrap_or_default())
    }

    /// Lets the database begin anew with another key: what the old one sealed is lost then.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_key(&self) -> Result<(), DbErr> {
        self.release().await;
        setting::Entity::delete_by_id(KEY_CHECK).exec(&self.write).await.map(drop)
    }
}
