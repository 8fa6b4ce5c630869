//! What the home page tells, read across the tables of decisions, consultations, opinions and summaries. It
//! changes nothing; that is why it may read what belongs to others.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{DutyKind, OpinionState};
use entity::id::{ConsultationId, DecisionId};
use entity::{consultation, decision, department, duty, opinion_tally, summary, work_plan_item};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, IntoCondition as _};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select,
};

use crate::opinion::tally;
use crate::problem::Problem;

/// A consultation with the department that runs it.
#[derive(FromQueryResult)]
pub struct Window {
    pub id: ConsultationId,
    pub code: String,
    pub title: String,
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
    pub department: String,
}

fn decision_of_consultation() -> RelationDef {
    consultation::Entity::belongs_to(decision::Entity)
        .from(consultation::Column::DecisionId)
        .to(decision::Column::Id)
        .into()
}

fn department_of_decision() -> RelationDef {
    decision::Entity::belongs_to(department::Entity)
        .from(decision::Column::DepartmentId)
        .to(department::Column::Id)
        .into()
}

fn consultation_of_tally() -> RelationDef {
    opinion_tally::Entity::belongs_to(consultation::Entity)
        .from(opinion_tally::Column::ConsultationId)
        .to(consultation::Column::Id)
        .into()
}

fn windows(when: Condition) -> Select<consultation::Entity> {
    consultation::Entity::find()
        .select_only()
        .columns([
            consultation::Column::Id,
            consultation::Column::Code,
            consultation::Column::Title,
            consultation::Column::OpensOn,
            consultation::Column::ClosesOn,
        ])
        .column_as(department::Column::Name, "department")
        .join(JoinType::InnerJoin, decision_of_consultation())
        .join(JoinType::InnerJoin, department_of_decision())
        .filter(consultation::Column::PublishedAt.is_not_null())
        .filter(when)
}

fn is_open(today: NaiveDate) -> Condition {
    consultation::Column::OpensOn.lte(today).and(consultation::Column::ClosesOn.gte(today)).into_condition()
}

/// What is open, the nearest end first, and how many there are.
pub async fn open(
    db: &impl ConnectionTrait,
    today: NaiveDate,
    limit: u64,
) -> Result<(Vec<Window>, u64), Problem> {
    let query = windows(is_open(today))
        .order_by_asc(consultation::Column::ClosesOn)
        .order_by_asc(consultation::Column::Code);
    let rows: Vec<Window> = query.limit(limit).into_model().all(db).await?;
    if (rows.len() as u64) < limit {
        let total = rows.len() as u64;
        return Ok((rows, total));
    }
    Ok((rows, windows(is_open(today)).count(db).await?))
}

/// What is announced and opens later, the nearest first.
pub async fn upcoming(
    db: &impl ConnectionTrait,
    today: NaiveDate,
    limit: u64,
) -> Result<Vec<Window>, Problem> {
    let query = windows(consultation::Column::OpensOn.gt(today).into_condition())
        .order_by_asc(consultation::Column::OpensOn)
        .order_by_asc(consultation::Column::Code);
    Ok(query.limit(limit).into_model().all(db).await?)
}

/// A published summary.
#[derive(FromQueryResult)]
pub struct Answer {
    pub decision_id: DecisionId,
    /// Of the consultation.
    pub code: String,
    pub title: String,
    pub snapshot: Option<serde_json::Value>,
    pub published_at: Option<DateTime<Utc>>,
}

