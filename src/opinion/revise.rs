//! Sending a returned opinion again. The first text stays as received; the revision stands beside it and is
//! what the next review reads.

use entity::enums::{DutyKind, OpinionState, SubjectKind};
use entity::id::OpinionId;
use serde_json::json;
use validator::Validate;

use super::content::{length, text_hash};
use super::settle::{Verdict, settle};
use super::{near, store};
use crate::actor::Actor;
use crate::app::App;
use crate::duty::{self, Term};
use crate::problem::Problem;
use crate::{audit, text};

#[derive(Validate)]
struct Revised {
    #[validate(custom(function = text::several_lines))]
    text: String,
}

/// Puts the revised text into the queue; the period of review starts anew. Sending the same revision twice
/// is sending it once.
///
/// # Errors
/// `invalid`; `conflict` when the opinion was not returned; the database's own.
pub async fn revise(app: &App, actor: &Actor, id: OpinionId, typed: &str) -> Result<(), Problem> {
    let revised = Revised { text: text::tidy(typed) };
    revised.validate()?;
    if let Some((zh, en)) = length(&revised.text, app.config.limits.opinion_chars) {
        return Err(Problem::invalid("text", zh, en));
    }
    let write = app.write().await?;
    let (opinion, consultation) = store::hold(&write, id).await?;
    let last = store::last_revision(&*write, id).await?;
    if opinion.state == OpinionState::Pending && last.as_ref().is_some_and(|r| r.text == revised.text) {
        return write.commit().await;
    }
    if opinion.state != OpinionState::Returned {
        return Err(Problem::conflict("这条意见现在不需要修改", "This opinion does not wait for a revision"));
    }
    store::unanswered(&consultation)?;
    let (number, before) = last.as_ref().map_or((1, &opinion.text), |r| (r.number + 1, &r.text));
    if *before == revised.text {
        return Err(Problem::invalid(
            "text",
            "内容没有变化，请按退回原因修改后再提交",
            "Nothing was changed; please revise it as asked",
        ));
    }
    store::add_revision(app, &write, id, number, &revised.text).await?;
    let opinion = entity::opinion::Model { text_hash: text_hash(&revised.text), ..opinion };
    settle(app, &write, &opinion, Verdict::Reopen).await?;
    near::renew(app, &write, &opinion, &revised.text).await?;
    let days = Term::WorkingDays(app.config.rules.review_working_days);
    duty::reopen(app, &write, actor, DutyKind::OpinionReview, id.0).await?;
    duty::restart(app, &write, actor, DutyKind::OpinionReview, id.0, app.today(), days, "作者修改后重新提交")
        .await?;
    let subject = audit::subject(SubjectKind::Opinion, id);
    audit::record(app, &write, actor, "opinion.revise", subject, json!({ "number": number })).await?;
    write.commit().await
}
