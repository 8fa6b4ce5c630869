//! The rows of topics, memberships and responses, and what is counted over them. To count and to list, it
//! reads the opinions and clauses they belong to; it never writes those.

use std::collections::HashMap;

use entity::enums::{Channel, DocumentKind, OpinionState, Outcome, PersonKind};
use entity::id::{ClauseId, ConsultationId, DecisionId, DocumentId, OpinionId, TopicId};
use entity::{consultation, opinion, response, summary, topic, topic_opinion};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement, Value,
};

use uuid::Uuid;

use super::figures::{Figures, Tally};
use crate::db::Write;
use crate::document;
use crate::opinion::tally;
use crate::problem::Problem;

/// Locks the consultation, so that answering, publishing and recording an opinion come one after the other
/// (on PostgreSQL an opinion's foreign key waits for this lock; SQLite has one writer anyway).
pub async fn lock(write: &Write, id: ConsultationId) -> Result<consultation::Model, Problem> {
    let row = consultation::Entity::find_by_id(id).lock_exclusive().one(&**write).await?;
    row.ok_or_else(Problem::not_found)
}

/// Whether a correction of the published summary is being written.
pub async fn correcting(db: &impl ConnectionTrait, id: ConsultationId) -> Result<bool, Problem> {
    let row = summary::Entity::find().filter(summary::Column::ConsultationId.eq(id)).one(db).await?;
    Ok(row.is_some_and(|s| s.correction_reason.is_some()))
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: TopicId) -> Result<topic::Model, Problem> {
    topic::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The topics of a consultation in their order.
///
/// # Errors
/// The database's own.
pub async fn of_consultation(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Vec<topic::Model>, Problem> {
    let query = topic::Entity::find().filter(topic::Column::ConsultationId.eq(id));
    Ok(query.order_by_asc(topic::Column::Position).order_by_asc(topic::Column::Id).all(db).await?)
}

/// # Errors
/// The database's own.
pub async fn response_of_topic(
    db: &impl ConnectionTrait,
    id: TopicId,
) -> Result<Option<response::Model>, Problem> {
    Ok(response::Entity::find().filter(response::Column::TopicId.eq(id)).one(db).await?)
}

/// # Errors
/// The database's own.
pub async fn response_of_opinion(
    db: &impl ConnectionTrait,
    id: OpinionId,
) -> Result<Option<response::Model>, Problem> {
    Ok(response::Entity::find().filter(response::Column::OpinionId.eq(id)).one(db).await?)
}

/// # Errors
/// The database's own.
pub async fn topic_of(db: &impl ConnectionTrait, id: OpinionId) -> Result<Option<topic::Model>, Problem> {
    let Some(place) = topic_opinion::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    Ok(topic::Entity::find_by_id(place.topic_id).one(db).await?)
}

/// The opinions with these numbers.
pub(super) async fn by_numbers(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    numbers: &[String],
) -> Result<Vec<opinion::Model>, Problem> {
    let query = opinion::Entity::find()
        .filter(opinion::Column::ConsultationId.eq(id))
        .filter(opinion::Column::Number.is_in(numbers));
    Ok(query.all(db).await?)
}

#[derive(FromQueryResult)]
struct TallyRow {
    state: OpinionState,
    channel: Channel,
    person_kind: PersonKind,
    outcome: Option<Outcome>,
    grouped: i32,
    n: i64,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// Runs a query that names its parameters `$1`, `$2` …
pub(super) async fn rows<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, Problem> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(T::find_by_statement(statement).all(db).await?)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// The opinion with its own response, its topic and that topic's response.
pub(super) const ANSWERS: &str = "FROM opinion o \
     LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
     LEFT JOIN response ro ON ro.opinion_id = o.id \
     LEFT JOIN response rt ON rt.topic_id = m.topic_id";

/// Everything by the answer of its topic; then each opinion with an answer of its own is taken out there and
/// counted under that. `$2` is the topic of those without one.
const OUTCOMES: &str = "SELECT x.state, x.channel, x.person_kind, x.outcome, x.grouped, CAST(SUM(x.n) AS bigint) AS n \
     FROM ( \
     SELECT t.state, t.channel, t.person_kind, rt.outcome, \
     CASE WHEN t.topic_id = $2 THEN 0 ELSE 1 END AS grouped, t.n \
     FROM opinion_tally t LEFT JOIN response rt ON rt.topic_id = t.topic_id WHERE t.consultation_id = $1 \
     UNION ALL \
     SELECT o.state, o.channel, o.person_kind, CASE WHEN s.sign < 0 THEN rt.outcome ELSE ro.outcome END, \
     CASE WHEN m.topic_id IS NULL THEN 0 ELSE 1 END, s.sign \
     FROM response ro JOIN opinion o ON o.id = ro.opinion_id \
     LEFT JOIN topic_opinion m ON m.opinion_id = o.id LEFT JOIN response rt ON rt.topic_id = m.topic_id \
     CROSS JOIN (SELECT -1 AS sign UNION ALL SELECT 1) s \
     WHERE ro.consultation_id = $1) x \
     GROUP BY x.state, x.channel, x.person_kind, x.outcome, x.grouped HAVING SUM(x.n) <> 0";

/// The numbers of a consultation at this moment.
///
/// # Errors
/// The database's own.
pub async fn figures(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Figures, Problem> {
    let tallies: Vec<TallyRow> = rows(db, OUTCOMES, [id.0.into(), Uuid::nil().into()]).await?;
    let tallies: Vec<Tally> = tallies
        .into_iter()
        .map(|t| Tally {
            state: t.state,
            channel: t.channel,
            person_kind: t.person_kind,
            outcome: t.outcome,
            grouped: t.grouped != 0,
            n: unsigned(t.n),
        })
        .collect();
    let voices = tally::voices(db, &[id]).await?;
    Ok(Figures::of(&tallies, voices.get(&id).map_or(0, |v| v.people)))
}

/// A topic with what is counted in it. Rejected opinions do not count.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicStats {
    pub topic: topic::Model,
    pub opinions: u64,
    /// Those without a response of their own, for which the topic's holds.
    pub following: u64,
    pub people: u64,
    pub response: Option<response::Model>,
}

#[derive(FromQueryResult)]
struct TopicRow {
    topic_id: TopicId,
    n: i64,
}

/// The topics of a consultation, in their order, with their numbers and responses.
///
/// # Errors
/// The database's own.
pub async fn stats(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Vec<TopicStats>, Problem> {
    let by_topic = async |sql: &str, values: Vec<Value>| -> Result<HashMap<TopicId, u64>, Problem> {
        let found: Vec<TopicRow> = rows(db, sql, values).await?;
        Ok(found.into_iter().map(|r| (r.topic_id, unsigned(r.n))).collect())
    };
    let sql = "SELECT topic_id, CAST(SUM(n) AS bigint) AS n FROM opinion_tally \
               WHERE consultation_id = $1 AND topic_id <> $2 AND state NOT IN ('rejected', 'withdrawn') \
               GROUP BY topic_id";
    let counted = by_topic(sql, vec![id.0.into(), Uuid::nil().into()]).await?;
    let sql = "SELECT m.topic_id, COUNT(*) AS n FROM response ro JOIN opinion o ON o.id = ro.opinion_id \
               JOIN topic_opinion m ON m.opinion_id = o.id \
               WHERE ro.consultation_id = $1 AND o.state NOT IN ('rejected', 'withdrawn') GROUP BY m.topic_id";
    let own = by_topic(sql, vec![id.0.into()]).await?;
    let responses = response::Entity::find()
        .filter(response::Column::ConsultationId.eq(id))
        .filter(response::Column::TopicId.is_not_null())
        .all(db)
        .await?;
    let mut responses: HashMap<TopicId, response::Model> =
        responses.into_iter().filter_map(|r| Some((r.topic_id?, r))).collect();
    let topics = of_consultation(db, id).await?.into_iter().map(|topic| {
        let get = |of: &HashMap<TopicId, u64>| of.get(&topic.id).copied().unwrap_or(0);
        let opinions = get(&counted);
        TopicStats {
            opinions,
            following: opinions.saturating_sub(get(&own)),
            people: unsigned(topic.people),
            response: responses.remove(&topic.id),
            topic,
        }
    });
    Ok(topics.collect())
}

/// How many different people a topic has; opinions without a contact count each as one.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn people(db: &impl ConnectionTrait, id: TopicId) -> Result<u64, Problem> {
    Ok(unsigned(find(db, id).await?.people))
}

/// Opinions that stand in the way, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undecided {
    pub count: u64,
    /// The first of them.
    pub numbers: Vec<String>,
}

/// How many numbers are told at most.
const TOLD: u64 = 20;

#[derive(FromQueryResult)]
struct NumberRow {
    number: String,
}

/// The first numbers of what stands in the way.
async fn first(db: &impl ConnectionTrait, id: ConsultationId, which: &str) -> Result<Vec<String>, Problem> {
    let sql = format!(
        "SELECT o.number {ANSWERS} WHERE o.consultation_id = $1 AND {which} ORDER BY o.number LIMIT {TOLD}"
    );
    let numbers: Vec<NumberRow> = rows(db, &sql, [id.0.into()]).await?;
    Ok(numbers.into_iter().map(|r| r.number).collect())
}

/// Counted opinions that have no response, neither their own nor their topic's.
///
/// # Errors
/// The database's own.
pub async fn undecided(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Undecided, Problem> {
    let count = figures(db, id).await?.unanswered;
    if count == 0 {
        return Ok(Undecided::default());
    }
    let which = "o.state NOT IN ('rejected', 'withdrawn') AND ro.id IS NULL AND rt.id IS NULL";
    Ok(Undecided { count, numbers: first(db, id, which).await? })
}

/// Opinions that wait for a moderator.
///
/// # Errors
/// The database's own.
pub async fn pending(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Undecided, Problem> {
    let count = crate::opinion::counts(db, id).await?.pending;
    if count == 0 {
        return Ok(Undecided::default());
    }
    // Each from the end of its own index: they are few among many.
    let waiting = |state: &str| {
        format!(
            "SELECT number FROM (SELECT o.number FROM opinion o WHERE o.consultation_id = $1 AND o.state = '{state}' \
             ORDER BY o.received_at, o.number LIMIT {TOLD}) {state}"
        )
    };
    let sql = format!(
        "{} UNION ALL {} ORDER BY number LIMIT {TOLD}",
        waiting("pending"),
        waiting("awaiting_second")
    );
    let numbers: Vec<NumberRow> = rows(db, &sql, [id.0.into()]).await?;
    Ok(Undecided { count, numbers: numbers.into_iter().map(|r| r.number).collect() })
}

/// Opinions with an appeal against their review that is not decided: granted, they would be reviewed again.
///
/// # Errors
/// The database's own.
pub async fn appealed(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Undecided, Problem> {
    // From the few appeals to their opinions; joined, SQLite goes through all opinions of the consultation.
    let sql = "SELECT x.number FROM (SELECT (SELECT o.number FROM opinion o \
               WHERE o.id = a.opinion_id AND o.consultation_id = $1) AS number \
               FROM appeal a WHERE a.state = 'open') x WHERE x.number IS NOT NULL ORDER BY x.number";
    let mut numbers: Vec<NumberRow> = rows(db, sql, [id.0.into()]).await?;
    let count = numbers.len() as u64;
    numbers.truncate(TOLD as usize);
    Ok(Undecided { count, numbers: numbers.into_iter().map(|r| r.number).collect() })
}

/// Opinions with a response of their own that is (partly) adopted and names no clause of the final text.
///
/// # Errors
/// The database's own.
pub async fn without_clause(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Undecided, Problem> {
    let which = "o.state NOT IN ('rejected', 'withdrawn') AND ro.outcome IN ('adopted', 'partly_adopted') \
                 AND ro.final_clause_id IS NULL";
    let sql = format!("SELECT COUNT(*) AS n {ANSWERS} WHERE ro.consultation_id = $1 AND {which}");
    let count: Vec<Count> = rows(db, &sql, [id.0.into()]).await?;
    match count.first().map_or(0, |c| unsigned(c.n)) {
        0 => Ok(Undecided::default()),
        count => Ok(Undecided { count, numbers: first(db, id, which).await? }),
    }
}

/// The newest final text (正式文本) of a decision that is cut into clauses, if there is one.
///
/// # Errors
/// The database's own.
pub async fn final_text(
    db: &impl ConnectionTrait,
    decision: DecisionId,
) -> Result<Option<DocumentId>, Problem> {
    let Some(text) = document::latest(db, decision, DocumentKind::Final).await? else { return Ok(None) };
    // A final text may be a scanned file only; then there is nothing to point at.
    let cut = document::clauses(db, text.id).await?.iter().any(|c| c.kind != document::TITLE);
    Ok(cut.then_some(text.id))
}

/// The decision of the final text that a clause belongs to; none for any other clause.
pub(super) async fn decision_of_final_clause(
    db: &impl ConnectionTrait,
    id: ClauseId,
) -> Result<Option<DecisionId>, Problem> {
    let Some(clause) = document::clauses_at(db, [id]).await?.remove(&id) else { return Ok(None) };
    let text = document::head(db, clause.document_id).await?;
    let whole = text.kind == DocumentKind::Final && clause.kind != document::TITLE;
    Ok(whole.then_some(text.decision_id))
}
