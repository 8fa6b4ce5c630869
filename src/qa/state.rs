//! Where a question stands, for who holds its lookup code. Staff are never named.

use chrono::NaiveDate;
use entity::enums::{DutyKind, DutyState, SubjectKind};
use entity::id::QaQuestionId;
use entity::qa_question::Model;
use entity::qa_session::Model as Session;

use super::store::{self, question as rows};
use crate::app::App;
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};
use crate::{department, duty, text};

/// A question with everything its author may know.
#[derive(Debug)]
pub struct State {
    pub code: LookupCode,
    pub session: Session,
    pub question: Model,
    pub text: String,
    /// The author's own, told so that a wrong address is noticed.
    pub contact_masked: Option<String>,
    /// The department that answers.
    pub department: Option<String>,
    /// The last day for the answer, where the session left it open.
    pub answer_by: Option<NaiveDate>,
}

/// Opens the state of the question that a lookup code stands for. A mistyped code, one that was never issued and one
/// of something else get the same answer.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn open(app: &App, address: &str, typed: &str) -> Result<State, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let db = app.db.read();
    let receipt = receipt::find(db, &code).await?;
    if receipt.subject_kind != SubjectKind::QaQuestion {
        return Err(Problem::not_found());
    }
    let question = rows::find(db, QaQuestionId(receipt.subject_id)).await?;
    let session = store::find(db, question.session_id).await?;
    let names = department::names(db).await?;
    let duties = duty::of_subject(db, question.id.0).await?;
    let open = duties.iter().find(|d| d.kind == DutyKind::QaAnswer && d.state == DutyState::Open);
    let contact = question.contact_enc.as_deref().and_then(|sealed| app.keys.decrypt(sealed));
    Ok(State {
        code,
        text: app.keys.decrypt(&question.text_enc).unwrap_or_default(),
        contact_masked: contact.map(|c| text::mask_contact(&c)),
        department: question.department_id.and_then(|id| names.get(&id).cloned()),
        answer_by: open.map(|d| d.due_on),
        session,
        question,
    })
}
