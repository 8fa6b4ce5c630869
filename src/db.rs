//! The database: SQLite by default, PostgreSQL when one machine is not enough. SQLite has one writer and
//! several read-only readers; `synchronous=FULL` on every connection, because what was acknowledged must
//! survive a power cut. Operations that wait for the writer share its commits, see [`group`].

mod group;
mod inserts;
mod read;
mod snapshot;
mod state;

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use log::LevelFilter;
use migration::MigratorTrait as _;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, RuntimeErr, TransactionOptions, TransactionTrait as _, sqlx,
};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;

pub use inserts::Inserts;
pub use read::Reader;
pub use snapshot::Snapshot;
pub use state::{Pool, State};

use crate::audit;
use crate::problem::{Code, Problem};

/// Who waits longer for a connection is better told to come back.
const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// A connection to a server that rested for so long is tried before it is used.
const IDLE: Duration = Duration::from_secs(1);

/// A statement that takes longer is logged as a warning.
const SLOW: Duration = Duration::from_secs(1);
/// Instances that start together take this lock to migrate one after another.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(5136437891)";

#[derive(Clone, Debug)]
pub struct Db {
    url: SecretString,
    write: DatabaseConnection,
    read: Reader,
    /// For transactions that only read.
    moments: DatabaseConnection,
    /// One connection beside the pools, so that asking whether the database lives never waits for those who
    /// use it.
    probe: DatabaseConnection,
    /// On SQLite, where there is only one.
    writer: Option<group::Writer>,
    changes: Arc<AtomicU64>,
}

/// The open write transaction. Dropped without [`Write::commit`], nothing happened. An operation that answers
/// with something it read here commits too, even if it changed nothing: until then it may have read what
/// others wrote and never finished.
#[derive(Debug)]
pub struct Write {
    open: Open,
    /// Audit records of this change. They join the chain in the commit, so that the one lock that every
    /// writer needs is taken last and held for a moment: taken in the middle, it would deadlock with the
    /// row locks of others on PostgreSQL.
    audit: Mutex<Vec<entity::audit::Model>>,
    unseen: AtomicBool,
    changes: Arc<AtomicU64>,
}

/// Counts a change when its commit has ended, however it ended: also when nobody waits for it any more.
struct Count<'a>(Option<&'a AtomicU64>);

