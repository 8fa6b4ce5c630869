//! The rows of reports.

use chrono::{DateTime, Utc};
use entity::enums::ReportState;
use entity::id::{OpinionId, StaffId};
use entity::opinion;
use entity::report::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, JoinType, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::Problem;

pub(super) async fn insert(write: &Write, row: Model) -> Result<(), Problem> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**write).await?;
    Ok(())
}

/// The open reports of an opinion, oldest first.
pub(super) async fn open_of(db: &impl ConnectionTrait, id: OpinionId) -> Result<Vec<Model>, Problem> {
    let query = Entity::find()
        .filter(Column::OpinionId.eq(id))
        .filter(Column::State.eq(ReportState::Open))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    Ok(query.all(db).await?)
}

/// Open reports with their opinions, oldest first.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<(Model, opinion::Model)>, Problem> {
    let its_opinion = Entity::belongs_to(opinion::Entity).from(Column::OpinionId).to(opinion::Column::Id);
    let rows = Entity::find()
        .join(JoinType::InnerJoin, its_opinion.into())
        .select_also(opinion::Entity)
        .filter(Column::State.eq(ReportState::Open))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(report, opinion)| Some((report, opinion?))).collect())
}

/// How many reports are open.
///
/// # Errors
/// The database's own.
pub async fn count_open(db: &impl ConnectionTrait) -> Result<u64, Problem> {
    Ok(Entity::find().filter(Column::State.eq(ReportState::Open)).count(db).await?)
}

pub(super) async fn decide(
    write: &Write,
    id: OpinionId,
    state: ReportState,
    by: StaffId,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DecidedBy, Expr::value(Some(by)))
        .col_expr(Column::DecidedAt, Expr::value(Some(at)))
        .filter(Column::OpinionId.eq(id))
        .filter(Column::State.eq(ReportState::Open))
        .exec(&**write)
        .await?;
    Ok(())
}
