//! The rows of appeals.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::appeal::{Column, Entity, Model};
use entity::enums::AppealState;
use entity::id::{ConsultationId, OpinionId, StaffId};
use entity::opinion;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, FromQueryResult,
    IntoActiveModel as _, JoinType, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    RelationDef,
};

use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

pub(in crate::opinion) async fn insert(write: &Write, row: Model) -> Result<(), Problem> {
    Entity::insert(row.into_active_model()).exec_without_returning(&**write).await?;
    Ok(())
}

/// The appeal of an opinion.
///
/// # Errors
/// The database's own.
pub async fn of(db: &impl ConnectionTrait, id: OpinionId) -> Result<Option<Model>, Problem> {
    Ok(Entity::find().filter(Column::OpinionId.eq(id)).one(db).await?)
}

/// Writes what was decided.
///
/// # Errors
/// The database's own.
pub async fn decide(
    app: &App,
    write: &Write,
    before: &Model,
    state: AppealState,
    by: StaffId,
    answer: &str,
) -> Result<(), Problem> {
    let now: DateTime<Utc> = app.now();
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DecidedBy, Expr::value(Some(by)))
        .col_expr(Column::DecidedAt, Expr::value(Some(now)))
        .col_expr(Column::Answer, Expr::value(answer))
        .filter(Column::Id.eq(before.id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Appeals in a state with their opinions, oldest first.
///
/// # Errors
/// The database's own.
pub async fn list(
    db: &impl ConnectionTrait,
    state: AppealState,
    limit: u64,
) -> Result<Vec<(Model, opinion::Model)>, Problem> {
    let rows = Entity::find()
        .join(JoinType::InnerJoin, its_opinion())
        .select_also(opinion::Entity)
        .filter(Column::State.eq(state))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(appeal, opinion)| Some((appeal, opinion?))).collect())
}

/// How many wait to be decided.
///
/// # Errors
/// The database's own.
pub async fn open(db: &impl ConnectionTrait) -> Result<u64, Problem> {
    Ok(Entity::find().filter(Column::State.eq(AppealState::Open)).count(db).await?)
}

/// How many of a consultation stand where.
///
/// # Errors
/// The database's own.
pub async fn counts(
    db: &impl ConnectionTrait,
    id: ConsultationId,
) -> Result<BTreeMap<AppealState, u64>, Problem> {
    #[derive(FromQueryResult)]
    struct Row {
        state: AppealState,
        n: i64,
    }
    // From the few appeals to their opinions; joined, SQLite goes through all opinions of the consultation.
    let its_consultation = Query::select()
        .column(opinion::Column::ConsultationId)
        .from(opinion::Entity)
        .and_where(Expr::col((opinion::Entity, opinion::Column::Id)).equals((Entity, Column::OpinionId)))
        .take();
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "n")
        .filter(Expr::SubQuery(None, Box::new(its_consultation.into())).eq(id))
        .group_by(Column::State)
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.state, u64::try_from(r.n).unwrap_or(0))).collect())
}

fn its_opinion() -> RelationDef {
    Entity::belongs_to(opinion::Entity).from(Column::OpinionId).to(opinion::Column::Id).into()
}
