//! Calling an event off. Its page stays and says why; everybody who registered is told.

use entity::enums::{DutyKind, SubjectKind};
use entity::event::Model;
use entity::id::EventId;
use serde_json::json;
use validator::Validate;

use super::jobs::{self, Telling};
use super::{Stage, policy, publish, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;
use crate::{audit, duty, text};

#[derive(Validate)]
struct Reason {
    #[validate(length(min = 1, max = 500), custom(function = text::one_line))]
    reason: String,
}

/// Cancels a published event. `reason` is published and mailed.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` for a draft, or one that is over or cancelled; the database's
/// own.
pub async fn cancel(app: &App, actor: &Actor, id: EventId, reason: &str) -> Result<Model, Problem> {
    let write = app.write().await?;
    let before = store::lock(&write, id).await?;
    policy::may_organise(actor, &before)?;
    let input = Reason { reason: text::tidy(reason) };
    input.validate()?;
    let mut sessions = store::sessions(&*write, id).await?;
    // Whoever registers at this moment holds the lock of a session and is told with the others, or comes after
    // us and finds the event cancelled. Locked in one order, so that nobody waits in a circle.
    sessions.sort_by_key(|s| s.id);
    for session in &sessions {
        store::lock_session(&write, session.id).await?;
    }
    match stage(&before, &sessions, app.now()) {
        Stage::Announced => {}
        Stage::Draft => {
            return Err(Problem::conflict("活动尚未发布，可以直接删除", "It is a draft; delete it instead"));
        }
        Stage::Held => return Err(Problem::conflict("活动已经结束", "The event is over")),
        Stage::Cancelled => return Err(Problem::conflict("活动已经取消", "The event is cancelled already")),
    }
    let event = Model {
        cancelled_at: Some(app.now()),
        cancelled_reason: Some(input.reason),
        revision: before.revision + 1,
        ..before.clone()
    };
    store::update(&write, before.revision, &event).await?;
    publish::release(app, &write, actor, &event).await?;
    duty::cancel(app, &write, actor, DutyKind::EventReport, id.0).await?;
    duty::cancel(app, &write, actor, DutyKind::HearingMaterials, id.0).await?;
    for session in &sessions {
        jobs::plan_telling(app, &write, session.id, Telling::Cancelled, app.now()).await?;
    }
    let subject = audit::subject(SubjectKind::Event, id);
    audit::record(app, &write, actor, "event.cancel", subject, json!({ "code": event.code })).await?;
    write.commit().await?;
    Ok(event)
}
