//! The floor of writing: a plain loop over the database, rows as long as an opinion; SQLite with
//! `synchronous=FULL`.

use std::path::Path;

use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _, Executor as _};

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A table of its own: on SQLite in a database beside the site's, on PostgreSQL in the site's.
pub struct Commits {
    connection: Connection,
    next: i64,
}

impl Commits {
    pub async fn open(dir: &Path, postgres: Option<&str>) -> Self {
        let connection = match postgres {
            Some(url) => Connection::Postgres(PgConnection::connect(url).await.unwrap()),
            None => {
                let options = SqliteConnectOptions::new()
                    .filename(dir.join("floor.db"))
                    .create_if_missing(true)
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "FULL");
                Connection::Sqlite(options.connect().await.unwrap())
            }
        };
        let mut commits = Self { connection, next: 0 };
        commits.execute("DROP TABLE IF EXISTS floor_row").await;
        commits
            .execute(
                "CREATE TABLE floor_row (id BIGINT PRIMARY KEY, number TEXT NOT NULL UNIQUE, text TEXT NOT NULL)",
            )
            .await;
        commits
    }

    /// One row, one commit.
    pub async fn one(&mut self, text: &str) {
        self.insert(text).await;
    }

    /// `n` rows in one commit.
    pub async fn many(&mut self, n: usize, text: &str) {
        self.execute("BEGIN").await;
        for _ in 0..n {
            self.insert(text).await;
        }
        self.execute("COMMIT").await;
    }

    async fn execute(&mut self, sql: &'static str) {
        match &mut self.connection {
            Connection::Sqlite(c) => drop(c.execute(sql).await.unwrap()),
            Connection::Postgres(c) => drop(c.execute(sql).await.unwrap()),
        }
    }

    async fn insert(&mut self, text: &str) {
        const SQL: &str = "INSERT INTO floor_row (id, number, text) VALUES ($1, $2, $3)";
        self.next += 1;
        let number = format!("2026-001-1-{:09}", self.next);
        match &mut self.connection {
            Connection::Sqlite(c) => {
                sqlx::query(SQL).bind(self.next).bind(number).bind(text).execute(c).await.unwrap();
            }
            Connection::Postgres(c) => {
                sqlx::query(SQL).bind(self.next).bind(number).bind(text).execute(c).await.unwrap();
            }
        }
    }
}

/// One statement on a PostgreSQL server.
pub async fn execute(server: &str, sql: &str) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}
