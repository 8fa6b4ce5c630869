//! Filling an empty database, all in one transaction: either everything is there afterwards, or nothing.

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement};

use super::fault::Fault;
use super::row::{self, Row, quoted};
use super::schema::{self, Kind, Table};
use super::table::{self, TableDigest};
use crate::db::{Db, Write};
use crate::publication;

/// Rows a statement, at most.
const ROWS: usize = 500;
/// Cells a statement: SQLite takes 32,766 parameters, PostgreSQL 65,535.
const CELLS: usize = 30_000;
/// Bytes a statement, about.
const WEIGHT: usize = 4 << 20;

/// What the place was like before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// No table at all.
    Fresh,
    /// The tables of some version, without a row.
    Empty,
}

/// # Errors
/// `Refused` with the first table that holds anything.
pub async fn empty_place(db: &Db) -> Result<Place, Fault> {
    let tables = schema::tables(db.read()).await?;
    for table in &tables {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", quoted(&table.name));
        let statement = Statement::from_string(db.backend(), sql);
        if db.read().query_one_raw(statement).await?.is_some() {
            return Err(Fault::refused(format!(
                "the database is not empty: table {} has rows. A restore never overwrites; name an empty \
                 database or data directory",
                table.name
            )));
        }
    }
    Ok(if tables.is_empty() { Place::Fresh } else { Place::Empty })
}

/// Takes as many steps of the schema as `wanted`, in a place that has taken none or exactly these.
///
/// # Errors
/// `Refused` for steps this program does not know, or in another order.
pub async fn steps_up_to(db: &Db, place: Place, wanted: &[String]) -> Result<(), Fault> {
    let known = migration::names();
    if !known.starts_with(wanted) {
        return Err(Fault::refused(format!(
            "the source has the schema {}, which Jianyan {} does not know; use the version that made it, or a \
             later one",
            wanted.last().map_or("of no version", String::as_str),
            env!("CARGO_PKG_VERSION")
        )));
    }
    match place {
        Place::Fresh => {
            let steps = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
            Ok(db.migrate_steps(Some(steps)).await?)
        }
        Place::Empty if schema::steps(db.read()).await? == wanted => Ok(()),
        Place::Empty => Err(Fault::refused(
            "the database has empty tables of another version than the archive; name one without tables",
        )),
    }
}

/// The open transaction that fills a place.
pub struct Filling {
    write: Write,
    tables: Vec<Table>,
    /// PostgreSQL's foreign keys, taken away while rows come in any order.
    suspended: Vec<ForeignKey>,
}

#[derive(FromQueryResult)]
struct ForeignKey {
    owner: String,
    name: String,
    definition: String,
}

impl Filling {
    /// Opens the transaction and lets rows come in any order until [`Filling::finish`].
    ///
    /// # Errors
    /// The database's own.
    pub async fn begin(db: &Db, place: Place) -> Result<Self, Fault> {
        let write = db.begin().await?;
        let tables = schema::tables(&*write).await?;
        let mut suspended = Vec::new();
        if db.backend() == DbBackend::Sqlite {
            write.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
        } else {
            write
                .execute_unprepared(
                    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
                )
                .await?;
            let sql = "SELECT r.relname::text AS owner, c.conname::text AS name, \
                       pg_get_constraintdef(c.oid)::text AS definition \
                       FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid \
                       WHERE c.contype = 'f' AND r.relnamespace = current_schema()::regnamespace";
            suspended =
                ForeignKey::find_by_statement(Statement::from_string(db.backend(), sql)).all(&*write).await?;
            for key in &suspended {
                let (owner, name) = (quoted(&key.owner), quoted(&key.name));
                write.execute_unprepared(&format!("ALTER TABLE {owner} DROP CONSTRAINT {name}")).await?;
            }
        }
        if place == Place::Fresh {
            // What the steps of the schema themselves put there is in the archive as well.
            for table in &tables {
                write.execute_unprepared(&format!("DELETE FROM {}", quoted(&table.name))).await?;
            }
        }
        Ok(Self { write, tables, suspended })
    }

