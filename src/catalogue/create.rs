//! Beginning the catalogue of a department and year, with an empty first version.

use chrono::Datelike as _;
use entity::catalogue::Model;
use entity::enums::SubjectKind;
use entity::id::DepartmentId;
use serde_json::json;

use super::{manages, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::department;
use crate::problem::Problem;

/// Whose catalogue of which year.
#[derive(Clone, Debug)]
pub struct NewCatalogue {
    pub department_id: DepartmentId,
    pub year: i32,
}

/// # Errors
/// `forbidden`; `invalid`; `conflict` when there is one already; the database's own.
pub async fn create(app: &App, actor: &Actor, new: &NewCatalogue) -> Result<Model, Problem> {
    if !manages(actor.require_staff()?, new.department_id) {
        return Err(Problem::forbidden());
    }
    if !(2000..=app.today().year() + 1).contains(&new.year) {
        return Err(Problem::invalid("year", "请核对年份", "Please check the year"));
    }
    let write = app.write().await?;
    department::find(&*write, new.department_id).await.map_err(|p| match p.status() {
        404 => Problem::invalid("department_id", "请选择单位", "Choose a department"),
        _ => p,
    })?;
    let row = Model { id: app.id(), department_id: new.department_id, year: new.year, created_at: app.now() };
    store::insert(&write, &row).await?;
    store::insert_version(app, &write, row.id, 1).await?;
    let subject = audit::subject(SubjectKind::Catalogue, row.id);
    audit::record(app, &write, actor, "catalogue.create", subject, json!({ "year": row.year })).await?;
    write.commit().await?;
    Ok(row)
}
