//! The receipt of an answer: what was kept of it, for who holds its lookup code.

use entity::consultation::Model as Consultation;
use entity::enums::SubjectKind;
use entity::questionnaire::Model;
use entity::questionnaire_response;

use super::answer::Checked;
use super::question::{self, Question};
use super::{respond, store};
use crate::app::App;
use crate::consultation;
use crate::problem::Problem;
use crate::rate::{self, Act};
use crate::receipt::{self, LookupCode};

/// An answer with what it answers.
#[derive(Clone, Debug)]
pub struct Own {
    pub code: LookupCode,
    pub consultation: Consultation,
    pub questionnaire: Model,
    pub questions: Vec<Question>,
    pub response: questionnaire_response::Model,
    pub answers: Checked,
}

/// The answer behind a lookup code.
///
/// # Errors
/// `too_many_requests`; `not_found`; the database's own.
pub async fn open(app: &App, address: &str, typed: &str) -> Result<Own, Problem> {
    rate::check(app, Act::Lookup, address).await?;
    let code = LookupCode::parse(typed).ok_or_else(Problem::not_found)?;
    let db = app.db.read();
    let found = receipt::find(db, &code).await?;
    if found.subject_kind != SubjectKind::QuestionnaireResponse {
        return Err(Problem::not_found());
    }
    let response = store::response(db, found.subject_id.into()).await?;
    let questionnaire = store::find(db, response.questionnaire_id).await?;
    let consultation = consultation::find(db, questionnaire.consultation_id).await?;
    let questions = question::questions(&questionnaire)?;
    let answers = respond::read(app, &response)?;
    Ok(Own { code, consultation, questionnaire, questions, response, answers })
}
