//! Questionnaires of consultations (问卷调查): a few questions beside the draft, for those who would not write an
//! opinion. They are one of the ways to hear the public (国令713 Art. 14: 征求意见可以采取…问卷调查…等方式), not a vote:
//! taking part is voluntary and nobody is drawn, so the figures stand for those who answered and nobody else, and every
//! page of results says so.
//!
//! A consultation has at most one. Its owner composes it ([`save`]); made ready, it is shown with the consultation and
//! takes answers in the same window, extensions included ([`respond`]). With the first answer it is fixed. Choices are
//! counted and published ([`results`]); free texts are for the staff alone (see `answer.rs`).

pub mod api;
pub mod page;
pub mod results;

mod answer;
mod api_types;
mod compose;
mod own;
mod question;
mod respond;
mod single;
mod store;

use entity::consultation::Model as Consultation;
use entity::questionnaire::Model;
use sea_orm::ConnectionTrait;

pub use answer::Answer;
pub use compose::save;
pub use question::{Ask, Content, Question};
pub use respond::{Receipt, Respond, respond};
pub use store::of;

use crate::problem::Problem;

/// What the pages of a published consultation say of its questionnaire.
#[derive(Clone, Debug)]
pub struct Brief {
    pub questionnaire: Model,
    pub questions: usize,
    pub responses: u64,
    pub results_public: bool,
}

/// Whether another site's questions can be asked and their figures shown.
pub fn are_questions(json: &serde_json::Value) -> bool {
    serde_json::from_value(json.clone()).is_ok_and(|questions| {
        let whole = Content { title: "-".into(), ready: true, questions, ..Content::default() };
        whole.check().is_ok_and(|checked| checked == whole)
    })
}

/// The questionnaire of a published consultation, once it is ready.
///
/// # Errors
/// The database's own.
pub async fn brief(
    db: &impl ConnectionTrait,
    c: &Consultation,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<Brief>, Problem> {
    if c.published_at.is_none() {
        return Ok(None);
    }
    let Some(row) = store::of(db, c.id).await?.filter(|q| q.ready_at.is_some()) else { return Ok(None) };
    Ok(Some(Brief {
        questions: question::questions(&row)?.len(),
        responses: u64::try_from(row.responses).unwrap_or(0),
        results_public: results::are_public(c, &row, now),
        questionnaire: row,
    }))
}
