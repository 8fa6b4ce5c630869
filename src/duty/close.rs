//! A duty ends: done, or taken back; or opened again because its result fell.

use entity::enums::{DutyKind, DutyState, SubjectKind};
use serde_json::json;
use uuid::Uuid;

use super::plan::{self, Skip};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;

/// Marks a subject's duty as done; nothing happens when there is none open.
///
/// # Errors
/// The database's own.
pub async fn complete(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
) -> Result<(), Problem> {
    end(app, write, actor, kind, subject, DutyState::Done).await
}

/// Takes a duty back because its reason fell away.
///
/// # Errors
/// The database's own.
pub async fn cancel(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
) -> Result<(), Problem> {
    end(app, write, actor, kind, subject, DutyState::Cancelled).await
}

async fn end(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
    state: DutyState,
) -> Result<(), Problem> {
    let Some(duty) = store::lock_open(write, kind, subject).await? else { return Ok(()) };
    let done = state == DutyState::Done;
    store::end(write, duty.id, state, done.then(|| app.today()), done.then(|| app.now())).await?;
    plan::drop_planned(write, duty.id, app.now(), Skip::Ended).await?;
    let action = if done { "duty.complete" } else { "duty.cancel" };
    let detail = json!({ "kind": kind });
    audit::record(app, write, actor, action, audit::subject(SubjectKind::Duty, duty.id), detail).await
}

/// Opens a duty that was done or cancelled again, with the same due day, for instance when a result is
/// taken back. Nothing happens to one that is open.
///
/// # Errors
/// The database's own.
pub async fn reopen(
    app: &App,
    write: &Write,
    actor: &Actor,
    kind: DutyKind,
    subject: Uuid,
) -> Result<(), Problem> {
    let ended = store::lock(write, kind, subject).await?.filter(|d| d.state != DutyState::Open);
    let Some(duty) = ended else { return Ok(()) };
    store::end(write, duty.id, DutyState::Open, None, None).await?;
    plan::plan(app, write, &app.calendar(), &duty, false).await?;
    let detail = json!({ "kind": kind });
    audit::record(app, write, actor, "duty.reopen", audit::subject(SubjectKind::Duty, duty.id), detail).await
}
