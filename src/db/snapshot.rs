//! One moment of the database, held still while it is read: for backups and checks under load.

use std::ops::Deref;

use sea_orm::{
    AccessMode, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, TransactionOptions, TransactionTrait as _,
};

use super::{Db, postgres_options, sqlite_options};

/// A read transaction on a connection of its own, so that no reader of the site waits for it. Whatever is
/// written meanwhile is not seen. On SQLite the write-ahead log cannot be folded back before it ends; it only
/// grows by what is written meanwhile.
#[derive(Debug)]
pub struct Snapshot {
    transaction: DatabaseTransaction,
    pool: DatabaseConnection,
}

impl Deref for Snapshot {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Snapshot {
    /// Ends it and closes its connection.
    ///
    /// # Errors
    /// The database's own.
    pub async fn close(self) -> Result<(), DbErr> {
        self.transaction.rollback().await?;
        self.pool.close().await
    }
}

impl Db {
    /// Takes hold of the present moment.
    ///
    /// # Errors
    /// The database's own.
    pub async fn snapshot(&self) -> Result<Snapshot, DbErr> {
        let sqlite = self.backend() == DbBackend::Sqlite;
        let options =
            if sqlite { sqlite_options(self.url(), 1, true) } else { postgres_options(self.url(), 1) };
        let pool = Database::connect(options).await?;
        let mode = if sqlite {
            TransactionOptions::default()
        } else {
            TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            }
        };
        let transaction = pool.begin_with_options(mode).await?;
        if !sqlite {
            // A server that limits statements or idle transactions means the site's own, not this one.
            transaction
                .execute_unprepared(
                    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
                )
                .await?;
        }
        // Both databases fix the moment at the first thing that is read.
        let first =
            if sqlite { "SELECT count(*) FROM sqlite_master" } else { "SELECT count(*) FROM pg_class" };
        transaction.execute_unprepared(first).await?;
        Ok(Snapshot { transaction, pool })
    }
}
