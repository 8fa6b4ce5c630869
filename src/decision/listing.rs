//! What publishing a catalogue does to a decision: it becomes public, its step 列入目录 is recorded once, and what
//! the catalogue newly says of it becomes the dossier's.

use entity::decision::ActiveModel;
use entity::enums::{DecisionKind, StepKind};
use entity::id::{DecisionId, DepartmentId};
use sea_orm::ActiveValue::Set;

use super::record::{NewStep, insert_step};
use super::store::{self, Fields};
use super::{dossier, edit};
use crate::account;
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

/// What an entry newly says; `None` leaves the dossier as it is.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub title: Option<String>,
    pub kind: Option<DecisionKind>,
    pub department_id: Option<DepartmentId>,
    pub basis: Option<String>,
    /// For the step: in which catalogue.
    pub note: String,
}

/// Enters a decision into a catalogue that is being published.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn enter(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: DecisionId,
    listing: &Listing,
) -> Result<(), Problem> {
    let before = store::lock_by_id(write, id).await?;
    let department_id = listing.department_id.unwrap_or(before.department_id);
    // An owner of the department that gave the matter away does not come along.
    let owner_id = if department_id == before.department_id {
        before.owner_id
    } else {
        let owners = account::owners_of(&**write, department_id).await?;
        before.owner_id.filter(|id| owners.iter().any(|p| p.id == *id))
    };
    let fields = Fields {
        title: listing.title.clone().unwrap_or_else(|| before.title.clone()),
        kind: listing.kind.unwrap_or(before.kind),
        department_id,
        owner_id,
        summary: before.summary.clone(),
        basis: listing.basis.clone().unwrap_or_else(|| before.basis.clone()),
    };
    let changed = fields.title != before.title
        || fields.kind != before.kind
        || fields.department_id != before.department_id
        || fields.basis != before.basis;
    let mut row =
        if changed { edit::write_fields(app, write, actor, &before, &fields).await? } else { before };
    if row.published_at.is_none() {
        let change = ActiveModel { published_at: Set(Some(app.now())), ..Default::default() };
        store::set(write, &row, change, app.now()).await?;
        row = store::find(&**write, id).await?;
    }
    if !store::steps(&**write, id).await?.iter().any(|s| s.kind == StepKind::Listed) {
        let step = NewStep {
            kind: StepKind::Listed,
            happened_on: app.today(),
            note: listing.note.clone(),
            document_id: None,
        };
        insert_step(app, write, actor, id, step).await?;
    }
    dossier::publish_dossier(app, write, actor, &row).await
}
