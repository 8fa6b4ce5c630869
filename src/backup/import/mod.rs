//! Taking over one consultation that another site published, from its open archive.
//!
//! Everything is checked before anything is written, and everything is written in one transaction. What comes
//! is what the other site published, with the days on which it did; it stays marked with where it came from.
//! Nothing of this site is overwritten: a decision or consultation of its own, a code or a department's key that
//! is taken, stop the import. A later archive of the same consultation adds what is new and edits nothing that was
//! published; the rows that only tell how matters stand ([`Rule::Follow`]) follow it.

mod check;
mod fill;
mod told;
mod write;

use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use entity::consultation_import::{Column, Entity, Model};
use entity::id::{ConsultationId, ImportId};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use self::check::Heads;
pub use self::told::{Arrival, Brought};
use super::archive::{self, Archive};
use super::attached::{self, Sealed};
use super::fault::Fault;
use super::manifest::ExportManifest;
use super::public;
use super::schema::{self, Table};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;
use crate::sequence;

/// The counter whose row makes imports wait for each other.
const TURN: &str = "import";

/// Whether pages can show what comes as JSON; the features' own affair.
#[derive(Clone, Copy)]
pub struct Readable {
    /// What a summary published.
    pub snapshot: fn(&Json) -> bool,
    /// The questions of a questionnaire.
    pub questions: fn(&Json) -> bool,
}

/// What is wanted of an import.
pub struct ImportOrder<'a> {
    pub file: &'a Path,
    /// Do everything but keep it.
    pub dry_run: bool,
    /// What the codes of the decision, its consultation and opinions begin with here.
    pub prefix: Option<&'a str>,
    /// The key of the department of this site that the decision shall belong to.
    pub department: Option<&'a str>,
    pub readable: Readable,
}

/// The import that a consultation was first marked with; none for one of this site.
///
/// # Errors
/// The database's own.
pub async fn origin(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::ConsultationId.eq(id));
    Ok(query.order_by_asc(Column::ImportedAt).order_by_asc(Column::Id).one(db).await?)
}

/// Imports an archive.
///
/// # Errors
/// `Damaged` for an archive that is not what an export wrote; `Refused` for another version of the format, a
/// consultation that is still open or belongs to this site, a code or key that is taken, an archive older than
/// what was imported; the database's own. Nothing is written then.
pub async fn import(app: &App, actor: &Actor, order: &ImportOrder<'_>) -> Result<Arrival, Fault> {
    let sum = archive::sum_of_file(order.file)?;
    let mut archive: Archive<ExportManifest> = Archive::open(order.file)?;
    archive.check_sums()?;
    let tables = public::tables(schema::tables(app.db.read()).await?)?;
    let heads = check::check(&mut archive, &tables, order.readable)?;
    if heads.closes_on >= app.today() {
        return Err(Fault::refused(format!(
            "the consultation is open until {}. It takes opinions at one place only, where it was published; \
             import it when it has closed",
            heads.closes_on
        )));
    }
    // A day for clocks that differ. One from the future would keep every true later archive out.
    if archive.manifest.made_at > app.now() + TimeDelta::days(1) {
        return Err(Fault::refused(
            "the archive says it was made in the future; check the clocks of both sites",
        ));
    }
    let sealed = attached::arrive(app, &archive, &tables, !order.dry_run).await?;
    let write = app.write().await?;
    sequence::next(&write, TURN).await?;
    let before = imports(&write, &heads).await?;
    let prefix = prefix(&before, order)?;
    let mut told = Arrival::of(&archive.manifest, &sum.sha256, order.dry_run);
    if before.iter().any(|b| b.sha256 == sum.sha256 && b.consultation_id == heads.consultation) {
        return Ok(told);
    }
    let mut plan = plan(&write, &before, &heads, &archive.manifest, order, prefix).await?;
    plan.sealed = sealed;
    told.codes(&plan.code(&heads.decision_code), &plan.code(&heads.code));
    write::write(app, &write, &mut archive, &tables, &heads, &plan, &mut told).await?;
    if !told.is_news() || order.dry_run {
        return Ok(told);
    }
    mark(app, &write, actor, &heads, &plan, &archive.manifest, &told).await?;
    write.commit().await?;
    told.kept();
    Ok(told)
}

/// Every import that touched this consultation or its decision, the oldest first.
async fn imports(write: &Write, heads: &Heads) -> Result<Vec<Model>, Fault> {
    let query = Entity::find().filter(Column::DecisionId.eq(heads.decision));
    Ok(query.order_by_asc(Column::ImportedAt).order_by_asc(Column::Id).all(&**write).await?)
}

