use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, QueryResult, Statement};

use super::{Kind, READERS, Reader};
use crate::db::code;
use crate::problem::Code;

const ENDLESS: &str =
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) AS n FROM c";

async fn reader(longest: Duration) -> (tempfile::TempDir, Reader) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("site.db").display());
    (dir, Reader::sqlite(&url, longest).await.unwrap())
}

async fn ask(reader: &Reader, sql: &'static str) -> Result<Option<QueryResult>, DbErr> {
    reader.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await
}

#[tokio::test]
async fn a_read_without_end_is_given_up() {
    let (_dir, reader) = reader(Duration::ZERO).await;
    for _ in 0..=READERS {
        let e = ask(&reader, ENDLESS).await.unwrap_err();
        assert_eq!(code(&e), Code::Unavailable, "{e}");
    }
    assert!(ask(&reader, "SELECT 1").await.unwrap().is_some(), "the connections serve on");
    assert_eq!(reader.counts(), Some((1, 1)), "one is enough for one who asks");
}

/// Each of the readers is left with a statement that nobody waits for: none of them may run on.
#[tokio::test]
async fn who_goes_away_leaves_no_statement_behind() {
    let (_dir, reader) = reader(Duration::MAX).await;
    let Kind::Kept(kept) = &reader.0 else { panic!("not of SQLite") };
    let mut open = Vec::new();
    for _ in 0..READERS {
        open.push(kept.turn().await.unwrap());
    }
    drop(open);
    for _ in 0..READERS {
        tokio::select! {
            biased;
            answer = ask(&reader, ENDLESS) => panic!("an end: {answer:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert!(ask(&reader, "SELECT 1").await.unwrap().is_some());
    reader.close().await;
    assert!(ask(&reader, "SELECT 1").await.is_err(), "closed");
}

#[tokio::test]
async fn a_reader_refuses_to_write() {
    let (_dir, reader) = reader(Duration::MAX).await;
    assert!(reader.execute_unprepared("CREATE TABLE t (x INTEGER)").await.is_err());
    assert!(ask(&reader, "SELECT 1").await.unwrap().is_some(), "and serves on");
}
