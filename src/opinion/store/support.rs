//! The rows of support, and their count beside each opinion.

use std::collections::HashMap;

use entity::id::OpinionId;
use entity::support::{ActiveModel, Column, Entity};
use entity::{opinion, support_tally as tally};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _,
    PaginatorTrait as _, QueryFilter as _,
};

use crate::app::App;
use crate::db::Write;
use crate::problem::Problem;

/// How many support some opinions; those nobody supports may be missing.
///
/// # Errors
/// The database's own.
pub async fn counts(
    db: &impl ConnectionTrait,
    ids: &[OpinionId],
) -> Result<HashMap<OpinionId, u64>, Problem> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query = tally::Entity::find().filter(tally::Column::OpinionId.is_in(ids.iter().copied()));
    let rows = query.all(db).await?;
    Ok(rows.into_iter().map(|r| (r.opinion_id, u64::try_from(r.n).unwrap_or(0))).collect())
}

pub(in crate::opinion) async fn is_there(
    db: &impl ConnectionTrait,
    id: OpinionId,
    device: &str,
) -> Result<bool, Problem> {
    Ok(Entity::find_by_id((id, device.to_owned())).one(db).await?.is_some())
}

pub(in crate::opinion) async fn of_network(
    db: &impl ConnectionTrait,
    id: OpinionId,
    network: &str,
) -> Result<u64, Problem> {
    let query = Entity::find().filter(Column::OpinionId.eq(id)).filter(Column::Network.eq(network));
    Ok(query.count(db).await?)
}

/// Holds the count of an opinion until the transaction ends; makes it where there is none.
pub(in crate::opinion) async fn hold(write: &Write, o: &opinion::Model) -> Result<(), Problem> {
    let row =
        tally::ActiveModel { opinion_id: Set(o.id), consultation_id: Set(o.consultation_id), n: Set(0) };
    let same = Expr::col((tally::Entity, tally::Column::N));
    let kept = OnConflict::column(tally::Column::OpinionId).value(tally::Column::N, same).to_owned();
    tally::Entity::insert(row).on_conflict(kept).exec_without_returning(&**write).await?;
    Ok(())
}

pub(in crate::opinion) async fn add(
    app: &App,
    write: &Write,
    id: OpinionId,
    device: String,
    network: String,
) -> Result<(), Problem> {
    let row = ActiveModel {
        opinion_id: Set(id),
        device: Set(device),
        network: Set(network),
        created_at: Set(app.now()),
    };
    Entity::insert(row).exec_without_returning(&**write).await?;
    moved(write, id, 1).await
}

pub(in crate::opinion) async fn remove(write: &Write, id: OpinionId, device: &str) -> Result<(), Problem> {
    let gone = Entity::delete_by_id((id, device.to_owned())).exec(&**write).await?;
    if gone.rows_affected == 0 { Ok(()) } else { moved(write, id, -1).await }
}

async fn moved(write: &Write, id: OpinionId, by: i64) -> Result<(), Problem> {
    tally::Entity::update_many()
        .col_expr(tally::Column::N, Expr::col(tally::Column::N).add(by))
        .filter(tally::Column::OpinionId.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}