/// How the archive's rows become rows of this site.
struct Plan {
    prefix: String,
    department: Uuid,
    /// Whether its department is brought as well; not when one of this site takes its place.
    new_department: bool,
    /// Whether the decision follows the archive: no later one was seen.
    follow_decision: bool,
    /// Attachments that are new, as they are stored here.
    sealed: HashMap<Uuid, Sealed>,
}

impl Plan {
    fn code(&self, code: &str) -> String {
        format!("{}{code}", self.prefix)
    }
}

async fn plan(
    write: &Write,
    before: &[Model],
    heads: &Heads,
    manifest: &ExportManifest,
    order: &ImportOrder<'_>,
    prefix: String,
) -> Result<Plan, Fault> {
    let origin = |url: &str| url.split('/').nth(2).unwrap_or_default().to_owned();
    if let Some(other) = before.iter().find(|b| origin(&b.url) != origin(&manifest.url)) {
        return Err(Fault::refused(format!(
            "the decision was imported from {}; an archive of another address does not change it",
            other.url
        )));
    }
    let of_this = |b: &&Model| b.consultation_id == heads.consultation;
    if let Some(later) = before.iter().filter(of_this).find(|b| b.made_at > manifest.made_at) {
        return Err(Fault::refused(format!(
            "a later archive of this consultation, made {}, was imported already",
            later.made_at.format("%Y-%m-%d %H:%M UTC")
        )));
    }
    let there = write::own(write, heads).await?;
    if there.consultation && !before.iter().any(|b| b.consultation_id == heads.consultation) {
        return Err(Fault::refused("this consultation is one of this site; there is nothing to import"));
    }
    if there.decision.is_some() && before.is_empty() {
        return Err(Fault::refused(
            "the decision of this consultation is one of this site; nothing of it is overwritten",
        ));
    }
    let (department, new_department) = match (there.decision, order.department) {
        (Some(department), _) => (department, false),
        (None, Some(key)) => match write::department_of(write, key).await? {
            Some(id) => (id, false),
            None => return Err(Fault::refused(format!("this site has no department {key:?}"))),
        },
        (None, None) => write::arriving_department(write, heads).await?,
    };
    let follow_decision = before.iter().all(|b| b.made_at <= manifest.made_at);
    Ok(Plan { prefix, department, new_department, follow_decision, sealed: HashMap::new() })
}

/// What codes begin with: as it was before, for a decision that is here.
fn prefix(before: &[Model], order: &ImportOrder<'_>) -> Result<String, Fault> {
    let wanted = order.prefix.map(|p| format!("{}-", p.trim_end_matches('-')));
    if let Some(wanted) = &wanted {
        let word = wanted.trim_end_matches('-');
        if word.is_empty() || word.len() > 12 || !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Fault::refused("a prefix has 1 to 12 letters and digits (a-z, A-Z, 0-9)"));
        }
    }
    match (before.first(), wanted) {
        (None, wanted) => Ok(wanted.unwrap_or_default()),
        (Some(known), Some(wanted)) if known.prefix != wanted => Err(Fault::refused(format!(
            "the decision was imported with the prefix {:?}; it keeps it",
            known.prefix.trim_end_matches('-')
        ))),
        (Some(known), _) => Ok(known.prefix.clone()),
    }
}

/// Remembers where it came from, and records it.
async fn mark(
    app: &App,
    write: &Write,
    actor: &Actor,
    heads: &Heads,
    plan: &Plan,
    manifest: &ExportManifest,
    told: &Arrival,
) -> Result<(), Fault> {
    let row = Model {
        id: app.id::<ImportId>(),
        consultation_id: heads.consultation,
        decision_id: heads.decision,
        site: manifest.site.clone(),
        url: manifest.url.clone(),
        prefix: plan.prefix.clone(),
        sha256: told.sha256().to_owned(),
        made_at: cut(manifest.made_at),
        imported_at: app.now(),
    };
    row.into_active_model().insert(&**write).await?;
    let subject = audit::subject(entity::enums::SubjectKind::Consultation, heads.consultation);
    let (new, changed) = told.totals();
    let detail = json!({
        "sha256": told.sha256(), "made_at": manifest.made_at, "code": manifest.consultation,
        "new": new, "changed": changed,
    });
    audit::record(app, write, actor, "consultation.import", subject, detail).await?;
    Ok(())
}

/// To the microsecond, as both databases keep it.
fn cut(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// The place of a column among a table's cells.
fn place(table: &Table, column: &str) -> Result<usize, Fault> {
    super::make::place_of(table, column)
        .ok_or_else(|| Fault::refused(format!("table {} has no column {column}", table.name)))
}
