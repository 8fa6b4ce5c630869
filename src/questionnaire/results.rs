//! What was answered, in figures: for staff at once; for everybody after the end, or from the start where the owner
//! chose that.
//!
//! Figures are read from the tallies: a few rows, however many answered. A question that fewer than [`FEW`] people
//! answered is not published in figures, because what they say could point at one of them; staff see it. Whoever looks
//! twice at figures that are public from the start can tell what was answered in between: the page for owners says so.

use std::collections::BTreeMap;

use entity::consultation::Model as Consultation;
use entity::questionnaire::Model;

use super::answer::ANSWERED;
use super::question::{self, Ask, Question};
use super::{respond, store};
use crate::actor::Actor;
use crate::app::App;
use crate::consultation::{self, Stage, stage};
use crate::decision;
use crate::problem::Problem;

/// With fewer answers than this the figures of a question could point at one person.
pub const FEW: u64 = 3;

/// How often one choice was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub choice: i32,
    pub n: u64,
}

/// The figures of one question.
#[derive(Clone, Debug)]
pub struct Figures {
    pub question: Question,
    /// Who answered it: what percentages are of.
    pub base: u64,
    /// Every choice or mark, in its order; of a free text none. Missing where too few answered.
    pub cells: Option<Vec<Cell>>,
}

impl Figures {
    /// A share of those who answered, in tenths of a percent, rounded.
    pub fn per_mille(&self, n: u64) -> u64 {
        (n * 1000 + self.base / 2).checked_div(self.base).unwrap_or(0)
    }

    /// The mean of a scale.
    pub fn mean(&self) -> Option<f64> {
        let cells = self.cells.as_ref().filter(|_| matches!(self.question.ask, Ask::Scale { .. }))?;
        let n: u64 = cells.iter().map(|c| c.n).sum();
        let sum: f64 = cells.iter().map(|c| f64::from(c.choice) * c.n as f64).sum();
        (n > 0).then(|| sum / n as f64)
    }
}

/// A questionnaire with its results.
#[derive(Clone, Debug)]
pub struct Results {
    pub consultation: Consultation,
    pub questionnaire: Model,
    /// Who filled it in.
    pub responses: u64,
    /// None while they are not public.
    pub figures: Option<Vec<Figures>>,
}

/// Whether everybody may see the figures now.
pub fn are_public(consultation: &Consultation, row: &Model, now: chrono::DateTime<chrono::Utc>) -> bool {
    row.ready_at.is_some()
        && match stage(consultation, now) {
            Stage::Draft | Stage::Announced => false,
            Stage::Open => row.open_results,
            Stage::Closed => true,
        }
}

/// The results for everybody.
///
/// # Errors
/// `not_found` for what is not public; the database's own.
pub async fn of_public(app: &App, code: &str) -> Result<Results, Problem> {
    let (target, _) = respond::visible(app, code).await?;
    let moment = app.db.moment().await?;
    let row = store::of(&moment, target.id).await?.ok_or_else(Problem::not_found)?;
    let public = are_public(&target, &row, app.now());
    let figures = if public {
        let mut all = figures(&row, store::tallies(&moment, row.id).await?)?;
        for f in &mut all {
            f.cells = f.cells.take().filter(|_| f.base >= FEW);
        }
        Some(all)
    } else {
        None
    };
    let responses = u64::try_from(row.responses).unwrap_or(0);
    Ok(Results { consultation: target, questionnaire: row, responses, figures })
}

/// The results for those who may read the desk of the decision.
///
/// # Errors
/// `unauthenticated`, `not_found`, `forbidden`; the database's own.
pub async fn of_staff(app: &App, actor: &Actor, code: &str) -> Result<Results, Problem> {
    let moment = app.db.moment().await?;
    let target = consultation::by_code(&moment, crate::opinion::code(code)?).await?;
    decision::may_read_desk(actor, &decision::find(&moment, target.decision_id).await?)?;
    let row = store::of(&moment, target.id).await?.ok_or_else(Problem::not_found)?;
    let all = figures(&row, store::tallies(&moment, row.id).await?)?;
    let responses = u64::try_from(row.responses).unwrap_or(0);
    Ok(Results { consultation: target, questionnaire: row, responses, figures: Some(all) })
}

fn figures(row: &Model, tallies: Vec<entity::questionnaire_tally::Model>) -> Result<Vec<Figures>, Problem> {
    let counts: BTreeMap<(i32, i32), u64> =
        tallies.iter().map(|t| ((t.question, t.choice), u64::try_from(t.n).unwrap_or(0))).collect();
    let of = |question: Question| {
        let n = |choice| counts.get(&(question.number, choice)).copied().unwrap_or(0);
        let cells = question.values().into_iter().map(|choice| Cell { choice, n: n(choice) }).collect();
        Figures { base: n(ANSWERED), cells: Some(cells), question }
    };
    Ok(question::questions(row)?.into_iter().map(of).collect())
}
