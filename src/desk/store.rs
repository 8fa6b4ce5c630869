//! What waits, read across features.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{DutyKind, DutyState, OpinionState, SummaryState};
use entity::id::{DepartmentId, StaffId};
use entity::{consultation, decision, department, duty, opinion, staff, summary};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use crate::moderation;
use crate::problem::Problem;

/// The queue of opinions: how many wait, since when the oldest, how many past their time.
pub struct Queue {
    pub waiting: u64,
    pub oldest: Option<DateTime<Utc>>,
    pub overdue: u64,
}

pub async fn queue(db: &impl ConnectionTrait, today: NaiveDate) -> Result<Queue, Problem> {
    let mut oldest: Option<DateTime<Utc>> = None;
    // Each state and lane from the end of its own index; of both together the database would sort everything that waits.
    let states = [OpinionState::Pending, OpinionState::AwaitingSecond];
    let usual = states.map(|state| (state, opinion::Column::FloodId.is_null()));
    let floods = states.map(|state| (state, opinion::Column::FloodId.is_not_null()));
    for (state, lane) in usual.into_iter().chain(floods) {
        let first = opinion::Entity::find()
            .select_only()
            .column(opinion::Column::ReceivedAt)
            .filter(opinion::Column::State.eq(state))
            .filter(lane)
            .order_by_asc(opinion::Column::ReceivedAt);
        let first: Option<DateTime<Utc>> = first.limit(1).into_tuple().one(db).await?;
        oldest = [oldest, first].into_iter().flatten().min();
    }
    let overdue = duty::Entity::find()
        .filter(duty::Column::Kind.eq(DutyKind::OpinionReview))
        .filter(duty::Column::State.eq(DutyState::Open))
        .filter(duty::Column::DueOn.lt(today));
    Ok(Queue { waiting: moderation::waiting(db).await?, oldest, overdue: overdue.count(db).await? })
}

/// A line of the desk: its title and the code in its address.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Waiting {
    pub title: String,
    pub code: String,
}

/// Summaries in a state, of decisions of some departments.
pub async fn summaries(
    db: &impl ConnectionTrait,
    state: SummaryState,
    departments: &[DepartmentId],
    limit: u64,
) -> Result<Vec<Waiting>, Problem> {
    let decisions = decision::Entity::find()
        .select_only()
        .column(decision::Column::Id)
        .filter(decision::Column::DepartmentId.is_in(departments.iter().copied()));
    let of_consultation = summary::Entity::belongs_to(consultation::Entity)
        .from(summary::Column::ConsultationId)
        .to(consultation::Column::Id);
    let rows = summary::Entity::find()
        .select_only()
        .column(summary::Column::Title)
        .column_as(consultation::Column::Code, "code")
        .join(JoinType::InnerJoin, of_consultation.into())
        .filter(summary::Column::State.eq(state))
        .filter(summary::Column::DecisionId.in_subquery(decisions.into_query()))
        .order_by_asc(summary::Column::UpdatedAt)
        .limit(limit);
    Ok(rows.into_model().all(db).await?)
}

/// Consultations that were begun and are not public yet.
pub async fn unpublished_consultations(
    db: &impl ConnectionTrait,
    departments: &[DepartmentId],
    limit: u64,
) -> Result<Vec<Waiting>, Problem> {
    let decisions = decision::Entity::find()
        .select_only()
        .column(decision::Column::Id)
        .filter(decision::Column::DepartmentId.is_in(departments.iter().copied()));
    let rows = consultation::Entity::find()
        .select_only()
        .columns([consultation::Column::Title, consultation::Column::Code])
        .filter(consultation::Column::PublishedAt.is_null())
        .filter(consultation::Column::DecisionId.in_subquery(decisions.into_query()))
        .order_by_desc(consultation::Column::CreatedAt)
        .limit(limit);
    Ok(rows.into_model().all(db).await?)
}

/// Decisions whose dossier is not public yet.
pub async fn unpublished_decisions(
    db: &impl ConnectionTrait,
    departments: &[DepartmentId],
    limit: u64,
) -> Result<Vec<Waiting>, Problem> {
    let rows = decision::Entity::find()
        .select_only()
        .columns([decision::Column::Title, decision::Column::Code])
        .filter(decision::Column::PublishedAt.is_null())
        .filter(decision::Column::DepartmentId.is_in(departments.iter().copied()))
        .order_by_desc(decision::Column::UpdatedAt)
        .limit(limit);
    Ok(rows.into_model().all(db).await?)
}

/// How far a new site has come.
pub struct Progress {
    pub departments: u64,
    /// Heads are named for all of them.
    pub headed: u64,
    pub staff: u64,
    pub decisions: u64,
}

pub async fn progress(db: &impl ConnectionTrait, me: StaffId) -> Result<Progress, Problem> {
    Ok(Progress {
        departments: department::Entity::find().count(db).await?,
        headed: department::Entity::find().filter(department::Column::HeadId.is_not_null()).count(db).await?,
        staff: staff::Entity::find().filter(staff::Column::Id.ne(me)).count(db).await?,
        decisions: decision::Entity::find().count(db).await?,
    })
}
