//! Who did what: append-only, hash-chained. A record is written in the transaction of the act itself and
//! holds codes and numbers, never what a person wrote.

use chrono::{DateTime, Utc};
use entity::audit::{ActiveModel, Column, Entity, Model};
use entity::enums::SubjectKind;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::Value;
use uuid::Uuid;

use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::keys::sha256_hex;
use crate::problem::Problem;
use crate::sequence;

/// What an act was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: Option<Uuid>,
}

/// `subject(SubjectKind::Opinion, opinion.id)`.
pub fn subject(kind: SubjectKind, id: impl Into<Uuid>) -> Subject {
    Subject { kind, id: Some(id.into()) }
}

/// Writes one record into the open transaction.
///
/// # Errors
/// The database's own.
pub async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    action: &'static str,
    subject: Subject,
    detail: Value,
) -> Result<(), Problem> {
    // The counter's row lock keeps writers of the chain in line on PostgreSQL.
    let seq = sequence::next(write, "audit").await?;
    let prev_hash = last_hash(&**write).await?;
    let mut row = Model {
        seq,
        at: app.now(),
        actor_kind: actor.kind(),
        actor_id: actor.id(),
        address: actor.address.clone(),
        action: action.to_owned(),
        subject_kind: subject.kind,
        subject_id: subject.id,
        result: "ok".to_owned(),
        detail,
        request_id: actor.request_id.clone(),
        prev_hash,
        hash: String::new(),
    };
    row.hash = hash(&row);
    ActiveModel {
        seq: Set(row.seq),
        at: Set(row.at),
        actor_kind: Set(row.actor_kind),
        actor_id: Set(row.actor_id),
        address: Set(row.address),
        action: Set(row.action),
        subject_kind: Set(row.subject_kind),
        subject_id: Set(row.subject_id),
        result: Set(row.result),
        detail: Set(row.detail),
        request_id: Set(row.request_id),
        prev_hash: Set(row.prev_hash),
        hash: Set(row.hash),
    }
    .insert(&**write)
    .await?;
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

/// The first record that does not fit the chain, if any.
///
/// # Errors
/// The database's own.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Option<i64>, Problem> {
    let mut prev = "0".repeat(64);
    let mut expected = 1;
    loop {
        let page =
            Entity::find().order_by_asc(Column::Seq).offset(expected as u64 - 1).limit(1000).all(db).await?;
        if page.is_empty() {
            return Ok(None);
        }
        for row in page {
            if row.seq != expected || row.prev_hash != prev || row.hash != hash(&row) {
                return Ok(Some(expected));
            }
            prev = row.hash;
            expected += 1;
        }
    }
}
