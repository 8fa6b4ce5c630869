//! Answering a message, by the department it was routed to; publishing question and answer where the author
//! agreed and the answering person decides so.

use entity::enums::{DutyKind, MessageState, SubjectKind};
use entity::message::Model;
use serde_json::json;
use validator::Validate;

use super::content::length;
use super::policy::{may_answer, may_read};
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::moderation::redaction;
use crate::problem::{Code, Problem};
use crate::publication::{self, Release};
use crate::{audit, department, duty, text};

/// Characters of an answer.
pub const LONGEST_ANSWER: usize = 5000;

/// An answer, and what of the message becomes public with it.
#[derive(Clone, Debug, Default, Validate)]
pub struct Answer {
    #[validate(custom(function = text::several_lines))]
    pub answer: String,
    /// None keeps both between the bureau and the author.
    #[validate(nested)]
    pub publish: Option<Public>,
}

/// The author's words as the public reads them: with passages replaced by 【已隐去】 at most.
#[derive(Clone, Debug, Default, Validate)]
pub struct Public {
    #[validate(custom(function = text::one_line))]
    pub title: String,
    #[validate(custom(function = text::several_lines))]
    pub text: String,
}

/// Answers; the author is told and the duty is done.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for who may not see it; `invalid`; `conflict` when it does not
/// wait for an answer; the database's own.
pub async fn answer(app: &App, actor: &Actor, number: &str, input: &Answer) -> Result<(), Problem> {
    let staff = actor.require_staff()?;
    let now = app.now();
    let write = app.write().await?;
    let message = store::lock(&write, number).await?;
    if !may_answer(staff, &message) {
        return Err(if may_read(staff, &message) { Problem::forbidden() } else { Problem::not_found() });
    }
    if message.state != MessageState::Accepted {
        return Err(Problem::conflict("这条留言已经答复", "This message was answered already"));
    }
    let input = check(input, &message)?;
    let name = message.name_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let mut after = Model {
        state: MessageState::Answered,
        answer: Some(input.answer),
        answered_at: Some(now),
        answered_by: Some(staff.id),
        revision: message.revision + 1,
        ..message
    };
    if let Some(public) = input.publish {
        after.public_title = Some(public.title);
        after.public_text = Some(public.text);
        after.public_name = Some(name.as_deref().map_or_else(|| "匿名".into(), text::mask_name).into_owned());
        after.published_at = Some(now);
    }
    store::update(&write, &after).await?;
    if after.published_at.is_some() {
        publish(app, &write, actor, &after).await?;
    }
    duty::complete(app, &write, actor, DutyKind::MessageAnswer, after.id.0).await?;
    let detail = json!({ "published": after.published_at.is_some() });
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.answer", subject, detail).await?;
    tell::answered(app, &write, &after).await?;
    write.commit().await
}

fn check(input: &Answer, message: &Model) -> Result<Answer, Problem> {
    let input = Answer {
        answer: text::tidy(&input.answer),
        publish: input
            .publish
            .as_ref()
            .map(|p| Public { title: text::tidy(&p.title), text: text::tidy(&p.text) }),
    };
    let mut problem = input.validate().err().map_or_else(|| Problem::new(Code::Invalid), Problem::from);
    problem = length(problem, "answer", &input.answer, LONGEST_ANSWER);
    if let Some(public) = &input.publish {
        if !message.may_publish {
            problem = problem.field(
                "publish",
                "留言人不同意公开，不能公开",
                "The author did not agree to publication",
            );
        }
        let of_author = [
            ("public_title", public.title.as_str(), message.title.as_str()),
            ("public_text", public.text.as_str(), message.text.as_str()),
        ];
        for (field, public, original) in of_author {
            if public != original && redaction::verify(original, public).is_err() {
                problem = problem.field(
                    field,
                    "除了用【已隐去】代替的部分，其余文字必须与原文一字不差",
                    "Apart from what 【已隐去】 replaces, the text must be the author's, to the letter",
                );
            }
        }
    }
    if problem.fields.is_empty() { Ok(input) } else { Err(problem) }
}

async fn publish(
    app: &App,
    write: &crate::db::Write,
    actor: &Actor,
    message: &Model,
) -> Result<(), Problem> {
    let names = department::names(&**write).await?;
    let source = message.department_id.and_then(|id| names.get(&id)).map_or("", String::as_str);
    let body = format!(
        "{}\n{}",
        message.public_text.as_deref().unwrap_or_default(),
        message.answer.as_deref().unwrap_or_default()
    );
    let release = Release {
        subject_kind: SubjectKind::Message,
        subject_id: message.id.0,
        column: publication::MESSAGES,
        title: message.public_title.as_deref().unwrap_or_default(),
        body: &body,
        path: &format!("{}/{}", web::path::MESSAGES, message.number),
        source,
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}
