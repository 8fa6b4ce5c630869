//! The rows of reviews, and what the queue reads of opinions and their duties.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::enums::{Channel, DutyKind, OpinionState, ReviewState};
use entity::id::{ClauseId, ConsultationId, FloodId, OpinionId, ReviewId, StaffId};
use entity::review::{Column, Entity, Model};
use entity::{consultation, decision, duty, opinion, opinion_tally};
use sea_orm::sea_query::{Asterisk, Expr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    IntoActiveModel as _, JoinType, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select,
};
use uuid::Uuid;

use super::{claim, claim_store};
use crate::db::Write;
use crate::opinion::tally;
use crate::problem::Problem;

/// What waits for somebody.
pub(super) const WAITING: [OpinionState; 2] = [OpinionState::Pending, OpinionState::AwaitingSecond];

/// The opinion, held until the transaction ends.
pub(super) async fn lock(write: &Write, number: &str) -> Result<opinion::Model, Problem> {
    let number = crate::opinion::code(number)?;
    let query = opinion::Entity::find().filter(opinion::Column::Number.eq(number));
    query.lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

pub(super) async fn insert(write: &Write, row: Model) -> Result<(), Problem> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**write).await?;
    Ok(())
}

pub(super) async fn decide(
    write: &Write,
    id: ReviewId,
    state: ReviewState,
    second: Option<StaffId>,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::SecondId, Expr::value(second))
        .col_expr(Column::DecidedAt, Expr::value(Some(at)))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// The reviews of an opinion, oldest first.
