//! Reading whole tables, a row at a time, and their digests.

use futures_util::StreamExt as _;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, StreamTrait as _, TransactionStream,
};
use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use super::row::{self, Row};
use super::schema::{self, Table};

/// What a table holds, told in a few bytes: two tables with the same digest hold the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDigest {
    pub name: String,
    pub rows: u64,
    /// SHA-256 of its lines, hex.
    pub sha256: String,
}

pub fn backend(db: &DatabaseTransaction) -> DbBackend {
    ConnectionTrait::get_database_backend(db)
}

/// What a statement finds, a row at a time.
///
/// # Errors
/// The database's own.
pub async fn stream(db: &DatabaseTransaction, sql: String) -> Result<TransactionStream<'_>, DbErr> {
    db.stream_raw(Statement::from_string(backend(db), sql)).await
}

/// Gives every row of a table, or those that a filter in SQL lets through, to `each`, in the order of its key. One row is in memory at a time.
///
/// # Errors
/// The database's own, or that of `each`.
pub async fn each_row(
    db: &DatabaseTransaction,
    table: &Table,
    filter: Option<&str>,
    mut each: impl FnMut(Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut rows = stream(db, row::select(table, backend(db), filter)).await?;
    while let Some(found) = rows.next().await {
        each(row::cells(table, &found?)?)?;
    }
    Ok(())
}

/// Counts and hashes lines.
#[derive(Default)]
pub struct Tally {
    pub rows: u64,
    pub bytes: u64,
    hash: Sha256,
}

impl Tally {
    pub fn add(&mut self, line: &str) {
        self.rows += 1;
        self.bytes += line.len() as u64;
        self.hash.update(line.as_bytes());
    }

    pub fn digest(self, name: &str) -> TableDigest {
        let sha256 = data_encoding::HEXLOWER.encode(&self.hash.finalize());
        TableDigest { name: name.to_owned(), rows: self.rows, sha256 }
    }
}

/// # Errors
/// The database's own.
pub async fn digest(db: &DatabaseTransaction, table: &Table) -> Result<TableDigest, Fault> {
    let mut tally = Tally::default();
    let mut line = String::new();
    each_row(db, table, None, |row| {
        row::write_line(table, &row, &mut line);
        tally.add(&line);
        Ok(())
    })
    .await?;
    Ok(tally.digest(&table.name))
}

/// The digest of every table, by name.
///
/// # Errors
/// The database's own; a table that no backup knows.
pub async fn digests(db: &DatabaseTransaction) -> Result<Vec<TableDigest>, Fault> {
    let mut found = Vec::new();
    for table in schema::tables(db).await? {
        found.push(digest(db, &table).await?);
    }
    Ok(found)
}
