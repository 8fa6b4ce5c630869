//! The rows of work plans.

use entity::work_plan_item::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// More rows than any plan of a bureau has.
const MOST: u64 = 1000;

/// The rows of a year's plan, as printed.
///
/// # Errors
/// The database's own.
pub async fn items(db: &impl ConnectionTrait, year: i32) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::Year.eq(year)).order_by_asc(Column::Position);
    Ok(query.limit(MOST).all(db).await?)
}

/// The years that have a plan, newest first.
///
/// # Errors
/// The database's own.
pub async fn years(db: &impl ConnectionTrait) -> Result<Vec<i32>, Problem> {
    let query = Entity::find().select_only().column(Column::Year).distinct();
    Ok(query.order_by_desc(Column::Year).into_tuple().all(db).await?)
}

pub(super) async fn replace(write: &Write, year: i32, rows: Vec<Model>) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::Year.eq(year)).exec(&**write).await?;
    for row in rows {
        row.into_active_model().insert(&**write).await?;
    }
    Ok(())
}
