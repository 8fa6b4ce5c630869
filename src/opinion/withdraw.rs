//! An author takes an opinion back (撤回), with the lookup code. What was received stays in the records, as
//! everything received does; it is no longer shown, counted or answered.

use entity::appeal::Model as Appeal;
use entity::consultation::Model as Consultation;
use entity::enums::{AppealState, DutyKind, OpinionState, SubjectKind};
use entity::id::OpinionId;
use entity::opinion::Model;
use serde_json::json;

use super::settle::{Verdict, settle};
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;
use crate::{audit, duty};

/// Whether its author may take it back: while it counts, no appeal of theirs is being decided, and the answer
/// is not published.
pub fn possible(opinion: &Model, appeal: Option<&Appeal>, consultation: &Consultation) -> bool {
    let waits = appeal.is_some_and(|a| a.state == AppealState::Open);
    opinion.state.is_counted() && !waits && consultation.result_published_at.is_none()
}

/// Takes it back, whatever its review came to. Twice is once.
///
/// # Errors
/// `conflict` when it does not count anyway, while an appeal waits, and once the answer is published; the
/// database's own.
pub async fn withdraw(app: &App, actor: &Actor, id: OpinionId) -> Result<(), Problem> {
    let write = app.write().await?;
    let (opinion, consultation) = store::hold(&write, id).await?;
    if opinion.state == OpinionState::Withdrawn {
        return write.commit().await;
    }
    store::unanswered(&consultation)?;
    let appeal = store::appeal::of(&*write, id).await?;
    if !possible(&opinion, appeal.as_ref(), &consultation) {
        return Err(if opinion.state.is_counted() {
            Problem::conflict(
                "您的申诉正在复核，有了结果再撤回",
                "Your appeal is being decided; take it back after that",
            )
        } else {
            Problem::conflict(
                "这条意见没有受理，不计入办理，无需撤回",
                "It was not accepted and does not count; there is nothing to take back",
            )
        });
    }
    let after = settle(app, &write, &opinion, Verdict::Withdraw).await?;
    duty::cancel(app, &write, actor, DutyKind::OpinionReview, id.0).await?;
    tell::changed(app, &write, &after, "withdrawn", None).await?;
    let subject = audit::subject(SubjectKind::Opinion, id);
    let detail = json!({ "was": opinion.state });
    audit::record(app, &write, actor, "opinion.withdraw", subject, detail).await?;
    write.commit().await
}
