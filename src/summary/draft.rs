//! Writing a summary: generated from the facts, then edited by hand.

use entity::consultation::Model as Consultation;
use entity::decision::Model as Decision;
use entity::enums::{SubjectKind, SummaryState};
use entity::id::{ConsultationId, SummaryId};
use entity::summary::Model;
use sea_orm::ConnectionTrait;
use serde_json::json;
use validator::Validate;

use super::content::{self, Content, Loaded};
use super::gate::{self, Check};
use super::{generate as text_of, policy, store};
use crate::actor::Actor;
use crate::app::App;
use crate::consultation::{Stage, stage};
use crate::db::Write;
use crate::problem::{Code, Problem};
use crate::topic as topics;
use crate::{audit, decision, text};

/// The two texts an owner edits.
#[derive(Clone, Debug, Validate)]
pub struct Texts {
    /// 履行公众参与程序总体情况
    #[validate(length(min = 1, max = 20000), custom(function = text::several_lines))]
    pub participation: String,
    /// 意见建议收集和采纳情况
    #[validate(length(min = 1, max = 20000), custom(function = text::several_lines))]
    pub overview: String,
    /// The revision that was read.
    pub revision: Option<i32>,
}

/// Everything about a consultation's summary, read at one moment.
pub struct Work {
    pub consultation: Consultation,
    pub decision: Decision,
    pub summary: Option<Model>,
    /// Name of the undertaking department.
    pub department: String,
    pub(super) loaded: Loaded,
    pub checks: Vec<Check>,
}

impl Work {
    pub fn content(&self) -> &Content {
        &self.loaded.content
    }

    /// SHA-256 of what would be published now; equal to the hash of the publication.
    pub(super) fn hash(&self, row: &Model) -> String {
        let body = self.body(row);
        crate::keys::sha256_hex(format!("{}\n{body}", row.title).as_bytes())
    }

    pub(super) fn body(&self, row: &Model) -> String {
        let correction = row.correction_reason.as_deref();
        content::body(&row.participation, &row.overview, &self.loaded.content, correction)
    }

    /// The summary's row, which must have been generated.
    pub(super) fn row(&self) -> Result<Model, Problem> {
        self.summary
            .clone()
            .ok_or_else(|| Problem::conflict("请先生成采纳情况", "Generate the summary first"))
    }
}

/// Reads it from outside of a transaction, with every line of the table.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn read(app: &App, consultation: Consultation) -> Result<Work, Problem> {
    load(app, app.db.read(), consultation, true).await
}

/// The same without the lines of the table, of which there may be very many: for a page that shows none.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn look(app: &App, consultation: Consultation) -> Result<Work, Problem> {
    load(app, app.db.read(), consultation, false).await
}

async fn load(
    app: &App,
    db: &impl ConnectionTrait,
    consultation: Consultation,
    lines: bool,
) -> Result<Work, Problem> {
    let id = consultation.id;
    let decision = decision::find(db, consultation.decision_id).await?;
    let summary = store::of_consultation(db, id).await?;
    let loaded = content::load(app, db, &consultation, &decision, lines).await?;
    let checks = gate::checks(&gate::Facts {
        closed: stage(&consultation, app.now()) == Stage::Closed,
        figures: &loaded.content.figures,
        in_table: loaded.in_table,
        pending: &topics::pending(db, id).await?,
        appealed: &topics::appealed(db, id).await?,
        undecided: &topics::undecided(db, id).await?,
        topics: &loaded.stats,
        least: app.config.rules.concentrated_people,
        final_text: topics::final_text(db, decision.id).await?.is_some(),
        without_clause: &topics::without_clause(db, id).await?,
        ending: &loaded.facts.ending,
    });
    let department = loaded.facts.department.clone();
    Ok(Work { consultation, decision, summary, department, loaded, checks })
}

/// Locks the consultation and reads it all again, so that nothing moves until the commit.
pub(super) async fn enter(app: &App, write: &Write, id: ConsultationId) -> Result<Work, Problem> {
    let consultation = topics::lock(write, id).await?;
    if consultation.published_at.is_none() {
        return Err(Problem::not_found());
    }
    load(app, &**write, consultation, true).await
}

