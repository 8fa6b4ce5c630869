//! Answering a message, by the department it was routed to; publishing question and answer where the author
//! agreed and the answering person decides so.

use entity::enums::{DutyKind, MessageState, SubjectKind};
use entity::message::Model;
use serde_json::json;

use super::content::Opened;
use super::decide::{Note, check_note};
use super::policy::{may_answer, may_read};
use super::publish::{Public, check_public, lay_open, release};
use super::{store, tell};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::problem::{Code, Problem};
use crate::{audit, duty, text};

/// Characters of an answer.
pub const LONGEST_ANSWER: usize = 5000;

/// An answer, and what of the message becomes public with it.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub answer: String,
    /// None keeps both between the bureau and the author.
    pub publish: Option<Public>,
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
    allowed(staff, &message)?;
    if message.state != MessageState::Accepted {
        return Err(Problem::conflict("这条留言不在等待答复", "This message does not wait for an answer"));
    }
    let opened = Opened::of(app, &message);
    let input = check(input, &message, &opened)?;
    let due = duty::of_subject(&*write, message.id.0).await?;
    let due = due.iter().find(|d| d.kind == DutyKind::MessageAnswer);
    let mut after = Model {
        state: MessageState::Answered,
        answer_enc: Some(app.keys.encrypt(&input.answer, &app.rng)),
        answered_at: Some(now),
        answered_by: Some(staff.id),
        in_time: Some(due.is_none_or(|d| app.today() <= d.due_on)),
        revision: message.revision + 1,
        ..message
    };
    if let Some(public) = &input.publish {
        lay_open(app, &mut after, public, &input.answer, now);
    }
    store::update(&write, &after).await?;
    if after.published_at.is_some() {
        release(app, &write, actor, &after).await?;
    }
    duty::complete(app, &write, actor, DutyKind::MessageAnswer, after.id.0).await?;
    let detail = json!({ "published": after.published_at.is_some() });
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.answer", subject, detail).await?;
    tell::answered(app, &write, &after).await?;
    write.commit().await
}

/// Whether somebody answers this message; for who may not even see it, there is none.
pub(super) fn allowed(staff: &Staff, message: &Model) -> Result<(), Problem> {
    match (may_answer(staff, message), may_read(staff, message)) {
        (true, _) => Ok(()),
        (false, true) => Err(Problem::forbidden()),
        (false, false) => Err(Problem::not_found()),
    }
}

fn check(input: &Answer, message: &Model, opened: &Opened) -> Result<Answer, Problem> {
    let typed = Note { note: text::tidy(&input.answer) };
    let mut problem =
        check_note("answer", &typed, LONGEST_ANSWER).err().unwrap_or_else(|| Problem::new(Code::Invalid));
    let publish = input.publish.as_ref().map(Public::tidy);
    if let Some(public) = &publish {
        problem = check_public(problem, message, opened, public);
    }
    if problem.fields.is_empty() { Ok(Answer { answer: typed.note, publish }) } else { Err(problem) }
}
