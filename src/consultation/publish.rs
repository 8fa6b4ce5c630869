//! Publishing: from this moment the texts and the terms are fixed.

use entity::consultation::Model;
use entity::document;
use entity::enums::{DocumentKind, DutyKind, StepKind, SubjectKind};
use entity::id::ConsultationId;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::check::{self, Facts, Item};
use super::{Stage, release, stage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::decision::{self, NewStep};
use crate::document as documents;
use crate::document::reader::{Block, blocks};
use crate::duty::{self, Begin, Term};
use crate::problem::Problem;

/// What is there and what is missing before this draft may be published.
///
/// # Errors
/// The database's own.
pub async fn missing(app: &App, db: &impl ConnectionTrait, c: &Model) -> Result<Vec<Item>, Problem> {
    let decision = decision::find(db, c.decision_id).await?;
    let texts = release::materials(db, c).await?;
    let rows = documents::clauses(db, c.document_id).await?;
    let units = blocks(&rows).iter().filter(|b| matches!(b, Block::Unit(_))).count();
    let steps: Vec<StepKind> = decision::steps(db, c.decision_id)
        .await?
        .iter()
        .filter(|s| s.happened_on.is_some())
        .map(|s| s.kind)
        .collect();
    let others = store::of_decision(db, c.decision_id).await?;
    let running =
        others.iter().find(|o| o.id != c.id && matches!(stage(o, app.now()), Stage::Announced | Stage::Open));
    let facts = Facts {
        consultation: c,
        today: app.today(),
        least_days: app.config.rules.consultation_days,
        closes_on_working_day: app.calendar().is_working_day(c.closes_on),
        draft: (&texts.draft.title, texts.draft.version, units),
        explanation: texts.explanation.is_some(),
        basis: texts.basis.is_some(),
        steps: &steps,
        not_disclosed: decision.not_disclosed_basis.is_some(),
        running: running.map(|o| o.code.as_str()),
        provider: app.providers.knows_residents(),
    };
    Ok(check::check_list(&facts))
}

/// Publishes a draft: locks its texts, records the steps, opens the duties.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` when published already; `against_rule` or `invalid` with what is
/// missing; the database's own.
pub async fn publish(app: &App, actor: &Actor, id: ConsultationId) -> Result<Model, Problem> {
    let write = app.write().await?;
    let draft = store::find_locked(&write, id).await?;
    let decision = decision::find(&*write, draft.decision_id).await?;
    decision::may_run(actor, &decision)?;
    if draft.published_at.is_some() {
        return Err(Problem::conflict("征求意见已经发布", "The consultation is published already"));
    }
    check::demand(&missing(app, &*write, &draft).await?)?;
    lock_texts(app, &write, actor, &draft).await?;
    let c = Model { published_at: Some(app.now()), published_by: actor.staff_id(), ..draft };
    store::set_published(&write, &c).await?;
    let c = store::find(&*write, c.id).await?;
    record_steps(app, &write, actor, &c).await?;
    open_duties(app, &write, actor, &c, &decision).await?;
    release::release(app, &write, actor, &c).await?;
    let detail =
        json!({ "opens_on": c.opens_on, "closes_on": c.closes_on, "short": c.short_reason.is_some() });
    let subject = audit::subject(SubjectKind::Consultation, id);
    audit::record(app, &write, actor, "consultation.publish", subject, detail).await?;
    write.commit().await?;
    Ok(c)
}

async fn lock_texts(app: &App, write: &Write, actor: &Actor, c: &Model) -> Result<(), Problem> {
    let texts = release::materials(&**write, c).await?;
    let all: [Option<document::Model>; 3] = [Some(texts.draft), texts.explanation, texts.basis];
    for text in all.into_iter().flatten() {
        documents::lock(app, write, actor, text.id, None).await?;
    }
    Ok(())
}

async fn record_steps(app: &App, write: &Write, actor: &Actor, c: &Model) -> Result<(), Problem> {
    let known = decision::steps(&**write, c.decision_id).await?;
    let has_draft = known.iter().any(|s| s.kind == StepKind::Draft && s.document_id == Some(c.document_id));
    if !has_draft {
        let version = documents::head(&**write, c.document_id).await?.version;
        let step = NewStep {
            kind: StepKind::Draft,
            happened_on: app.today(),
            note: format!("公布草案第 {version} 版"),
            document_id: Some(c.document_id),
        };
        decision::add_step(app, write, actor, c.decision_id, step).await?;
    }
    let step = NewStep {
        kind: StepKind::Consultation,
        happened_on: c.opens_on,
        note: format!("{} 至 {}", civil::zh_date(c.opens_on), civil::zh_deadline(c.closes_on)),
        document_id: Some(c.document_id),
    };
    decision::add_step(app, write, actor, c.decision_id, step).await?;
    Ok(())
}

async fn open_duties(
    app: &App,
    write: &Write,
    actor: &Actor,
    c: &Model,
    decision: &entity::decision::Model,
) -> Result<(), Problem> {
    let closes = Begin {
        kind: DutyKind::ConsultationCloses,
        subject_kind: SubjectKind::Consultation,
        subject_id: c.id.0,
        title: c.title.clone(),
        path: format!("/desk/consultations/{}", c.code),
        department_id: decision.department_id,
        owner_id: decision.owner_id,
        start_on: c.opens_on,
        term: Term::Day(c.closes_on),
    };
    let result = Begin {
        kind: DutyKind::ConsultationResult,
        start_on: c.closes_on,
        term: Term::WorkingDays(app.config.rules.result_working_days),
        ..closes.clone()
    };
    duty::open(app, write, actor, closes).await?;
    duty::open(app, write, actor, result).await?;
    Ok(())
}

/// Kinds that a consultation publishes.
pub const KINDS: [DocumentKind; 3] = [DocumentKind::Draft, DocumentKind::Explanation, DocumentKind::Basis];
