//! Review before publication, by a moderator: publish and give to a department at the table, or not, with a reason.
//! A question that should not have been published is taken down the same way.

use entity::enums::{DutyKind, MessageReason, QuestionState, Role, SubjectKind};
use entity::id::DepartmentId;
use entity::qa_question::Model;
use entity::qa_session::Model as Session;
use serde_json::json;

use super::content::several_lines;
use super::store::question as rows;
use super::{Stage, publish, stage, store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::moderation::redaction;
use crate::problem::Problem;
use crate::{audit, department, duty, text};

/// Characters of a note to the author.
pub const LONGEST_NOTE: usize = 500;

/// Why a question is not published.
#[derive(Clone, Debug, Default)]
pub struct Rejection {
    pub reason: Option<MessageReason>,
    /// Needed where the reason alone does not help the author on.
    pub note: String,
}

/// What a moderator decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Key of the department at the table that answers; the author's words, with passages replaced by 【已隐去】 at
    /// most.
    Publish {
        department: String,
        text: String,
    },
    Reject(Rejection),
}

/// Decides on a question; the author is told.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when it was decided already, or the session is
/// cancelled; the database's own.
pub async fn decide(
    app: &App,
    actor: &Actor,
    code: &str,
    number: i32,
    decision: &Decision,
) -> Result<QuestionState, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let session = store::lock_by_code(&write, code).await?;
    let question = rows::by_number(&*write, session.id, number).await?;
    may_decide(&session, &question, decision)?;
    let was_public = question.public_text.is_some();
    let mut after = Model {
        decided_at: Some(app.now()),
        decided_by: Some(staff.id),
        revision: question.revision + 1,
        ..question
    };
    match decision {
        Decision::Publish { department, text } => {
            let department = at_table(&write, &session, department).await?;
            lay_open(app, &mut after, text)?;
            after.department_id = Some(department);
            after.state = QuestionState::Published;
        }
        Decision::Reject(rejection) => {
            let (reason, note) = check(rejection)?;
            after = Model {
                state: QuestionState::Rejected,
                reason: Some(reason),
                reason_note: note,
                public_text: None,
                public_name: None,
                answer: None,
                answered_at: None,
                answered_by: None,
                ..after
            };
        }
    }
    rows::update(&write, &after).await?;
    settle(app, &write, actor, &session, &after, was_public).await?;
    let subject = audit::subject(SubjectKind::QaQuestion, after.id);
    let detail = json!({ "session": session.code, "number": after.number, "state": after.state,
        "department": after.department_id, "reason": after.reason, "taken_down": was_public });
    audit::record(app, &write, actor, "qa.decide", subject, detail).await?;
    tell::decided(app, &write, &session, &after).await?;
    write.commit().await?;
    Ok(after.state)
}

/// What waits is decided; what is public may still be taken down.
fn may_decide(session: &Session, question: &Model, decision: &Decision) -> Result<(), Problem> {
    if session.cancelled_at.is_some() {
        return Err(Problem::conflict("本场网络问政已取消", "This session is cancelled"));
    }
    let rejects = matches!(decision, Decision::Reject(_));
    match question.state {
        QuestionState::Pending => Ok(()),
        QuestionState::Published | QuestionState::Answered if rejects => Ok(()),
        _ => Err(Problem::conflict("这个问题已经处理过", "This question was decided already")),
    }
}

/// The author's words as the public reads them, the name masked.
fn lay_open(app: &App, after: &mut Model, typed: &str) -> Result<(), Problem> {
    let original = app.keys.decrypt(&after.text_enc).unwrap_or_default();
    let public = text::tidy(typed);
    if public != original && redaction::verify(&original, &public).is_err() {
        return Err(Problem::invalid(
            "public_text",
            "除了用【已隐去】代替的部分，其余文字必须与原文一字不差",
            "Apart from what 【已隐去】 replaces, the text must be the author's, to the letter",
        ));
    }
    let name = after.name_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    after.public_text = Some(public);
    after.public_name = Some(name.as_deref().map_or_else(|| "匿名".into(), text::mask_name).into_owned());
    Ok(())
}

/// What follows for the page, the duty and the transcript.
async fn settle(
    app: &App,
    write: &Write,
    actor: &Actor,
    session: &Session,
    after: &Model,
    was_public: bool,
) -> Result<(), Problem> {
    match after.department_id.filter(|_| after.state == QuestionState::Published) {
        Some(department) => duty::reassign(app, write, actor, after.id.0, department, None).await?,
        None => duty::complete(app, write, actor, DutyKind::QaAnswer, after.id.0).await?,
    }
    if after.public_text.is_none() && !was_public {
        write.unseen();
        return Ok(());
    }
    store::changed(write, session.id).await?;
    if stage(session, app.now()) == Stage::Ended {
        publish::release(app, write, actor, session).await?;
    }
    Ok(())
}

fn check(rejection: &Rejection) -> Result<(MessageReason, String), Problem> {
    let Some(reason) = rejection.reason else {
        return Err(Problem::invalid("reason", "请选择原因", "Please choose a reason"));
    };
    let needed = matches!(
        reason,
        MessageReason::NotOurs | MessageReason::Petition | MessageReason::Unclear | MessageReason::Other
    );
    if text::tidy(&rejection.note).is_empty() {
        if needed {
            return Err(Problem::invalid(
                "note",
                "请向提问人说明：例如应当向哪个机关提出、需要补充什么",
                "Please tell the author more: whom to ask, or what is missing",
            ));
        }
        return Ok((reason, String::new()));
    }
    Ok((reason, several_lines("note", &rejection.note, LONGEST_NOTE)?))
}

/// Gives a published question to another department at the table.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when no answer is waited for; the database's
/// own.
pub async fn route(
    app: &App,
    actor: &Actor,
    code: &str,
    number: i32,
    department: &str,
) -> Result<(), Problem> {
    actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let session = store::lock_by_code(&write, code).await?;
    let question = rows::by_number(&*write, session.id, number).await?;
    if question.state != QuestionState::Published || session.cancelled_at.is_some() {
        return Err(Problem::conflict("这个问题不在等待答复", "This question does not wait for an answer"));
    }
    let department = at_table(&write, &session, department).await?;
    let detail = json!({ "from": question.department_id, "to": department });
    let after = Model { department_id: Some(department), revision: question.revision + 1, ..question };
    rows::update(&write, &after).await?;
    duty::reassign(app, &write, actor, after.id.0, department, None).await?;
    store::changed(&write, session.id).await?;
    let subject = audit::subject(SubjectKind::QaQuestion, after.id);
    audit::record(app, &write, actor, "qa.route", subject, detail).await?;
    write.commit().await
}

/// A department at the table by its key.
async fn at_table(write: &Write, session: &Session, key: &str) -> Result<DepartmentId, Problem> {
    let guests = store::guests(&**write, session.id).await?;
    let all = department::all(&**write).await?;
    let found = all.into_iter().find(|d| d.key == key && guests.iter().any(|g| g.department_id == d.id));
    found.map(|d| d.id).ok_or_else(|| {
        Problem::invalid("department", "请选择参加本场的单位", "Please choose a department at the table")
    })
}
