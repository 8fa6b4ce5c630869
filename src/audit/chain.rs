//! The chain: each record carries the hash of the one before, and a counter says how many there must be.

use chrono::{DateTime, Utc};
use entity::audit::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::keys::sha256_hex;
use crate::problem::Problem;
use crate::sequence;

/// Name of the counter that numbers the records.
const COUNTER: &str = "audit";
/// Records read at once while the chain is checked.
const PAGE: u64 = 1000;

/// Records written in one statement.
const AT_ONCE: usize = 100;

/// What a check of the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Every record fits; so many there are.
    Whole { records: i64 },
    /// The first record that was changed, removed or put in between.
    Broken { at: i64 },
}

/// Numbers, chains and writes the records of one change, or of several that are committed together. The
/// counter's row lock keeps the writers of the chain in line on PostgreSQL until the commit that follows at
/// once.
pub(crate) async fn seal(db: &impl ConnectionTrait, mut records: Vec<Model>) -> Result<(), Problem> {
    let Ok(count @ 1..) = i64::try_from(records.len()) else { return Ok(()) };
    let first = sequence::take(db, COUNTER, count).await?;
    let mut prev = last_hash(db).await?;
    for (seq, row) in (first..).zip(&mut records) {
        row.seq = seq;
        row.prev_hash = prev;
        row.hash = hash(row);
        prev = row.hash.clone();
    }
    for rows in records.chunks(AT_ONCE) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn last_hash(db: &impl ConnectionTrait) -> Result<String, Problem> {
    let last = Entity::find().order_by_desc(Column::Seq).limit(1).one(db).await?;
    Ok(last.map_or_else(|| "0".repeat(64), |row| row.hash))
}

/// Over every column but the hash itself, each with its length in front.
fn hash(row: &Model) -> String {
    let parts = [
        row.seq.to_string(),
        instant(row.at),
        row.actor_kind.to_string(),
        row.actor_id.map(|id| id.to_string()).unwrap_or_default(),
        row.address.clone(),
        row.action.clone(),
        row.subject_kind.to_string(),
        row.subject_id.map(|id| id.to_string()).unwrap_or_default(),
        row.result.clone(),
        row.detail.to_string(),
        row.request_id.clone(),
        row.prev_hash.clone(),
    ];
    let bytes: Vec<u8> =
        parts.iter().flat_map(|p| [&(p.len() as u64).to_be_bytes(), p.as_bytes()].concat()).collect();
    sha256_hex(&bytes)
}

fn instant(at: DateTime<Utc>) -> String {
    at.timestamp_micros().to_string()
}

/// Checks the chain from its first record to its last.
///
/// # Errors
/// The database's own.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Finding, Problem> {
    // The counter is read first: what is added meanwhile is checked but not missed.
    let expected = sequence::value(db, COUNTER).await?;
    let mut prev = "0".repeat(64);
    let mut next = 1;
    loop {
        let page = Entity::find().filter(Column::Seq.gte(next)).order_by_asc(Column::Seq).limit(PAGE);
        let page = page.all(db).await?;
        if page.is_empty() {
            // Records cut off at the end leave a chain that fits in itself; the counter still knows them.
            return Ok(if next <= expected {
                Finding::Broken { at: next }
            } else {
                Finding::Whole { records: next - 1 }
            });
        }
        for row in page {
            if row.seq != next || row.prev_hash != prev || row.hash != hash(&row) {
                return Ok(Finding::Broken { at: next });
            }
            prev = row.hash;
            next += 1;
        }
    }
}
