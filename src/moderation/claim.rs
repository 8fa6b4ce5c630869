//! Claiming parts of the queue (认领), so that moderators who work at the same time do not read the same
//! opinions. A claim only divides the work: it lapses by itself after `rules.claim_minutes`, and it forbids
//! nobody to review, for the period of review runs all the same.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Role, SubjectKind};
use entity::id::{OpinionId, StaffId};
use serde_json::json;

use super::claim_store as rows;
use super::store::{self, Filter};
use crate::actor::{Actor, Staff};
use crate::app::App;
use crate::audit::{self, Subject};
use crate::problem::Problem;

/// Opinions that one moderator may hold at once.
pub const MOST: u64 = 100;

/// Whose opinions a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those that nobody else holds.
    Free,
    Mine,
    All,
}

/// A point of view on the claims of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    pub staff: StaffId,
    /// Older claims have lapsed.
    pub since: DateTime<Utc>,
    pub whose: Whose,
}

/// The claims as a moderator sees them now.
pub fn view(app: &App, staff: &Staff, whose: Whose) -> View {
    View { staff: staff.id, since: since(app), whose }
}

fn since(app: &App) -> DateTime<Utc> {
    app.now() - TimeDelta::minutes(app.config.rules.claim_minutes.into())
}

/// Claims the next opinions of a list that nobody else holds; what the moderator holds already starts anew.
/// Says how many the moderator holds now.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn claim(app: &App, actor: &Actor, filter: &Filter, count: u64) -> Result<u64, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    write.unseen();
    rows::drop_lapsed(&write, since(app)).await?;
    let held = rows::of(&*write, staff.id, since(app)).await?;
    let room = MOST.saturating_sub(held.len() as u64).min(count);
    let free = Filter { claims: Some(view(app, staff, Whose::Free)), ..filter.clone() };
    let next: Vec<OpinionId> = store::page(&*write, &free, None, room + held.len() as u64)
        .await?
        .into_iter()
        .map(|o| o.id)
        .filter(|id| !held.contains(id))
        .take(usize::try_from(room).unwrap_or(0))
        .collect();
    rows::put(&write, &held, staff.id, app.now(), since(app)).await?;
    rows::put(&write, &next, staff.id, app.now(), since(app)).await?;
    let now = rows::of(&*write, staff.id, since(app)).await?.len() as u64;
    let subject = Subject { kind: SubjectKind::Opinion, id: None };
    audit::record(app, &write, actor, "opinion.claim", subject, json!({ "count": now })).await?;
    write.commit().await?;
    Ok(now)
}

/// Gives back everything that the moderator holds; says how many that were.
///
/// # Errors
/// `unauthenticated`, `forbidden`; the database's own.
pub async fn release(app: &App, actor: &Actor) -> Result<u64, Problem> {
    let staff = actor.require(Role::Moderator)?;
    let write = app.write().await?;
    write.unseen();
    let held = rows::of(&*write, staff.id, since(app)).await?.len() as u64;
    rows::drop_all(&write, staff.id).await?;
    let subject = Subject { kind: SubjectKind::Opinion, id: None };
    audit::record(app, &write, actor, "opinion.release", subject, json!({ "count": held })).await?;
    write.commit().await?;
    Ok(held)
}

/// Who holds these opinions now.
///
/// # Errors
/// The database's own.
pub async fn holders(app: &App, ids: &[OpinionId]) -> Result<HashMap<OpinionId, StaffId>, Problem> {
    rows::holders(app.db.read(), ids, since(app)).await
}

/// How many a moderator holds now.
///
/// # Errors
/// The database's own.
pub async fn held(app: &App, staff: &Staff) -> Result<u64, Problem> {
    Ok(rows::of(app.db.read(), staff.id, since(app)).await?.len() as u64)
}
