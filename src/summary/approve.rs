//! From the owner to the department's head and back: submit, approve, send back. Four eyes: the head does
//! not approve what the head submitted, unless the department has nobody else.

use entity::enums::{SubjectKind, SummaryState};
use entity::id::{ConsultationId, StaffId};
use entity::summary::Model;
use serde_json::json;
use validator::Validate;

use super::draft::{self, Work};
use super::gate::{self, Needed};
use super::{policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::notice::{self, Message, Recipient};
use crate::problem::{Code, Problem};
use crate::{audit, department, text};

/// Hands the summary to the department's head. Texts never edited by hand are written from the facts once
/// more, so that their numbers are today's.
///
/// # Errors
/// `forbidden`; `not_found`; `against_rule` with everything that is missing; `conflict` once published or
/// without a head; the database's own.
pub async fn submit(app: &App, actor: &Actor, id: ConsultationId) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = draft::enter(app, &write, id).await?;
    let by = policy::may_write(actor, &work.decision)?.id;
    let before = work.row()?;
    draft::unpublished(&before)?;
    gate::require(&work.checks, Needed::Submit)?;
    let head = department::find(&*write, work.decision.department_id).await?.head_id.ok_or_else(|| {
        Problem::conflict(
            "本单位未设负责人，无法审批，请管理员设置",
            "The department has no head to approve it; ask the administrator",
        )
    })?;
    let mut after = before.clone();
    draft::refresh(&work, &mut after, false);
    after.state = SummaryState::Submitted;
    after.submitted_by = Some(by);
    after.submitted_at = Some(app.now());
    after.submitted_hash = Some(work.hash(&after));
    after.approved_by = None;
    after.approved_at = None;
    after.returned_reason = None;
    after.updated_at = app.now();
    store::update(&write, &before, &after).await?;
    let detail = json!({ "hash": after.submitted_hash });
    note(app, &write, actor, &after, "summary.submit", detail).await?;
    let told =
        Told { stage: "submitted", revision: before.revision, word: "待审批", en: "waits for approval" };
    tell(app, &write, &work, &before, head, &told, "").await?;
    write.commit().await
}

/// The head agrees with exactly what was submitted; `seen` is the hash that was read.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` when it was not submitted, was submitted by the same person, or
/// changed since; `stale` when another text was read; the database's own.
pub async fn approve(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    seen: Option<&str>,
) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = draft::enter(app, &write, id).await?;
    let head = policy::may_return(actor, &work.decision)?.id;
    let before = work.row()?;
    waiting(&before)?;
    let alone = !store::others_could_submit(&*write, work.decision.department_id, head).await?;
    policy::may_approve(actor, &work.decision, before.submitted_by, alone)?;
    if seen.is_some_and(|s| Some(s) != before.submitted_hash.as_deref()) {
        return Err(Problem::new(Code::Stale));
    }
    unchanged(&work, &before)?;
    let after = Model {
        state: SummaryState::Approved,
        approved_by: Some(head),
        approved_at: Some(app.now()),
        updated_at: app.now(),
        ..before.clone()
    };
    store::update(&write, &before, &after).await?;
    let detail = json!({ "hash": before.submitted_hash, "alone": before.submitted_by == Some(head) });
    note(app, &write, actor, &after, "summary.approve", detail).await?;
    if let Some(owner) = before.submitted_by {
        let told =
            Told {
                stage: "approved", revision: before.revision, word: "已审批，可以公布", en: "approved"
            };
        tell(app, &write, &work, &before, owner, &told, "").await?;
    }
    write.commit().await
}

#[derive(Validate)]
struct Reason<'a> {
    #[validate(length(min = 1, max = 1000), custom(function = text::several_lines))]
    reason: &'a str,
}

/// The head sends it back with a reason.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid` without a reason; `conflict` when it was not submitted; the
/// database's own.
pub async fn send_back(app: &App, actor: &Actor, id: ConsultationId, reason: &str) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = draft::enter(app, &write, id).await?;
    policy::may_return(actor, &work.decision)?;
    Reason { reason }.validate()?;
    let before = work.row()?;
    if !matches!(before.state, SummaryState::Submitted | SummaryState::Approved) {
        return Err(not_submitted());
    }
    let mut after = before.clone();
    draft::back_to_draft(&mut after);
    after.returned_reason = Some(reason.to_owned());
    after.updated_at = app.now();
    store::update(&write, &before, &after).await?;
    note(app, &write, actor, &after, "summary.return", json!({})).await?;
    if let Some(owner) = before.submitted_by {
        let told =
            Told { stage: "returned", revision: before.revision, word: "被退回修改", en: "sent back" };
        tell(app, &write, &work, &before, owner, &told, reason).await?;
    }
    write.commit().await
}

fn not_submitted() -> Problem {
    Problem::conflict("采纳情况还没有送审", "The summary was not submitted")
}

fn waiting(row: &Model) -> Result<(), Problem> {
    if row.state == SummaryState::Submitted { Ok(()) } else { Err(not_submitted()) }
}

/// Refuses when anything that would be published differs from what was submitted.
pub(super) fn unchanged(work: &Work, row: &Model) -> Result<(), Problem> {
    if row.submitted_hash.as_deref() == Some(work.hash(row).as_str()) {
        return Ok(());
    }
    Err(Problem::conflict(
        "送审以后，意见的答复、审核或数字有了变化，请承办人核对后重新送审",
        "A response, a review or a number changed since it was submitted; it has to be submitted again",
    ))
}

async fn note(
    app: &App,
    write: &Write,
    actor: &Actor,
    row: &Model,
    action: &'static str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    audit::record(app, write, actor, action, audit::subject(SubjectKind::Summary, row.id), detail).await
}

/// What happened, and at which revision, so that each time is told once.
struct Told {
    stage: &'static str,
    revision: i32,
    word: &'static str,
    en: &'static str,
}

async fn tell(
    app: &App,
    write: &Write,
    work: &Work,
    row: &Model,
    to: StaffId,
    told: &Told,
    reason: &str,
) -> Result<(), Problem> {
    let why = if reason.is_empty() { String::new() } else { format!("\n原因：{reason}") };
    let message = Message {
        subject_kind: SubjectKind::Summary,
        subject_id: row.id.0,
        stage: &format!("{}:{}", told.stage, told.revision),
        title: format!("【采纳情况{}】{}", told.word, work.decision.title),
        body: format!(
            "{}：{}。{why}\n\nThe adoption summary of consultation {}: {}.",
            row.title, told.word, work.consultation.code, told.en
        ),
        path: format!("/desk/consultations/{}/summary", work.consultation.code),
    };
    notice::send(app, write, &Recipient::Staff(to), &message).await?;
    Ok(())
}
