//! Writing an event: before it is published, and its words afterwards.

use chrono::Datelike as _;
use entity::enums::SubjectKind;
use entity::event::Model;
use entity::id::{DecisionId, EventId};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::content::Content;
use super::{policy, publish, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::{Code, Problem};
use crate::{decision, sequence};

/// Creates the draft of an event.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `invalid`; the database's own.
pub async fn create(app: &App, actor: &Actor, content: &Content) -> Result<Model, Problem> {
    let staff = actor.require_staff()?;
    if !policy::organises(staff, content.department_id) {
        return Err(Problem::forbidden());
    }
    content.check()?;
    let write = app.write().await?;
    let decision_id = decision_of(&*write, actor, content).await?;
    let year = app.today().year();
    let number = sequence::next(&write, &format!("event:{year}")).await?;
    let row = Model {
        id: app.id(),
        code: format!("E{year}-{number:03}"),
        kind: content.kind,
        department_id: content.department_id,
        decision_id,
        title: content.title.clone(),
        summary: content.summary.clone(),
        conditions: content.conditions.clone(),
        accessibility: content.accessibility.clone(),
        contact_name: content.contact_name.clone(),
        phone: content.phone.clone(),
        email: content.email.clone(),
        published_at: None,
        published_by: None,
        cancelled_at: None,
        cancelled_reason: None,
        report: None,
        outcome: None,
        said: None,
        attendance: None,
        attended: None,
        report_published_at: None,
        erased_at: None,
        created_by: staff.id,
        created_at: app.now(),
        revision: 1,
    };
    store::insert(&write, &row).await?;
    let subject = audit::subject(SubjectKind::Event, row.id);
    let detail = json!({ "code": row.code, "kind": row.kind });
    audit::record(app, &write, actor, "event.create", subject, detail).await?;
    write.commit().await?;
    Ok(row)
}

/// Changes the words of an event. `revision` is the one the writer saw. What is published appears anew; its kind
/// and its department stay.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid`; `conflict` for an event that is cancelled; `stale`; the database's own.
pub async fn edit(
    app: &App,
    actor: &Actor,
    id: EventId,
    revision: Option<i32>,
    content: &Content,
) -> Result<Model, Problem> {
    let write = app.write().await?;
    let before = store::lock(&write, id).await?;
    let staff = policy::may_organise(actor, &before)?;
    content.check()?;
    if !policy::organises(staff, content.department_id) {
        return Err(Problem::forbidden());
    }
    if revision.is_some_and(|seen| seen != before.revision) {
        return Err(Problem::new(Code::Stale));
    }
    if before.cancelled_at.is_some() {
        return Err(Problem::conflict(
            "活动已取消，不能修改",
            "The event is cancelled and cannot be changed",
        ));
    }
    let is_public = before.published_at.is_some();
    if is_public && (content.kind != before.kind || content.department_id != before.department_id) {
        return Err(Problem::conflict(
            "活动已经发布，类型和主办单位不能更改",
            "The event is published; its kind and department cannot be changed",
        ));
    }
    let after = Model {
        kind: content.kind,
        department_id: content.department_id,
        decision_id: decision_of(&*write, actor, content).await?,
        title: content.title.clone(),
        summary: content.summary.clone(),
        conditions: content.conditions.clone(),
        accessibility: content.accessibility.clone(),
        contact_name: content.contact_name.clone(),
        phone: content.phone.clone(),
        email: content.email.clone(),
        revision: before.revision + 1,
        ..before.clone()
    };
    store::update(&write, before.revision, &after).await?;
    if is_public {
        publish::demand_decision(&*write, &after).await?;
        publish::release(app, &write, actor, &after).await?;
    }
    let subject = audit::subject(SubjectKind::Event, id);
    let detail = json!({ "revision": after.revision });
    audit::record(app, &write, actor, "event.edit", subject, detail).await?;
    write.commit().await?;
    Ok(after)
}

/// Throws a draft away; its number is not used again.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` once published; the database's own.
pub async fn discard(app: &App, actor: &Actor, id: EventId) -> Result<(), Problem> {
    let write = app.write().await?;
    let event = store::lock(&write, id).await?;
    policy::may_organise(actor, &event)?;
    if event.published_at.is_some() {
        return Err(Problem::conflict(
            "活动已经发布，不能删除；可以取消并说明原因",
            "The event is published and cannot be deleted; it can be cancelled with a reason",
        ));
    }
    store::delete(&write, id).await?;
    let subject = audit::subject(SubjectKind::Event, id);
    audit::record(app, &write, actor, "event.discard", subject, json!({ "code": event.code })).await?;
    write.commit().await
}

/// The decision that was named, if this person may know of it.
async fn decision_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    content: &Content,
) -> Result<Option<DecisionId>, Problem> {
    if content.decision.is_empty() {
        return Ok(None);
    }
    let unknown = || {
        Problem::invalid(
            "decision",
            "没有这个决策事项，请核对编号",
            "There is no such decision; check its code",
        )
    };
    if super::code(&content.decision).is_err() {
        return Err(unknown());
    }
    match decision::by_code(db, &content.decision).await {
        Ok(found) if found.published_at.is_some() || decision::may_read_desk(actor, &found).is_ok() => {
            Ok(Some(found.id))
        }
        Ok(_) => Err(unknown()),
        Err(problem) if problem.code == Code::NotFound => Err(unknown()),
        Err(problem) => Err(problem),
    }
}