pub(super) async fn history(db: &impl ConnectionTrait, id: OpinionId) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::OpinionId.eq(id));
    Ok(query.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

pub(super) async fn last(db: &impl ConnectionTrait, id: OpinionId) -> Result<Option<Model>, Problem> {
    let query = Entity::find().filter(Column::OpinionId.eq(id));
    Ok(query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(1).one(db).await?)
}

/// The rejection that waits for its second moderator.
pub(super) async fn proposal(db: &impl ConnectionTrait, id: OpinionId) -> Result<Option<Model>, Problem> {
    let query =
        Entity::find().filter(Column::OpinionId.eq(id)).filter(Column::State.eq(ReviewState::Proposed));
    Ok(query.one(db).await?)
}

/// A moderator's last review since an instant that nobody decided upon, with the number of its opinion.
pub(super) async fn last_by(
    db: &impl ConnectionTrait,
    staff: StaffId,
    since: DateTime<Utc>,
) -> Result<Option<(Model, String)>, Problem> {
    let query = Entity::find()
        .filter(Column::ModeratorId.eq(staff))
        .filter(Column::CreatedAt.gte(since))
        .filter(Column::SecondId.is_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(1);
    let Some(review) = query.one(db).await?.filter(|r| r.state != ReviewState::Overruled) else {
        return Ok(None);
    };
    let opinion = opinion::Entity::find_by_id(review.opinion_id).one(db).await?;
    Ok(opinion.map(|o| (review, o.number)))
}

/// The decision that a consultation belongs to.
pub(super) async fn decision_of(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Option<decision::Model>, Problem> {
    let its_consultation = decision::Entity::belongs_to(consultation::Entity)
        .from(decision::Column::Id)
        .to(consultation::Column::DecisionId);
    let query = decision::Entity::find()
        .join(JoinType::InnerJoin, its_consultation.into())
        .filter(consultation::Column::Id.eq(id));
    Ok(query.one(db).await?)
}

/// Its owner.
pub(super) async fn decision_owner(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Option<StaffId>, Problem> {
    Ok(decision_of(db, id).await?.and_then(|d| d.owner_id))
}

/// Whether the same person sent the same text to the same consultation before, and it still counts.
pub(super) async fn said_before(db: &impl ConnectionTrait, o: &opinion::Model) -> Result<bool, Problem> {
    let Some(person) = &o.person_hash else { return Ok(false) };
    let same = equal_to(o)
        .select_only()
        .column(opinion::Column::Number)
        .filter(opinion::Column::PersonHash.eq(person.as_str()))
        .filter(opinion::Column::State.is_not_in(OpinionState::NOT_COUNTED));
    // Compared here: asked for smaller numbers, SQLite would take the index by number and read all before.
    let numbers: Vec<NumberRow> = same.into_model().all(db).await?;
    Ok(numbers.iter().any(|r| r.number < o.number))
}

/// Those of the numbers whose opinions say the same as `lead`, in the same consultation.
pub(super) async fn equal_among(
    db: &impl ConnectionTrait,
    lead: &opinion::Model,
    numbers: &[String],
) -> Result<HashSet<String>, Problem> {
    let numbers = numbers.iter().filter(|n| crate::opinion::code(n).is_ok()).map(String::as_str);
    let rows: Vec<NumberRow> = equal_to(lead)
        .select_only()
        .column(opinion::Column::Number)
        .filter(opinion::Column::Number.is_in(numbers))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.number).collect())
}

/// Those of the numbers whose opinions are in the group of near-equal texts of `lead`.
pub(super) async fn near_among(
    db: &impl ConnectionTrait,
    lead: &opinion::Model,
    numbers: &[String],
) -> Result<HashSet<String>, Problem> {
    let numbers = numbers.iter().filter(|n| crate::opinion::code(n).is_ok()).map(String::as_str);
    let rows: Vec<(OpinionId, String)> = opinion::Entity::find()
        .select_only()
        .columns([opinion::Column::Id, opinion::Column::Number])
        .filter(opinion::Column::Number.is_in(numbers))
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<OpinionId> = rows.iter().map(|(id, _)| *id).chain([lead.id]).collect();
    let groups = crate::opinion::near::group_of(db, &ids).await?;
    let of_lead = groups.get(&lead.id).copied();
    let same = |id: &OpinionId| of_lead.is_some() && groups.get(id).copied() == of_lead;
    Ok(rows.into_iter().filter(|(id, _)| same(id)).map(|(_, number)| number).collect())
}

#[derive(FromQueryResult)]
struct NumberRow {
    number: String,
}

fn equal_to(lead: &opinion::Model) -> Select<opinion::Entity> {
    opinion::Entity::find()
        .filter(opinion::Column::ConsultationId.eq(lead.consultation_id))
        .filter(opinion::Column::TextHash.eq(lead.text_hash.as_str()))
}

/// The opinions that say the same and wait for a first review, oldest first, this one included.
pub(super) async fn equal_waiting(
    db: &impl ConnectionTrait,
    lead: &opinion::Model,
    limit: u64,
) -> Result<Vec<opinion::Model>, Problem> {
    let query = equal_to(lead).filter(opinion::Column::State.eq(OpinionState::Pending));
    Ok(query.order_by_asc(opinion::Column::Number).limit(limit).all(db).await?)
}

/// Which opinions the queue shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub consultation: Option<ConsultationId>,
    /// `Pending` or `AwaitingSecond`; both without it.
    pub state: Option<OpinionState>,
    pub clause: Option<ClauseId>,
    pub channel: Option<Channel>,
    /// Whose; everybody's without it.
    pub claims: Option<claim::View>,
    pub lane: Lane,
}

/// Opinions that come in a flood (集中涌入) stand in a lane of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lane {
    #[default]
    All,
    /// What came in no flood.
    Usual,
    Floods,
    /// What came in one flood.
    Flood(FloodId),
}

impl Lane {
    /// Its parts, each of which is read from an index of its own.
    fn parts(self) -> Vec<Self> {
        if self == Self::All { vec![Self::Usual, Self::Floods] } else { vec![self] }
    }
}

/// A place in the queue. Within one moment the number decides, for ids of the same millisecond are in no
/// order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub received_at: DateTime<Utc>,
    pub number: String,
}

impl Place {
    pub fn of(o: &opinion::Model) -> Self {
        Self { received_at: o.received_at, number: o.number.clone() }
    }

    /// Reads what [`std::fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (micros, number) = text.split_once('_')?;
        Some(Self {
            received_at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
            number: crate::opinion::code(number).ok().filter(|n| !n.is_empty())?.to_owned(),
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.received_at.timestamp_micros(), self.number)
    }
}

