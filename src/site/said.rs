//! What the page of a consultation tells beside the consultation itself, read across the tables of
//! decisions, opinions, answers and summaries, in few queries: this page is the one everybody opens. It
//! changes nothing; that is why it may read what belongs to others.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{AttachmentState, Channel, OpinionState, Outcome, PersonKind, SubjectKind};
use entity::id::{ClauseId, ConsultationId, DocumentId, LineageId, OpinionId};
use entity::{
    clause, consultation_extension as extension, consultation_import, decision, department, opinion,
    opinion_tally, summary, support_tally,
};
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationDef, Select,
};
use uuid::Uuid;

use crate::attachment;
use crate::opinion::{Counts, older, tally};
use crate::problem::Problem;
use crate::topic;

/// Facts of a consultation that lie in other tables.
#[derive(Debug, FromQueryResult)]
pub struct Facts {
    pub decision_code: String,
    pub decision_published_at: Option<DateTime<Utc>>,
    pub department: String,
    /// Different people who spoke; those without a contact count each as one.
    pub people: i64,
    pub extensions: i64,
    /// Archives of another site that it came from.
    pub imports: i64,
    pub answered_at: Option<DateTime<Utc>>,
    /// When the next consultation of the decision was published.
    pub next_published_at: Option<DateTime<Utc>>,
}

fn scalar(statement: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(statement.into()))
}

fn people(id: ConsultationId) -> SelectStatement {
    Query::select()
        .expr(Func::coalesce([tally::sum(opinion_tally::Column::People), Expr::value(0_i64)]))
        .from(opinion_tally::Entity)
        .and_where(Expr::col(opinion_tally::Column::ConsultationId).eq(id))
        .to_owned()
}

fn extensions(id: ConsultationId) -> SelectStatement {
    Query::select()
        .expr(Expr::col(extension::Column::Id).count())
        .from(extension::Entity)
        .and_where(Expr::col(extension::Column::ConsultationId).eq(id))
        .to_owned()
}

fn imports(id: ConsultationId) -> SelectStatement {
    Query::select()
        .expr(Expr::col(consultation_import::Column::Id).count())
        .from(consultation_import::Entity)
        .and_where(Expr::col(consultation_import::Column::ConsultationId).eq(id))
        .to_owned()
}

fn answered_at(id: ConsultationId) -> SelectStatement {
    Query::select()
        .column(summary::Column::PublishedAt)
        .from(summary::Entity)
        .and_where(Expr::col(summary::Column::ConsultationId).eq(id))
        .to_owned()
}

fn next_published_at(c: &entity::consultation::Model) -> SelectStatement {
    use entity::consultation::{Column, Entity};
    Query::select()
        .expr(Expr::col(Column::PublishedAt).min())
        .from(Entity)
        .and_where(Expr::col(Column::DecisionId).eq(c.decision_id))
        .and_where(Expr::col(Column::PublishedAt).gt(c.published_at))
        .to_owned()
}

fn to_department() -> RelationDef {
    decision::Entity::belongs_to(department::Entity)
        .from(decision::Column::DepartmentId)
        .to(department::Column::Id)
        .into()
}

/// # Errors
/// `not_found`; the database's own.
pub async fn facts(db: &impl ConnectionTrait, c: &entity::consultation::Model) -> Result<Facts, Problem> {
    let found = decision::Entity::find()
        .select_only()
        .column_as(decision::Column::Code, "decision_code")
        .column_as(decision::Column::PublishedAt, "decision_published_at")
        .column_as(department::Column::Name, "department")
        .column_as(scalar(people(c.id)), "people")
        .column_as(scalar(extensions(c.id)), "extensions")
        .column_as(scalar(imports(c.id)), "imports")
        .column_as(scalar(answered_at(c.id)), "answered_at")
        .column_as(scalar(next_published_at(c)), "next_published_at")
        .join(JoinType::InnerJoin, to_department())
        .filter(decision::Column::Id.eq(c.decision_id))
        .into_model::<Facts>()
        .one(db)
        .await?;
    found.ok_or_else(Problem::not_found)
}

/// How many opinions stand where, and how many are published on each clause whatever its number became.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    pub counts: Counts,
    pub by_lineage: HashMap<LineageId, u64>,
}

fn to_clause() -> RelationDef {
    opinion::Entity::belongs_to(clause::Entity).from(opinion::Column::ClauseId).to(clause::Column::Id).into()
}

/// # Errors
/// The database's own.
pub async fn numbers(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Numbers, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        state: OpinionState,
        lineage_id: Option<LineageId>,
        n: i64,
    }
    let tally_to_clause: RelationDef = opinion_tally::Entity::belongs_to(clause::Entity)
        .from(opinion_tally::Column::ClauseId)
        .to(clause::Column::Id)
        .into();
    let rows: Vec<Row> = opinion_tally::Entity::find()
        .select_only()
        .column(opinion_tally::Column::State)
        .column(clause::Column::LineageId)
        .column_as(tally::sum(opinion_tally::Column::N), "n")
        .join(JoinType::LeftJoin, tally_to_clause)
        .filter(opinion_tally::Column::ConsultationId.eq(id))
        .group_by(opinion_tally::Column::State)
        .group_by(clause::Column::LineageId)
        .into_model()
        .all(db)
        .await?;
    let mut numbers = Numbers::default();
    for row in rows {
        let n = u64::try_from(row.n).unwrap_or(0);
        numbers.counts.add(row.state, n);
        if let (OpinionState::Published, Some(lineage)) = (row.state, row.lineage_id) {
            *numbers.by_lineage.entry(lineage).or_default() += n;
        }
    }
    Ok(numbers)
}

