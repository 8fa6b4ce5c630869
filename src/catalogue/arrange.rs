//! Order and removal of a draft's entries.

use entity::id::{CatalogueEntryId, CatalogueId};

use super::entry::record;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;

/// Where an entry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename = "CatalogueMove", rename_all = "snake_case")]
pub enum Way {
    Up,
    Down,
}

/// Takes an entry out of the draft; it stays in the versions that were published with it, and its decision
/// stays.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` without a draft.
pub async fn remove_entry(
    app: &App,
    actor: &Actor,
    id: CatalogueId,
    entry: CatalogueEntryId,
) -> Result<(), Problem> {
    let write = app.write().await?;
    let (catalogue, draft) = store::lock_draft(&write, actor, id).await?;
    let row = store::find_entry(&*write, draft.id, entry).await?;
    store::delete_entry(&write, row.id).await?;
    record(app, &write, actor, &catalogue, "catalogue.entry_remove", row.decision_id).await?;
    write.commit().await
}

/// Swaps an entry with its neighbour; at the end of the list nothing happens.
///
/// # Errors
/// `not_found`, `forbidden`; `conflict` without a draft.
pub async fn move_entry(
    app: &App,
    actor: &Actor,
    id: CatalogueId,
    entry: CatalogueEntryId,
    way: Way,
) -> Result<(), Problem> {
    let write = app.write().await?;
    let (_, draft) = store::lock_draft(&write, actor, id).await?;
    let row = store::find_entry(&*write, draft.id, entry).await?;
    let entries = store::entries(&*write, draft.id).await?;
    let here = entries.iter().position(|e| e.id == row.id).unwrap_or(0);
    let there = match way {
        Way::Up => here.checked_sub(1),
        Way::Down => Some(here + 1),
    };
    if let Some(other) = there.and_then(|n| entries.get(n)) {
        store::set_position(&write, row.id, other.position).await?;
        store::set_position(&write, other.id, row.position).await?;
    }
    write.commit().await
}