/// Refuses while the summary is public and no correction is being written.
pub(super) fn unpublished(row: &Model) -> Result<(), Problem> {
    if row.state != SummaryState::Published {
        return Ok(());
    }
    Err(Problem::conflict(
        "采纳情况已公布；确需修改的，请发起更正",
        "The summary is published; open a correction to change it",
    ))
}

/// Whatever was submitted or approved is no longer what is there.
pub(super) fn back_to_draft(row: &mut Model) {
    row.state = SummaryState::Draft;
    row.submitted_by = None;
    row.submitted_at = None;
    row.submitted_hash = None;
    row.approved_by = None;
    row.approved_at = None;
}

/// Writes the texts from the facts: those never edited by hand, or all when asked to.
pub(super) fn refresh(work: &Work, row: &mut Model, overwrite: bool) {
    let facts = &work.loaded.facts;
    row.title = text_of::title(&facts.title);
    if overwrite || !row.participation_edited {
        row.participation = text_of::participation(facts);
        row.participation_edited = false;
    }
    if overwrite || !row.overview_edited {
        row.overview = text_of::overview(facts);
        row.overview_edited = false;
    }
}

/// Generates the draft, or generates it again: what was edited by hand stays unless `overwrite`.
///
/// # Errors
/// `forbidden`; `not_found`; `conflict` while the consultation is open or once the summary is published; the
/// database's own.
pub async fn generate(
    app: &App,
    actor: &Actor,
    id: ConsultationId,
    overwrite: bool,
) -> Result<SummaryId, Problem> {
    let write = app.write().await?;
    let work = enter(app, &write, id).await?;
    policy::may_write(actor, &work.decision)?;
    if stage(&work.consultation, app.now()) != Stage::Closed {
        return Err(Problem::conflict(
            "征求意见尚未截止，截止后才能生成采纳情况",
            "The consultation is still open; the summary follows its end",
        ));
    }
    let row = match &work.summary {
        Some(before) => {
            unpublished(before)?;
            let mut after = before.clone();
            refresh(&work, &mut after, overwrite);
            back_to_draft(&mut after);
            after.updated_at = app.now();
            store::update(&write, before, &after).await?;
            before.id
        }
        None => {
            let mut row = blank(app, &work);
            refresh(&work, &mut row, true);
            let id = row.id;
            store::insert(&write, row).await?;
            id
        }
    };
    let detail = json!({ "overwrite": overwrite });
    audit::record(app, &write, actor, "summary.generate", audit::subject(SubjectKind::Summary, row), detail)
        .await?;
    write.commit().await?;
    Ok(row)
}

fn blank(app: &App, work: &Work) -> Model {
    Model {
        id: app.id(),
        decision_id: work.decision.id,
        consultation_id: work.consultation.id,
        state: SummaryState::Draft,
        title: String::new(),
        participation: String::new(),
        overview: String::new(),
        participation_edited: false,
        overview_edited: false,
        snapshot: None,
        submitted_by: None,
        submitted_at: None,
        submitted_hash: None,
        approved_by: None,
        approved_at: None,
        returned_reason: None,
        correction_reason: None,
        published_at: None,
        published_by: None,
        created_at: app.now(),
        updated_at: app.now(),
        revision: 1,
    }
}

/// Changes the texts. What was submitted or approved has to be submitted again.
///
/// # Errors
/// `forbidden`; `not_found`; `invalid`; `stale`; `conflict` once published; the database's own.
pub async fn edit(app: &App, actor: &Actor, id: ConsultationId, texts: &Texts) -> Result<(), Problem> {
    let write = app.write().await?;
    let work = enter(app, &write, id).await?;
    policy::may_write(actor, &work.decision)?;
    texts.validate()?;
    let before = work.row()?;
    unpublished(&before)?;
    if texts.revision.is_some_and(|r| r != before.revision) {
        return Err(Problem::new(Code::Stale));
    }
    let mut after = before.clone();
    if after.participation != texts.participation {
        after.participation.clone_from(&texts.participation);
        after.participation_edited = true;
    }
    if after.overview != texts.overview {
        after.overview.clone_from(&texts.overview);
        after.overview_edited = true;
    }
    if after == before {
        return write.commit().await;
    }
    back_to_draft(&mut after);
    after.updated_at = app.now();
    store::update(&write, &before, &after).await?;
    let subject = audit::subject(SubjectKind::Summary, before.id);
    audit::record(app, &write, actor, "summary.edit", subject, json!({})).await?;
    write.commit().await
}
