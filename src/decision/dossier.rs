//! The dossier as the public reads it: one text, published anew whenever it changes.

use std::fmt::Write as _;

use entity::decision::Model;
use entity::enums::SubjectKind;
use entity::id::DecisionId;

use super::{kind_words, step_words, store};
use crate::actor::Actor;
use crate::app::App;
use crate::calendar::civil;
use crate::db::Write;
use crate::department;
use crate::problem::Problem;
use crate::publication::{self, Release};

/// The public address of a decision.
pub fn path(code: &str) -> String {
    format!("{}/{code}", web::path::DECISIONS)
}

/// Publishes the dossier as it now is, unless that is what the public already reads.
///
/// # Errors
/// The database's own.
pub async fn publish_dossier(
    app: &App,
    write: &Write,
    actor: &Actor,
    decision: &Model,
) -> Result<(), Problem> {
    let department = department::find(&**write, decision.department_id).await?.name;
    let body = text(write, decision, &department).await?;
    let last = publication::latest(&**write, SubjectKind::Decision, decision.id.0).await?;
    if last.is_some_and(|l| l.current && l.title == decision.title && l.body == body) {
        return Ok(());
    }
    let release = Release {
        subject_kind: SubjectKind::Decision,
        subject_id: decision.id.0,
        column: publication::DECISIONS,
        title: &decision.title,
        body: &body,
        path: &path(&decision.code),
        source: &department,
    };
    publication::publish(app, write, actor, &release).await?;
    Ok(())
}

/// The same after a change, for a dossier that is public; one that is not stays so.
pub(super) async fn republish(
    app: &App,
    write: &Write,
    actor: &Actor,
    id: DecisionId,
) -> Result<(), Problem> {
    let decision = store::find(&**write, id).await?;
    if decision.published_at.is_none() {
        return Ok(());
    }
    publish_dossier(app, write, actor, &decision).await
}

async fn text(write: &Write, d: &Model, department: &str) -> Result<String, Problem> {
    let mut body = format!("{}　{}　{department}\n", d.code, kind_words(d.kind).zh);
    for part in [&d.summary, &d.basis] {
        if !part.is_empty() {
            body.push_str(part);
            body.push('\n');
        }
    }
    if let Some(number) = &d.doc_number {
        body.push_str(number);
        body.push('\n');
    }
    if let Some(basis) = &d.not_disclosed_basis {
        let _ = writeln!(body, "依法不予公开：{basis}");
    }
    for step in store::steps(&**write, d.id).await? {
        let name = step_words(step.kind).zh;
        let _ = match (step.happened_on, &step.skipped_reason) {
            (Some(on), _) => writeln!(body, "{}　{name}　{}", civil::zh_date(on), step.note),
            (None, reason) => writeln!(body, "不适用　{name}　{}", reason.as_deref().unwrap_or_default()),
        };
    }
    Ok(body)
}
