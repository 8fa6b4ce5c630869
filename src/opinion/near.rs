//! Opinions with nearly the same text (近似重复): a template with another name, a text passed on with a sentence of one's
//! own. They are found so that a moderator reads them together; each is received, counted and decided like any other.
//!
//! A worker sketches what waits, some seconds after it came, so that receiving an opinion costs nothing more. Each
//! group has a leader, the first of it; whatever is like the leader joins, anything else leads a group of its own. Only
//! leaders are looked for, so a campaign of a hundred thousand is one of them. Texts too short to be compared stand
//! alone ([`crate::screening::SHORTEST`]).

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use entity::enums::OpinionState;
use entity::id::{ConsultationId, OpinionId};
use entity::{near_band, opinion_near};

use super::store::{self, near as rows};
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;
use crate::screening::{ALIKE, Shingles};

pub use rows::{Member, counts, group_of, members};

/// Seconds between two looks at what is new.
const EVERY: i64 = 5;
/// Opinions that one transaction sketches, and transactions of one look.
const BATCH: u64 = 200;
const BATCHES: usize = 50;
/// Leaders that a text is compared with, those with the most bands in common first.
const COMPARED: u64 = 32;
/// Members of a group that are looked at to say how many of it are published.
pub const LOOKED_AT: u64 = 1000;

/// An opinion's place in a group, to be written.
struct Placed {
    row: opinion_near::Model,
    bands: Vec<near_band::Model>,
}

/// Sketches what waits and was not sketched yet.
///
/// # Errors
/// The database's own.
pub async fn sketch_new(app: &App) -> Result<(), Problem> {
    let now = app.now().timestamp();
    if !app.config.screening.near || app.sketched_at.swap(now, Ordering::SeqCst) + EVERY > now {
        return Ok(());
    }
    for _ in 0..BATCHES {
        let new = rows::unsketched(app.db.read(), BATCH).await?;
        if new.is_empty() {
            break;
        }
        let mut fresh = Vec::new();
        let mut placed = Vec::with_capacity(new.len());
        for (id, consultation, text) in &new {
            placed.push(place(app, *id, *consultation, text, &mut fresh).await?);
        }
        // Compared outside of the transaction, which only writes: nobody who posts waits for it.
        let write = app.write().await?;
        write.unseen();
        put(&write, placed).await?;
        write.commit().await?;
        if (new.len() as u64) < BATCH {
            break;
        }
    }
    Ok(())
}

/// A leader of the same batch, which no query finds yet.
struct Fresh {
    id: OpinionId,
    consultation: ConsultationId,
    bands: Vec<i64>,
    shingles: Shingles,
}

async fn place(
    app: &App,
    id: OpinionId,
    consultation: ConsultationId,
    text: &str,
    fresh: &mut Vec<Fresh>,
) -> Result<Placed, Problem> {
    let alone = |leader_id| opinion_near::Model {
        opinion_id: id,
        consultation_id: consultation,
        leader_id,
        alike: 100,
    };
    let Some(shingles) = Shingles::of(text) else {
        return Ok(Placed { row: alone(None), bands: Vec::new() });
    };
    let bands = shingles.bands().to_vec();
    let leaders = rows::leaders(app.db.read(), consultation, &bands, COMPARED).await?;
    let mut best: Option<(OpinionId, f64)> = None;
    let mut offer = |leader: OpinionId, alike: f64| {
        if alike >= ALIKE && best.is_none_or(|(_, so_far)| alike > so_far) {
            best = Some((leader, alike));
        }
    };
    for (leader, text) in &leaders {
        if let Some(theirs) = Shingles::of(text) {
            offer(*leader, shingles.alike(&theirs));
        }
    }
    for f in fresh.iter().filter(|f| f.consultation == consultation) {
        if f.bands.iter().any(|band| bands.contains(band)) {
            offer(f.id, shingles.alike(&f.shingles));
        }
    }
    if let Some((leader, alike)) = best {
        return Ok(Placed {
            row: opinion_near::Model { alike: percent(alike), ..alone(Some(leader)) },
            bands: Vec::new(),
        });
    }
    let band = |band: &i64| near_band::Model { consultation_id: consultation, band: *band, leader_id: id };
    let placed = Placed { row: alone(Some(id)), bands: bands.iter().map(band).collect() };
    fresh.push(Fresh { id, consultation, bands, shingles });
    Ok(placed)
}

