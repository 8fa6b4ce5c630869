//! Publishing a version of a catalogue. Its decisions become public with it, and search finds both.

use std::collections::HashMap;
use std::fmt::Write as _;

use entity::catalogue_entry::Model as Entry;
use entity::catalogue_version::Model as Version;
use entity::enums::{SubjectKind, VersionState};
use entity::id::{CatalogueId, DecisionId, DepartmentId};
use serde_json::json;
use validator::Validate;

use super::compare::{compare, steps_text};
use super::{path, store, title};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::decision::{self, Listing, kind_words};
use crate::department;
use crate::problem::Problem;
use crate::publication::{self, Release};
use crate::text;

/// Why the catalogue was adjusted; the first version needs no reason.
#[derive(Clone, Debug, Default, Validate)]
pub struct Publish {
    #[validate(length(max = 1000), custom(function = text::several_lines))]
    pub reason: String,
}

/// Publishes the draft.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid` without a reason for an adjustment; `conflict` without a draft, with
/// an empty one, or with nothing adjusted.
pub async fn publish(app: &App, actor: &Actor, id: CatalogueId, input: &Publish) -> Result<Version, Problem> {
    input.validate()?;
    let write = app.write().await?;
    let (catalogue, draft) = store::lock_draft(&write, actor, id).await?;
    let department = department::find(&*write, catalogue.department_id).await?;
    let names = department::names(&*write).await?;
    let entries = store::entries(&*write, draft.id).await?;
    if entries.is_empty() {
        return Err(Problem::conflict("目录中还没有事项", "The catalogue has no entries yet"));
    }
    let last = store::versions(&*write, id).await?.into_iter().rfind(|v| v.state == VersionState::Published);
    let before = match &last {
        Some(last) => store::entries(&*write, last.id).await?,
        None => Vec::new(),
    };
    let reason = reason(input, last.is_some())?;
    let difference = compare(&before, &entries, &names);
    if last.is_some() && difference.is_empty() {
        return Err(Problem::conflict("没有任何调整", "Nothing was adjusted"));
    }
    store::publish_version(app, &write, actor, draft.id, reason.as_deref()).await?;
    let full_title = title(&department.name, catalogue.year);
    let was: HashMap<DecisionId, &Entry> = before.iter().map(|e| (e.decision_id, e)).collect();
    let note = format!("列入{full_title}");
    for entry in difference.added.iter().chain(difference.changed.iter().map(|(e, _)| e)) {
        let listing = newly_said(was.get(&entry.decision_id).copied(), entry, &note);
        decision::enter(app, &write, actor, entry.decision_id, &listing).await?;
    }
    let body = body(&entries, &names, reason.as_deref());
    let release = Release {
        subject_kind: SubjectKind::Catalogue,
        subject_id: id.0,
        column: publication::CATALOGUE,
        title: &full_title,
        body: &body,
        path: &path(&department, catalogue.year),
        source: &department.name,
    };
    publication::publish(app, &write, actor, &release).await?;
    let subject = audit::subject(SubjectKind::CatalogueVersion, draft.id);
    let detail = json!({ "version": draft.number, "entries": entries.len() });
    audit::record(app, &write, actor, "catalogue.publish", subject, detail).await?;
    let version = store::find_version(&*write, draft.id).await?;
    write.commit().await?;
    Ok(version)
}

fn reason(input: &Publish, adjusts: bool) -> Result<Option<String>, Problem> {
    let reason = Some(input.reason.clone()).filter(|r| !r.is_empty());
    if adjusts && reason.as_ref().is_none_or(|r| r.chars().count() < 5) {
        return Err(Problem::invalid(
            "reason",
            "请写明调整的理由，理由随目录公布",
            "Say why the catalogue was adjusted; the reason will be published",
        ));
    }
    Ok(reason)
}

/// What this version says of a decision that the last one did not: the dossier takes it over. Everything
/// else in the dossier is its owner's.
fn newly_said(was: Option<&Entry>, entry: &Entry, note: &str) -> Listing {
    let new = |differs: fn(&Entry, &Entry) -> bool| was.is_none_or(|was| differs(was, entry));
    Listing {
        title: new(|a, b| a.title != b.title).then(|| entry.title.clone()),
        kind: new(|a, b| a.kind != b.kind).then_some(entry.kind),
        department_id: new(|a, b| a.department_id != b.department_id).then_some(entry.department_id),
        basis: new(|a, b| a.basis != b.basis).then(|| entry.basis.clone()),
        note: note.to_owned(),
    }
}

fn body(entries: &[Entry], names: &HashMap<DepartmentId, String>, reason: Option<&str>) -> String {
    let mut body = String::new();
    if let Some(reason) = reason {
        let _ = writeln!(body, "调整理由：{reason}");
    }
    for (i, e) in entries.iter().enumerate() {
        let department = names.get(&e.department_id).map_or("", String::as_str);
        let (n, kind) = (i + 1, kind_words(e.kind).zh);
        let _ =
            writeln!(body, "{n}　{}　{kind}　{department}　{}　{}", e.title, e.planned_time, steps_text(e));
        if !e.basis.is_empty() {
            let _ = writeln!(body, "{}", e.basis);
        }
    }
    body
}
