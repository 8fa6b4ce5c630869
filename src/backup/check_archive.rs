//! Checking an archive without restoring it.

use std::collections::HashSet;
use std::path::Path;

use super::archive::Archive;
use super::attached;
use super::fault::Fault;
use super::make::{place_of, text_of};
use super::manifest::{AuditEnd, TableEntry};
use super::report::Report;
use super::row;

/// Checks an archive: every hash, size and count, every row by its columns, every file that a row names, and
/// the links of the audit chain.
///
/// # Errors
/// A file that cannot be read, or that is no archive at all.
pub fn verify_archive(path: &Path) -> Result<Report, Fault> {
    check(&mut Archive::open(path)?)
}

pub fn check(archive: &mut Archive) -> Result<Report, Fault> {
    let mut report = Report::default();
    let m = &archive.manifest;
    report.good("made", format!("{} by Jianyan {} of {}", m.made_at, m.product_version, m.site));
    let schema = m.schema.last().cloned().unwrap_or_default();
    report.good("schema", format!("{} steps, the last {schema}", m.schema.len()));
    let key =
        if m.key.included { "IN the archive: guard it like the key itself" } else { "not in the archive" };
    report.good("key", format!("{}, {key}", m.key.fingerprint));
    match archive.check_sums() {
        Ok(()) => {
            let rows: u64 = archive.manifest.tables.iter().map(|t| t.rows).sum();
            let (tables, files) = (archive.manifest.tables.len(), archive.manifest.files.len());
            report.good("hashes", format!("{tables} tables with {rows} rows, {files} files"));
        }
        Err(fault) => {
            report.bad("hashes", fault.to_string());
            return Ok(report);
        }
    }
    let mut problems = Vec::new();
    let files: HashSet<String> = archive.manifest.files.iter().map(|f| f.path.clone()).collect();
    let mut end = AuditEnd::default();
    for entry in archive.manifest.tables.clone() {
        match rows(archive, &entry, &files) {
            Ok(Some(found)) => end = found,
            Ok(None) => {}
            Err(fault) => problems.push(fault.to_string()),
        }
    }
    report.line("rows", "every one fits its columns and its files", &problems);
    match archive.manifest.missing.len() {
        0 => {}
        n => report.good("attachments", format!("{n} were lost by the site before it was made")),
    }
    if end == archive.manifest.audit {
        report.good("audit", format!("{} records, linked, ending with {}", end.records, end.head));
    } else {
        report.bad("audit", "the chain does not end as the manifest says");
    }
    Ok(report)
}

/// Reads a table's rows; of the audit table, tells where its chain ends.
fn rows(
    archive: &mut Archive,
    entry: &TableEntry,
    files: &HashSet<String>,
) -> Result<Option<AuditEnd>, Fault> {
    let table = entry.table();
    let columns = ["prev_hash", "hash"].map(|name| place_of(&table, name));
    let chain = match columns {
        [Some(prev), Some(hash)] if table.name == "audit" => Some((prev, hash)),
        _ => None,
    };
    let missing = archive.manifest.missing.clone();
    let mut end = AuditEnd { records: 0, head: "0".repeat(64) };
    let mut lines = archive.lines(&entry.path)?;
    while let Some(line) = lines.next()? {
        let row = row::parse(&table, line, &mut |path| {
            if files.contains(path) {
                return Ok(Vec::new());
            }
            Err(Fault::damaged(format!("a row of {} names {path}, which is not there", table.name)))
        })?;
        if let Some((hash, _)) = attached::named(&table, &row)
            && !attached::is_there(&hash, files, &missing)
        {
            return Err(Fault::damaged(format!("an attachment names files/{hash}, which is not there")));
        }
        if let Some((prev, hash)) = chain {
            end.records += 1;
            if text_of(row.get(prev)) != Some(&end.head) {
                return Err(Fault::damaged(format!(
                    "audit record {} does not follow the one before",
                    end.records
                )));
            }
            end.head = text_of(row.get(hash)).unwrap_or_default().to_owned();
        }
    }
    if end.records == 0 {
        end.head.clear();
    }
    Ok(chain.map(|_| end))
}
