//! Where a message stands, for who holds its lookup code. Staff are never named.

use chrono::NaiveDate;
use entity::enums::{DutyKind, DutyState, MessageState, SubjectKind};
use entity::id::MessageId;
use entity::message::Model;

use super::content::Opened;
use super::{follow_up, store, submit};
use crate::app::App;
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{department, duty, text};

/// A message with everything its author may know.
#[derive(Debug)]
pub struct State {
    pub code: LookupCode,
    pub message: Model,
    pub opened: Opened,
    /// The page under which it was left.
    pub place: Option<entity::message_page::Model>,
    /// The author's own, told so that a wrong address is noticed.
    pub contact_masked: Option<String>,
    /// The department that answers, or that was written to.
    pub department: Option<String>,
    /// Last day for the answer: of the duty, or as it would be counted now.
    pub answer_by: NaiveDate,
    /// The last day for the answer to a further question that waits.
    pub follow_up_by: Option<NaiveDate>,
    /// The last day for a further question, where one is possible.
    pub may_ask_until: Option<NaiveDate>,
    /// Whether the author may still rate the answer.
    pub may_vote: bool,
}

/// Opens the state of the message that a lookup code stands for. A mistyped code, one that was never issued
/// and one of something else get the same answer.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn open(app: &App, address: &str, typed: &str) -> Result<State, Problem> {
    let id = find(app, address, typed).await?;
    let db = app.db.read();
    let message = store::find(db, id).await?;
    let names = department::names(db).await?;
    let contact = message.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    let duties = duty::of_subject(db, message.id.0).await?;
    let asked = duties.iter().find(|d| d.kind == DutyKind::MessageFollowUp && d.state == DutyState::Open);
    let place = match message.page_id {
        Some(id) => Some(store::place::find(db, id).await?),
        None => None,
    };
    Ok(State {
        place,
        code: LookupCode::of(&app.keys, SubjectKind::Message, id.0),
        contact_masked: contact.map(|c| text::mask_contact(&c)),
        department: message.department_id.or(message.addressed_to).and_then(|id| names.get(&id).cloned()),
        answer_by: answer_by(app, &message).await?,
        follow_up_by: asked.map(|d| d.due_on),
        may_ask_until: follow_up::until(app, &message),
        may_vote: message.state == MessageState::Answered && message.satisfaction.is_none(),
        opened: Opened::of(app, &message),
        message,
    })
}

/// The message that a lookup code stands for.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn find(app: &App, address: &str, typed: &str) -> Result<MessageId, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let receipt = receipt::find(app.db.read(), &code).await?;
    if receipt.subject_kind != SubjectKind::Message {
        return Err(Problem::not_found());
    }
    Ok(MessageId(receipt.subject_id))
}

/// The last day for the answer: the duty's, once there is one.
///
/// # Errors
/// The database's own; `invalid` for a date out of all range.
pub async fn answer_by(app: &App, message: &Model) -> Result<NaiveDate, Problem> {
    let duties = duty::of_subject(app.db.read(), message.id.0).await?;
    match duties.into_iter().find(|d| d.kind == DutyKind::MessageAnswer) {
        Some(duty) => Ok(duty.due_on),
        None => submit::answer_by(app, message),
    }
}
