//! The rows of decisions and their steps.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::decision::{ActiveModel, Column, Entity, Model};
use entity::enums::{DecisionKind, DocumentKind, StepKind};
use entity::id::{DecisionId, DepartmentId, DocumentId, StaffId, StepId};
use entity::{document, step};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use super::facts;
use super::status::{LADDER, Status, Test};
use crate::db::Write;
use crate::problem::{Code, Problem};

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: DecisionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Model, Problem> {
    Entity::find().filter(Column::Code.eq(code)).one(db).await?.ok_or_else(Problem::not_found)
}

/// Several at once, in no order.
///
/// # Errors
/// The database's own.
pub async fn by_ids(db: &impl ConnectionTrait, ids: &[DecisionId]) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The decision with its row locked, for check-then-write.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn lock(write: &Write, code: &str) -> Result<Model, Problem> {
    let query = Entity::find().filter(Column::Code.eq(code)).lock_exclusive();
    query.one(&**write).await?.ok_or_else(Problem::not_found)
}

/// The same by its id.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn lock_by_id(write: &Write, id: DecisionId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// The steps of a decision in the order they happened; those not applicable last.
///
/// # Errors
/// The database's own.
pub async fn steps(db: &impl ConnectionTrait, id: DecisionId) -> Result<Vec<step::Model>, Problem> {
    Ok(steps_of(db, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The steps of several decisions, each in order.
///
/// # Errors
/// The database's own.
pub async fn steps_of(
    db: &impl ConnectionTrait,
    ids: &[DecisionId],
) -> Result<HashMap<DecisionId, Vec<step::Model>>, Problem> {
    let rows = step::Entity::find()
        .filter(step::Column::DecisionId.is_in(ids.iter().copied()))
        .order_by_asc(step::Column::CreatedAt)
        .order_by_asc(step::Column::Id)
        .all(db)
        .await?;
    let mut steps: HashMap<DecisionId, Vec<step::Model>> = HashMap::new();
    for row in rows {
        steps.entry(row.decision_id).or_default().push(row);
    }
    for rows in steps.values_mut() {
        // Of one day, in the order of the procedure.
        rows.sort_by_key(|s| (s.happened_on.is_none(), s.happened_on, s.kind));
    }
    Ok(steps)
}

/// Which decisions to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of any of these departments.
    pub departments: Option<Vec<DepartmentId>>,
    pub year: Option<i32>,
    pub status: Option<Status>,
    /// Only what the procedure has not finished: neither stopped nor answered.
    pub under_way: bool,
    pub published_only: bool,
    pub owner: Option<StaffId>,
    /// Part of the title or the code.
    pub text: Option<String>,
    pub limit: u64,
    pub offset: u64,
}

/// The decisions of a filter, the newest code first.
///
/// # Errors
/// The database's own.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &Filter,
    today: NaiveDate,
) -> Result<Vec<Model>, Problem> {
    let query = select(filter, today).order_by_desc(Column::Year).order_by_desc(Column::Code);
    Ok(query.offset(filter.offset).limit(filter.limit).all(db).await?)
}

/// How many there are, without the limit.
///
/// # Errors
/// The database's own.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter, today: NaiveDate) -> Result<u64, Problem> {
    Ok(select(filter, today).count(db).await?)
}

fn select(filter: &Filter, today: NaiveDate) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(departments) = &filter.departments {
        query = query.filter(Column::DepartmentId.is_in(departments.iter().copied()));
    }
    if let Some(year) = filter.year {
        query = query.filter(Column::Year.eq(year));
    }
    if filter.published_only {
        query = query.filter(Column::PublishedAt.is_not_null());
    }
    if let Some(owner) = filter.owner {
        query = query.filter(Column::OwnerId.eq(owner));
    }
    if let Some(text) = &filter.text {
        query =
            query.filter(Condition::any().add(Column::Title.contains(text)).add(Column::Code.contains(text)));
    }
    if let Some(status) = filter.status {
        query = query.filter(stands(status, today));
    }
    if filter.under_way {
        for over in [Status::Withdrawn, Status::Evaluated, Status::Answered] {
            query = query.filter(stands(over, today).not());
        }
    }
    query
}

/// The status as a condition on rows: its own test holds, and none of those before it on the ladder.
fn stands(status: Status, today: NaiveDate) -> Condition {
    let mut condition = Condition::all();
    for (rung, test) in LADDER {
        if *rung == status {
            return condition.add(holds(*test, today));
        }
        condition = condition.add(holds(*test, today).not());
    }
    condition
}

