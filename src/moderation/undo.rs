//! A slip of the finger taken back: by the same moderator, within a minute.

use chrono::TimeDelta;
use entity::enums::{DutyKind, OpinionState, ReviewState, Role, SubjectKind};
use entity::review::Model;
use serde_json::json;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::duty;
use crate::opinion::settle::{Verdict, settle};
use crate::opinion::tell;
use crate::opinion::{self, appeals};
use crate::problem::Problem;

const WITHIN: TimeDelta = TimeDelta::seconds(60);

/// The review that this moderator can still take back, with the number of its opinion.
///
/// # Errors
/// The database's own.
pub async fn undoable(app: &App, actor: &Actor) -> Result<Option<(Model, String)>, Problem> {
    let Some(staff) = actor.staff_id() else { return Ok(None) };
    store::last_by(app.db.read(), staff, app.now() - WITHIN).await
}

/// Takes the moderator's last review of this opinion back; it waits for review again, and its author is
/// told if the review had been told.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `conflict` when it is too late; the database's own.
pub async fn undo(app: &App, actor: &Actor, number: &str) -> Result<(), Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let id = opinion::by_number(&*write, number).await?.id;
    let (opinion, consultation) = opinion::hold(&write, id).await?;
    let last = store::last(&*write, opinion.id).await?.filter(|r| {
        r.moderator_id == staff.id
            && r.second_id.is_none()
            && r.state != ReviewState::Overruled
            // Once the author has revised it, there is nothing left to take back.
            && opinion.state != OpinionState::Pending
            && app.now() - r.created_at <= WITHIN
    });
    let appealed = appeals::of(&*write, opinion.id).await?.is_some();
    let Some(last) = last.filter(|_| !appealed) else {
        return Err(Problem::conflict(
            "只能在一分钟内撤回自己的审核",
            "Only your own review can be taken back, within a minute",
        ));
    };
    opinion::unanswered(&consultation)?;
    store::decide(&write, last.id, ReviewState::Overruled, None, app.now()).await?;
    let after = settle(app, &write, &opinion, Verdict::Reopen).await?;
    if last.state == ReviewState::Final {
        duty::reopen(app, &write, actor, DutyKind::OpinionReview, opinion.id.0).await?;
        tell::changed(app, &write, &after, &format!("undo:{}", last.id), None).await?;
    }
    let subject = audit::subject(SubjectKind::Opinion, opinion.id);
    audit::record(app, &write, actor, "opinion.review_undo", subject, json!({ "action": last.action }))
        .await?;
    write.commit().await
}
