//! Group commit for SQLite. A commit with `synchronous=FULL` waits for the disk, and there is one writer; so
//! operations share commits. One outer transaction hosts operations in turn, each behind a savepoint of its
//! own; whoever finishes while others wait for their turn passes it on, and waits for the one COMMIT that
//! holds all of them. Nobody is answered before that COMMIT is on the disk, and nobody waits for a timer: an
//! operation that finds nobody behind it commits at once.
//!
//! The invariants:
//!
//! - Only the holder of the turn ([`Desk`] behind a fair mutex) talks to the writer connection.
//! - A future may be dropped at any await (the client went away). [`Standing`] then tells what the connection
//!   may hold, and whoever takes the turn next brings it back first. Transactions are begun and ended by plain
//!   statements for that reason: sqlx's own bookkeeping takes a dropped savepoint for a rollback of the whole,
//!   and a COMMIT that failed for a transaction that is still open.
//! - A savepoint left on the stack without work of its own is harmless: names are looked up from the top.
//! - As soon as a group has a member, a task of its own is in line to commit it. COMMIT never runs in a future
//!   that can be dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    TransactionOptions, TransactionTrait as _,
};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::audit;
use crate::problem::{Code, Problem};

/// Operations in one commit. More would make the first of them wait without making the disk faster.
const LARGEST: usize = 128;

const SAVEPOINT: &str = "SAVEPOINT operation";
/// The same after an operation that had one; in one step, for each costs a way to the writer's thread.
const NEXT_SAVEPOINT: &str = "RELEASE operation; SAVEPOINT operation";
const BACK: &str = "ROLLBACK TO operation";

/// What became of a group; none while it is open.
type Outcome = Option<Result<(), Arc<str>>>;

/// The one writer of an SQLite database; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pool: DatabaseConnection,
    desk: Arc<Mutex<Desk>>,
    /// Operations that wait for the turn.
    waiting: Arc<AtomicUsize>,
}

/// What the holder of the turn works with.
#[derive(Debug, Default)]
struct Desk {
    /// The writer connection, taken out of its pool for good.
    connection: Option<Arc<DatabaseTransaction>>,
    standing: Standing,
    group: Option<Group>,
    /// Groups begun; tells them apart.
    begun: u64,
    /// Groups committed that a public page may show.
    changes: Arc<AtomicU64>,
}

/// What the connection may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    /// Perhaps a transaction, and nothing in it that anybody was promised.
    #[default]
    Unsure,
    /// No transaction.
    Idle,
    /// The group's transaction, with nothing in it but its members.
    Whole,
    /// The same, and behind the savepoint an operation that has not finished.
    Begun,
}

/// Finished operations that wait for their commit.
#[derive(Debug)]
struct Group {
    number: u64,
    members: usize,
    /// Whether the last operation's savepoint is still there.
    savepoint: bool,
    /// Whether a public page may show what a member did.
    seen: bool,
    records: Vec<entity::audit::Model>,
    outcome: watch::Sender<Outcome>,
}

/// The turn of one operation. Dropped, what the operation did is undone.
#[derive(Debug)]
pub(super) struct Turn {
    writer: Writer,
    desk: Option<OwnedMutexGuard<Desk>>,
}

/// Counts an operation as waiting for as long as it does.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Writer {
    /// `pool` must hold exactly one connection.
    pub fn new(pool: DatabaseConnection, changes: Arc<AtomicU64>) -> Self {
        let desk = Desk { changes, ..Desk::default() };
        Self { pool, desk: Arc::new(Mutex::new(desk)), waiting: Arc::default() }
    }

    /// Waits for the turn and begins an operation; gives the connection to work on.
    ///
    /// # Errors
    /// The database's own.
    pub async fn begin(&self) -> Result<(Turn, Arc<DatabaseTransaction>), DbErr> {
        let waiting = Waiting::new(&self.waiting);
        let desk = self.desk.clone().lock_owned().await;
        drop(waiting);
        let mut turn = Turn { writer: self.clone(), desk: Some(desk) };
        let Some(desk) = turn.desk.as_deref_mut() else { return Err(gone()) };
        let connection = desk.begin(&self.pool).await?;
        Ok((turn, connection))
    }

    /// Gives the connection back to its pool, once every operation is done.
    pub async fn release(&self) {
        let mut desk = self.desk.lock().await;
        desk.tidy().await;
        desk.commit().await;
        desk.connection = None;
        desk.standing = Standing::Unsure;
    }

    /// Commits the group if nobody did before its turn came.
    async fn commit(self, number: u64) {
        let mut desk = self.desk.lock().await;
        if desk.group.as_ref().is_some_and(|group| group.number == number) {
            desk.tidy().await;
            desk.commit().await;
        }
    }
}

impl Turn {
    /// Ends the operation and waits until it is on the disk.
    ///
    /// # Errors
    /// `unavailable` when the commit failed; nothing of the group is there then.
    pub async fn commit(mut self, records: Vec<entity::audit::Model>, seen: bool) -> Result<(), Problem> {
        // From here to the spawns below nothing waits: a member without a committer cannot be.
        let Some(desk) = self.desk.as_deref_mut() else { return Err(gone().into()) };
        let (number, members, mut outcome) = desk.finish(records, seen);
        if self.writer.waiting.load(Ordering::SeqCst) == 0 || members >= LARGEST {
            if let Some(mut desk) = self.desk.take() {
                Handle::current().spawn(async move { desk.commit().await });
            }
        } else if members == 1 {
            Handle::current().spawn(self.writer.clone().commit(number));
        }
        self.desk = None;
        match outcome.wait_for(Option::is_some).await.map(|outcome| outcome.clone()) {
            Ok(Some(Ok(()))) => Ok(()),
            Ok(Some(Err(why))) => Err(failed(why.to_string())),
            Ok(None) | Err(_) => Err(failed("the commit was given up".to_owned())),
        }
    }
}

