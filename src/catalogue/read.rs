//! What the public reads: a version of a catalogue, and two of them compared.

use std::collections::HashMap;

use entity::catalogue::Model;
use entity::catalogue_entry::Model as Entry;
use entity::catalogue_version::Model as Version;
use entity::department;
use entity::enums::VersionState;
use entity::id::DepartmentId;

use super::compare::{Comparison, compare};
use super::store;
use crate::app::App;
use crate::problem::Problem;

/// A published version with everything its page needs.
#[derive(Clone, Debug)]
pub struct Shown {
    pub catalogue: Model,
    pub department: department::Model,
    /// Every published version, the first one first.
    pub versions: Vec<Version>,
    pub version: Version,
    pub entries: Vec<Entry>,
    /// Against the version before; none for the first.
    pub adjusted: Option<Comparison>,
    pub names: HashMap<DepartmentId, String>,
}

/// Two published versions and what differs.
#[derive(Clone, Debug)]
pub struct Compared {
    pub catalogue: Model,
    pub department: department::Model,
    pub versions: Vec<Version>,
    pub from: Version,
    pub to: Version,
    pub comparison: Comparison,
}

struct Found {
    catalogue: Model,
    department: department::Model,
    versions: Vec<Version>,
    names: HashMap<DepartmentId, String>,
}

async fn published(app: &App, key: &str, year: i32) -> Result<Found, Problem> {
    let db = app.db.read();
    let department = crate::department::by_key(db, key).await?;
    let catalogue = store::of_year(db, department.id, year).await?;
    let mut versions = store::versions(db, catalogue.id).await?;
    versions.retain(|v| v.state == VersionState::Published);
    let names = crate::department::all(db).await?.into_iter().map(|d| (d.id, d.short_name)).collect();
    if versions.is_empty() {
        Err(Problem::not_found())
    } else {
        Ok(Found { catalogue, department, versions, names })
    }
}

/// A published version, the one in force by default.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn shown(app: &App, key: &str, year: i32, number: Option<i32>) -> Result<Shown, Problem> {
    let found = published(app, key, year).await?;
    let last = found.versions.len() - 1;
    let at = number.map_or(Some(last), |n| found.versions.iter().position(|v| v.number == n));
    let at = at.ok_or_else(Problem::not_found)?;
    let version = found.versions.get(at).cloned().ok_or_else(Problem::not_found)?;
    let entries = store::entries(app.db.read(), version.id).await?;
    let adjusted = match at.checked_sub(1).and_then(|before| found.versions.get(before)) {
        Some(before) => {
            let before = store::entries(app.db.read(), before.id).await?;
            Some(compare(&before, &entries, &found.names))
        }
        None => None,
    };
    let Found { catalogue, department, versions, names } = found;
    Ok(Shown { catalogue, department, versions, version, entries, adjusted, names })
}

/// Two published versions, the last two by default; the older one is always the first.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn compared(
    app: &App,
    key: &str,
    year: i32,
    from: Option<i32>,
    to: Option<i32>,
) -> Result<Compared, Problem> {
    let Found { catalogue, department, versions, names } = published(app, key, year).await?;
    let newest = versions.last().map_or(1, |v| v.number);
    let to = to.unwrap_or(newest);
    let from = from.unwrap_or(to - 1);
    let version = |n: i32| versions.iter().find(|v| v.number == n).cloned().ok_or_else(Problem::not_found);
    let (from, to) = (version(from.min(to))?, version(from.max(to))?);
    let old = store::entries(app.db.read(), from.id).await?;
    let new = store::entries(app.db.read(), to.id).await?;
    let comparison = compare(&old, &new, &names);
    Ok(Compared { catalogue, department, versions, from, to, comparison })
}
