//! Moving a whole site into another database, table by table, verified.

use futures_util::StreamExt as _;

use super::fault::Fault;
use super::load::{self, Filling};
use super::make::audit_end;
use super::report::Report;
use super::row;
use super::schema;
use super::table::{self, Tally};
use crate::db::Db;

/// Copies everything of `source` into the empty database `target`. The source is only read.
///
/// # Errors
/// `Refused` for a target that is not empty or a source of another version; the database's own. The target is
/// then as it was, except for empty tables.
pub async fn transfer(source: &Db, target: &Db) -> Result<Report, Fault> {
    let place = load::empty_place(target).await?;
    let snapshot = source.snapshot().await?;
    let steps = schema::steps(&*snapshot).await?;
    if steps.is_empty() {
        return Err(Fault::refused("there is no site in the source"));
    }
    load::steps_up_to(target, place, &steps).await?;
    let filling = Filling::begin(target, place).await?;
    let mut report = Report::default();
    let mut expected = Vec::new();
    let mut line = String::new();
    for table in schema::tables(&*snapshot).await? {
        let mut loader = filling.table(&table)?;
        let mut tally = Tally::default();
        let sql = row::select(&table, table::backend(&snapshot), None);
        let mut rows = table::stream(&snapshot, sql).await?;
        while let Some(found) = rows.next().await {
            let row = row::cells(&table, &found?)?;
            row::write_line(&table, &row, &mut line);
            tally.add(&line);
            loader.push(row).await?;
        }
        loader.flush().await?;
        expected.push(tally.digest(&table.name));
    }
    filling.finish(&expected).await?;
    for table in &expected {
        let hash = table.sha256.get(..16).unwrap_or_default();
        report.good(table.name.as_str(), format!("{} rows, content {hash}… on both sides", table.rows));
    }
    let end = audit_end(&snapshot).await?;
    snapshot.close().await?;
    let later = source.snapshot().await?;
    let now = audit_end(&later).await?;
    later.close().await?;
    if now == end {
        report.good("source", "nothing was written to it meanwhile");
    } else {
        let missed = now.records.saturating_sub(end.records);
        report.bad(
            "source",
            format!("{missed} acts came in meanwhile and are not in the copy; stop the site first"),
        );
    }
    Ok(report)
}
