//! After the answer, over the state page: the author says whether it satisfies, and may ask once more; the
//! department answers that too, within a duty of its own. Both stay between the bureau and the author.

use chrono::{Days, NaiveDate};
use entity::enums::{DutyKind, MessageState, Satisfaction, SubjectKind};
use entity::id::MessageId;
use entity::message::Model;
use serde_json::json;

use super::answer::{LONGEST_ANSWER, allowed};
use super::content::Opened;
use super::decide::{Note, check_note};
use super::{store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::duty::{self, Begin, Term};
use crate::problem::Problem;
use crate::{audit, text};

/// Characters of a further question.
pub const LONGEST_QUESTION: usize = 500;

/// The last day for a further question, where one is possible, until 24:00 in Asia/Shanghai.
pub fn until(app: &App, message: &Model) -> Option<NaiveDate> {
    if message.state != MessageState::Answered || message.followed_up_at.is_some() {
        return None;
    }
    let days = Days::new(app.config.rules.message_follow_up_days.into());
    let last = civil::local_date(message.answered_at?).checked_add_days(days)?;
    (app.today() <= last).then_some(last)
}

/// Takes the author's word on the answer, once; the same again changes nothing.
///
/// # Errors
/// `not_found`; `conflict` before the answer, or for another word; the database's own.
pub async fn vote(app: &App, actor: &Actor, id: MessageId, word: Satisfaction) -> Result<(), Problem> {
    let write = app.write().await?;
    let message = store::lock_by_id(&write, id).await?;
    if message.state != MessageState::Answered {
        return Err(Problem::conflict("答复之后才能评价", "It can be rated once it is answered"));
    }
    match message.satisfaction {
        Some(before) if before == word => return write.commit().await,
        Some(_) => return Err(Problem::conflict("您已经评价过", "You have rated it already")),
        None => {}
    }
    let after = Model { satisfaction: Some(word), revision: message.revision + 1, ..message };
    store::update(&write, &after).await?;
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.vote", subject, json!({ "satisfaction": word })).await?;
    write.commit().await
}

/// Takes the author's further question; its duty begins. The same sent twice is taken once.
///
/// # Errors
/// `not_found`; `invalid`; `conflict` before the answer, after the one question, or too late; the database's
/// own.
pub async fn ask(app: &App, actor: &Actor, id: MessageId, question: &str) -> Result<(), Problem> {
    let Note { note: question } =
        check_note("question", &Note { note: text::tidy(question) }, LONGEST_QUESTION)?;
    let now = app.now();
    let write = app.write().await?;
    let message = store::lock_by_id(&write, id).await?;
    if Opened::of(app, &message).follow_up.as_deref() == Some(question.as_str()) {
        return write.commit().await;
    }
    let (Some(_), Some(department_id)) = (until(app, &message), message.department_id) else {
        return Err(Problem::conflict(
            "现在不能追问：每条留言答复后可以追问一次，或者已过追问期限",
            "No further question can be asked now: there is one after the answer, and its time may be over",
        ));
    };
    let after = Model {
        follow_up_enc: Some(app.keys.encrypt(&question, &app.rng)),
        followed_up_at: Some(now),
        revision: message.revision + 1,
        ..message
    };
    store::update(&write, &after).await?;
    let begin = Begin {
        kind: DutyKind::MessageFollowUp,
        subject_kind: SubjectKind::Message,
        subject_id: after.id.0,
        title: super::duty_title(&after),
        path: super::desk_path(&after),
        department_id,
        owner_id: None,
        start_on: civil::local_date(now),
        term: Term::WorkingDays(app.config.rules.message_working_days),
    };
    let due = duty::open(app, &write, actor, begin).await?.due_on;
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.follow_up", subject, json!({ "due": due })).await?;
    write.commit().await
}

/// Answers the further question; the author is told and its duty is done.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for who may not see it; `invalid`; `conflict` when none waits;
/// the database's own.
pub async fn answer(app: &App, actor: &Actor, number: &str, answer: &str) -> Result<(), Problem> {
    let staff = actor.require_staff()?;
    let now = app.now();
    let write = app.write().await?;
    let message = store::lock(&write, number).await?;
    allowed(staff, &message)?;
    if message.followed_up_at.is_none() || message.follow_up_answered_at.is_some() {
        return Err(Problem::conflict("没有等待答复的追问", "No further question waits for an answer"));
    }
    let note = check_note("follow_up_answer", &Note { note: text::tidy(answer) }, LONGEST_ANSWER)?;
    let after = Model {
        follow_up_answer_enc: Some(app.keys.encrypt(&note.note, &app.rng)),
        follow_up_answered_at: Some(now),
        revision: message.revision + 1,
        ..message
    };
    store::update(&write, &after).await?;
    duty::complete(app, &write, actor, DutyKind::MessageFollowUp, after.id.0).await?;
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.answer_follow_up", subject, json!({})).await?;
    tell::followed_up(app, &write, &after).await?;
    write.commit().await
}
