//! The rows of consultations and their extensions.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::consultation::{Column, Entity, Model};
use entity::id::{ConsultationId, DecisionId, DepartmentId, DocumentId};
use entity::{consultation_extension as extension, decision, department, summary};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef,
};

use crate::db::Write;
use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: ConsultationId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The same with the row locked until the transaction ends.
pub(super) async fn find_locked(write: &Write, id: ConsultationId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Model, Problem> {
    Entity::find().filter(Column::Code.eq(code)).one(db).await?.ok_or_else(Problem::not_found)
}

/// The consultations of a decision, oldest first.
///
/// # Errors
/// The database's own.
pub async fn of_decision(db: &impl ConnectionTrait, decision: DecisionId) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::DecisionId.eq(decision)).order_by_asc(Column::CreatedAt).all(db).await?)
}

pub(super) fn to_decision() -> RelationDef {
    Entity::belongs_to(decision::Entity).from(Column::DecisionId).to(decision::Column::Id).into()
}

fn to_department() -> RelationDef {
    decision::Entity::belongs_to(department::Entity)
        .from(decision::Column::DepartmentId)
        .to(department::Column::Id)
        .into()
}

/// The consultations of some departments, drafts first, then by the last day, newest first.
pub(super) async fn of_departments(
    db: &impl ConnectionTrait,
    departments: &[DepartmentId],
    limit: u64,
    offset: u64,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find()
        .join(JoinType::InnerJoin, to_decision())
        .filter(decision::Column::DepartmentId.is_in(departments.iter().copied()));
    let query = query
        .order_by_asc(Column::PublishedAt.is_not_null())
        .order_by_desc(Column::ClosesOn)
        .order_by_desc(Column::Id);
    Ok(query.limit(limit).offset(offset).all(db).await?)
}

/// What a consultation in a list says of its decision.
#[derive(Clone, Debug, FromQueryResult)]
pub struct About {
    pub id: ConsultationId,
    pub decision_code: String,
    pub decision_published_at: Option<DateTime<Utc>>,
    pub department: String,
}

/// The decisions and departments of the consultations of a page, in one query.
pub(super) async fn about(
    db: &impl ConnectionTrait,
    ids: &[ConsultationId],
) -> Result<HashMap<ConsultationId, About>, Problem> {
    let query = Entity::find()
        .select_only()
        .column(Column::Id)
        .column_as(decision::Column::Code, "decision_code")
        .column_as(decision::Column::PublishedAt, "decision_published_at")
        .column_as(department::Column::Name, "department")
        .join(JoinType::InnerJoin, to_decision())
        .join(JoinType::InnerJoin, to_department())
        .filter(Column::Id.is_in(ids.iter().copied()));
    Ok(query.into_model::<About>().all(db).await?.into_iter().map(|a| (a.id, a)).collect())
}

/// Which of these consultations were answered: their summary is published.
///
/// # Errors
/// The database's own.
pub async fn answered(
    db: &impl ConnectionTrait,
    ids: &[ConsultationId],
) -> Result<HashSet<ConsultationId>, Problem> {
    let rows: Vec<ConsultationId> = summary::Entity::find()
        .select_only()
        .column(summary::Column::ConsultationId)
        .filter(summary::Column::ConsultationId.is_in(ids.iter().copied()))
        .filter(summary::Column::PublishedAt.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// When the next consultation of the same decision was published: from then on the decision's newer texts
/// are that one's.
pub(super) async fn next_published_at(
    db: &impl ConnectionTrait,
    c: &Model,
) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(published_at) = c.published_at else { return Ok(None) };
    let next = Entity::find()
        .filter(Column::DecisionId.eq(c.decision_id))
        .filter(Column::PublishedAt.gt(published_at))
        .order_by_asc(Column::PublishedAt)
        .limit(1)
        .one(db)
        .await?;
    Ok(next.and_then(|n| n.published_at))
}

/// The extensions of a consultation, oldest first.
///
/// # Errors
/// The database's own.
pub async fn extensions(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<Vec<extension::Model>, Problem> {
    let query = extension::Entity::find().filter(extension::Column::ConsultationId.eq(id));
    Ok(query.order_by_asc(extension::Column::PublishedAt).order_by_asc(extension::Column::Id).all(db).await?)
}

pub(super) async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub(super) async fn insert_extension(write: &Write, row: extension::Model) -> Result<(), Problem> {
    row.into_active_model().insert(&**write).await?;
    Ok(())
}

/// Writes everything that may change before publication.
pub(super) async fn set_content(write: &Write, c: &Model) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::DocumentId, Expr::value(c.document_id))
        .col_expr(Column::Title, Expr::value(c.title.clone()))
        .col_expr(Column::Notice, Expr::value(c.notice.clone()))
        .col_expr(Column::Plain, Expr::value(c.plain.clone()))
        .col_expr(Column::OpensOn, Expr::value(c.opens_on))
        .col_expr(Column::ClosesOn, Expr::value(c.closes_on))
        .col_expr(Column::ShortReason, Expr::value(c.short_reason.clone()))
        .col_expr(Column::ContactName, Expr::value(c.contact_name.clone()))
        .col_expr(Column::Address, Expr::value(c.address.clone()))
        .col_expr(Column::Postcode, Expr::value(c.postcode.clone()))
        .col_expr(Column::Email, Expr::value(c.email.clone()))
        .col_expr(Column::Phone, Expr::value(c.phone.clone()))
        .col_expr(Column::Identity, Expr::value(c.identity))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .filter(Column::Id.eq(c.id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_published(write: &Write, c: &Model) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::PublishedAt, Expr::value(c.published_at))
        .col_expr(Column::PublishedBy, Expr::value(c.published_by))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .filter(Column::Id.eq(c.id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_closes_on(write: &Write, id: ConsultationId, day: NaiveDate) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::ClosesOn, Expr::value(day))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn set_document(
    write: &Write,
    id: ConsultationId,
    document: DocumentId,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::DocumentId, Expr::value(document))
        .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn delete(write: &Write, id: ConsultationId) -> Result<(), Problem> {
    Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::PublishedAt.is_null())
        .exec(&**write)
        .await?;
    Ok(())
}
