//! What the public and the authors may know of an answer: what the published summary says, not what is
//! being written.

use std::collections::HashMap;

use entity::enums::Outcome;
use entity::id::{ConsultationId, OpinionId};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use super::store;
use crate::db::Write;
use crate::document::label_of_path;
use crate::problem::Problem;

/// What became of an opinion, as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeView {
    pub outcome: Outcome,
    pub reason: String,
    /// The clause of the final text, such as 第八条.
    pub final_clause: Option<String>,
    /// The topic it was grouped into.
    pub topic: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: OpinionId,
    own: Option<Outcome>,
    own_reason: Option<String>,
    own_clause: Option<String>,
    shared: Option<Outcome>,
    shared_reason: Option<String>,
    shared_clause: Option<String>,
    topic: Option<String>,
}

const SELECT: &str = "SELECT o.id, ro.public_outcome AS own, ro.public_reason AS own_reason, \
     co.path AS own_clause, rt.public_outcome AS shared, rt.public_reason AS shared_reason, \
     ct.path AS shared_clause, t.title AS topic \
     FROM opinion o \
     LEFT JOIN response ro ON ro.opinion_id = o.id \
     LEFT JOIN clause co ON co.id = ro.public_clause_id \
     LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
     LEFT JOIN topic t ON t.id = m.topic_id \
     LEFT JOIN response rt ON rt.topic_id = m.topic_id \
     LEFT JOIN clause ct ON ct.id = rt.public_clause_id \
     WHERE o.state NOT IN ('rejected', 'withdrawn')";

impl Row {
    /// The opinion's own answer goes before its topic's.
    fn view(self) -> Option<(OpinionId, OutcomeView)> {
        let (outcome, reason, clause) = match self.own {
            Some(own) => (own, self.own_reason, self.own_clause),
            None => (self.shared?, self.shared_reason, self.shared_clause),
        };
        let view = OutcomeView {
            outcome,
            reason: reason.unwrap_or_default(),
            final_clause: clause.map(|path| label_of_path(&path)),
            topic: self.topic,
        };
        Some((self.id, view))
    }
}

/// What became of an opinion; none until the summary is published, and for a rejected one.
///
/// # Errors
/// The database's own.
pub async fn outcome_of(db: &impl ConnectionTrait, id: OpinionId) -> Result<Option<OutcomeView>, Problem> {
    Ok(outcomes_of(db, &[id]).await?.remove(&id))
}

/// The same for the opinions of a page of a list.
///
/// # Errors
/// The database's own.
pub async fn outcomes_of(
    db: &impl ConnectionTrait,
    ids: &[OpinionId],
) -> Result<HashMap<OpinionId, OutcomeView>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!("{SELECT} AND o.id IN ({})", marks.join(", "));
    let values: Vec<Value> = ids.iter().map(|id| id.0.into()).collect();
    let found: Vec<Row> = store::rows(db, &sql, values).await?;
    Ok(found.into_iter().filter_map(Row::view).collect())
}

/// Makes the answers of a consultation public, as part of publishing its summary. What differs from before
/// is marked with the version, so that its authors can be told.
///
/// # Errors
/// The database's own.
pub async fn publish(write: &Write, id: ConsultationId, version: i32) -> Result<(), Problem> {
    let sql = "UPDATE response SET public_version = $2, public_outcome = outcome, public_reason = reason, \
               public_clause_id = final_clause_id \
               WHERE consultation_id = $1 AND (public_version IS NULL OR public_outcome <> outcome \
               OR public_reason <> reason OR public_clause_id IS DISTINCT FROM final_clause_id)";
    let backend = write.get_database_backend();
    write.execute_raw(Statement::from_sql_and_values(backend, sql, [id.0.into(), version.into()])).await?;
    Ok(())
}

/// Takes the answers of a consultation from the public, with its summary.
///
/// # Errors
/// The database's own.
pub async fn unpublish(write: &Write, id: ConsultationId) -> Result<(), Problem> {
    let sql = "UPDATE response SET public_version = NULL, public_outcome = NULL, public_reason = NULL, \
               public_clause_id = NULL WHERE consultation_id = $1";
    let backend = write.get_database_backend();
    write.execute_raw(Statement::from_sql_and_values(backend, sql, [id.0.into()])).await?;
    Ok(())
}
