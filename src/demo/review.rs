//! The moderators' work.

use entity::enums::{ReasonCode, ReviewAction};

use super::live::World;
use crate::moderation::{self, Verdict};
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
    let reason_code = o.review_reason.as_deref().map(|name| match name {
        "personal_info" => ReasonCode::PersonalData,
        "advertising" => ReasonCode::Advertising,
        "abusive" => ReasonCode::Insult,
        "off_topic" => ReasonCode::OffTopic,
        "duplicate_same_person" => ReasonCode::ExactDuplicate,
        "author_request" => ReasonCode::AuthorWish,
        "illegal" => ReasonCode::Illegal,
        "empty" => ReasonCode::Empty,
        _ => ReasonCode::Other,
    });
    let verdict = Verdict {
        action,
        reason_code,
        reason_text: o.review_note.clone(),
        public_text: o.public_text.clone(),
        revision: None,
    };
    moderation::review(world.app, &world.actor(login).await?, number, &verdict).await?;
    if let Some(second) = &o.second_reviewer {
        moderation::confirm(world.app, &world.actor(second).await?, number).await?;
    }
    Ok(())
}
