//! Importing the State Council's notice of a year, and what it does to open duties.
//!
//! The days, the duties that move, the record of the import and the audit records are one change. Only then
//! is the new calendar put into force here; other processes notice the import by its record ([`follow`]).

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use entity::calendar_import;
use entity::enums::{Role, SubjectKind};
use entity::id::CalendarImportId;
use serde_json::json;

use super::import::{ImportError, ImportWarning, parse_csv, warnings};
use super::table::Holiday;
use super::{Calendar, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::duty::{self, Move};
use crate::problem::Problem;
use crate::text;

/// More rows than thirty notices have; a larger file is something else.
const MAX_ROWS: usize = 2000;
/// Bad lines that are named; past these the file as a whole is wrong.
const MAX_NAMED: usize = 20;
/// Duties that a preview names; the rest are counted.
pub const MAX_MOVES: usize = 50;

/// What an import would do.
#[derive(Clone, Debug)]
pub struct Preview {
    pub rows: Vec<Holiday>,
    pub years: Vec<i32>,
    pub warnings: Vec<ImportWarning>,
    /// The first [`MAX_MOVES`] duties whose due day would move.
    pub moves: Vec<Move>,
    pub moved: usize,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct Imported {
    pub rows: usize,
    pub years: Vec<i32>,
    pub warnings: Vec<ImportWarning>,
    pub moves: Vec<Move>,
}

/// Reads a table and says what it would change, changing nothing.
///
/// # Errors
/// `forbidden`; `invalid` with every bad line; the database's own.
pub async fn preview(app: &App, actor: &Actor, csv: &str) -> Result<Preview, Problem> {
    may_import(actor)?;
    let rows = read(csv)?;
    let calendar =
        Calendar::from_table(store::load(app.db.read()).await?.table().clone().merged(rows.clone()));
    let (moves, moved) = duty::moves(app.db.read(), &calendar, first_changed(&rows), MAX_MOVES).await?;
    Ok(Preview { years: years(&rows), warnings: warnings(&rows), rows, moves, moved })
}

/// Imports a table: days given before are replaced, open duties are counted again.
///
/// # Errors
/// `forbidden`; `invalid` with every bad line; the database's own.
pub async fn import(app: &App, actor: &Actor, csv: &str) -> Result<Imported, Problem> {
    may_import(actor)?;
    let rows = read(csv)?;
    let years = years(&rows);
    let write = app.write().await?;
    store::save(&*write, &rows, app.now()).await?;
    let calendar = store::load(&*write).await?;
    let moves = duty::recalculate(app, &write, actor, &calendar, Some(first_changed(&rows))).await?;
    let (id, count) = (app.id::<CalendarImportId>(), rows.len());
    let names: Vec<String> = years.iter().map(i32::to_string).collect();
    let row = calendar_import::Model {
        id,
        imported_at: app.now(),
        imported_by: actor.staff_id(),
        rows: i32::try_from(count).unwrap_or(i32::MAX),
        years: names.join("、"),
        moved: i32::try_from(moves.len()).unwrap_or(i32::MAX),
    };
    store::log(&*write, row).await?;
    let detail = json!({ "rows": count, "years": years, "moved": moves.len() });
    audit::record(app, &write, actor, "calendar.import", audit::subject(SubjectKind::Calendar, id), detail)
        .await?;
    write.commit().await?;
    app.reload_calendar().await?;
    for step in &moves {
        tracing::info!(duty = %step.duty.id, old = %step.duty.due_on, new = %step.due.date, "due day moved");
    }
    Ok(Imported { rows: count, years, warnings: warnings(&rows), moves })
}

/// Takes over an import of another process, and counts once more what may have been counted by the old table
/// while the new one was on its way. Cheap when nothing happened; the worker asks in every round.
///
/// # Errors
/// The database's own.
pub async fn follow(app: &App) -> Result<(), Problem> {
    refresh(app).await?;
    let version = app.calendar_version();
    if version != app.settled_calendar() {
        let write = app.write().await?;
        duty::recalculate(app, &write, &Actor::system(), &app.calendar(), None).await?;
        write.commit().await?;
        app.settle_calendar(version);
    }
    Ok(())
}

/// Takes over an import of another process.
///
/// # Errors
/// The database's own.
pub async fn refresh(app: &App) -> Result<(), Problem> {
    if store::version(app.db.read()).await? != app.calendar_version() {
        app.reload_calendar().await?;
    }
    Ok(())
}

fn may_import(actor: &Actor) -> Result<(), Problem> {
    if actor.is_system() { Ok(()) } else { actor.require(Role::Admin).map(drop) }
}

fn read(csv: &str) -> Result<Vec<Holiday>, Problem> {
    let rows = parse_csv(csv)?;
    if rows.len() > MAX_ROWS {
        return Err(Problem::invalid(
            "csv",
            format!("一次最多导入 {MAX_ROWS} 行"),
            format!("At most {MAX_ROWS} rows at once"),
        ));
    }
    for row in &rows {
        let fits = (1..=60).contains(&row.name.chars().count()) && row.source.chars().count() <= 500;
        let plain = text::one_line(&row.name).is_ok() && text::one_line(&row.source).is_ok();
        if !(2000..=2100).contains(&row.date.year()) || !fits || !plain {
            return Err(Problem::invalid(
                "csv",
                format!("{} 一行：年份应在 2000–2100，名称不超过 60 字，来源不超过 500 字", row.date),
                format!(
                    "Row {}: a year from 2000 to 2100, a name of at most 60 characters, a source of at most 500",
                    row.date
                ),
            ));
        }
    }
    Ok(rows)
}

impl From<ImportError> for Problem {
    fn from(mut e: ImportError) -> Self {
        let more = e.problems.len().saturating_sub(MAX_NAMED);
        e.problems.truncate(MAX_NAMED);
        let (mut zh, mut en) = (e.zh(), e.to_string());
        if more > 0 {
            zh.push_str(&format!("\n另有 {more} 处错误"));
            en.push_str(&format!("\nand {more} more"));
        }
        Problem::invalid("csv", zh, en)
    }
}

fn years(rows: &[Holiday]) -> Vec<i32> {
    rows.iter().map(|row| row.date.year()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The first day about which the new table says something else: a year that becomes covered is certain from
/// its first day on.
fn first_changed(rows: &[Holiday]) -> NaiveDate {
    let first = rows.iter().map(|row| row.date).min().unwrap_or(NaiveDate::MAX);
    NaiveDate::from_ymd_opt(first.year(), 1, 1).unwrap_or(first)
}
