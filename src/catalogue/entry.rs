//! The entries of a catalogue's draft: each is a decision as this version words it.

use std::collections::HashSet;

use entity::catalogue::Model as Catalogue;
use entity::catalogue_entry::Model as Entry;
use entity::department;
use entity::enums::{DecisionKind, Role, StepKind, SubjectKind};
use entity::id::{CatalogueEntryId, CatalogueId, DecisionId, DepartmentId};
use sea_orm::ConnectionTrait;
use serde_json::{json, to_value};
use validator::Validate;

use super::foreseen::{self, Foreseen};
use super::{may_manage, store};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::decision::{self, NewDecision};
use crate::problem::Problem;
use crate::text;

/// An entry as its form has it.
#[derive(Clone, Debug, Validate)]
pub struct EntryFields {
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    pub title: String,
    pub kind: DecisionKind,
    /// Undertaking department (承办单位).
    pub department_id: DepartmentId,
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub basis: String,
    /// As printed, such as 第四季度.
    #[validate(length(min = 1, max = 40), custom(function = text::one_line))]
    pub planned_time: String,
    pub steps: Vec<Foreseen>,
}

/// Departments whose decisions a catalogue may hold: its own and those below it; disclosure officers, who
/// collect the catalogue of a whole bureau, reach all.
///
/// # Errors
/// The database's own.
pub async fn reach(
    db: &impl ConnectionTrait,
    staff: &Staff,
    catalogue: &Catalogue,
) -> Result<Vec<department::Model>, Problem> {
    let all = crate::department::all(db).await?;
    if staff.has(Role::Disclosure) {
        return Ok(all);
    }
    let mut inside: HashSet<DepartmentId> = HashSet::from([catalogue.department_id]);
    loop {
        let below = |d: &&department::Model| d.parent_id.is_some_and(|p| inside.contains(&p));
        let more: Vec<DepartmentId> =
            all.iter().filter(below).map(|d| d.id).filter(|id| !inside.contains(id)).collect();
        if more.is_empty() {
            return Ok(all.into_iter().filter(|d| inside.contains(&d.id)).collect());
        }
        inside.extend(more);
    }
}

/// Adds an entry to the draft: of a decision that exists (by its code), or of a new one.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` without a draft, or when the decision is in it already.
pub async fn add_entry(
    app: &App,
    actor: &Actor,
    id: CatalogueId,
    code: Option<&str>,
    fields: &EntryFields,
) -> Result<CatalogueEntryId, Problem> {
    fields.validate()?;
    let steps = foreseen::check(&fields.steps)?;
    let write = app.write().await?;
    let (catalogue, draft) = store::lock_draft(&write, actor, id).await?;
    let staff = may_manage(actor, &catalogue)?;
    let reach: HashSet<DepartmentId> =
        reach(&*write, staff, &catalogue).await?.into_iter().map(|d| d.id).collect();
    in_reach(&reach, fields.department_id)?;
    let decision_id = match code {
        Some(code) => pick(&write, &reach, code).await?,
        None => begin(app, &write, actor, &catalogue, fields).await?,
    };
    let entries = store::entries(&*write, draft.id).await?;
    if entries.iter().any(|e| e.decision_id == decision_id) {
        return Err(Problem::conflict("该事项已在目录中", "The decision is in the catalogue already"));
    }
    let row = Entry {
        id: app.id(),
        version_id: draft.id,
        decision_id,
        position: entries.last().map_or(1, |e| e.position + 1),
        title: fields.title.clone(),
        kind: fields.kind,
        department_id: fields.department_id,
        basis: fields.basis.clone(),
        planned_time: fields.planned_time.clone(),
        steps: to_value(steps).map_err(Problem::internal)?,
    };
    store::insert_entry(&write, &row).await?;
    record(app, &write, actor, &catalogue, "catalogue.entry_add", row.decision_id).await?;
    write.commit().await?;
    Ok(row.id)
}

/// Changes an entry of the draft.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` for an entry of a published version.
pub async fn change_entry(
    app: &App,
    actor: &Actor,
    id: CatalogueId,
    entry: CatalogueEntryId,
    fields: &EntryFields,
) -> Result<(), Problem> {
    fields.validate()?;
    let steps = foreseen::check(&fields.steps)?;
    let write = app.write().await?;
    let (catalogue, draft) = store::lock_draft(&write, actor, id).await?;
    let row = store::find_entry(&*write, draft.id, entry).await?;
    if row.department_id != fields.department_id {
        let staff = may_manage(actor, &catalogue)?;
        let reach = reach(&*write, staff, &catalogue).await?.into_iter().map(|d| d.id).collect();
        in_reach(&reach, fields.department_id)?;
    }
    let decision_id = row.decision_id;
    let row = Entry {
        title: fields.title.clone(),
        kind: fields.kind,
        department_id: fields.department_id,
        basis: fields.basis.clone(),
        planned_time: fields.planned_time.clone(),
        steps: to_value(steps).map_err(Problem::internal)?,
        ..row
    };
    store::update_entry(&write, &row).await?;
    record(app, &write, actor, &catalogue, "catalogue.entry_change", decision_id).await?;
    write.commit().await
}

fn in_reach(reach: &HashSet<DepartmentId>, department: DepartmentId) -> Result<(), Problem> {
    if reach.contains(&department) {
        return Ok(());
    }
    Err(Problem::invalid(
        "department_id",
        "请选择本单位或者下属单位为承办单位",
        "Choose the catalogue's department or one below it",
    ))
}

/// A decision that exists; what the caller may not see is not told apart from what does not exist.
async fn pick(write: &Write, reach: &HashSet<DepartmentId>, code: &str) -> Result<DecisionId, Problem> {
    let unknown = || Problem::invalid("decision", "没有这个决策事项", "There is no such decision");
    let row = decision::by_code(&**write, code).await.map_err(|p| match p.status() {
        404 => unknown(),
        _ => p,
    })?;
    if !reach.contains(&row.department_id) {
        return Err(unknown());
    }
    if decision::steps(&**write, row.id).await?.iter().any(|s| s.kind == StepKind::Withdrawn) {
        return Err(Problem::invalid("decision", "该事项已经终止", "The decision was stopped"));
    }
    Ok(row.id)
}

async fn begin(
    app: &App,
    write: &Write,
    actor: &Actor,
    catalogue: &Catalogue,
    fields: &EntryFields,
) -> Result<DecisionId, Problem> {
    let new = NewDecision {
        title: fields.title.clone(),
        kind: fields.kind,
        year: catalogue.year,
        department_id: fields.department_id,
        owner_id: None,
        summary: String::new(),
        basis: fields.basis.clone(),
    };
    Ok(decision::insert(app, write, actor, &new).await?.id)
}

pub(super) async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    catalogue: &Catalogue,
    action: &'static str,
    decision: DecisionId,
) -> Result<(), Problem> {
    let subject = audit::subject(SubjectKind::Catalogue, catalogue.id);
    audit::record(app, write, actor, action, subject, json!({ "decision": decision })).await
}
