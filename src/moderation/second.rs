//! The second review of a proposed rejection: another moderator confirms it, or sends the opinion back to
//! the queue.

use entity::enums::{DutyKind, OpinionState, ReviewState, Role, SubjectKind};
use serde_json::json;

use super::policy::may_second;
use super::review::facts;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::duty;
use crate::notice::{self, Message, Recipient};
use crate::opinion::settle::{Verdict, settle};
use crate::opinion::tell;
use crate::problem::{Code, Problem};

/// The second moderator's word.
#[derive(Clone, Debug)]
pub struct Second {
    pub number: String,
    pub revision: i32,
    pub confirm: bool,
}

/// Confirms or overrules; says where the opinion stands now.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `stale`; `conflict`; the database's own.
pub async fn second(app: &App, actor: &Actor, input: &Second) -> Result<OpinionState, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let opinion = store::lock(&write, &input.number).await?;
    if opinion.revision != input.revision {
        return Err(Problem::new(Code::Stale));
    }
    let proposal = store::proposal(&*write, opinion.id).await?;
    may_second(&facts(&write, staff, &opinion, proposal.as_ref()).await?)?;
    let proposal = proposal.ok_or_else(|| Problem::internal("a second review without a proposal"))?;
    let (state, verdict) = if input.confirm {
        (ReviewState::Final, Verdict::Reject)
    } else {
        (ReviewState::Overruled, Verdict::Reopen)
    };
    store::decide(&write, proposal.id, state, Some(staff.id), app.now()).await?;
    let after = settle(app, &write, &opinion, verdict).await?;
    if input.confirm {
        duty::complete(app, &write, actor, DutyKind::OpinionReview, opinion.id.0).await?;
        let told = proposal.reason_code.map(|code| (code, proposal.reason_text.as_str()));
        tell::changed(app, &write, &after, &format!("review:{}", proposal.id), told).await?;
    } else {
        let message = Message {
            subject_kind: SubjectKind::Review,
            subject_id: proposal.id.0,
            stage: "overruled",
            title: format!("复核未同意不予受理：{}", opinion.number),
            body: format!(
                "您提议不予受理的意见 {} 经复核未获同意，已回到待审核。\n\nThe second review did not confirm your rejection of {}; it is back in the queue.",
                opinion.number, opinion.number
            ),
            path: format!("/desk/review/{}", opinion.number),
        };
        notice::send(app, &write, &Recipient::Staff(proposal.moderator_id), &message).await?;
    }
    let detail = json!({ "confirm": input.confirm, "code": proposal.reason_code });
    let subject = audit::subject(SubjectKind::Opinion, opinion.id);
    audit::record(app, &write, actor, "opinion.review_second", subject, detail).await?;
    write.commit().await?;
    Ok(after.state)
}
