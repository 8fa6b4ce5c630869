//! Attachments in archives: their bytes lie in the file store, not in the database. A backup takes them as they are
//! stored, sealed; what everybody may read of a consultation is exported open.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::attachment::{Column, Entity, Model};
use entity::id::AttachmentId;
use sea_orm::sea_query::Expr;
use sea_orm::{DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, Value};
use uuid::Uuid;

use super::archive::{Archive, Sum, Writer};
use super::fault::Fault;
use super::make::{place_of, text_of};
use super::manifest::{ExportManifest, FileEntry};
use super::report::Report;
use super::row::{self, Row};
use super::schema::Table;
use crate::app::App;
use crate::attachment::check::check;
use crate::attachment::{self, Files, Place, store};
use crate::config::Config;
use crate::keys::Keys;

/// The table of attachments, and its column that names the stored bytes.
pub const TABLE: &str = "attachment";
const STORED: &str = "stored_hash";
/// Rows read at once.
const PAGE: u64 = 500;
/// Problems named; the rest are counted.
const NAMED: usize = 100;
/// An attachment of another site; every site's own limit is below.
const LONGEST_ARRIVING: u64 = 64 << 20;

/// Where the bytes of this stored hash lie in an archive.
fn path(hash: &str) -> String {
    format!("files/{hash}")
}

/// Puts the stored bytes of every attachment into an archive. Says which the store no longer has: a backup of all the
/// rest is better than none.
///
/// # Errors
/// A store that does not answer; an archive that cannot be written; the database's own.
pub async fn write_stored(
    db: &DatabaseTransaction,
    store_of: &Files,
    writer: &mut Writer,
    files: &mut Vec<FileEntry>,
) -> Result<Vec<String>, Fault> {
    let mut known: HashSet<String> = files.iter().map(|f| f.path.clone()).collect();
    let (mut after, mut missing) = (None, Vec::new());
    loop {
        let rows = store::page(db, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(missing) };
        after = Some(last.id);
        for row in &rows {
            let place = path(&row.stored_hash);
            if !known.insert(place.clone()) {
                continue;
            }
            match store_of.find(&Place::new(row.created_at, &row.stored_hash)).await? {
                Some(bytes) => {
                    let Sum { bytes, sha256 } = writer.whole(&place, &bytes)?;
                    files.push(FileEntry { path: place, bytes, sha256 });
                }
                None => {
                    tracing::error!(attachment = %row.id, "the store has lost the file of an attachment");
                    missing.push(place);
                }
            }
        }
    }
}

/// The file that a row of an archive names, and the moment that tells its place in the store.
pub fn named(table: &Table, row: &Row) -> Option<(String, Option<DateTime<Utc>>)> {
    if table.name != TABLE {
        return None;
    }
    let hash = place_of(table, STORED).and_then(|at| text_of(row.get(at)))?;
    let at = place_of(table, "created_at").and_then(|at| match row.get(at) {
        Some(Value::ChronoDateTimeUtc(at)) => *at,
        _ => None,
    });
    Some((hash.to_owned(), at))
}

/// Whether the archive has the file that a row names, or says that the site had lost it.
pub fn is_there(hash: &str, files: &HashSet<String>, missing: &[String]) -> bool {
    let path = path(hash);
    files.contains(&path) || missing.contains(&path)
}

/// Puts the file of a restored row into the store.
///
/// # Errors
/// `Damaged` for a row without a moment; a store that does not take it.
pub async fn restore(
    files: &mut Archive,
    store_of: &Files,
    (hash, at): (String, Option<DateTime<Utc>>),
    longest: u64,
) -> Result<(), Fault> {
    let path = path(&hash);
    if files.manifest.missing.contains(&path) {
        return Ok(());
    }
    let at = at.ok_or_else(|| Fault::damaged("an attachment was never put anywhere"))?;
    let bytes = files.bytes(&path, longest)?;
    Ok(store_of.put(&Place::new(at, &hash), bytes).await?)
}