fn holds(test: Test, today: NaiveDate) -> Condition {
    let happened = |kinds: &[StepKind]| Column::Id.in_subquery(with_step(kinds, today));
    match test {
        Test::Any(kinds) => Condition::all().add(happened(kinds)),
        Test::Both(a, b) => Condition::all().add(happened(&[a])).add(happened(&[b])),
        Test::Open => Condition::all().add(Column::Id.in_subquery(facts::open_on(today))),
        Test::Always => Condition::all(),
    }
}

fn with_step(kinds: &[StepKind], today: NaiveDate) -> SelectStatement {
    Query::select()
        .column(step::Column::DecisionId)
        .from(step::Entity)
        .and_where(step::Column::Kind.is_in(kinds.iter().copied()))
        .and_where(Expr::col(step::Column::HappenedOn).lte(today))
        .to_owned()
}

pub(super) async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub(super) async fn insert_step(write: &Write, row: &step::Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub(super) async fn find_step(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    id: StepId,
) -> Result<step::Model, Problem> {
    let row = step::Entity::find_by_id(id).filter(step::Column::DecisionId.eq(decision)).one(db).await?;
    row.ok_or_else(Problem::not_found)
}

pub(super) async fn delete_step(write: &Write, id: StepId) -> Result<(), Problem> {
    step::Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

/// What an edit of the dossier sets.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub title: String,
    pub kind: DecisionKind,
    pub department_id: DepartmentId,
    pub owner_id: Option<StaffId>,
    pub summary: String,
    pub basis: String,
}

/// Writes the fields if the row still has the revision that they were made from.
pub(super) async fn update_fields(
    write: &Write,
    id: DecisionId,
    revision: i32,
    fields: &Fields,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let done = Entity::update_many()
        .col_expr(Column::Title, Expr::value(fields.title.clone()))
        .col_expr(Column::Kind, Expr::value(fields.kind))
        .col_expr(Column::DepartmentId, Expr::value(fields.department_id))
        .col_expr(Column::OwnerId, Expr::value(fields.owner_id))
        .col_expr(Column::Summary, Expr::value(fields.summary.clone()))
        .col_expr(Column::Basis, Expr::value(fields.basis.clone()))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Revision, Expr::value(revision + 1))
        .filter(Column::Id.eq(id))
        .filter(Column::Revision.eq(revision))
        .exec(&**write)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Stale)) }
}

/// One or two columns of a row that this transaction has locked; counts as a change.
pub(super) async fn set(
    write: &Write,
    row: &Model,
    change: ActiveModel,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let change = ActiveModel {
        updated_at: sea_orm::ActiveValue::Set(now),
        revision: sea_orm::ActiveValue::Set(row.revision + 1),
        ..change
    };
    Entity::update_many().set(change).filter(Column::Id.eq(row.id)).exec(&**write).await?;
    Ok(())
}

/// Whether another decision already bears this document number.
pub(super) async fn number_is_taken(db: &impl ConnectionTrait, number: &str) -> Result<bool, Problem> {
    Ok(Entity::find().filter(Column::DocNumber.eq(number)).count(db).await? > 0)
}

/// A document of the decision; of the given kind, if one is given.
pub(super) async fn has_document(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    id: DocumentId,
    kind: Option<DocumentKind>,
) -> Result<bool, Problem> {
    let mut query = document::Entity::find_by_id(id).filter(document::Column::DecisionId.eq(decision));
    if let Some(kind) = kind {
        query = query.filter(document::Column::Kind.eq(kind));
    }
    Ok(query.count(db).await? > 0)
}

/// Id, kind and title of the documents of a decision, oldest first.
///
/// # Errors
/// The database's own.
pub async fn documents(
    db: &impl ConnectionTrait,
    decision: DecisionId,
    published_only: bool,
) -> Result<Vec<(DocumentId, DocumentKind, String)>, Problem> {
    let mut query = document::Entity::find().filter(document::Column::DecisionId.eq(decision));
    if published_only {
        query = query.filter(document::Column::PublishedAt.is_not_null());
    }
    let rows = query
        .select_only()
        .column(document::Column::Id)
        .column(document::Column::Kind)
        .column(document::Column::Title)
        .order_by_asc(document::Column::CreatedAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}

/// The years that have decisions, newest first, for filters.
///
/// # Errors
/// The database's own.
pub async fn years(db: &impl ConnectionTrait, published_only: bool) -> Result<Vec<i32>, Problem> {
    let mut query = Entity::find().select_only().column(Column::Year).distinct();
    if published_only {
        query = query.filter(Column::PublishedAt.is_not_null());
    }
    Ok(query.order_by_desc(Column::Year).into_tuple().all(db).await?)
}
