//! How many different people each topic has: kept beside the topic, and moved with its opinions.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use entity::enums::OpinionState;
use entity::id::{ConsultationId, OpinionId, TopicId};
use entity::{opinion, topic, topic_opinion};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, ExprTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};

use super::CHUNK;
use crate::db::Write;
use crate::problem::Problem;

/// An opinion on its way: the topic that counted it, and the one that will.
pub(super) struct Step {
    pub id: OpinionId,
    /// Without a contact everybody counts as another person.
    pub person: Option<String>,
    pub from: Option<TopicId>,
    pub to: Option<TopicId>,
}

/// Moves the numbers of people before the steps are written. The opinions' rows must be held.
pub(super) async fn walked(
    write: &Write,
    consultation: ConsultationId,
    steps: &[Step],
) -> Result<(), Problem> {
    let steps: Vec<&Step> = steps.iter().filter(|s| s.from != s.to).collect();
    let topics: BTreeSet<TopicId> = steps.iter().flat_map(|s| [s.from, s.to]).flatten().collect();
    if topics.is_empty() {
        return Ok(());
    }
    // Two opinions of one person in one topic may be moved at once: the second looks after the first is done.
    topic::Entity::find()
        .filter(topic::Column::Id.is_in(topics.iter().copied()))
        .order_by_asc(topic::Column::Id)
        .lock_exclusive()
        .all(&**write)
        .await?;
    let mut changes: BTreeMap<TopicId, i64> = BTreeMap::new();
    // Whether some of a person's moving opinions were in a topic, and whether some will be.
    let mut persons: BTreeMap<(TopicId, &str), (bool, bool)> = BTreeMap::new();
    for step in &steps {
        for (topic, arrives) in [(step.from, false), (step.to, true)] {
            let Some(topic) = topic else { continue };
            match &step.person {
                None => *changes.entry(topic).or_default() += if arrives { 1 } else { -1 },
                Some(person) => {
                    let seen = persons.entry((topic, person)).or_default();
                    if arrives { seen.1 = true } else { seen.0 = true }
                }
            }
        }
    }
    let stay = others(write, consultation, &steps, &topics).await?;
    for ((topic, person), (was, is)) in persons {
        if was != is && !stay.contains(&(topic, person.to_owned())) {
            *changes.entry(topic).or_default() += if is { 1 } else { -1 };
        }
    }
    for (id, by) in changes.into_iter().filter(|(_, by)| *by != 0) {
        topic::Entity::update_many()
            .col_expr(topic::Column::People, Expr::col(topic::Column::People).add(by))
            .filter(topic::Column::Id.eq(id))
            .exec(&**write)
            .await?;
    }
    Ok(())
}

/// Who of those people has a counted opinion in one of the topics that does not move.
async fn others(
    write: &Write,
    consultation: ConsultationId,
    steps: &[&Step],
    topics: &BTreeSet<TopicId>,
) -> Result<HashSet<(TopicId, String)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: OpinionId,
        topic_id: TopicId,
        person_hash: String,
    }
    let moving: HashSet<OpinionId> = steps.iter().map(|s| s.id).collect();
    let persons: BTreeSet<&str> = steps.iter().filter_map(|s| s.person.as_deref()).collect();
    let persons: Vec<&str> = persons.into_iter().collect();
    let mut found = HashSet::new();
    for chunk in persons.chunks(CHUNK) {
        let place = opinion::Entity::belongs_to(topic_opinion::Entity)
            .from(opinion::Column::Id)
            .to(topic_opinion::Column::OpinionId)
            .into();
        let rows: Vec<Row> = opinion::Entity::find()
            .select_only()
            .columns([opinion::Column::Id, opinion::Column::PersonHash])
            .column(topic_opinion::Column::TopicId)
            .join(JoinType::InnerJoin, place)
            .filter(opinion::Column::ConsultationId.eq(consultation))
            .filter(opinion::Column::PersonHash.is_in(chunk.iter().copied()))
            .filter(opinion::Column::State.is_not_in(OpinionState::NOT_COUNTED))
            .filter(topic_opinion::Column::TopicId.is_in(topics.iter().copied()))
            .into_model()
            .all(&**write)
            .await?;
        let stay = rows.into_iter().filter(|r| !moving.contains(&r.id));
        found.extend(stay.map(|r| (r.topic_id, r.person_hash)));
    }
    Ok(found)
}

/// Counts the people of a consultation's topics anew, where rows came from elsewhere.
///
/// # Errors
/// The database's own.
pub async fn recount(write: &Write, consultation: ConsultationId) -> Result<(), Problem> {
    let sql = "UPDATE topic SET people = (SELECT COUNT(DISTINCT COALESCE(o.person_hash, o.number)) \
         FROM topic_opinion m JOIN opinion o ON o.id = m.opinion_id \
         WHERE m.topic_id = topic.id AND o.state NOT IN ('rejected', 'withdrawn')) WHERE consultation_id = $1";
    let backend = write.get_database_backend();
    write.execute_raw(Statement::from_sql_and_values(backend, sql, [consultation.0.into()])).await?;
    Ok(())
}
