//! The floor of writing: a plain loop over SQLite with `synchronous=FULL`, rows as long as an opinion.

use std::path::Path;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, ConnectOptions as _, Executor as _};

/// A database of its own on the same disk.
pub struct Commits {
    connection: SqliteConnection,
    next: i64,
}

impl Commits {
    pub async fn open(dir: &Path) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(dir.join("floor.db"))
            .create_if_missing(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL");
        let mut connection = options.connect().await.unwrap();
        let table = "CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, text TEXT NOT NULL)";
        connection.execute(table).await.unwrap();
        Self { connection, next: 0 }
    }

    /// One row, one commit.
    pub async fn one(&mut self, text: &str) {
        self.insert(text).await;
    }

    /// `n` rows in one commit.
    pub async fn many(&mut self, n: usize, text: &str) {
        self.connection.execute("BEGIN IMMEDIATE").await.unwrap();
        for _ in 0..n {
            self.insert(text).await;
        }
        self.connection.execute("COMMIT").await.unwrap();
    }

    async fn insert(&mut self, text: &str) {
        self.next += 1;
        let number = format!("2026-001-1-{:09}", self.next);
        let query = sqlx::query("INSERT INTO row (number, text) VALUES (?, ?)").bind(number).bind(text);
        query.execute(&mut self.connection).await.unwrap();
    }
}
