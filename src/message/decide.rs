//! Accepting a message and routing it, or rejecting it with a reason: by a moderator.

use entity::enums::{DutyKind, MessageReason, MessageState, Role, SubjectKind};
use entity::id::DepartmentId;
use entity::message::Model;
use serde_json::json;
use validator::Validate;

use super::content::length;
use super::{answer_days, store, tell};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::duty::{self, Begin, Term};
use crate::problem::{Code, Problem};
use crate::{audit, department, text};

/// Characters of a note to the author.
pub const LONGEST_NOTE: usize = 500;

/// What a moderator decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Key of the department that answers.
    Accept { department: String },
    /// The note is needed where the reason alone does not help the author on.
    Reject { reason: Option<MessageReason>, note: Note },
}

/// What the author is told beside the reason.
#[derive(Clone, Debug, Default, Validate)]
pub struct Note {
    #[validate(custom(function = text::several_lines))]
    pub note: String,
}

/// Decides on a message that waits; the author is told.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when it was decided already; the
/// database's own.
pub async fn decide(
    app: &App,
    actor: &Actor,
    number: &str,
    decision: &Decision,
) -> Result<MessageState, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let now = app.now();
    let write = app.write().await?;
    let message = store::lock(&write, number).await?;
    if message.state != MessageState::Pending {
        return Err(Problem::conflict("这条留言已经处理过", "This message was decided already"));
    }
    let mut after = Model {
        decided_at: Some(now),
        decided_by: Some(staff.id),
        revision: message.revision + 1,
        ..message
    };
    let mut answer_by = None;
    match decision {
        Decision::Accept { department } => {
            let department = chosen(&write, department).await?;
            after.department_id = Some(department);
            after.state = MessageState::Accepted;
            answer_by = Some(duty::open(app, &write, actor, begin(app, &after, department)).await?.due_on);
        }
        Decision::Reject { reason, note } => {
            let (reason, note) = check_rejection(*reason, note)?;
            after.reason = Some(reason);
            after.reason_note = note;
            after.state = MessageState::Rejected;
        }
    }
    store::update(&write, &after).await?;
    duty::complete(app, &write, actor, DutyKind::MessageIntake, after.id.0).await?;
    let detail = json!({ "state": after.state, "department": after.department_id, "reason": after.reason });
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.decide", subject, detail).await?;
    tell::decided(app, &write, &after, answer_by).await?;
    write.commit().await?;
    Ok(after.state)
}

/// Gives an accepted message to another department; its time runs on. The author sees who answers.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; `invalid`; `conflict` when no answer is waited for; the
/// database's own.
pub async fn route(app: &App, actor: &Actor, number: &str, department: &str) -> Result<(), Problem> {
    actor.require(Role::Moderator)?;
    let write = app.write().await?;
    let message = store::lock(&write, number).await?;
    if message.state != MessageState::Accepted {
        return Err(Problem::conflict("这条留言现在不能转办", "This message cannot be passed on now"));
    }
    let department = chosen(&write, department).await?;
    if message.department_id == Some(department) {
        return Err(Problem::invalid("department", "已经由该单位办理", "That department has it already"));
    }
    let detail = json!({ "from": message.department_id, "to": department });
    let after = Model { department_id: Some(department), revision: message.revision + 1, ..message };
    store::update(&write, &after).await?;
    duty::reassign(app, &write, actor, after.id.0, department, None).await?;
    let subject = audit::subject(SubjectKind::Message, after.id);
    audit::record(app, &write, actor, "message.route", subject, detail).await?;
    write.commit().await
}

async fn chosen(write: &Write, key: &str) -> Result<DepartmentId, Problem> {
    let found = department::all(&**write).await?.into_iter().find(|d| d.key == key);
    let found = found.map(|d| d.id);
    found.ok_or_else(|| Problem::invalid("department", "请选择承办单位", "Please choose the department"))
}

fn check_rejection(reason: Option<MessageReason>, note: &Note) -> Result<(MessageReason, String), Problem> {
    let Some(reason) = reason else {
        return Err(Problem::invalid("reason", "请选择原因", "Please choose a reason"));
    };
    let note = Note { note: text::tidy(&note.note) };
    let needed = matches!(
        reason,
        MessageReason::NotOurs | MessageReason::Petition | MessageReason::Unclear | MessageReason::Other
    );
    if note.note.is_empty() && needed {
        return Err(Problem::invalid(
            "note",
            "请向留言人说明：例如应当向哪个机关提出、需要补充什么",
            "Please tell the author more: whom to ask, or what is missing",
        ));
    }
    let note = if note.note.is_empty() { note } else { check_note("note", &note, LONGEST_NOTE)? };
    Ok((reason, note.note))
}

/// A text of staff that must say something and not too much; what is wrong is said of `field`.
pub(super) fn check_note(field: &'static str, note: &Note, most: usize) -> Result<Note, Problem> {
    let mut problem = Problem::new(Code::Invalid);
    if let Err(errors) = note.validate() {
        for found in Problem::from(errors).fields {
            problem = problem.field(field, found.message.zh, found.message.en);
        }
    }
    problem = length(problem, field, &note.note, most);
    if problem.fields.is_empty() { Ok(note.clone()) } else { Err(problem) }
}

/// The answer is due so many working days after the message came, not after it was accepted.
fn begin(app: &App, message: &Model, department_id: DepartmentId) -> Begin {
    Begin {
        kind: DutyKind::MessageAnswer,
        subject_kind: SubjectKind::Message,
        subject_id: message.id.0,
        title: super::duty_title(message),
        path: super::desk_path(message),
        department_id,
        owner_id: None,
        start_on: civil::local_date(message.received_at),
        term: Term::WorkingDays(answer_days(&app.config.rules, message.kind)),
    }
}
