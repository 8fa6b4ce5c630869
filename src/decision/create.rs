//! A new decision (决策事项), begun by its undertaking department or by an entry of a catalogue.

use chrono::Datelike as _;
use entity::decision::Model;
use entity::enums::{DecisionKind, SubjectKind};
use entity::id::{DepartmentId, StaffId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use validator::Validate;

use super::store;
use crate::account;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::department;
use crate::problem::Problem;
use crate::sequence;
use crate::text;

/// A decision about to begin.
#[derive(Clone, Debug, Validate)]
pub struct NewDecision {
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    pub title: String,
    pub kind: DecisionKind,
    pub year: i32,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub summary: String,
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub basis: String,
}

/// Begins a decision of a department one runs. Its owner may be left open.
///
/// # Errors
/// `forbidden`; `invalid`; the database's own.
pub async fn create(app: &App, actor: &Actor, new: &NewDecision) -> Result<Model, Problem> {
    if !actor.require_staff()?.runs(new.department_id) {
        return Err(Problem::forbidden());
    }
    let write = app.write().await?;
    let row = insert(app, &write, actor, new).await?;
    write.commit().await?;
    Ok(row)
}

/// Writes the row with the next code of its year; who may do so is the caller's business.
///
/// # Errors
/// `invalid`; the database's own.
pub async fn insert(app: &App, write: &Write, actor: &Actor, new: &NewDecision) -> Result<Model, Problem> {
    new.validate()?;
    if !(2000..=app.today().year() + 1).contains(&new.year) {
        return Err(Problem::invalid("year", "请核对年份", "Please check the year"));
    }
    check_department(&**write, new.department_id).await?;
    check_owner(&**write, new.department_id, new.owner_id).await?;
    let number = sequence::next(write, &format!("decision-{}", new.year)).await?;
    let row = Model {
        id: app.id(),
        code: format!("{}-{number:03}", new.year),
        year: new.year,
        title: new.title.clone(),
        kind: new.kind,
        department_id: new.department_id,
        owner_id: new.owner_id,
        summary: new.summary.clone(),
        basis: new.basis.clone(),
        doc_number: None,
        promulgated_on: None,
        not_disclosed_basis: None,
        published_at: None,
        created_at: app.now(),
        updated_at: app.now(),
        revision: 1,
    };
    store::insert(write, &row).await?;
    let subject = audit::subject(SubjectKind::Decision, row.id);
    audit::record(app, write, actor, "decision.create", subject, json!({ "code": row.code })).await?;
    Ok(row)
}

pub(super) async fn check_department(db: &impl ConnectionTrait, id: DepartmentId) -> Result<(), Problem> {
    match department::find(db, id).await {
        Err(p) if p.status() == 404 => {
            Err(Problem::invalid("department_id", "请选择承办单位", "Choose the undertaking department"))
        }
        other => other.map(|_| ()),
    }
}

/// The owner must be a 决策承办人 of the undertaking department.
pub(super) async fn check_owner(
    db: &impl ConnectionTrait,
    department: DepartmentId,
    owner: Option<StaffId>,
) -> Result<(), Problem> {
    let Some(owner) = owner else { return Ok(()) };
    if account::owners_of(db, department).await?.iter().any(|p| p.id == owner) {
        return Ok(());
    }
    Err(Problem::invalid(
        "owner_id",
        "经办人应为承办单位的决策承办人",
        "The owner must be a decision owner of the undertaking department",
    ))
}
