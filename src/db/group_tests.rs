use std::collections::BTreeSet;
use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbErr};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::db::{Db, Write};
use crate::problem::{Code, Problem};

/// Long enough for whatever is not stuck.
const PATIENCE: Duration = Duration::from_secs(20);

struct Place {
    db: Db,
    dir: TempDir,
}

impl Place {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::connect(&url(&dir)).await.unwrap();
        let write = db.begin().await.unwrap();
        for table in [
            "CREATE TABLE probe (n INTEGER PRIMARY KEY)",
            "CREATE TABLE child (n INTEGER NOT NULL REFERENCES probe (n))",
        ] {
            write.execute_unprepared(table).await.unwrap();
        }
        write.commit().await.unwrap();
        Self { db, dir }
    }

    /// What a connection of somebody else's sees.
    async fn elsewhere(&self) -> BTreeSet<i64> {
        let other = Db::connect(&url(&self.dir)).await.unwrap();
        let rows = stored(&other).await;
        other.close().await;
        rows
    }

    async fn groups(&self) -> u64 {
        self.db.writer.as_ref().unwrap().desk.lock().await.begun
    }

    fn waiting(&self) -> usize {
        self.db.writer.as_ref().unwrap().waiting.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Until `n` operations wait for their turn.
    async fn until_waiting(&self, n: usize) {
        let wait = async {
            while self.waiting() != n {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap();
    }

    /// An operation that inserts `n`, waits in the queue if need be, and commits.
    fn operation(&self, n: i64) -> JoinHandle<Result<(), Problem>> {
        let db = self.db.clone();
        tokio::task::spawn(async move {
            let write = db.begin().await?;
            insert(&write, n).await?;
            write.commit().await
        })
    }

    /// An operation that fails after it has written.
    fn failing(&self, n: i64) -> JoinHandle<Result<(), Problem>> {
        let db = self.db.clone();
        tokio::task::spawn(async move {
            let write = db.begin().await?;
            insert(&write, n).await?;
            Err(Problem::not_found())
        })
    }
}

fn url(dir: &TempDir) -> String {
    format!("sqlite://{}", dir.path().join("group.db").display())
}

async fn insert(write: &Write, n: i64) -> Result<(), DbErr> {
    write.execute_unprepared(&format!("INSERT INTO probe (n) VALUES ({n})")).await.map(drop)
}

async fn stored(db: &Db) -> BTreeSet<i64> {
    let sql = sea_orm::Statement::from_string(db.backend(), "SELECT n FROM probe");
    let rows = db.read().query_all_raw(sql).await.unwrap();
    rows.iter().map(|row| row.try_get("", "n").unwrap()).collect()
}

async fn soon<T>(task: JoinHandle<T>) -> T {
    tokio::time::timeout(PATIENCE, task).await.expect("nothing is stuck").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_finds_nobody_behind_commits_at_once() {
    let place = Place::new().await;
    let before = place.groups().await;
    for n in 1..=5 {
        soon(place.operation(n)).await.unwrap();
        assert!(place.elsewhere().await.contains(&n));
    }
    assert_eq!(place.groups().await, before + 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_who_wait_share_a_commit_and_a_neighbour_that_fails_takes_nobody_with_it() {
    let place = Place::new().await;
    let before = place.groups().await;
    let first = place.db.begin().await.unwrap();
    insert(&first, 1).await.unwrap();
    let (second, third, fourth) = (place.operation(2), place.failing(3), place.operation(4));
    place.until_waiting(3).await;
    first.commit().await.unwrap();
    assert!(soon(second).await.is_ok());
    assert_eq!(soon(third).await.unwrap_err().code, Code::NotFound);
    assert!(soon(fourth).await.is_ok());
    assert_eq!(place.elsewhere().await, BTreeSet::from([1, 2, 4]));
    assert_eq!(place.groups().await, before + 1, "one commit for all of them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_answered_before_the_commit() {
    let place = Place::new().await;
    let first = place.db.begin().await.unwrap();
    insert(&first, 1).await.unwrap();
    // The second holds its turn, so that the first cannot be on the disk yet.
    let db = place.db.clone();
    let (go, told) = tokio::sync::oneshot::channel::<()>();
    let second = tokio::task::spawn(async move {
        let write = db.begin().await.unwrap();
        insert(&write, 2).await.unwrap();
        told.await.unwrap();
        write.commit().await
    });
    place.until_waiting(1).await;
    let first = tokio::task::spawn(first.commit());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!first.is_finished(), "its commit is still to come");
    assert!(place.elsewhere().await.is_empty());
    go.send(()).unwrap();
    soon(first).await.unwrap();
    soon(second).await.unwrap();
    assert_eq!(place.elsewhere().await, BTreeSet::from([1, 2]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_operation_dropped_midway_is_undone_alone() {
    let place = Place::new().await;
    let first = place.db.begin().await.unwrap();
    insert(&first, 1).await.unwrap();
    let db = place.db.clone();
    let dropped = tokio::task::spawn(async move {
        let write = db.begin().await.unwrap();
        insert(&write, 2).await.unwrap();
        std::future::pending::<()>().await;
    });
    place.until_waiting(1).await;
    let first = tokio::task::spawn(first.commit());
    let third = place.operation(3);
    place.until_waiting(1).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    dropped.abort();
    soon(first).await.unwrap();
    soon(third).await.unwrap();
    assert_eq!(place.elsewhere().await, BTreeSet::from([1, 3]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_only_one_in_line_may_go_away() {
    let place = Place::new().await;
    let first = place.db.begin().await.unwrap();
    insert(&first, 1).await.unwrap();
    let second = place.operation(2);
    place.until_waiting(1).await;
    // The first sees somebody behind it and leaves the commit to come; then nobody comes.
    let first = tokio::task::spawn(first.commit());
    second.abort();
    soon(first).await.unwrap();
    assert!(place.elsewhere().await.contains(&1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dropped_operation_leaves_the_file_unlocked() {
    let place = Place::new().await;
    let write = place.db.begin().await.unwrap();
    insert(&write, 1).await.unwrap();
    drop(write);
    let other = Db::connect(&url(&place.dir)).await.unwrap();
    let theirs = tokio::time::timeout(Duration::from_secs(3), other.begin()).await.unwrap().unwrap();
    insert(&theirs, 2).await.unwrap();
    theirs.commit().await.unwrap();
    assert_eq!(place.elsewhere().await, BTreeSet::from([2]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_commit_that_fails_is_told_to_every_member_and_leaves_nothing() {
    let place = Place::new().await;
    let first = place.db.begin().await.unwrap();
    insert(&first, 1).await.unwrap();
    let db = place.db.clone();
    let breaker = tokio::task::spawn(async move {
        let write = db.begin().await.unwrap();
        // Checked by the COMMIT only.
        write.execute_unprepared("PRAGMA defer_foreign_keys = ON").await.unwrap();
        write.execute_unprepared("INSERT INTO child (n) VALUES (999)").await.unwrap();
        write.commit().await
    });
    let third = place.operation(3);
    place.until_waiting(2).await;
    assert_eq!(first.commit().await.unwrap_err().code, Code::Unavailable);
    assert_eq!(soon(breaker).await.unwrap_err().code, Code::Unavailable);
    let third = soon(third).await;
    // Whether the third got into the same group or begins the next, it is told the truth.
    let expected = if third.is_ok() { BTreeSet::from([3]) } else { BTreeSet::new() };
    assert_eq!(place.elsewhere().await, expected);
    soon(place.operation(4)).await.unwrap();
    assert!(place.elsewhere().await.contains(&4), "the writer goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transaction_that_sqlite_gave_up_is_told_to_its_members() {
    let place = Place::new().await;
    let first = place.db.begin().await.unwrap();
    insert(&first, 1).await.unwrap();
    let db = place.db.clone();
    let breaker = tokio::task::spawn(async move {
        let write = db.begin().await.unwrap();
        // What SQLite does by itself when the disk fails in the middle.
        write.execute_unprepared("ROLLBACK").await.unwrap();
        drop(write);
    });
    place.until_waiting(1).await;
    assert_eq!(first.commit().await.unwrap_err().code, Code::Unavailable);
    soon(breaker).await;
    assert!(place.elsewhere().await.is_empty());
    soon(place.operation(4)).await.unwrap();
    assert_eq!(place.elsewhere().await, BTreeSet::from([4]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_at_once_are_all_durable_when_they_are_told_so() {
    let place = Place::new().await;
    let before = place.groups().await;
    let other = Db::connect(&url(&place.dir)).await.unwrap();
    let tasks: Vec<_> = (1..=200)
        .map(|n| {
            let (operation, other) = (place.operation(n), other.clone());
            tokio::task::spawn(async move {
                operation.await.unwrap().unwrap();
                assert!(stored(&other).await.contains(&n), "{n} was acknowledged");
            })
        })
        .collect();
    for task in tasks {
        soon(task).await;
    }
    assert_eq!(place.elsewhere().await.len(), 200);
    let groups = place.groups().await - before;
    assert!(groups < 100, "200 operations took {groups} commits");
}

#[tokio::test]
async fn turns_come_in_the_order_of_arrival() {
    let place = Place::new().await;
    let write = place.db.begin().await.unwrap();
    write.execute_unprepared("CREATE TABLE came (at INTEGER PRIMARY KEY, n INTEGER)").await.unwrap();
    let tasks: Vec<_> = (1..=20)
        .map(|n| {
            let db = place.db.clone();
            tokio::task::spawn(async move {
                let write = db.begin().await.unwrap();
                write.execute_unprepared(&format!("INSERT INTO came (n) VALUES ({n})")).await.unwrap();
                write.commit().await.unwrap();
            })
        })
        .collect();
    place.until_waiting(20).await;
    write.commit().await.unwrap();
    for task in tasks {
        soon(task).await;
    }
    let sql = sea_orm::Statement::from_string(place.db.backend(), "SELECT at, n FROM came ORDER BY at");
    let rows = place.db.read().query_all_raw(sql).await.unwrap();
    let came: Vec<i64> = rows.iter().map(|row| row.try_get("", "n").unwrap()).collect();
    assert_eq!(came, (1..=20).collect::<Vec<_>>());
}

/// Operations write a pair each and are dropped wherever they happen to be: what was acknowledged is there,
/// no half pair is, and the writer still works.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_that_go_away_at_any_point_break_nothing() {
    let place = Place::new().await;
    let tasks: Vec<_> = (1..=400_i64)
        .map(|n| {
            let db = place.db.clone();
            tokio::task::spawn(async move {
                let work = async {
                    let write = db.begin().await?;
                    insert(&write, n).await?;
                    insert(&write, n + 10_000).await?;
                    write.commit().await
                };
                // From at once to about the end of a group.
                let after = Duration::from_micros(u64::try_from(n * 7919 % 400).unwrap() * 100);
                let done = n % 3 == 0;
                if done {
                    return work.await.map(|()| n);
                }
                match tokio::time::timeout(after, work).await {
                    Ok(result) => result.map(|()| n),
                    Err(_) => Err(Problem::not_found()),
                }
            })
        })
        .collect();
    let mut acknowledged = BTreeSet::new();
    for (task, n) in tasks.into_iter().zip(1_i64..) {
        match soon(task).await {
            Ok(n) => drop(acknowledged.insert(n)),
            Err(problem) => assert!(n % 3 != 0 && problem.code == Code::NotFound, "{n}: {problem}"),
        }
    }
    soon(place.operation(9999)).await.unwrap();
    let rows = place.elsewhere().await;
    assert!(rows.contains(&9999));
    assert!(acknowledged.len() >= 133);
    assert!(acknowledged.iter().all(|n| rows.contains(n)), "nothing that was acknowledged is lost");
    for n in 1..=400 {
        assert_eq!(rows.contains(&n), rows.contains(&(n + 10_000)), "half of {n}");
    }
}