impl Drop for Turn {
    /// Undoes an unfinished operation at once; without a runtime the next turn does it.
    fn drop(&mut self) {
        let Some(mut desk) = self.desk.take() else { return };
        if matches!(desk.standing, Standing::Unsure | Standing::Begun)
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move { desk.tidy().await });
        }
    }
}

impl Desk {
    /// Brings the connection to where an operation may begin, and begins it.
    async fn begin(&mut self, pool: &DatabaseConnection) -> Result<Arc<DatabaseTransaction>, DbErr> {
        let connection = match &self.connection {
            Some(connection) => connection.clone(),
            None => {
                // The transaction that sqlx begins here is ended by the first tidying; from then on the
                // connection is ours.
                let taken = Arc::new(pool.begin_with_options(TransactionOptions::default()).await?);
                self.standing = Standing::Unsure;
                self.connection = Some(taken.clone());
                taken
            }
        };
        self.tidy().await;
        if self.group.as_ref().is_some_and(|group| group.members >= LARGEST) {
            self.commit().await;
        }
        if let Some(group) = &mut self.group {
            let sql = if std::mem::take(&mut group.savepoint) { NEXT_SAVEPOINT } else { SAVEPOINT };
            match run(&connection, sql).await {
                Ok(()) => {
                    self.standing = Standing::Begun;
                    return Ok(connection);
                }
                // SQLite rolls the whole transaction back by itself after some failures of the disk.
                Err(e) => {
                    self.fail(&e.to_string());
                    self.tidy().await;
                }
            }
        }
        // The first operation needs no savepoint: the whole transaction is its own.
        self.standing = Standing::Unsure;
        if let Err(e) = run(&connection, "BEGIN IMMEDIATE").await {
            // A connection that cannot begin is exchanged for another.
            self.connection = None;
            return Err(e);
        }
        Ok(connection)
    }

    /// Makes the operation a member of the group.
    fn finish(
        &mut self,
        records: Vec<entity::audit::Model>,
        seen: bool,
    ) -> (u64, usize, watch::Receiver<Outcome>) {
        let begun = &mut self.begun;
        let group = self.group.get_or_insert_with(|| {
            *begun += 1;
            let outcome = watch::Sender::new(None);
            let (number, records) = (*begun, Vec::new());
            Group { number, members: 0, savepoint: false, seen: false, records, outcome }
        });
        group.members += 1;
        group.seen |= seen;
        group.savepoint = self.standing == Standing::Begun;
        group.records.extend(records);
        self.standing = Standing::Whole;
        (group.number, group.members, group.outcome.subscribe())
    }

    /// Undoes what an operation left unfinished.
    async fn tidy(&mut self) {
        let Some(connection) = self.connection.clone() else { return };
        if self.standing == Standing::Begun {
            match run(&connection, BACK).await {
                Ok(()) => {
                    self.standing = Standing::Whole;
                    if let Some(group) = &mut self.group {
                        group.savepoint = true;
                    }
                }
                Err(e) => self.fail(&e.to_string()),
            }
        }
        if self.standing == Standing::Unsure && self.group.is_none() {
            // It says so when there was none.
            let _ = run(&connection, "ROLLBACK").await;
            self.standing = Standing::Idle;
        }
    }

    /// Seals the audit records of the group and puts everything on the disk.
    async fn commit(&mut self) {
        let Some(connection) = self.connection.clone() else { return };
        let Some(group) = &mut self.group else { return };
        let records = std::mem::take(&mut group.records);
        let result = async {
            audit::seal(&*connection, records).await?;
            run(&connection, "COMMIT").await.map_err(Problem::from)
        };
        let seen = group.seen;
        let result = result.await;
        if seen {
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
        match result {
            Ok(()) => {
                if let Some(group) = self.group.take() {
                    let _ = group.outcome.send(Some(Ok(())));
                }
                self.standing = Standing::Idle;
            }
            Err(problem) => {
                self.fail(&problem.to_string());
                self.tidy().await;
            }
        }
    }

    /// Tells every member that its work is not there.
    fn fail(&mut self, why: &str) {
        self.standing = Standing::Unsure;
        let Some(group) = self.group.take() else { return };
        tracing::error!(members = group.members, why, "a group of operations could not be committed");
        let _ = group.outcome.send(Some(Err(why.into())));
    }
}

/// A statement of the few that steer transactions; prepared once.
async fn run(connection: &DatabaseTransaction, sql: &'static str) -> Result<(), DbErr> {
    connection.execute_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.map(drop)
}

fn gone() -> DbErr {
    DbErr::Custom("the writer is closed".into())
}

fn failed(why: String) -> Problem {
    Problem { source: Some(why.into()), ..Problem::new(Code::Unavailable) }.retry_after(5)
}

#[cfg(test)]
#[path = "group_tests.rs"]
#[expect(clippy::disallowed_methods, reason = "the tests play the clients")]
mod tests;
