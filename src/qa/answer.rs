//! Answering a question, by the department it was given to. An answer is public at once; it may be corrected, and
//! the audit tells that it was.

use entity::enums::{DutyKind, QuestionState, SubjectKind};
use entity::qa_question::Model;
use serde_json::json;

use super::content::several_lines;
use super::store::question as rows;
use super::{Stage, policy, publish, stage, store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;
use crate::{audit, duty};

/// Characters of an answer.
pub const LONGEST_ANSWER: usize = 5000;

/// Answers, or corrects an answer; the author is told and the duty is done.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when it does not wait for an answer, or the
/// session has not begun; the database's own.
pub async fn answer(app: &App, actor: &Actor, code: &str, number: i32, typed: &str) -> Result<(), Problem> {
    let staff = actor.require_staff()?;
    let write = app.write().await?;
    let session = store::lock_by_code(&write, code).await?;
    let guests = store::guests(&*write, session.id).await?;
    let guests: Vec<_> = guests.into_iter().map(|g| g.department_id).collect();
    policy::may_read(actor, &session, &guests)?;
    let question = rows::by_number(&*write, session.id, number).await?;
    if !policy::may_answer(staff, question.department_id) {
        return Err(Problem::forbidden());
    }
    if !matches!(stage(&session, app.now()), Stage::Collecting | Stage::Live | Stage::Ended) {
        return Err(Problem::conflict(
            "本场网络问政已取消或者尚未开始",
            "The session is cancelled or has not begun",
        ));
    }
    let corrects = match question.state {
        QuestionState::Published => false,
        QuestionState::Answered => true,
        QuestionState::Pending | QuestionState::Rejected => {
            return Err(Problem::conflict("这个问题没有公开", "This question is not published"));
        }
    };
    let text = several_lines("answer", typed, LONGEST_ANSWER)?;
    let after = Model {
        state: QuestionState::Answered,
        answer: Some(text),
        answered_at: if corrects { question.answered_at } else { Some(app.now()) },
        answered_by: Some(staff.id),
        revision: question.revision + 1,
        ..question
    };
    rows::update(&write, &after).await?;
    duty::complete(app, &write, actor, DutyKind::QaAnswer, after.id.0).await?;
    store::changed(&write, session.id).await?;
    if stage(&session, app.now()) == Stage::Ended {
        publish::release(app, &write, actor, &session).await?;
    }
    let subject = audit::subject(SubjectKind::QaQuestion, after.id);
    let detail = json!({ "session": session.code, "number": after.number, "corrects": corrects });
    audit::record(app, &write, actor, "qa.answer", subject, detail).await?;
    if !corrects {
        tell::answered(app, &write, &session, &after).await?;
    }
    write.commit().await
}
