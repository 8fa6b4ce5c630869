//! A moderator's decision on one opinion.

use entity::enums::{
    AppealState, DutyKind, OpinionState, ReasonCode, ReviewAction, ReviewState, Role, ShowAs, SubjectKind,
};
use entity::id::ReviewId;
use entity::opinion::Model;
use entity::review;
use serde_json::json;

use super::appeal::took_part;
use super::policy::{Facts, may_review};
use super::{reason, redaction, store};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::attachment;
use crate::audit;
use crate::db::Write;
use crate::duty;
use crate::opinion::appeals;
use crate::opinion::settle::{Verdict, settle};
use crate::opinion::tell;
use crate::problem::{Code, Problem};
use crate::text;

/// What a moderator decided, and on which state of the opinion.
#[derive(Clone, Debug)]
pub struct Decide {
    /// Acceptance number of the opinion.
    pub number: String,
    /// The revision that was read; a newer one is not decided upon.
    pub revision: i32,
    pub action: ReviewAction,
    pub reason_code: Option<ReasonCode>,
    /// A note to the author.
    pub reason_text: String,
    /// For a redaction: the text that everybody may read.
    pub public_text: Option<String>,
}

/// A decision as it will stand.
struct Choice {
    action: ReviewAction,
    code: Option<ReasonCode>,
    note: String,
    public_text: Option<String>,
}

/// Decides on an opinion and tells its author; says where the opinion stands now.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `stale`; `conflict`; `invalid`; the database's own.
pub async fn review(app: &App, actor: &Actor, input: &Decide) -> Result<OpinionState, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let opinion = store::lock(&write, &input.number).await?;
    if opinion.revision != input.revision {
        return Err(Problem::new(Code::Stale));
    }
    may_review(&facts(&write, staff, &opinion, None).await?)?;
    let text = crate::opinion::current_text(&*write, &opinion).await?;
    let choice = choose(input, &opinion, &text)?;
    let proven = is_proven(&write, &opinion, &text, choice.code).await?;
    let proposed = choice.action == ReviewAction::Reject && !proven;
    let id = app.id::<ReviewId>();
    let row = review::Model {
        id,
        opinion_id: opinion.id,
        action: choice.action,
        reason_code: choice.code,
        reason_text: choice.note.clone(),
        public_text: choice.public_text.clone(),
        moderator_id: staff.id,
        second_id: None,
        state: if proposed { ReviewState::Proposed } else { ReviewState::Final },
        created_at: app.now(),
        decided_at: (!proposed).then(|| app.now()),
    };
    store::insert(&write, row).await?;
    let verdict = match choice.action {
        ReviewAction::Publish => Verdict::Publish(text),
        ReviewAction::PublishRedacted => Verdict::Publish(choice.public_text.unwrap_or_default()),
        ReviewAction::Withhold => Verdict::Withhold,
        ReviewAction::Return => Verdict::Return,
        ReviewAction::Reject if proposed => Verdict::AwaitSecond,
        ReviewAction::Reject => Verdict::Reject,
    };
    let after = settle(app, &write, &opinion, verdict).await?;
    if !proposed {
        duty::complete(app, &write, actor, DutyKind::OpinionReview, opinion.id.0).await?;
        attachment::close(app, &write, actor, (SubjectKind::Opinion, opinion.id.0)).await?;
        let told = choice.code.map(|code| (code, choice.note.as_str()));
        tell::changed(app, &write, &after, &format!("review:{id}"), told).await?;
    }
    let detail = json!({ "action": choice.action, "code": choice.code, "proposed": proposed });
    let subject = audit::subject(SubjectKind::Opinion, opinion.id);
    audit::record(app, &write, actor, "opinion.review", subject, detail).await?;
    write.commit().await?;
    Ok(after.state)
}

/// The decision with its reason checked. To publish what its author does not want shown means to withhold
/// it by the author's wish.
fn choose(input: &Decide, opinion: &Model, text: &str) -> Result<Choice, Problem> {
    let note = text::tidy(&input.reason_text);
    let publishes = matches!(input.action, ReviewAction::Publish | ReviewAction::PublishRedacted);
    if publishes && opinion.show_as == ShowAs::Hidden {
        return Ok(Choice {
            action: ReviewAction::Withhold,
            code: Some(ReasonCode::AuthorWish),
            note: String::new(),
            public_text: None,
        });
    }
    let code = reason::check(input.action, input.reason_code, &note, opinion.show_as)?;
    let public_text = match input.action {
        ReviewAction::PublishRedacted => {
            let public = text::tidy(input.public_text.as_deref().unwrap_or_default());
            redaction::verify(text, &public)?;
            Some(public)
        }
        _ => None,
    };
    let note = if publishes { String::new() } else { note };
    Ok(Choice { action: input.action, code, note, public_text })
}

/// Whether a machine can prove the reason of a rejection: it then needs no second moderator.
async fn is_proven(
    write: &Write,
    opinion: &Model,
    text: &str,
    code: Option<ReasonCode>,
) -> Result<bool, Problem> {
    match code {
        Some(ReasonCode::Empty) => Ok(text::essence(text).is_empty()),
        Some(ReasonCode::ExactDuplicate) => store::said_before(&**write, opinion).await,
        _ => Ok(false),
    }
}

/// What the rules look at; `proposal` is the rejection that waits.
pub(super) async fn facts(
    write: &Write,
    staff: &Staff,
    opinion: &Model,
    proposal: Option<&review::Model>,
) -> Result<Facts, Problem> {
    let owner = store::decision_owner(&**write, opinion.consultation_id).await?;
    let overturned = match appeals::of(&**write, opinion.id).await? {
        Some(appeal) => overturned(staff, &appeal, &store::history(&**write, opinion.id).await?),
        None => false,
    };
    Ok(facts_of(staff, opinion, owner, proposal, overturned))
}

/// Whether an appeal was granted against somebody's own review.
pub(super) fn overturned(staff: &Staff, appeal: &entity::appeal::Model, reviews: &[review::Model]) -> bool {
    appeal.state == AppealState::Overturned && took_part(staff.id, appeal, reviews)
}

pub(super) fn facts_of(
    staff: &Staff,
    opinion: &Model,
    decision_owner: Option<entity::id::StaffId>,
    proposal: Option<&review::Model>,
    overturned: bool,
) -> Facts {
    Facts {
        overturned,
        is_moderator: staff.has(Role::Moderator),
        took_it_down: opinion.received_by == Some(staff.id),
        owns_decision: decision_owner == Some(staff.id),
        state: opinion.state,
        proposed_it: proposal.is_some_and(|r| r.moderator_id == staff.id),
    }
}

/// What a decision is called, in Chinese and English.
pub fn action_words(action: ReviewAction) -> (&'static str, &'static str) {
    match action {
        ReviewAction::Publish => ("公开", "publish"),
        ReviewAction::PublishRedacted => ("隐去个人信息后公开", "publish, personal data removed"),
        ReviewAction::Withhold => ("不公开（计入办理）", "withhold"),
        ReviewAction::Return => ("退回修改", "return for revision"),
        ReviewAction::Reject => ("不予受理", "reject"),
    }
}
