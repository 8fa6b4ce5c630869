//! The moderators' work.

use entity::enums::{OpinionState, ReasonCode, ReviewAction, SubjectKind};

use super::file;
use super::live::World;
use crate::actor::Actor;
use crate::attachment;
use crate::moderation::attachments;
use crate::moderation::review::{self as reviews, Decide};
use crate::moderation::second::{self as seconds, Second};
use crate::opinion;
use crate::problem::Problem;

/// Reviews one opinion as the content says.
pub async fn review(world: &World<'_>, i: usize) -> Result<(), Problem> {
    let Some(o) = world.content.opinions.get(i) else { return Ok(()) };
    let (Some(number), Some(login)) = (world.numbers.get(&o.key), &o.reviewed_by) else { return Ok(()) };
    let action = match o.review.as_str() {
        "publish" => ReviewAction::Publish,
        "redact" => ReviewAction::PublishRedacted,
        "withhold" => ReviewAction::Withhold,
        "return" => ReviewAction::Return,
        _ => ReviewAction::Reject,
    };
    let decide = Decide {
        number: number.clone(),
        revision: opinion::by_number(world.app.db.read(), number).await?.revision,
        action,
        reason_code: o.review_reason.as_deref().map(code),
        reason_text: o.review_note.clone(),
        public_text: o.public_text.clone(),
    };
    reviews::review(world.app, &world.actor(login).await?, &decide).await?;
    let after = opinion::by_number(world.app.db.read(), number).await?;
    if let (OpinionState::AwaitingSecond, Some(second)) = (after.state, &o.second_reviewer) {
        let second_look = Second { number: number.clone(), revision: after.revision, confirm: true };
        seconds::second(world.app, &world.actor(second).await?, &second_look).await?;
    }
    if file::WITH_FILES.contains(&o.key.as_str()) && after.state == OpinionState::Published {
        let files = attachment::of(world.app.db.read(), SubjectKind::Opinion, after.id.0).await?;
        let shown: Vec<_> = files.iter().map(|f| f.id).collect();
        attachments::decide(world.app, &world.actor(login).await?, number, &shown).await?;
    }
    if let Some(reason) = &o.appeal {
        opinion::appeal::appeal(world.app, &Actor::guest(), after.id, reason).await?;
    }
    Ok(())
}

fn code(name: &str) -> ReasonCode {
    match name {
        "personal_info" => ReasonCode::PersonalData,
        "advertising" => ReasonCode::Advertising,
        "abusive" => ReasonCode::Insult,
        "off_topic" => ReasonCode::OffTopic,
        "duplicate_same_person" => ReasonCode::ExactDuplicate,
        "author_request" => ReasonCode::AuthorWish,
        "illegal" => ReasonCode::Illegal,
        "empty" => ReasonCode::Empty,
        _ => ReasonCode::Other,
    }
}