impl Drop for Count<'_> {
    fn drop(&mut self) {
        if let Some(changes) = self.0 {
            changes.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[derive(Debug)]
enum Open {
    /// A transaction on a connection of its own.
    Own(DatabaseTransaction),
    /// A turn at the one writer.
    Turn(group::Turn, Arc<DatabaseTransaction>),
}

impl Deref for Write {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        match &self.open {
            Open::Own(transaction) => transaction,
            Open::Turn(_, connection) => connection,
        }
    }
}

impl Write {
    /// Keeps an audit record for the commit.
    pub(crate) fn note(&self, record: entity::audit::Model) {
        self.audit.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    /// Says that no public page shows this change, or only counts it: pages that are kept ready stay as they
    /// are, for a second at most. Whoever does not say so makes them new at once.
    pub fn unseen(&self) {
        self.unseen.store(true, Ordering::Relaxed);
    }

    /// The last line of an operation, and the last that can fail. It returns when the change is on the disk.
    ///
    /// # Errors
    /// The database's own; nothing happened then.
    pub async fn commit(self) -> Result<(), Problem> {
        let records = self.audit.into_inner().unwrap_or_else(PoisonError::into_inner);
        let seen = !self.unseen.into_inner();
        match self.open {
            Open::Own(transaction) => {
                audit::seal(&transaction, records).await?;
                let _count = Count(seen.then_some(&*self.changes));
                Ok(transaction.commit().await?)
            }
            Open::Turn(turn, _) => turn.commit(records, seen).await,
        }
    }
}

impl Db {
    /// # Errors
    /// A database that cannot be reached or opened.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") { Self::sqlite(url).await } else { Self::postgres(url).await }
    }

    async fn sqlite(url: &str) -> Result<Self, DbErr> {
        let write = Database::connect(sqlite_options(url, 1, false)).await?;
        let read = Reader::sqlite(url, read::LONGEST_READ).await?;
        let moments = Database::connect(sqlite_options(url, 4, true)).await?;
        let probe = Database::connect(sqlite_options(url, 1, true)).await?;
        let changes = Arc::<AtomicU64>::default();
        let writer = Some(group::Writer::new(write.clone(), changes.clone()));
        Ok(Self { url: url.into(), write, read, moments, probe, writer, changes })
    }

    async fn postgres(url: &str) -> Result<Self, DbErr> {
        // Two pools: a transaction that waits for a row lock must not take the connection that the holder of
        // the lock still needs for a query.
        let pool = |size: u32| postgres_options(url, size);
        let write = Database::connect(pool(16)).await?;
        let mut reading = pool(16);
        reading.map_sqlx_postgres_opts(|o| {
            session(o).options([("statement_timeout", read::LONGEST_READ.as_millis().to_string())])
        });
        let moments = Database::connect(reading).await?;
        let read = Reader::pool(moments.clone());
        let probe = Database::connect(pool(1)).await?;
        Ok(Self { url: url.into(), write, read, moments, probe, writer: None, changes: Arc::default() })
    }

    fn url(&self) -> &str {
        self.url.expose_secret()
    }

    /// For queries; on SQLite it refuses to write.
    pub const fn read(&self) -> &Reader {
        &self.read
    }

    /// For a single statement that stands beside every operation and needs no transaction, such as counting for a
    /// rate limit. Not for what an operation does: that is [`Db::begin`]'s.
    pub(crate) fn direct(&self) -> &DatabaseConnection {
        &self.write
    }

    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Opens the one kind of write transaction: IMMEDIATE on SQLite, so that a read inside it stays true.
    ///
    /// # Errors
    /// The database's own.
    pub async fn begin(&self) -> Result<Write, Problem> {
        let open = match &self.writer {
            Some(writer) => {
                let (turn, connection) = writer.begin().await?;
                Open::Turn(turn, connection)
            }
            None => Open::Own(self.write.begin_with_options(TransactionOptions::default()).await?),
        };
        let changes = self.changes.clone();
        Ok(Write { open, audit: Mutex::default(), unseen: AtomicBool::new(false), changes })
    }

    /// A read transaction: all that is read in it belongs to one moment. Dropped, it ends. For a page whose
    /// figures come from several queries and must agree; what takes long reads a [`Snapshot`].
    ///
    /// # Errors
    /// The database's own.
    pub async fn moment(&self) -> Result<DatabaseTransaction, Problem> {
        let mut options = TransactionOptions::default();
        if self.backend() == DbBackend::Postgres {
            options.isolation_level = Some(IsolationLevel::RepeatableRead);
            options.access_mode = Some(AccessMode::ReadOnly);
        }
        Ok(self.moments.begin_with_options(options).await?)
    }

    /// How often this process changed something that a public page may show; what another process does is
    /// not in it.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Brings the schema up to this program's version.
    ///
    /// # Errors
    /// The database's own, or a schema newer than this program.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        self.migrate_steps(None).await
    }

    /// Takes so many steps of the schema, or all that are left.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate_steps(&self, steps: Option<u32>) -> Result<(), DbErr> {
        self.release().await;
        if self.backend() != DbBackend::Postgres {
            return migration::Migrator::up(&self.write, steps).await;
        }
        let turn = self.moments.begin_with_options(TransactionOptions::default()).await?;
        turn.execute_unprepared(
            "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
             SET LOCAL idle_in_transaction_session_timeout = 0",
        )
        .await?;
        turn.execute_unprepared(MIGRATION_LOCK).await?;
        migration::Migrator::up(&self.write, steps).await?;
        turn.commit().await
    }

    /// Gives the writer's connection back to its pool.
    async fn release(&self) {
        if let Some(writer) = &self.writer {
            writer.release().await;
        }
    }

    /// Closes the pools; on SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.release().await;
        self.read.close().await;
        for pool in [self.probe.clone(), self.moments.clone(), self.write.clone()] {
            if let Err(e) = pool.close().await {
                tracing::warn!(error = %e, "closing the database");
            }
        }
    }
}

