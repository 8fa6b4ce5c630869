//! Making a backup: one moment of the site, streamed into one file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use futures_util::StreamExt as _;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Statement, Value};

use super::archive::{self, Archive, Sum, Writer};
use super::attached;
use super::fault::Fault;
use super::manifest::{self, AuditEnd, FileEntry, KeyNote, Manifest, TableEntry};
use super::row::{self, INLINE};
use super::schema::{self, Kind, Table};
use super::table::{self, Tally, each_row};
use crate::attachment::Files;
use crate::config::Config;
use crate::db::Db;
use crate::keys::Keys;
use crate::time::Clock;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    pub place: &'a Path,
    /// Overwrite what is there.
    pub force: bool,
    /// Put the site's key into the archive: then whoever has the file can read every name and contact.
    pub with_key: bool,
    /// How the name of the unfinished file begins.
    pub prefix: &'a str,
}

impl<'a> Order<'a> {
    pub fn to(place: &'a Path) -> Self {
        Self { place, force: false, with_key: false, prefix: ".jianyan-backup-" }
    }
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Made {
    pub place: PathBuf,
    pub tables: usize,
    pub rows: u64,
    pub files: usize,
    /// Of the archive.
    pub bytes: u64,
    pub sha256: String,
}

/// Makes an archive of the whole site while it works on. Nothing is changed in the database.
///
/// Blocks its thread while it compresses: call it where that hurts nobody.
///
/// # Errors
/// A place that is taken or cannot be written; the database's own. Nothing is left behind then.
pub async fn make(db: &Db, config: &Config, clock: &Clock, order: &Order<'_>) -> Result<Made, Fault> {
    if order.place.exists() && !order.force {
        return Err(archive::already_there(order.place));
    }
    let key_file = config.key_file();
    let keys = Keys::load(&key_file).map_err(Fault::refused)?;
    let snapshot = db.snapshot().await?;
    let mut writer = Writer::begin(order.place, order.prefix)?;
    let tables = schema::tables(&*snapshot).await?;
    let mut files = Vec::new();
    for table in &tables {
        write_files(&snapshot, table, None, &mut writer, &mut files).await?;
    }
    // A site of an older version has no such table.
    let missing = if tables.iter().any(|t| t.name == attached::TABLE) {
        let store = Files::open(config).map_err(Fault::refused)?;
        attached::write_stored(&snapshot, &store, &mut writer, &mut files).await?
    } else {
        Vec::new()
    };
    let mut entries = Vec::with_capacity(tables.len());
    for table in &tables {
        entries.push(write_table(&snapshot, table, None, &mut writer).await?);
    }
    if order.with_key {
        let bytes = std::fs::read(&key_file).map_err(Fault::io("cannot read", &key_file))?;
        writer.whole(manifest::KEY_PATH, &bytes)?;
    }
    let manifest = Manifest {
        format: manifest::FORMAT.to_owned(),
        format_version: manifest::VERSION,
        product_version: env!("CARGO_PKG_VERSION").to_owned(),
        schema: schema::steps(&*snapshot).await?,
        made_at: clock.now(),
        site: config.site.name.clone(),
        database: if db.backend() == DbBackend::Sqlite { "sqlite" } else { "postgresql" }.to_owned(),
        key: KeyNote { fingerprint: keys.fingerprint(), included: order.with_key },
        audit: audit_end(&snapshot).await?,
        tables: entries,
        files,
        missing,
    };
    snapshot.close().await?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Fault::damaged(e.to_string()))?;
    writer.whole(manifest::PATH, &text)?;
    // A backup that was never read is none.
    let read_back = |path: &Path| Archive::<Manifest>::open(path)?.check_sums();
    let Sum { bytes, sha256 } = writer.finish(order.force, read_back)?;
    Ok(Made {
        place: order.place.to_owned(),
        tables: manifest.tables.len(),
        rows: manifest.tables.iter().map(|t| t.rows).sum(),
        files: manifest.files.len(),
        bytes,
        sha256,
    })
}

/// The long byte strings of a table, or of those of its rows that a filter lets through, each once.
pub async fn write_files(
    db: &DatabaseTransaction,
    table: &Table,
    filter: Option<&str>,
    writer: &mut Writer,
    files: &mut Vec<FileEntry>,
) -> Result<(), Fault> {
    let mut known: HashSet<String> = files.iter().map(|f| f.path.clone()).collect();
    for column in table.columns.iter().filter(|c| c.kind == Kind::Bytes) {
        let (name, from) = (row::quoted(&column.name), row::quoted(&table.name));
        let key: Vec<String> = table.key.iter().map(|k| row::quoted(k)).collect();
        let filter = filter.map(|f| format!(" AND ({f})")).unwrap_or_default();
        let sql = format!(
            "SELECT {name} FROM {from} WHERE length({name}) > {INLINE}{filter} ORDER BY {}",
            key.join(", ")
        );
        let mut rows = table::stream(db, sql).await?;
        while let Some(found) = rows.next().await {
            let bytes: Vec<u8> = found?.try_get_by_index(0)?;
            let path = row::file_path(&bytes);
            if known.insert(path.clone()) {
                let Sum { bytes, sha256 } = writer.whole(&path, &bytes)?;
                files.push(FileEntry { path, bytes, sha256 });
            }
        }
    }
    Ok(())
}

pub async fn write_table(
    db: &DatabaseTransaction,
    table: &Table,
    filter: Option<&str>,
    writer: &mut Writer,
) -> Result<TableEntry, Fault> {
    let path = format!("tables/{}.jsonl", table.name);
    writer.entry(&path)?;
    let mut tally = Tally::default();
    let mut line = String::new();
    each_row(db, table, filter, |row| {
        row::write_line(table, &row, &mut line);
        tally.add(&line);
        writer.write(line.as_bytes())
    })
    .await?;
    let bytes = tally.bytes;
    let digest = tally.digest(&table.name);
    Ok(TableEntry {
        name: table.name.clone(),
        path,
        rows: digest.rows,
        bytes,
        sha256: digest.sha256,
        key: table.key.clone(),
        columns: table.columns.clone(),
    })
}

/// How many audit records there are, and the hash of the last.
pub async fn audit_end(db: &DatabaseTransaction) -> Result<AuditEnd, Fault> {
    let sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let last = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let Some(last) = last else { return Ok(AuditEnd::default()) };
    let records: i64 = last.try_get_by_index(0)?;
    Ok(AuditEnd { records: u64::try_from(records).unwrap_or(0), head: last.try_get_by_index(1)? })
}

/// The place of a column among a table's cells.
pub fn place_of(table: &Table, column: &str) -> Option<usize> {
    table.columns.iter().position(|c| c.name == column)
}

/// The text of a cell, if it is one.
pub fn text_of(cell: Option<&Value>) -> Option<&str> {
    match cell {
        Some(Value::String(Some(text))) => Some(text),
        _ => None,
    }
}