/// Puts what everybody may read of a consultation's attachments into an export, open.
///
/// # Errors
/// A key that cannot be read; a file that is gone or does not open; an archive that cannot be written; the
/// database's own.
pub async fn write_open(
    db: &DatabaseTransaction,
    config: &Config,
    filter: &str,
    writer: &mut Writer,
    files: &mut Vec<FileEntry>,
) -> Result<(), Fault> {
    let rows = Entity::find().filter(Expr::cust(filter.to_owned())).order_by_asc(Column::Id).all(db).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let store_of = Files::open(config).map_err(Fault::refused)?;
    let keys = Keys::load(&config.key_file()).map_err(Fault::refused)?;
    let mut known: HashSet<String> = files.iter().map(|f| f.path.clone()).collect();
    for row in rows {
        let sealed = store_of.find(&Place::new(row.created_at, &row.stored_hash)).await?;
        let bytes = sealed.and_then(|sealed| attachment::open(&keys, &row, &sealed)).ok_or_else(|| {
            Fault::refused(format!(
                "the file of attachment {} ({}) is lost or does not open",
                row.id, row.name
            ))
        })?;
        if known.insert(path(&row.content_hash)) {
            let Sum { bytes, sha256 } = writer.whole(&path(&row.content_hash), &bytes)?;
            files.push(FileEntry { path: path(&row.content_hash), bytes, sha256 });
        }
    }
    Ok(())
}

/// How an arriving attachment was sealed here.
pub struct Sealed {
    pub stored_hash: String,
    pub key_enc: Vec<u8>,
    pub at: DateTime<Utc>,
}

/// Seals the attachments of an import that are not here yet, before its transaction begins; with `keep`, puts them
/// into the store. Other sites' files are as hostile as anybody's.
///
/// # Errors
/// `Damaged` for a file that would be refused here; a store that does not take them; the database's own.
pub async fn arrive(
    app: &App,
    archive: &Archive<ExportManifest>,
    tables: &[Table],
    keep: bool,
) -> Result<HashMap<Uuid, Sealed>, Fault> {
    let mut sealed = HashMap::new();
    let Some(table) = tables.iter().find(|t| t.name == TABLE) else { return Ok(sealed) };
    let (mut rows, mut files) = (archive.again()?, archive.again()?);
    let mut lines = rows.lines(&format!("tables/{TABLE}.jsonl"))?;
    while let Some(line) = lines.next()? {
        let row =
            row::parse(table, line, &mut |_| Err(Fault::damaged("an attachment has a file in its row")))?;
        let text = |name| place_of(table, name).and_then(|at| text_of(row.get(at))).unwrap_or_default();
        let id = match place_of(table, "id").and_then(|at| row.get(at)) {
            Some(Value::Uuid(Some(id))) => *id,
            _ => return Err(Fault::damaged("an attachment has no id")),
        };
        if store::find(app.db.read(), AttachmentId(id)).await?.is_some() {
            continue;
        }
        let bytes = files.bytes(&path(text("content_hash")), LONGEST_ARRIVING)?;
        check(text("name"), bytes.clone()).map_err(|why| Fault::damaged(why.en.into_owned()))?;
        let (stored_hash, key_enc, stored) = attachment::seal(app, AttachmentId(id), &bytes);
        let at = app.now();
        if keep {
            app.files.put(&Place::new(at, &stored_hash), stored).await?;
        }
        sealed.insert(id, Sealed { stored_hash, key_enc, at });
    }
    Ok(sealed)
}

/// Checks that the store has every file, that it is what was stored, and that it opens with the key of this site.
///
/// # Errors
/// A store that does not answer; the database's own.
pub async fn verify(
    db: &crate::db::Db,
    store_of: &Files,
    keys: &Keys,
    report: &mut Report,
) -> Result<(), Fault> {
    let (mut n, mut after, mut problems) = (0, None, Vec::new());
    loop {
        let rows = store::page(db.read(), after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in &rows {
            n += 1;
            if let Some(problem) = problem(store_of, keys, row).await?
                && problems.len() < NAMED
            {
                problems.push(problem);
            }
        }
    }
    report.line("attachments", format!("{n}, each in the store and with its hash"), &problems);
    Ok(())
}

async fn problem(store_of: &Files, keys: &Keys, row: &Model) -> Result<Option<String>, Fault> {
    let name = format!("attachment {} ({})", row.id, row.name);
    Ok(match store_of.find(&Place::new(row.created_at, &row.stored_hash)).await? {
        None => Some(format!("{name} is not in the store, or is not what was stored")),
        Some(sealed) => match attachment::open(keys, row, &sealed) {
            Some(bytes) if i64::try_from(bytes.len()) == Ok(row.size) => None,
            _ => Some(format!("{name} does not open with the key of this site")),
        },
    })
}
