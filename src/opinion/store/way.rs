//! What others wrote about one opinion, read for its author's page: the review, its duty, the topic, the
//! response, the summary. Read-only.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{DutyKind, ReviewState, SummaryState};
use entity::id::OpinionId;
use entity::{consultation, duty, response, review, summary, topic, topic_opinion};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::opinion::quote::labels;
use crate::problem::Problem;

/// The last day of an opinion's review, or of its appeal.
///
/// # Errors
/// The database's own.
pub async fn due(
    db: &impl ConnectionTrait,
    kind: DutyKind,
    id: OpinionId,
) -> Result<Option<NaiveDate>, Problem> {
    let query =
        duty::Entity::find().filter(duty::Column::Kind.eq(kind)).filter(duty::Column::SubjectId.eq(id.0));
    Ok(query.one(db).await?.map(|d| d.due_on))
}

/// The last review that came into force.
pub(in crate::opinion) async fn last_review(
    db: &impl ConnectionTrait,
    id: OpinionId,
) -> Result<Option<review::Model>, Problem> {
    let query = review::Entity::find()
        .filter(review::Column::OpinionId.eq(id))
        .filter(review::Column::State.eq(ReviewState::Final))
        .order_by_desc(review::Column::CreatedAt)
        .order_by_desc(review::Column::Id)
        .limit(1);
    Ok(query.one(db).await?)
}

/// What became of one opinion, as far as it is public.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// It was grouped with others, or answered; nothing more may be told before publication.
    pub taken_up: bool,
    pub topic: Option<topic::Model>,
    pub response: Option<response::Model>,
    /// The clause of the final text that changed, as people cite it.
    pub final_clause: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
}

pub(in crate::opinion) async fn answer(
    db: &impl ConnectionTrait,
    consultation: &consultation::Model,
    id: OpinionId,
) -> Result<Answer, Problem> {
    let place = topic_opinion::Entity::find_by_id(id).one(db).await?;
    let mut whose = Condition::any().add(response::Column::OpinionId.eq(id));
    if let Some(place) = &place {
        whose = whose.add(response::Column::TopicId.eq(place.topic_id));
    }
    let responses = response::Entity::find().filter(whose).all(db).await?;
    let taken_up = place.is_some() || !responses.is_empty();
    let published_at = published_at(db, consultation).await?;
    if published_at.is_none() {
        return Ok(Answer { taken_up, ..Answer::default() });
    }
    // While a correction is being written, the author reads what was published.
    let responses: Vec<response::Model> = responses.into_iter().filter_map(as_published).collect();
    // An answer to this opinion alone says more than the one to its group.
    let response = responses.iter().find(|r| r.opinion_id.is_some()).or(responses.first()).cloned();
    let topic = match &place {
        Some(place) => topic::Entity::find_by_id(place.topic_id).one(db).await?,
        None => None,
    };
    let changed = response.as_ref().and_then(|r| r.final_clause_id);
    let final_clause = labels(db, changed).await?.into_values().next();
    Ok(Answer { taken_up, topic, response, final_clause, published_at })
}

fn as_published(r: response::Model) -> Option<response::Model> {
    let outcome = r.public_outcome?;
    let reason = r.public_reason.clone().unwrap_or_default();
    Some(response::Model { outcome, reason, final_clause_id: r.public_clause_id, ..r })
}

async fn published_at(
    db: &impl ConnectionTrait,
    consultation: &consultation::Model,
) -> Result<Option<DateTime<Utc>>, Problem> {
    let summary = summary::Entity::find()
        .filter(summary::Column::ConsultationId.eq(consultation.id))
        .filter(summary::Column::State.eq(SummaryState::Published))
        .one(db)
        .await?;
    Ok(summary.and_then(|s| s.published_at).or(consultation.result_published_at))
}
