//! The rows of summaries, and the reads over opinions that their tables are made of.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{Channel, OpinionState, Outcome, PersonKind};
use entity::id::{ClauseId, ConsultationId, DecisionId, OpinionId, StaffId, SummaryId, TopicId};
use entity::summary::{Column, Entity, Model};
use entity::{consultation, opinion};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement, Value,
};

use crate::db::Write;
use crate::problem::{Code, Problem};

pub(super) async fn insert(write: &Write, row: Model) -> Result<(), Problem> {
    row.into_active_model().insert(&**write).await?;
    Ok(())
}

/// Writes every column that may change, if nobody else changed the row meanwhile.
pub(super) async fn update(write: &Write, before: &Model, after: &Model) -> Result<(), Problem> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(after.state))
        .col_expr(Column::Title, Expr::value(after.title.clone()))
        .col_expr(Column::Participation, Expr::value(after.participation.clone()))
        .col_expr(Column::Overview, Expr::value(after.overview.clone()))
        .col_expr(Column::ParticipationEdited, Expr::value(after.participation_edited))
        .col_expr(Column::OverviewEdited, Expr::value(after.overview_edited))
        .col_expr(Column::Snapshot, Expr::value(after.snapshot.clone()))
        .col_expr(Column::SubmittedBy, Expr::value(after.submitted_by))
        .col_expr(Column::SubmittedAt, Expr::value(after.submitted_at))
        .col_expr(Column::SubmittedHash, Expr::value(after.submitted_hash.clone()))
        .col_expr(Column::ApprovedBy, Expr::value(after.approved_by))
        .col_expr(Column::ApprovedAt, Expr::value(after.approved_at))
        .col_expr(Column::ReturnedReason, Expr::value(after.returned_reason.clone()))
        .col_expr(Column::CorrectionReason, Expr::value(after.correction_reason.clone()))
        .col_expr(Column::PublishedAt, Expr::value(after.published_at))
        .col_expr(Column::PublishedBy, Expr::value(after.published_by))
        .col_expr(Column::UpdatedAt, Expr::value(after.updated_at))
        .col_expr(Column::Revision, Expr::value(before.revision + 1))
        .filter(Column::Id.eq(before.id))
        .filter(Column::Revision.eq(before.revision))
        .exec(&**write)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Stale)) }
}

