//! The rows of what visitors say afterwards.

use entity::event_feedback::{Column, Entity, Model};
use entity::id::{EventId, EventRegistrationId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// Writes what a visitor says, in place of what was said before.
pub async fn put(write: &Write, row: &Model) -> Result<(), Problem> {
    let anew = OnConflict::column(Column::RegistrationId)
        .update_columns([
            Column::Content,
            Column::Hosting,
            Column::Answers,
            Column::WordsEnc,
            Column::GivenAt,
        ])
        .to_owned();
    let insert = Entity::insert(row.clone().into_active_model()).on_conflict(anew);
    insert.exec_without_returning(&**write).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: EventRegistrationId) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// All of an event, the first first.
pub async fn of_event(db: &impl ConnectionTrait, event: EventId) -> Result<Vec<Model>, Problem> {
    let of = Entity::find().filter(Column::EventId.eq(event));
    Ok(of.order_by_asc(Column::GivenAt).order_by_asc(Column::RegistrationId).all(db).await?)
}

/// Forgets the words of one visitor; the marks stay.
pub async fn forget(write: &Write, id: EventRegistrationId) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::WordsEnc, Expr::value(None::<Vec<u8>>))
        .filter(Column::RegistrationId.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Forgets the words; the marks stay.
pub async fn erase(write: &Write, event: EventId) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::WordsEnc, Expr::value(None::<Vec<u8>>))
        .filter(Column::EventId.eq(event))
        .exec(&**write)
        .await?;
    Ok(())
}