fn waiting(filter: &Filter, state: OpinionState) -> Select<opinion::Entity> {
    let mut query = opinion::Entity::find().filter(opinion::Column::State.eq(state));
    query = match filter.lane {
        Lane::All => query,
        Lane::Usual => query.filter(opinion::Column::FloodId.is_null()),
        Lane::Floods => query.filter(opinion::Column::FloodId.is_not_null()),
        Lane::Flood(id) => query.filter(opinion::Column::FloodId.eq(id)),
    };
    if let Some(consultation) = filter.consultation {
        query = query.filter(opinion::Column::ConsultationId.eq(consultation));
    }
    if let Some(clause) = filter.clause {
        query = query.filter(opinion::Column::ClauseId.eq(clause));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(opinion::Column::Channel.eq(channel));
    }
    if let Some(condition) = filter.claims.as_ref().and_then(claim_store::condition) {
        query = query.filter(condition);
    }
    query
}

/// All that wait under the filter; whether others hold them does not matter here, what the moderator holds does.
pub(super) async fn count_waiting(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, Problem> {
    let mine = filter.claims.is_some_and(|c| c.whose == claim::Whose::Mine);
    if mine || matches!(filter.lane, Lane::Floods | Lane::Flood(_)) {
        let claims = filter.claims.filter(|_| mine);
        return counted(db, &Filter { claims, ..filter.clone() }).await;
    }
    // All are tallied; floods are told apart in the index of their lane, which is empty on most days.
    let floods = match filter.lane {
        Lane::Usual => counted(db, &Filter { lane: Lane::Floods, claims: None, ..filter.clone() }).await?,
        _ => 0,
    };
    #[derive(FromQueryResult)]
    struct Row {
        n: Option<i64>,
    }
    let mut query = tallied().select_only().column_as(tally::sum(opinion_tally::Column::N), "n");
    if let Some(state) = filter.state.filter(|s| WAITING.contains(s)) {
        query = query.filter(opinion_tally::Column::State.eq(state));
    }
    if let Some(consultation) = filter.consultation {
        query = query.filter(opinion_tally::Column::ConsultationId.eq(consultation));
    }
    if let Some(clause) = filter.clause {
        query = query.filter(opinion_tally::Column::ClauseId.eq(clause.0));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(opinion_tally::Column::Channel.eq(channel));
    }
    let row: Option<Row> = query.into_model().one(db).await?;
    let all = row.and_then(|r| r.n).map_or(0, |n| u64::try_from(n).unwrap_or(0));
    Ok(all.saturating_sub(floods))
}

async fn counted(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64, Problem> {
    let mut all = 0;
    for state in WAITING.into_iter().filter(|s| filter.state.is_none_or(|asked| asked == *s)) {
        all += waiting(filter, state).count(db).await?;
    }
    Ok(all)
}

fn tallied() -> Select<opinion_tally::Entity> {
    opinion_tally::Entity::find().filter(opinion_tally::Column::State.is_in(WAITING))
}

/// What waits, oldest first. Each state and lane is read from the end of its own index; of both together the database
/// would sort everything that waits.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<Place>,
    limit: u64,
) -> Result<Vec<opinion::Model>, Problem> {
    let mut found = Vec::new();
    for mut query in parts(filter) {
        if let Some(after) = &after {
            query = query.filter(later(after));
        }
        let query = query.order_by_asc(opinion::Column::ReceivedAt).order_by_asc(opinion::Column::Number);
        found.extend(query.limit(limit).all(db).await?);
    }
    found.sort_by(|a, b| (a.received_at, &a.number).cmp(&(b.received_at, &b.number)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The states and lanes of a filter, each of which is read for itself.
fn parts(filter: &Filter) -> Vec<Select<opinion::Entity>> {
    let mut parts = Vec::new();
    for state in WAITING.into_iter().filter(|s| filter.state.is_none_or(|asked| asked == *s)) {
        for lane in filter.lane.parts() {
            parts.push(waiting(&Filter { lane, ..filter.clone() }, state));
        }
    }
    parts
}

/// The first condition says nothing new; it lets the index begin there.
fn later(place: &Place) -> Condition {
    use opinion::Column::{Number, ReceivedAt};
    let same = ReceivedAt.eq(place.received_at).and(Number.gt(place.number.as_str()));
    Condition::all().add(ReceivedAt.gte(place.received_at)).add(ReceivedAt.gt(place.received_at).or(same))
}

/// The duties to review these opinions.
pub(super) async fn duties(
    db: &impl ConnectionTrait,
    ids: &[OpinionId],
) -> Result<HashMap<Uuid, duty::Model>, Problem> {
    let query = duty::Entity::find()
        .filter(duty::Column::Kind.eq(DutyKind::OpinionReview))
        .filter(duty::Column::SubjectId.is_in(ids.iter().map(|id| id.0)));
    Ok(query.all(db).await?.into_iter().map(|d| (d.subject_id, d)).collect())
}

/// How many opinions that wait for a first review say the same as each of these.
pub(super) async fn equal_counts(
    db: &impl ConnectionTrait,
    rows: &[opinion::Model],
) -> Result<HashMap<(ConsultationId, String), u64>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        consultation_id: ConsultationId,
        text_hash: String,
        n: i64,
    }
    let hashes: HashSet<&str> = rows.iter().map(|o| o.text_hash.as_str()).collect();
    let counted: Vec<Row> = opinion::Entity::find()
        .select_only()
        .columns([opinion::Column::ConsultationId, opinion::Column::TextHash])
        .column_as(Expr::col(Asterisk).count(), "n")
        .filter(opinion::Column::ConsultationId.is_in(rows.iter().map(|o| o.consultation_id)))
        .filter(opinion::Column::TextHash.is_in(hashes))
        .filter(opinion::Column::State.eq(OpinionState::Pending))
        .group_by(opinion::Column::ConsultationId)
        .group_by(opinion::Column::TextHash)
        .into_model()
        .all(db)
        .await?;
    let pair = |r: Row| ((r.consultation_id, r.text_hash), u64::try_from(r.n).unwrap_or(0));
    Ok(counted.into_iter().map(pair).collect())
}

/// Code and title of consultations.
pub(super) async fn consultations(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = ConsultationId>,
) -> Result<HashMap<ConsultationId, (String, String)>, Problem> {
    let query = consultation::Entity::find().filter(consultation::Column::Id.is_in(ids));
    Ok(query.all(db).await?.into_iter().map(|c| (c.id, (c.code, c.title))).collect())
}

/// Consultations with something that waits, and how much: to choose from.
pub(super) async fn waiting_consultations(
    db: &impl ConnectionTrait,
) -> Result<Vec<(String, String, u64)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        consultation_id: ConsultationId,
        n: i64,
    }
    let counted: Vec<Row> = tallied()
        .select_only()
        .column(opinion_tally::Column::ConsultationId)
        .column_as(tally::sum(opinion_tally::Column::N), "n")
        .filter(opinion_tally::Column::N.ne(0))
        .group_by(opinion_tally::Column::ConsultationId)
        .into_model()
        .all(db)
        .await?;
    let names = consultations(db, counted.iter().map(|r| r.consultation_id)).await?;
    let mut list: Vec<_> = counted
        .into_iter()
        .filter_map(|r| {
            let (code, title) = names.get(&r.consultation_id)?.clone();
            Some((code, title, u64::try_from(r.n).unwrap_or(0)))
        })
        .collect();
    list.sort();
    Ok(list)
}

/// What the same person said elsewhere, newest first.
pub(super) async fn by_person(
    db: &impl ConnectionTrait,
    o: &opinion::Model,
    limit: u64,
) -> Result<Vec<opinion::Model>, Problem> {
    let Some(person) = &o.person_hash else { return Ok(Vec::new()) };
    let query = opinion::Entity::find()
        .filter(opinion::Column::PersonHash.eq(person.as_str()))
        .filter(opinion::Column::Id.ne(o.id));
    Ok(query.order_by_desc(opinion::Column::ReceivedAt).limit(limit).all(db).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_queue_is_read_back() {
        let place = Place {
            received_at: DateTime::from_timestamp_micros(1_772_000_000_123_456).unwrap(),
            number: "2026-001-1-000007".into(),
        };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for bad in ["", "_", "1_", "x_y", "1_意", "99999999999999999999_2026-001-1-000007"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }
}