/// The latest published summaries.
pub async fn answered(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Answer>, Problem> {
    let of_consultation: RelationDef = summary::Entity::belongs_to(consultation::Entity)
        .from(summary::Column::ConsultationId)
        .to(consultation::Column::Id)
        .into();
    let query = summary::Entity::find()
        .select_only()
        .columns([
            summary::Column::DecisionId,
            summary::Column::Title,
            summary::Column::Snapshot,
            summary::Column::PublishedAt,
        ])
        .column(consultation::Column::Code)
        .join(JoinType::InnerJoin, of_consultation)
        .filter(summary::Column::PublishedAt.is_not_null())
        .order_by_desc(summary::Column::PublishedAt);
    Ok(query.limit(limit).into_model().all(db).await?)
}

/// How many summaries were published since an instant.
pub async fn answered_since(db: &impl ConnectionTrait, since: DateTime<Utc>) -> Result<u64, Problem> {
    Ok(summary::Entity::find().filter(summary::Column::PublishedAt.gte(since)).count(db).await?)
}

/// The duties to publish summaries of some decisions.
pub async fn duties(
    db: &impl ConnectionTrait,
    decisions: &[DecisionId],
) -> Result<HashMap<DecisionId, duty::Model>, Problem> {
    let rows = duty::Entity::find()
        .filter(duty::Column::Kind.eq(DutyKind::AdoptionSummary))
        .filter(duty::Column::SubjectId.is_in(decisions.iter().map(|d| d.0)))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (DecisionId(row.subject_id), row)).collect())
}

/// A public decision that waits for its summary.
#[derive(FromQueryResult)]
pub struct Unanswered {
    pub id: DecisionId,
    pub code: String,
    pub title: String,
    pub received: i64,
}

/// Of some decisions those that are public, with the opinions received on them.
pub async fn unanswered(
    db: &impl ConnectionTrait,
    decisions: &[DecisionId],
) -> Result<HashMap<DecisionId, Unanswered>, Problem> {
    let opinions: RelationDef = consultation_of_tally().rev();
    let consultations: RelationDef = decision_of_consultation().rev();
    let received = Func::coalesce([tally::sum(opinion_tally::Column::N), Expr::value(0_i64)]);
    let rows: Vec<Unanswered> = decision::Entity::find()
        .select_only()
        .columns([decision::Column::Id, decision::Column::Code, decision::Column::Title])
        .column_as(Expr::expr(received), "received")
        .join(JoinType::LeftJoin, consultations)
        .join(JoinType::LeftJoin, opinions)
        .filter(decision::Column::Id.is_in(decisions.iter().copied()))
        .filter(decision::Column::PublishedAt.is_not_null())
        .group_by(decision::Column::Id)
        .group_by(decision::Column::Code)
        .group_by(decision::Column::Title)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Opinions received in consultations that closed on a day or later, or have not closed, and how many of them
/// have their answer: rejected with a reason, or the result of their consultation is published.
pub async fn dealt_with(db: &impl ConnectionTrait, since: NaiveDate) -> Result<(u64, u64), Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        state: OpinionState,
        answered: bool,
        n: i64,
    }
    let answered = consultation::Column::ResultPublishedAt.is_not_null();
    let rows: Vec<Row> = opinion_tally::Entity::find()
        .select_only()
        .column(opinion_tally::Column::State)
        .column_as(answered.clone(), "answered")
        .column_as(tally::sum(opinion_tally::Column::N), "n")
        .join(JoinType::InnerJoin, consultation_of_tally())
        .filter(consultation::Column::PublishedAt.is_not_null())
        .filter(consultation::Column::ClosesOn.gte(since))
        .group_by(opinion_tally::Column::State)
        .group_by(answered)
        .into_model()
        .all(db)
        .await?;
    let sum = |rows: &mut dyn Iterator<Item = &Row>| rows.map(|r| unsigned(r.n)).sum();
    let done = |r: &&Row| r.answered || !r.state.is_counted();
    Ok((sum(&mut rows.iter()), sum(&mut rows.iter().filter(done))))
}

/// The newest year of the work plan, with its number of items.
pub async fn work_plan(db: &impl ConnectionTrait) -> Result<Option<(i32, u64)>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        year: i32,
        n: i64,
    }
    let row: Option<Row> = work_plan_item::Entity::find()
        .select_only()
        .column(work_plan_item::Column::Year)
        .column_as(work_plan_item::Column::Id.count(), "n")
        .group_by(work_plan_item::Column::Year)
        .order_by_desc(work_plan_item::Column::Year)
        .limit(1)
        .into_model()
        .one(db)
        .await?;
    Ok(row.map(|row| (row.year, unsigned(row.n))))
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
