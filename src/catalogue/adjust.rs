//! Adjusting a published catalogue (动态调整): a new draft, copied from the version in force.

use entity::catalogue_version::Model as Version;
use entity::enums::{SubjectKind, VersionState};
use entity::id::CatalogueId;
use serde_json::json;

use super::{may_manage, store};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::problem::Problem;

/// Begins an adjustment.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` while a draft is open.
pub async fn adjust(app: &App, actor: &Actor, id: CatalogueId) -> Result<Version, Problem> {
    let write = app.write().await?;
    let catalogue = store::lock(&write, id).await?;
    let versions = store::versions(&*write, id).await?;
    may_manage(actor, &catalogue)?;
    let last = match versions.last() {
        Some(v) if v.state == VersionState::Published => v,
        _ => {
            return Err(Problem::conflict(
                "目录正在编制或者调整中",
                "A draft of the catalogue is open already",
            ));
        }
    };
    let draft = store::insert_version(app, &write, id, last.number + 1).await?;
    for entry in store::entries(&*write, last.id).await? {
        let copy = entity::catalogue_entry::Model { id: app.id(), version_id: draft.id, ..entry };
        store::insert_entry(&write, &copy).await?;
    }
    let subject = audit::subject(SubjectKind::Catalogue, id);
    audit::record(app, &write, actor, "catalogue.adjust", subject, json!({ "version": draft.number }))
        .await?;
    write.commit().await?;
    Ok(draft)
}

/// Gives an adjustment up; nothing of it was ever public.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` without a draft, or for a catalogue that was never published.
pub async fn discard(app: &App, actor: &Actor, id: CatalogueId) -> Result<(), Problem> {
    let write = app.write().await?;
    let (_, draft) = store::lock_draft(&write, actor, id).await?;
    if draft.number == 1 {
        return Err(Problem::conflict(
            "首次编制的目录不能放弃，请移除不需要的事项",
            "The first version cannot be given up; remove entries instead",
        ));
    }
    store::delete_version(&write, draft.id).await?;
    let subject = audit::subject(SubjectKind::Catalogue, id);
    audit::record(app, &write, actor, "catalogue.discard", subject, json!({ "version": draft.number }))
        .await?;
    write.commit().await
}