fn sqlite_options(url: &str, size: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(size)
        .min_connections(1)
        .acquire_timeout(LONGEST_WAIT)
        // A file does not go away as a server does; asking before each statement costs as much as a small one.
        .test_before_acquire(false)
        // Words of a statement, never its values: to be seen with `sqlx=debug`, and by itself where one takes
        // longer than a second.
        .sqlx_logging(true)
        .sqlx_logging_level(LevelFilter::Debug)
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, SLOW)
        .map_sqlx_sqlite_opts(move |o| {
            let o = o
                .create_if_missing(true)
                .foreign_keys(true)
                .statement_cache_capacity(500)
                .busy_timeout(Duration::from_secs(5))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("temp_store", "MEMORY")
                .pragma("mmap_size", "268435456");
            if read_only { o.pragma("query_only", "ON") } else { o }
        });
    options
}

fn postgres_options(url: &str, size: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(size)
        .min_connections(1)
        .connect_timeout(LONGEST_WAIT)
        .acquire_timeout(LONGEST_WAIT)
        .test_before_acquire_if_idle_for(IDLE)
        .sqlx_logging(true)
        .sqlx_logging_level(LevelFilter::Debug)
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, SLOW)
        .map_sqlx_postgres_opts(session);
    options
}

/// A lock whose holder hangs or lost its network is not waited for without end.
fn session(o: PgConnectOptions) -> PgConnectOptions {
    o.application_name("jianyan")
        .options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s")])
}

/// What a failure of the database means to who asked. Operations turn the failures they expect into words
/// of their own; this is for those that nobody expected.
pub fn code(e: &DbErr) -> Code {
    match e.sql_err() {
        // Somebody was quicker between the check and the write.
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => return Code::Conflict,
        // An id that leads nowhere.
        Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => return Code::Invalid,
        _ => {}
    }
    let Some(inner) = driver_error(e) else {
        let away = matches!(e, DbErr::ConnectionAcquire(_) | DbErr::Conn(_));
        return if away { Code::Unavailable } else { Code::Internal };
    };
    let sqlx::Error::Database(told) = inner else {
        let away = matches!(
            inner,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
        );
        return if away { Code::Unavailable } else { Code::Internal };
    };
    let known = told.code().unwrap_or_default();
    if told.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return postgres_code(&known);
    }
    // The low byte is the primary code: 5 busy, 6 locked, 7 out of memory, 8 read-only, 9 given up (it
    // took too long), 10 I/O error, 13 disk full, 14 cannot open, 15 locking protocol.
    match known.parse::<u32>().map(|n| n & 0xff) {
        Ok(5..=10 | 13..=15) => Code::Unavailable,
        _ => Code::Internal,
    }
}

/// What the driver said, where the failure is the driver's.
fn driver_error(e: &DbErr) -> Option<&sqlx::Error> {
    match e {
        DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner))
        | DbErr::Conn(RuntimeErr::SqlxError(inner)) => Some(inner.as_ref()),
        _ => None,
    }
}

fn postgres_code(state: &str) -> Code {
    match state {
        // Text that the encoding cannot hold (a NUL), a number or a date out of all range.
        "22001" | "22003" | "22008" | "22021" | "22P05" => Code::Malformed,
        // Serialization failure, deadlock, lock timeout; the same request will do a moment later.
        "40001" | "40P01" | "55P03" => Code::Unavailable,
        // Read-only, as a standby is after its primary moved; the server refuses us, or has no such database.
        "25006" | "28000" | "28P01" | "3D000" => Code::Unavailable,
        // Connection lost, no resources left, the server stops or starts, its disk fails.
        _ if ["08", "53", "57", "58"].iter().any(|class| state.starts_with(class)) => Code::Unavailable,
        _ => Code::Internal,
    }
}

/// Whether an insert failed because the row is already there.
pub fn is_duplicate(e: &DbErr) -> bool {
    matches!(e.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}
