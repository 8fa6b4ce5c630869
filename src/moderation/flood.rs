//! Floods (集中涌入) at the desk: what goes on and what of it waits, and letting opinions back into the usual queue.
//! The lane only orders the work; period, rights and decisions are those of every opinion.

use entity::enums::Role;
use entity::id::{ConsultationId, FloodId};

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::opinion::flood::{self as floods, Found};
use crate::problem::Problem;

/// A flood, its consultation, and how many of it wait.
#[derive(Clone, Debug)]
pub struct Flood {
    pub found: Found,
    pub code: String,
    pub title: String,
}

/// The newest floods that go on or of which something waits.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Flood>, Problem> {
    actor.require(Role::Moderator)?;
    let db = app.db.read();
    let found = floods::found(db, &store::WAITING).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ConsultationId> = found.iter().map(|f| f.flood.consultation_id).collect();
    let names = store::consultations(db, ids).await?;
    let named = |found: Found| {
        let (code, title) = names.get(&found.flood.consultation_id).cloned().unwrap_or_default();
        Flood { found, code, title }
    };
    Ok(found.into_iter().map(named).collect())
}

/// Lets all of a flood back into the usual queue; says how many that were.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found`; the database's own.
pub async fn release(app: &App, actor: &Actor, id: FloodId) -> Result<u64, Problem> {
    actor.require(Role::Moderator)?;
    let write = app.write().await?;
    write.unseen();
    let n = floods::release(app, &write, actor, id).await?;
    write.commit().await?;
    Ok(n)
}

/// Lets one opinion back into the usual queue.
///
/// # Errors
/// `unauthenticated`, `forbidden`; `not_found` for one that stands in no flood; the database's own.
pub async fn release_one(app: &App, actor: &Actor, number: &str) -> Result<(), Problem> {
    actor.require(Role::Moderator)?;
    let write = app.write().await?;
    write.unseen();
    let opinion = crate::opinion::by_number(&*write, number).await?;
    floods::release_one(app, &write, actor, opinion.id).await?;
    write.commit().await
}