fn percent(share: f64) -> i32 {
    (share * 100.0).round() as i32
}

async fn put(write: &Write, placed: Vec<Placed>) -> Result<(), Problem> {
    let (mut all, mut bands) = (Vec::new(), Vec::new());
    for p in placed {
        all.push(p.row);
        bands.extend(p.bands);
    }
    rows::put(write, all, bands).await
}

/// The text is gone, and with it what tells of it.
///
/// # Errors
/// The database's own.
pub(super) async fn forget(write: &Write, id: OpinionId) -> Result<(), Problem> {
    rows::forget(write, id).await
}

/// Compares a revised text, unless it leads others: their group keeps what they were compared with.
///
/// # Errors
/// The database's own.
pub(super) async fn renew(
    app: &App,
    write: &Write,
    o: &entity::opinion::Model,
    text: &str,
) -> Result<(), Problem> {
    if !app.config.screening.near || rows::leads(write, o.id).await? {
        return Ok(());
    }
    rows::forget(write, o.id).await?;
    let placed = place(app, o.id, o.consultation_id, text, &mut Vec::new()).await?;
    put(write, vec![placed]).await
}

/// What is near-equal to an opinion, itself left out.
#[derive(Debug, Default)]
pub struct Near {
    /// The closest to the leader first; at most so many.
    pub members: Vec<Member>,
    /// All of them.
    pub total: u64,
    /// Of the first [`LOOKED_AT`] of the group.
    pub published: u64,
}

/// The others of an opinion's group, each with how alike it is to these words of it.
///
/// # Errors
/// The database's own.
pub async fn near(app: &App, id: OpinionId, text: &str, limit: u64) -> Result<Near, Problem> {
    let db = app.db.read();
    let Some(leader) = rows::group_of(db, &[id]).await?.remove(&id) else { return Ok(Near::default()) };
    let total = rows::counts(db, &[leader]).await?.get(&leader).copied().unwrap_or(1).saturating_sub(1);
    if total == 0 {
        return Ok(Near::default());
    }
    let mut members = rows::members(db, leader, limit + 1).await?;
    members.retain(|m| m.opinion.id != id);
    members.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    // They are kept by their likeness to the leader; its reader has another one at hand.
    let own = Shingles::of(text);
    for m in &mut members {
        let theirs = Shingles::of(&m.opinion.text);
        m.alike =
            own.as_ref().zip(theirs.as_ref()).map_or(m.alike, |(own, theirs)| percent(own.alike(theirs)));
    }
    let published = rows::published(db, leader, id, LOOKED_AT).await?;
    Ok(Near { members, total, published })
}

/// The group that opinions belong to, with how many belong to it; those alone are left out.
///
/// # Errors
/// The database's own.
pub async fn sizes(app: &App, ids: &[OpinionId]) -> Result<HashMap<OpinionId, u64>, Problem> {
    let db = app.db.read();
    let groups = rows::group_of(db, ids).await?;
    let mut leaders: Vec<OpinionId> = groups.values().copied().collect();
    leaders.sort();
    leaders.dedup();
    if leaders.is_empty() {
        return Ok(HashMap::new());
    }
    let counts = rows::counts(db, &leaders).await?;
    let size = |(id, leader): (OpinionId, OpinionId)| (id, counts.get(&leader).copied().unwrap_or(1));
    Ok(groups.into_iter().map(size).filter(|(_, n)| *n > 1).collect())
}

/// Those that wait for a first review in an opinion's group, itself included, oldest first, with their words.
///
/// # Errors
/// The database's own.
pub async fn waiting(
    app: &App,
    id: OpinionId,
    limit: u64,
) -> Result<Vec<(entity::opinion::Model, String)>, Problem> {
    let db = app.db.read();
    let Some(leader) = rows::group_of(db, &[id]).await?.remove(&id) else { return Ok(Vec::new()) };
    let mut found = rows::in_state(db, leader, OpinionState::Pending, limit).await?;
    // Ids of one moment are in no order.
    found.sort_by(|a, b| a.number.cmp(&b.number));
    let ids: Vec<OpinionId> = found.iter().map(|o| o.id).collect();
    let mut revised = store::revised_texts(db, &ids).await?;
    let with = |o: entity::opinion::Model| {
        let text = revised.remove(&o.id).unwrap_or_else(|| o.text.clone());
        (o, text)
    };
    Ok(found.into_iter().map(with).collect())
}
