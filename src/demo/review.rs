//! The moderators' work.

use entity::enums::{OpinionState, ReasonCode, ReviewAction, SubjectKind};

use super::file;
use super::live::World;
use crate::actor::Actor;
use crate::attachment;
use crate::moderation::attachments;
use crate::moderation::review::{self as reviews, Decide};
use crate::moderation::second::{self as seconds, Second};
use crate::moderation::template::{self, Details};
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

/// The usual words to authors.
pub async fn templates(world: &World<'_>) -> Result<(), Problem> {
    let all = [
        (
            ReviewAction::Return,
            "请隐去个人信息",
            "您的意见中有他人的姓名、电话或住址。请删去后再次提交，其余内容不必改动。",
        ),
        (
            ReviewAction::Return,
            "请写明针对哪一条",
            "请写明您的意见针对草案的哪一条、希望怎样修改，以便我们研究采纳。",
        ),
        (
            ReviewAction::Withhold,
            "涉及个案",
            "您反映的是具体个案，已转有关处室办理；为保护您的隐私，不在网上公开，仍计入本次征求意见的办理。",
        ),
        (ReviewAction::Reject, "商业广告", "内容为商业推广，与征求意见事项无关。"),
    ];
    let moderator = world.actor("yexiaomeng").await?;
    for (action, name, text) in all {
        let details = Details { action, name: name.to_owned(), text: text.to_owned() };
        template::add(world.app, &moderator, &details).await?;
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
