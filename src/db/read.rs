//! Reading. On PostgreSQL a pool; on SQLite a few connections that are kept: a pool asks a connection whether it lives
//! whenever it comes back, which is a way to its thread and back for each statement. A file does not go away as a server
//! does.
//!
//! No read takes without end: SQLite asks now and then whether the statement may go on ([`LONGEST_READ`]), and
//! PostgreSQL has its `statement_timeout`. Who reads longer on purpose takes a [`super::Snapshot`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, QueryResult, Statement, TransactionOptions, TransactionTrait as _, sqlx,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{LONGEST_WAIT, driver_error, sqlite_options};

/// A page's statement that takes longer is given up, so that one costly question cannot hold a reader for ever.
pub(super) const LONGEST_READ: Duration = Duration::from_secs(15);

/// Readers of one SQLite file in this process.
const READERS: u32 = 4;

/// Steps of SQLite's machine between two looks at the clock: some milliseconds.
const STEPS: i32 = 100_000;

/// What queries run on; cheap to clone. On SQLite it refuses to write.
#[derive(Clone, Debug)]
pub struct Reader(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Pool(DatabaseConnection),
    Kept(Arc<Kept>),
}

#[derive(Debug)]
struct Kept {
    url: SecretString,
    /// The longest that one statement may take.
    longest: Duration,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
    open: AtomicU64,
}

/// A connection with nothing begun on it, and when what runs on it has to be over.
#[derive(Debug)]
struct Connection {
    connection: DatabaseTransaction,
    pool: DatabaseConnection,
    until: Arc<Deadline>,
}

/// Milliseconds after `start`; 0 while nothing runs.
#[derive(Debug)]
struct Deadline {
    start: Instant,
    millis: AtomicU64,
}

impl Deadline {
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn set(&self, longest: Duration) {
        let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
        self.millis.store(self.now().saturating_add(longest), Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.now() > self.millis.load(Ordering::Relaxed)
    }
}

/// A connection lent for one statement. Dropped before the statement ended, because who asked went away, the
/// statement is given up, and the connection lent again after it.
struct Turn {
    kept: Arc<Kept>,
    lent: Option<(Connection, OwnedSemaphorePermit)>,
}

impl Reader {
    pub(super) const fn pool(pool: DatabaseConnection) -> Self {
        Self(Kind::Pool(pool))
    }

    /// # Errors
    /// A file that cannot be opened.
    pub(super) async fn sqlite(url: &str, longest: Duration) -> Result<Self, DbErr> {
        let kept = Arc::new(Kept {
            url: url.into(),
            longest,
            turns: Arc::new(Semaphore::new(READERS as usize)),
            idle: Mutex::default(),
            open: AtomicU64::new(0),
        });
        let first = kept.connect().await?;
        kept.give_back(first);
        Ok(Self(Kind::Kept(kept)))
    }

    /// Connections open, and those of them that wait; none on PostgreSQL, whose pool tells it.
    pub(super) fn counts(&self) -> Option<(u32, usize)> {
        let Kind::Kept(kept) = &self.0 else { return None };
        let open = u32::try_from(kept.open.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
        Some((open, kept.idle().len()))
    }

    /// Waits for those who read, and closes the connections. Whoever comes later gets none.
    pub(super) async fn close(&self) {
        let Kind::Kept(kept) = &self.0 else { return };
        let _all = tokio::time::timeout(LONGEST_WAIT, kept.turns.acquire_many(READERS)).await;
        kept.turns.close();
        let idle = std::mem::take(&mut *kept.idle());
        for Connection { connection, pool, .. } in idle {
            drop(connection);
            if let Err(e) = pool.close().await {
                tracing::warn!(error = %e, "closing a reader");
            }
        }
    }
}

impl Kept {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, connection: Connection) {
        connection.until.millis.store(0, Ordering::Relaxed);
        self.idle().push(connection);
    }

    /// A pool of one whose connection never goes back to it.
    async fn connect(&self) -> Result<Connection, DbErr> {
        let until = Arc::new(Deadline { start: Instant::now(), millis: AtomicU64::new(u64::MAX) });
        let mut options = sqlite_options(self.url.expose_secret(), 1, true);
        let deadline = until.clone();
        options.map_sqlx_sqlite_pool_opts(move |pool| {
            let deadline = deadline.clone();
            pool.after_connect(move |connection, _| {
                let deadline = deadline.clone();
                Box::pin(async move {
                    let mut handle = connection.lock_handle().await?;
                    handle.set_progress_handler(STEPS, move || !deadline.is_over());
                    Ok(())
                })
            })
        });
        let pool = Database::connect(options).await?;
        let connection = pool.begin_with_options(TransactionOptions::default()).await?;
        // The transaction was the way to get hold of the connection; each statement stands for itself.
        connection.execute_raw(Statement::from_string(DbBackend::Sqlite, "ROLLBACK")).await?;
        self.open.fetch_add(1, Ordering::Relaxed);
        Ok(Connection { connection, pool, until })
    }

    async fn turn(self: &Arc<Self>) -> Result<Turn, DbErr> {
        let permit = tokio::time::timeout(LONGEST_WAIT, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        connection.until.set(self.longest);
        Ok(Turn { kept: self.clone(), lent: Some((connection, permit)) })
    }
}

impl Turn {
    async fn run<T>(
        mut self,
        statement: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, DbErr>,
    ) -> Result<T, DbErr> {
        let Some((lent, _)) = &self.lent else {
            return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        };
        let result = statement(&lent.connection).await;
        if let Some((lent, _permit)) = self.lent.take() {
            // A statement that failed is no fault of its connection, unless the connection's thread is gone.
            if result.as_ref().is_err_and(is_lost) {
                self.kept.open.fetch_sub(1, Ordering::Relaxed);
            } else {
                self.kept.give_back(lent);
            }
        }
        result
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let (Some((lent, permit)), Ok(runtime)) = (self.lent.take(), Handle::try_current()) else { return };
        let kept = self.kept.clone();
        lent.until.millis.store(0, Ordering::Relaxed);
        runtime.spawn(async move {
            // Statements of one connection stand in line: when this one is through, the other is over.
            let after = Statement::from_string(DbBackend::Sqlite, "SELECT 1");
            match lent.connection.query_one_raw(after).await {
                Ok(_) => kept.give_back(lent),
                Err(_) => drop(kept.open.fetch_sub(1, Ordering::Relaxed)),
            }
            drop(permit);
        });
    }
}

fn is_lost(e: &DbErr) -> bool {
    matches!(driver_error(e), Some(sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed))
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Pool(pool) => pool.get_database_backend(),
            Kind::Kept(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Pool(pool) => pool.execute_raw(statement).await,
            Kind::Kept(kept) => kept.turn().await?.run(async |c| c.execute_raw(statement).await).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Pool(pool) => pool.execute_unprepared(sql).await,
            Kind::Kept(kept) => kept.turn().await?.run(async |c| c.execute_unprepared(sql).await).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Pool(pool) => pool.query_one_raw(statement).await,
            Kind::Kept(kept) => kept.turn().await?.run(async |c| c.query_one_raw(statement).await).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Pool(pool) => pool.query_all_raw(statement).await,
            Kind::Kept(kept) => kept.turn().await?.run(async |c| c.query_all_raw(statement).await).await,
        }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
