//! Deciding an author's appeal (申诉): by a moderator without a stake who took no part in the review. It stands,
//! or it is set aside and the opinion is reviewed again by somebody else than before.

use entity::appeal::Model;
use entity::enums::{AppealState, DutyKind, Role, SubjectKind};
use entity::id::StaffId;
use entity::review;
use serde_json::json;
use validator::Validate;

use super::policy::may_decide_appeal;
use super::review::facts;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::duty::{self, Term};
use crate::opinion::appeal::check_length;
use crate::opinion::settle::{Verdict, settle};
use crate::opinion::tell;
use crate::opinion::{self, appeals as rows};
use crate::problem::Problem;
use crate::{audit, text};

/// More than a bureau has open at once.
const MOST: u64 = 200;

/// What another moderator decides on an appeal.
#[derive(Clone, Debug, Validate)]
pub struct Decide {
    /// Number of the opinion.
    pub number: String,
    /// The opinion is reviewed again.
    pub overturn: bool,
    /// What the author is told.
    #[validate(custom(function = text::several_lines))]
    pub answer: String,
}

/// The appeals that wait, oldest first, with their opinions.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Vec<(Model, entity::opinion::Model)>, Problem> {
    actor.require(Role::Moderator)?;
    rows::list(app.db.read(), AppealState::Open, MOST).await
}

/// Whether somebody decided one of the reviews that an appeal is against, first or second.
pub(super) fn took_part(staff: StaffId, appeal: &Model, reviews: &[review::Model]) -> bool {
    let before = reviews.iter().filter(|r| r.created_at <= appeal.created_at);
    before.into_iter().any(|r| r.moderator_id == staff || r.second_id == Some(staff))
}

/// Decides; the author is told.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when no appeal waits, or when it would
/// move what a published summary counts; the database's own.
pub async fn decide(app: &App, actor: &Actor, input: &Decide) -> Result<AppealState, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let input = Decide { answer: text::tidy(&input.answer), ..input.clone() };
    input.validate()?;
    check_length("answer", &input.answer)?;
    let write = app.write().await?;
    let id = opinion::by_number(&*write, &input.number).await?.id;
    let (opinion, consultation) = opinion::hold(&write, id).await?;
    let appeal = rows::of(&*write, opinion.id).await?.filter(|a| a.state == AppealState::Open);
    let Some(appeal) = appeal else {
        return Err(Problem::conflict("这条意见没有等待复核的申诉", "No appeal waits for this opinion"));
    };
    let reviews = store::history(&*write, opinion.id).await?;
    may_decide_appeal(&facts(&write, staff, &opinion, None).await?, took_part(staff.id, &appeal, &reviews))?;
    let state = if input.overturn { AppealState::Overturned } else { AppealState::Upheld };
    rows::decide(app, &write, &appeal, state, staff.id, &input.answer).await?;
    duty::complete(app, &write, actor, DutyKind::Appeal, opinion.id.0).await?;
    if input.overturn {
        opinion::unanswered(&consultation)?;
        settle(app, &write, &opinion, Verdict::Reopen).await?;
        let (kind, days) = (DutyKind::OpinionReview, Term::WorkingDays(app.config.rules.review_working_days));
        duty::reopen(app, &write, actor, kind, opinion.id.0).await?;
        duty::restart(app, &write, actor, kind, opinion.id.0, app.today(), days, "申诉成立，重新审核")
            .await?;
    }
    tell::appeal_decided(app, &write, &opinion, input.overturn, &input.answer).await?;
    let subject = audit::subject(SubjectKind::Opinion, opinion.id);
    audit::record(app, &write, actor, "opinion.appeal_decide", subject, json!({ "state": state })).await?;
    write.commit().await?;
    Ok(state)
}