    /// The table of this database that is like `source`.
    ///
    /// # Errors
    /// `Refused` when there is none, or it has other columns.
    pub fn table(&self, source: &Table) -> Result<Loader<'_>, Fault> {
        let own = self.tables.iter().find(|t| t.name == source.name);
        match own {
            Some(own) if own == source => Ok(Loader::new(&self.write, own)),
            Some(_) => Err(Fault::refused(format!("table {} has other columns here", source.name))),
            None => Err(Fault::refused(format!("table {} is unknown here", source.name))),
        }
    }

    /// Puts the foreign keys back, sets the counters of the database, builds the search index, and compares
    /// every table with what was to come.
    ///
    /// # Errors
    /// `Damaged` when a table is not equal; nothing is kept then.
    pub async fn finish(self, expected: &[TableDigest]) -> Result<(), Fault> {
        for key in &self.suspended {
            let (owner, name) = (quoted(&key.owner), quoted(&key.name));
            let sql = format!("ALTER TABLE {owner} ADD CONSTRAINT {name} {}", key.definition);
            self.write.execute_unprepared(&sql).await?;
        }
        for table in &self.tables {
            set_counter(&self.write, table).await?;
            let found = table::digest(&self.write, table).await?;
            match expected.iter().find(|e| e.name == table.name) {
                Some(e) if *e == found => {}
                Some(e) => {
                    return Err(Fault::damaged(format!(
                        "table {} came out with {} rows and another content than the {} rows of its source",
                        table.name, found.rows, e.rows
                    )));
                }
                None => return Err(Fault::damaged(format!("table {} is not in it", table.name))),
            }
        }
        if self.tables.iter().any(|t| t.name == "passage") {
            publication::rebuild_index(&self.write).await?;
        }
        Ok(self.write.commit().await?)
    }
}

/// PostgreSQL numbers new rows from its own counter, which knows nothing of rows that bring their number.
async fn set_counter(db: &DatabaseTransaction, table: &Table) -> Result<(), Fault> {
    let [key] = table.key.as_slice() else { return Ok(()) };
    let is_number = table.columns.iter().any(|c| c.name == *key && c.kind == Kind::Integer);
    if db.get_database_backend() == DbBackend::Sqlite || !is_number {
        return Ok(());
    }
    let (name, column) = (quoted(&table.name), quoted(key));
    let sql = format!(
        "SELECT setval(s, COALESCE((SELECT max({column}) FROM {name}), 1), EXISTS (SELECT 1 FROM {name})) \
         FROM (SELECT pg_get_serial_sequence($1, $2) AS s) x WHERE s IS NOT NULL"
    );
    let values = [name.into(), key.as_str().into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Writes the rows of one table in batches.
pub struct Loader<'a> {
    db: &'a DatabaseTransaction,
    pub table: &'a Table,
    rows: Vec<Row>,
    most: usize,
    weight: usize,
}

impl<'a> Loader<'a> {
    pub fn new(db: &'a DatabaseTransaction, table: &'a Table) -> Self {
        let most = ROWS.min(CELLS / table.columns.len().max(1));
        Self { db, table, rows: Vec::new(), most, weight: 0 }
    }

    /// # Errors
    /// The database's own.
    pub async fn push(&mut self, row: Row) -> Result<(), Fault> {
        self.weight += row::weight(&row);
        self.rows.push(row);
        if self.rows.len() >= self.most || self.weight >= WEIGHT {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// The database's own.
    pub async fn flush(&mut self) -> Result<(), Fault> {
        self.weight = 0;
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(&self.table.name))
            .columns(self.table.columns.iter().map(|c| Alias::new(&c.name)));
        for row in self.rows.drain(..) {
            insert
                .values(row.into_iter().map(Expr::value))
                .map_err(|e| Fault::damaged(format!("a row of {}: {e}", self.table.name)))?;
        }
        self.db.execute(&insert).await?;
        Ok(())
    }
}