/// What everybody may read of an opinion; never its received text, name or contact.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Said {
    pub id: OpinionId,
    pub number: String,
    pub channel: Channel,
    pub person_kind: PersonKind,
    pub public_text: Option<String>,
    pub public_name: Option<String>,
    pub received_at: DateTime<Utc>,
    pub clause_id: Option<ClauseId>,
    pub lineage_id: Option<LineageId>,
    pub document_id: Option<DocumentId>,
    pub path: Option<String>,
}

/// A page of published opinions, newest first; `before` is the last one of the page before, `on` the
/// clauses they speak on, in whatever version of the draft.
///
/// # Errors
/// The database's own.
pub async fn published(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    on: Option<&[LineageId]>,
    before: Option<OpinionId>,
    limit: u64,
) -> Result<Vec<Said>, Problem> {
    let mut query = readable(id);
    if let Some(before) = before {
        let last = opinion::Entity::find_by_id(before).filter(opinion::Column::ConsultationId.eq(id));
        let Some(last) = last.one(db).await? else { return Ok(Vec::new()) };
        query = query.filter(older(last.received_at, &last.number));
    }
    let query =
        query.order_by_desc(opinion::Column::ReceivedAt).order_by_desc(opinion::Column::Number).limit(limit);
    let Some(on) = on else { return Ok(query.into_model::<Said>().all(db).await?) };
    // The newest of each clause, found at the end of its index, and of these the newest.
    let mut found = Vec::new();
    for clause in spoken_on(db, id, on).await? {
        let query = query.clone().filter(opinion::Column::ClauseId.eq(clause));
        found.extend(query.into_model::<Said>().all(db).await?);
    }
    found.sort_unstable_by(|a, b| (b.received_at, &b.number).cmp(&(a.received_at, &a.number)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// What everybody may read, with its clause.
fn readable(id: ConsultationId) -> Select<opinion::Entity> {
    opinion::Entity::find()
        .select_only()
        .columns([opinion::Column::Id, opinion::Column::Number, opinion::Column::Channel])
        .columns([opinion::Column::PersonKind, opinion::Column::PublicText, opinion::Column::PublicName])
        .columns([opinion::Column::ReceivedAt, opinion::Column::ClauseId])
        .columns([clause::Column::LineageId, clause::Column::DocumentId, clause::Column::Path])
        .join(JoinType::LeftJoin, to_clause())
        .filter(opinion::Column::ConsultationId.eq(id))
        .filter(opinion::Column::State.eq(OpinionState::Published))
}

/// A page of published opinions that somebody supports, those most supported first, of as many the newest;
/// `before` is the last one of the page before.
///
/// # Errors
/// The database's own.
pub async fn supported(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    before: Option<OpinionId>,
    limit: u64,
) -> Result<Vec<Said>, Problem> {
    let tally: RelationDef = opinion::Entity::belongs_to(support_tally::Entity)
        .from(opinion::Column::Id)
        .to(support_tally::Column::OpinionId)
        .into();
    let mut query = readable(id)
        .join(JoinType::InnerJoin, tally)
        .filter(support_tally::Column::ConsultationId.eq(id))
        .filter(support_tally::Column::N.gt(0));
    if let Some(before) = before {
        let last = opinion::Entity::find_by_id(before).filter(opinion::Column::ConsultationId.eq(id));
        let n = support_tally::Entity::find_by_id(before).one(db).await?;
        let Some((last, n)) = last.one(db).await?.zip(n) else { return Ok(Vec::new()) };
        let same = support_tally::Column::N.eq(n.n).and(opinion::Column::Number.lt(last.number));
        query = query.filter(support_tally::Column::N.lt(n.n).or(same));
    }
    let query =
        query.order_by_desc(support_tally::Column::N).order_by_desc(opinion::Column::Number).limit(limit);
    Ok(query.into_model().all(db).await?)
}

/// The attachments that everybody may see of these opinions.
///
/// # Errors
/// The database's own.
pub async fn files(
    db: &impl ConnectionTrait,
    opinions: &[Said],
) -> Result<HashMap<Uuid, Vec<entity::attachment::Model>>, Problem> {
    let ids: Vec<Uuid> = opinions.iter().map(|o| o.id.0).collect();
    let mut found = attachment::of_many(db, SubjectKind::Opinion, &ids).await?;
    for files in found.values_mut() {
        files.retain(|f| f.state == AttachmentState::Published);
    }
    Ok(found)
}

/// Of these clauses, by lineage, those with a published opinion.
async fn spoken_on(
    db: &impl ConnectionTrait,
    id: ConsultationId,
    on: &[LineageId],
) -> Result<Vec<ClauseId>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        id: ClauseId,
    }
    let of_tally: RelationDef = clause::Entity::belongs_to(opinion_tally::Entity)
        .from(clause::Column::Id)
        .to(opinion_tally::Column::ClauseId)
        .into();
    let rows: Vec<Row> = clause::Entity::find()
        .select_only()
        .column(clause::Column::Id)
        .distinct()
        .join(JoinType::InnerJoin, of_tally)
        .filter(opinion_tally::Column::ConsultationId.eq(id))
        .filter(opinion_tally::Column::State.eq(OpinionState::Published))
        .filter(opinion_tally::Column::N.gt(0))
        .filter(clause::Column::LineageId.is_in(on.iter().copied()))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.id).collect())
}

/// What became of some opinions: the answer to the opinion itself, else to its topic. Only for a consultation
/// whose summary is published.
///
/// # Errors
/// The database's own.
pub async fn outcomes(
    db: &impl ConnectionTrait,
    opinions: &[OpinionId],
) -> Result<HashMap<OpinionId, (Outcome, String)>, Problem> {
    let found = topic::outcomes_of(db, opinions).await?;
    Ok(found.into_iter().map(|(id, view)| (id, (view.outcome, view.reason))).collect())
}
