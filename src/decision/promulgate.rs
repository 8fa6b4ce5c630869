//! Issuing a decision (决策出台). The day it is issued starts the ten working days for its adoption summary (2020
//! plan, table 二-5); the duty begins in the same transaction, so that one never exists without the other.

use chrono::NaiveDate;
use entity::decision::{ActiveModel, Model};
use entity::enums::{DocumentKind, DutyKind, StepKind, SubjectKind};
use entity::id::DocumentId;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use validator::Validate;

use super::record::{NewStep, insert_step};
use super::{dossier, facts, may_run, number, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::{DayLine, Due};
use crate::duty::{self, Begin, Term};
use crate::problem::Problem;
use crate::text;

/// How and when it was issued.
#[derive(Clone, Debug, Validate)]
pub struct Promulgation {
    /// 发文字号, in any usual spelling.
    #[validate(length(min = 1, max = 60), custom(function = text::one_line))]
    pub doc_number: String,
    pub promulgated_on: NaiveDate,
    /// The text as issued, if it is in the dossier already.
    pub final_document_id: Option<DocumentId>,
    #[validate(length(max = 1000), custom(function = text::several_lines))]
    pub note: String,
}

/// When the adoption summary of a decision issued on `day` is due, with the count day by day.
///
/// # Errors
/// `invalid` for a date out of all range.
pub fn summary_due(app: &App, day: NaiveDate) -> Result<(Due, Vec<DayLine>), Problem> {
    let (calendar, days) = (app.calendar(), app.config.rules.summary_working_days);
    Ok((calendar.nth_working_day_after(day, days)?, calendar.explain(day, days, &[])?))
}

/// Issues the decision and begins the duty of its adoption summary, if the public was asked.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `against_rule` with the article; `conflict` when already issued.
pub async fn promulgate(
    app: &App,
    actor: &Actor,
    code: &str,
    input: &Promulgation,
) -> Result<Model, Problem> {
    input.validate()?;
    let write = app.write().await?;
    let row = store::lock(&write, code).await?;
    may_run(actor, &row)?;
    let facts = facts::facts(app, &*write, &row).await?;
    policy::may_promulgate(&facts, input.promulgated_on)?;
    let number = number::normalise(&input.doc_number, input.promulgated_on)?;
    if store::number_is_taken(&*write, &number).await? {
        return Err(Problem::invalid(
            "doc_number",
            "该发文字号已用于另一决策事项",
            "Another decision bears this number",
        ));
    }
    if let Some(document) = input.final_document_id
        && !store::has_document(&*write, row.id, document, Some(DocumentKind::Final)).await?
    {
        return Err(Problem::invalid(
            "final_document_id",
            "请选择本事项的正式文本",
            "Choose a final text of this decision",
        ));
    }
    let change = ActiveModel {
        doc_number: Set(Some(number.clone())),
        promulgated_on: Set(Some(input.promulgated_on)),
        ..Default::default()
    };
    store::set(&write, &row, change, app.now()).await?;
    let step = NewStep {
        kind: StepKind::Promulgated,
        happened_on: input.promulgated_on,
        note: input.note.clone(),
        document_id: input.final_document_id,
    };
    insert_step(app, &write, actor, row.id, step).await?;
    if !facts.consultations.is_empty() {
        let begin = Begin {
            kind: DutyKind::AdoptionSummary,
            subject_kind: SubjectKind::Decision,
            subject_id: row.id.0,
            title: row.title.clone(),
            path: format!("/desk/decisions/{}", row.code),
            department_id: row.department_id,
            owner_id: row.owner_id,
            start_on: input.promulgated_on,
            term: Term::WorkingDays(app.config.rules.summary_working_days),
        };
        duty::open(app, &write, actor, begin).await?;
    }
    let subject = audit::subject(SubjectKind::Decision, row.id);
    let detail = json!({ "number": number, "on": input.promulgated_on });
    audit::record(app, &write, actor, "decision.promulgate", subject, detail).await?;
    dossier::republish(app, &write, actor, row.id).await?;
    let row = store::find(&*write, row.id).await?;
    write.commit().await?;
    Ok(row)
}