/// # Errors
/// The database's own.
pub async fn of_consultation(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::ConsultationId.eq(id)).one(db).await?)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: SummaryId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The time of the first public answer stays the first.
pub(super) async fn mark_answered(
    write: &Write,
    id: ConsultationId,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    consultation::Entity::update_many()
        .col_expr(consultation::Column::ResultPublishedAt, Expr::value(Some(at)))
        .filter(consultation::Column::Id.eq(id))
        .filter(consultation::Column::ResultPublishedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn mark_unanswered(write: &Write, id: ConsultationId) -> Result<(), Problem> {
    consultation::Entity::update_many()
        .col_expr(consultation::Column::ResultPublishedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(consultation::Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Whether a published consultation of the decision, other than this one, closed before `today` and has no
/// public answer.
pub(super) async fn others_wait(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    but: ConsultationId,
    today: NaiveDate,
) -> Result<bool, Problem> {
    let other = consultation::Entity::find()
        .filter(consultation::Column::DecisionId.eq(decision))
        .filter(consultation::Column::Id.ne(but))
        .filter(consultation::Column::PublishedAt.is_not_null())
        .filter(consultation::Column::ResultPublishedAt.is_null())
        .filter(consultation::Column::ClosesOn.lt(today))
        .limit(1)
        .one(db)
        .await?;
    Ok(other.is_some())
}

async fn rows<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, Problem> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(T::find_by_statement(statement).all(db).await?)
}

/// Where the opinions that follow a topic's response came from.
#[derive(FromQueryResult)]
pub(super) struct Source {
    pub topic_id: TopicId,
    pub person_kind: PersonKind,
    pub channel: Channel,
    n: i64,
}

impl Source {
    pub fn count(&self) -> u64 {
        u64::try_from(self.n).unwrap_or(0)
    }
}

pub(super) async fn sources(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Vec<Source>, Problem> {
    // All of the topic, less those with a response of their own.
    let sql = "SELECT x.topic_id, x.person_kind, x.channel, CAST(SUM(x.n) AS bigint) AS n FROM ( \
               SELECT topic_id, person_kind, channel, n FROM opinion_tally \
               WHERE consultation_id = $1 AND topic_id <> $2 AND state NOT IN ('rejected', 'withdrawn') \
               UNION ALL SELECT m.topic_id, o.person_kind, o.channel, -1 \
               FROM response ro JOIN opinion o ON o.id = ro.opinion_id \
               JOIN topic_opinion m ON m.opinion_id = o.id \
               WHERE ro.consultation_id = $1 AND o.state NOT IN ('rejected', 'withdrawn')) x \
               GROUP BY x.topic_id, x.person_kind, x.channel HAVING SUM(x.n) > 0";
    rows(db, sql, [id.0.into(), uuid::Uuid::nil().into()]).await
}

/// A counted opinion that no topic answers for.
#[derive(FromQueryResult)]
pub(super) struct Single {
    pub state: OpinionState,
    pub channel: Channel,
    pub person_kind: PersonKind,
    pub clause_id: Option<ClauseId>,
    pub public_name: Option<String>,
    pub public_text: Option<String>,
    pub outcome: Option<Outcome>,
    pub reason: Option<String>,
    pub final_clause_id: Option<ClauseId>,
}

/// In the order of their numbers. All of them: each is a line of the published table.
pub(super) async fn singles(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Vec<Single>, Problem> {
    let sql = "SELECT o.state, o.channel, o.person_kind, o.clause_id, o.public_name, o.public_text, ro.outcome, \
               ro.reason, ro.final_clause_id \
               FROM opinion o LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
               LEFT JOIN response ro ON ro.opinion_id = o.id \
               WHERE o.consultation_id = $1 AND o.state NOT IN ('rejected', 'withdrawn') \
               AND (ro.id IS NOT NULL OR m.topic_id IS NULL) ORDER BY o.number";
    rows(db, sql, [id.0.into()]).await
}

#[derive(FromQueryResult)]
struct PersonRow {
    person_hash: String,
}

/// The next people, after `after`, whose counted opinions got a new public answer with this version.
pub(super) async fn people_to_tell(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    version: i32,
    after: &str,
    limit: u64,
) -> Result<Vec<String>, Problem> {
    let sql = format!(
        "SELECT DISTINCT o.person_hash FROM opinion o \
         LEFT JOIN response ro ON ro.opinion_id = o.id \
         LEFT JOIN topic_opinion m ON m.opinion_id = o.id \
         LEFT JOIN response rt ON rt.topic_id = m.topic_id \
         WHERE o.consultation_id = $1 AND o.state NOT IN ('rejected', 'withdrawn') AND o.person_hash > $2 \
         AND o.contact_enc IS NOT NULL AND COALESCE(ro.public_version, rt.public_version) = $3 \
         ORDER BY o.person_hash LIMIT {limit}"
    );
    let found: Vec<PersonRow> = rows(db, &sql, [id.0.into(), after.into(), version.into()]).await?;
    Ok(found.into_iter().map(|r| r.person_hash).collect())
}

/// An opinion to tell its author about.
pub(super) struct Told {
    pub id: OpinionId,
    pub number: String,
    pub contact_enc: Option<Vec<u8>>,
    pub person_hash: Option<String>,
    pub lang: String,
}

/// The counted opinions of some people, in the order of their numbers.
pub(super) async fn opinions_of(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    people: &[String],
) -> Result<Vec<Told>, Problem> {
    let found = opinion::Entity::find()
        .filter(opinion::Column::ConsultationId.eq(id))
        .filter(opinion::Column::State.is_not_in(OpinionState::NOT_COUNTED))
        .filter(opinion::Column::PersonHash.is_in(people))
        .order_by_asc(opinion::Column::Number)
        .all(db)
        .await?;
    let told = found.into_iter().map(|o| Told {
        id: o.id,
        number: o.number,
        contact_enc: o.contact_enc,
        person_hash: o.person_hash,
        lang: o.lang,
    });
    Ok(told.collect())
}

/// A consultation in the public list: answered, or issued and still to be answered.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub consultation_id: ConsultationId,
    pub decision_id: DecisionId,
    pub code: String,
    pub decision_title: String,
    pub result_published_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

const PUBLIC: &str = "FROM consultation c JOIN decision d ON d.id = c.decision_id \
     WHERE c.published_at IS NOT NULL AND (c.result_published_at IS NOT NULL \
     OR (d.promulgated_on IS NOT NULL AND c.closes_on < $1))";

/// A page of the public list: what is still to come first, then the newest answers; and how many there are.
///
/// # Errors
/// The database's own.
pub async fn public_list(
    db: &impl ConnectionTrait,
    today: NaiveDate,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Listed>, u64), Problem> {
    let count: Vec<Count> = rows(db, &format!("SELECT COUNT(*) AS n {PUBLIC}"), [today.into()]).await?;
    let sql = format!(
        "SELECT c.id AS consultation_id, c.decision_id, c.code, d.title AS decision_title, c.result_published_at \
         {PUBLIC} ORDER BY CASE WHEN c.result_published_at IS NULL THEN 0 ELSE 1 END, \
         c.result_published_at DESC, d.promulgated_on DESC, c.code DESC LIMIT {limit} OFFSET {offset}"
    );
    let found = rows(db, &sql, [today.into()]).await?;
    Ok((found, count.first().map_or(0, |c| u64::try_from(c.n).unwrap_or(0))))
}

/// The summaries of some consultations that were published.
///
/// # Errors
/// The database's own.
pub async fn published_of(
    db: &impl ConnectionTrait,
    consultations: impl IntoIterator<Item = ConsultationId>,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find()
        .filter(Column::ConsultationId.is_in(consultations))
        .filter(Column::PublishedAt.is_not_null());
    Ok(query.all(db).await?)
}

/// Whether anybody but `head` could submit for the department: an owner who is not disabled.
pub(super) async fn others_could_submit(
    db: &impl ConnectionTrait,
    department: entity::id::DepartmentId,
    head: StaffId,
) -> Result<bool, Problem> {
    let owners = crate::account::owners_of(db, department).await?;
    Ok(owners.iter().any(|p| p.id != head))
}
