//! Changing the dossier: title, kind, undertaking department, owner, plain words, basis.

use entity::decision::Model;
use entity::enums::{DecisionKind, SubjectKind};
use entity::id::{DepartmentId, StaffId};
use serde_json::json;
use validator::Validate;

use super::create::{check_department, check_owner};
use super::store::{self, Fields};
use super::{dossier, facts, may_run};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::duty;
use crate::problem::{Code, Problem};
use crate::text;

/// The dossier as edited, made from `revision`.
#[derive(Clone, Debug, Validate)]
pub struct Edit {
    pub revision: i32,
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    pub title: String,
    pub kind: DecisionKind,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub summary: String,
    #[validate(length(max = 2000), custom(function = text::several_lines))]
    pub basis: String,
}

/// Changes the dossier; a public one is published again, and open duties follow department and owner.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `stale` when somebody else changed it; `conflict` once stopped.
pub async fn edit(app: &App, actor: &Actor, code: &str, edit: &Edit) -> Result<Model, Problem> {
    edit.validate()?;
    let write = app.write().await?;
    let before = store::lock(&write, code).await?;
    may_run(actor, &before)?;
    if before.revision != edit.revision {
        return Err(Problem::new(Code::Stale));
    }
    if facts::facts(app, &*write, &before).await?.is_withdrawn() {
        return Err(Problem::conflict("该事项已经终止", "The matter was stopped"));
    }
    check_department(&*write, edit.department_id).await?;
    if before.owner_id != edit.owner_id || before.department_id != edit.department_id {
        check_owner(&*write, edit.department_id, edit.owner_id).await?;
    }
    let fields = Fields {
        title: edit.title.clone(),
        kind: edit.kind,
        department_id: edit.department_id,
        owner_id: edit.owner_id,
        summary: edit.summary.clone(),
        basis: edit.basis.clone(),
    };
    let after = write_fields(app, &write, actor, &before, &fields).await?;
    dossier::republish(app, &write, actor, after.id).await?;
    write.commit().await?;
    Ok(after)
}

/// Writes the fields into the locked row and lets the open duties of the decision and its consultations
/// follow.
pub(super) async fn write_fields(
    app: &App,
    write: &Write,
    actor: &Actor,
    before: &Model,
    fields: &Fields,
) -> Result<Model, Problem> {
    store::update_fields(write, before.id, before.revision, fields, app.now()).await?;
    if before.owner_id != fields.owner_id || before.department_id != fields.department_id {
        let mut subjects = vec![before.id.0];
        let windows = facts::windows(&**write, &[before.id]).await?;
        subjects.extend(windows.into_values().flatten().map(|w| w.id.0));
        for subject in subjects {
            duty::reassign(app, write, actor, subject, fields.department_id, fields.owner_id).await?;
        }
    }
    let detail = json!({
        "title": before.title != fields.title,
        "department": before.department_id != fields.department_id,
        "owner": before.owner_id != fields.owner_id,
        "revision": before.revision + 1,
    });
    let subject = audit::subject(SubjectKind::Decision, before.id);
    audit::record(app, write, actor, "decision.edit", subject, detail).await?;
    store::find(&**write, before.id).await
}
