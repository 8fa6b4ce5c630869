//! What happened, published after the event: the text, the figures, and of an opened meeting what was decided.

use entity::enums::{DutyKind, EventKind, SubjectKind};
use entity::event::Model;
use entity::id::EventId;
use serde_json::json;
use validator::Validate;

use super::lot::Quota;
use super::store::registration as rows;
use super::{Stage, policy, publish, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::problem::{Code, Problem};
use crate::{audit, duty, text};

/// More people than any event holds.
const MOST: i32 = 1_000_000;

#[derive(Clone, Debug, Default, Validate)]
pub struct Report {
    /// What happened, who took part (by kind, never by name without their consent), what was said.
    #[validate(length(min = 1, max = 20_000), custom(function = text::several_lines))]
    pub text: String,
    /// What was decided (审议情况); must be there for an opened meeting.
    #[validate(length(max = 5000), custom(function = text::several_lines))]
    pub outcome: String,
    /// What those who sat in said, and what was answered; must be there for an opened meeting.
    #[validate(length(max = 10_000), custom(function = text::several_lines))]
    pub said: String,
    /// People from outside by group; without it, those counted at the door. Of opened meetings.
    pub attendance: Vec<Quota>,
    /// People from outside who took part; without it, the sum of the groups, or those counted at the door.
    pub attended: Option<i32>,
}

/// Publishes the report, or a corrected one.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` before the last session is over, or when it was cancelled; the
/// database's own.
pub async fn report(app: &App, actor: &Actor, id: EventId, input: &Report) -> Result<Model, Problem> {
    let write = app.write().await?;
    let before = store::lock(&write, id).await?;
    policy::may_organise(actor, &before)?;
    let sessions = store::sessions(&*write, id).await?;
    if stage(&before, &sessions, app.now()) != Stage::Held {
        return Err(Problem::conflict(
            "活动结束后才能公布活动情况",
            "A report can be published once the event is over",
        ));
    }
    check(input, before.kind)?;
    let attendance = match before.kind {
        EventKind::Meeting if input.attendance.is_empty() => rows::came_by_group(&*write, id).await?,
        EventKind::Meeting => input.attendance.clone(),
        _ => Vec::new(),
    };
    let counted = match input.attendance.iter().map(|a| a.seats).sum() {
        0 => sessions.iter().map(|s| s.present).sum(),
        said => said,
    };
    let attendance = Some(attendance).filter(|a| !a.is_empty());
    let attendance = attendance.map(|a| serde_json::to_string(&a)).transpose().map_err(Problem::internal)?;
    let event = Model {
        report: Some(input.text.clone()),
        outcome: Some(input.outcome.clone()).filter(|o| !o.is_empty()),
        said: Some(input.said.clone()).filter(|s| !s.is_empty()),
        attendance,
        attended: Some(input.attended.unwrap_or(counted)),
        report_published_at: before.report_published_at.or(Some(app.now())),
        revision: before.revision + 1,
        ..before.clone()
    };
    store::update(&write, before.revision, &event).await?;
    publish::release(app, &write, actor, &event).await?;
    duty::complete(app, &write, actor, DutyKind::EventReport, id.0).await?;
    let subject = audit::subject(SubjectKind::Event, id);
    audit::record(app, &write, actor, "event.report", subject, json!({ "attended": event.attended })).await?;
    write.commit().await?;
    Ok(event)
}

/// Who took part by group, as the report says.
pub fn attendance(event: &Model) -> Vec<Quota> {
    event.attendance.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn check(input: &Report, kind: EventKind) -> Result<(), Problem> {
    let mut problem = input.validate().err().map(Problem::from);
    let mut wrong = |field: &'static str, zh: &'static str, en: &'static str| {
        let so_far = problem.take().unwrap_or_else(|| Problem::new(Code::Invalid));
        problem = Some(so_far.field(field, zh, en));
    };
    if kind == EventKind::Meeting && input.outcome.is_empty() {
        wrong(
            "outcome",
            "会议开放应当公布决策事项的审议情况（政务公开工作要点表二第6项）",
            "Of an opened meeting, what was decided is published (annual plan, table II-6)",
        );
    }
    if kind == EventKind::Meeting && input.said.is_empty() {
        wrong(
            "said",
            "会议开放应当公布列席人员的意见（政务公开工作要点表二第6项）；没有意见的，请写明",
            "Of an opened meeting, what those who sat in said is published (annual plan, table II-6); if nothing, say so",
        );
    }
    if input.attendance.iter().any(|a| !(0..=MOST).contains(&a.seats)) {
        wrong("attended", "请核对各组人数", "Check the numbers of the groups");
    }
    let groups: i64 = input.attendance.iter().map(|a| i64::from(a.seats)).sum();
    if groups > 0 && input.attended.is_some_and(|n| i64::from(n) != groups) {
        wrong("attended", "与各组人数之和不符", "It is not the sum of the groups");
    }
    if input.attended.is_some_and(|n| !(0..=MOST).contains(&n)) {
        wrong("attended", "请核对人数", "Check the number of people");
    }
    problem.map_or(Ok(()), Err)
}
