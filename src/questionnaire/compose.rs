//! Writing a questionnaire: by who runs the decision, while the consultation is a draft or runs and nobody has
//! answered. With the first answer it is fixed: whoever answers later is asked the same, and the figures of a question
//! belong to one wording.

use entity::enums::SubjectKind;
use entity::id::ConsultationId;
use entity::questionnaire::Model;
use serde_json::json;

use super::question::Content;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::consultation::{self, Stage, stage};
use crate::problem::{Code, Problem};
use crate::{audit, decision};

/// Writes the questionnaire of a consultation, in place of what it said before. `revision` is the one the writer saw,
/// 0 for none; without it the last one wins.
///
/// # Errors
/// `not_found`, `unauthenticated`, `forbidden`; `invalid` as [`Content::check`]; `conflict` after the first answer or
/// the end; `stale`; the database's own.
pub async fn save(
    app: &App,
    actor: &Actor,
    of: ConsultationId,
    revision: Option<i32>,
    content: &Content,
) -> Result<Model, Problem> {
    let content = content.check()?;
    let write = app.write().await?;
    let target = consultation::find(&*write, of).await?;
    decision::may_run(actor, &decision::find(&*write, target.decision_id).await?)?;
    if stage(&target, app.now()) == Stage::Closed {
        return Err(Problem::conflict("征求意见已经截止", "The consultation has closed"));
    }
    let before = store::lock_of(&write, of).await?;
    may_change(before.as_ref())?;
    let seen = before.as_ref().map_or(0, |q| q.revision);
    if revision.is_some_and(|r| r != seen) {
        return Err(Problem::new(Code::Stale));
    }
    let now = app.now();
    let ready_at = content.ready.then(|| before.as_ref().and_then(|q| q.ready_at).unwrap_or(now));
    let row = Model {
        id: before.as_ref().map_or_else(|| app.id(), |q| q.id),
        consultation_id: of,
        questions: serde_json::to_value(&content.questions).map_err(Problem::internal)?,
        title: content.title,
        intro: content.intro,
        open_results: content.open_results,
        ready_at,
        responses: 0,
        revision: seen + 1,
        created_at: before.as_ref().map_or(now, |q| q.created_at),
        updated_at: now,
    };
    match before {
        Some(_) => store::set_content(&write, &row).await?,
        None => store::insert(&write, &row).await?,
    }
    let subject = audit::subject(SubjectKind::Questionnaire, row.id);
    let detail = json!({
        "consultation": target.code, "revision": row.revision, "questions": content.questions.len(),
        "ready": content.ready,
    });
    audit::record(app, &write, actor, "questionnaire.save", subject, detail).await?;
    write.commit().await?;
    Ok(row)
}

/// Whether the questionnaire may still be changed: nobody has answered it.
///
/// # Errors
/// `conflict`.
pub fn may_change(row: Option<&Model>) -> Result<(), Problem> {
    if row.is_none_or(|q| q.responses == 0) {
        return Ok(());
    }
    Err(Problem::conflict(
        "已经有人填写，问卷不能再修改：前后填写的人应当回答同样的题目",
        "Somebody has answered; the questionnaire stays as it is, so that everybody is asked the same",
    ))
}
