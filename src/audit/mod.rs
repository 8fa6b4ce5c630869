//! Who did what: append-only, hash-chained. A record is written in the transaction of the act itself and
//! holds codes and numbers, never what a person wrote.

pub mod api;
mod chain;
mod list;
pub mod page;
mod read;

use entity::audit::Model;
use entity::enums::SubjectKind;
use serde_json::Value;
use uuid::Uuid;

pub(crate) use chain::seal;
pub use chain::{Finding, verify};
pub use list::Filter;
pub use read::{check, read, shown_address, subject_words};

use crate::actor::Actor;
use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

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

/// Adds one record to the open transaction; its place in the chain is found by the commit.
///
/// # Errors
/// None of its own; the commit fails if the record cannot be written.
pub async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    action: &'static str,
    subject: Subject,
    detail: Value,
) -> Result<(), Problem> {
    write.note(Model {
        seq: 0,
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
        prev_hash: String::new(),
        hash: String::new(),
    });
    Ok(())
}
