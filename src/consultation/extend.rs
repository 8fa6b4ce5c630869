//! Moving the last day later, never earlier, with a reason that everybody sees.

use chrono::{Days, NaiveDate};
use entity::consultation::Model;
use entity::consultation_extension as extension;
use entity::enums::{DutyKind, SubjectKind};
use entity::id::{ConsultationId, ExtensionId};
use serde_json::json;
use validator::Validate;

use super::{Stage, release, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::decision;
use crate::duty::{self, Term};
use crate::problem::Problem;
use crate::text;

/// An extension beyond this is a slip of the pen.
const LONGEST: u64 = 400;

#[derive(Clone, Debug, Validate)]
pub struct Extend {
    pub new_closes_on: NaiveDate,
    /// Published.
    #[validate(length(min = 1, max = 500), custom(function = text::several_lines))]
    pub reason: String,
}

/// Extends a consultation that has not closed; its duties follow the new day.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` before publication and after the end; the database's own.
pub async fn extend(app: &App, actor: &Actor, id: ConsultationId, input: &Extend) -> Result<Model, Problem> {
    input.validate()?;
    let write = app.write().await?;
    let before = store::find_locked(&write, id).await?;
    decision::may_run(actor, &decision::find(&*write, before.decision_id).await?)?;
    still_running(app, &before)?;
    let latest = before.closes_on.checked_add_days(Days::new(LONGEST)).unwrap_or(NaiveDate::MAX);
    if input.new_closes_on <= before.closes_on || input.new_closes_on > latest {
        return Err(Problem::invalid(
            "new_closes_on",
            "新的截止日期应当晚于原截止日期；期限只能延长，不能缩短",
            "The new last day must be later than the present one; a period can only be extended",
        ));
    }
    let row = extension::Model {
        id: app.id::<ExtensionId>(),
        consultation_id: id,
        old_closes_on: before.closes_on,
        new_closes_on: input.new_closes_on,
        reason: input.reason.clone(),
        published_at: app.now(),
        published_by: actor.staff_id(),
    };
    store::insert_extension(&write, row).await?;
    store::set_closes_on(&write, id, input.new_closes_on).await?;
    let c = store::find(&*write, id).await?;
    let closes = Term::Day(c.closes_on);
    let result = Term::WorkingDays(app.config.rules.result_working_days);
    let reason = "征求意见期限延长";
    duty::restart(app, &write, actor, DutyKind::ConsultationCloses, id.0, c.opens_on, closes, reason).await?;
    duty::restart(app, &write, actor, DutyKind::ConsultationResult, id.0, c.closes_on, result, reason)
        .await?;
    release::release(app, &write, actor, &c).await?;
    let detail = json!({ "old": before.closes_on, "new": c.closes_on });
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "consultation.extend", subject, detail).await?;
    write.commit().await?;
    Ok(c)
}

pub(super) fn still_running(app: &App, c: &Model) -> Result<(), Problem> {
    match stage(c, app.now()) {
        Stage::Announced | Stage::Open => Ok(()),
        Stage::Draft => Err(Problem::conflict(
            "征求意见尚未发布，请直接修改",
            "The consultation is not published yet; change it directly",
        )),
        Stage::Closed => Err(Problem::conflict(
            "征求意见已经截止，不能再延长或者更正",
            "The consultation has closed; it can no longer be extended or corrected",
        )),
    }
}
