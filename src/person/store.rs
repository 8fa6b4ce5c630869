//! The rows of people's sessions and of their requests.

use chrono::{DateTime, Utc};
use entity::id::DataRequestId;
use entity::person_session::{Column, Entity, Model};
use entity::{data_inquiry, data_request, person_session};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// Writes a session and sweeps those that are over.
pub async fn begin(write: &Write, row: &Model, now: DateTime<Utc>) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(&**write).await?;
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

pub async fn session(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>, Problem> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

pub async fn end(write: &Write, id: &str) -> Result<(), Problem> {
    Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

/// Ends every session of a contact.
pub async fn end_all(write: &Write, contact_hash: &str) -> Result<(), Problem> {
    person_session::Entity::delete_many().filter(Column::ContactHash.eq(contact_hash)).exec(&**write).await?;
    Ok(())
}

pub async fn request(db: &impl ConnectionTrait, id: DataRequestId) -> Result<data_request::Model, Problem> {
    data_request::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// Requests that the site carried out by itself, the newest first, and how many there are.
pub async fn requests(
    db: &impl ConnectionTrait,
    limit: u64,
    offset: u64,
) -> Result<(Vec<data_request::Model>, u64), Problem> {
    let query = data_request::Entity::find();
    let all = query.clone().count(db).await?;
    let query = query.order_by_desc(data_request::Column::DoneAt).order_by_desc(data_request::Column::Number);
    Ok((query.limit(limit).offset(offset).all(db).await?, all))
}

pub async fn inquiry(
    db: &impl ConnectionTrait,
    id: DataRequestId,
) -> Result<Option<data_inquiry::Model>, Problem> {
    Ok(data_inquiry::Entity::find_by_id(id).one(db).await?)
}

pub async fn inquiry_by_number(
    db: &impl ConnectionTrait,
    number: &str,
) -> Result<data_inquiry::Model, Problem> {
    let number = crate::opinion::code(number)?;
    let query = data_inquiry::Entity::find().filter(data_inquiry::Column::Number.eq(number));
    query.one(db).await?.ok_or_else(Problem::not_found)
}

/// The request, held until the transaction ends.
pub async fn lock_inquiry(write: &Write, number: &str) -> Result<data_inquiry::Model, Problem> {
    let number = crate::opinion::code(number)?;
    let query = data_inquiry::Entity::find().filter(data_inquiry::Column::Number.eq(number));
    query.lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

pub async fn update_inquiry(write: &Write, after: &data_inquiry::Model) -> Result<(), Problem> {
    data_inquiry::Entity::update(after.clone().into_active_model().reset_all()).exec(&**write).await?;
    Ok(())
}

pub async fn inquiries_of(
    db: &impl ConnectionTrait,
    person: &str,
) -> Result<Vec<data_inquiry::Model>, Problem> {
    let query = data_inquiry::Entity::find().filter(data_inquiry::Column::PersonHash.eq(person));
    Ok(query.order_by_desc(data_inquiry::Column::ReceivedAt).all(db).await?)
}

/// Requests that wait, the oldest first, or those that are answered, the newest first; and how many there are.
pub async fn inquiries(
    db: &impl ConnectionTrait,
    done: bool,
    limit: u64,
    offset: u64,
) -> Result<(Vec<data_inquiry::Model>, u64), Problem> {
    use data_inquiry::{Column, Entity};
    let state = if done { Column::AnsweredAt.is_not_null() } else { Column::AnsweredAt.is_null() };
    let query = Entity::find().filter(state);
    let all = query.clone().count(db).await?;
    let query = if done {
        query.order_by_desc(Column::AnsweredAt).order_by_desc(Column::Number)
    } else {
        query.order_by_asc(Column::ReceivedAt).order_by_asc(Column::Number)
    };
    Ok((query.limit(limit).offset(offset).all(db).await?, all))
}

/// Forgets what was asked, what was answered and who asked, of what is answered; gives how many. What waits is still
/// to be told its answer.
pub async fn forget_inquiries(write: &Write, person: &str) -> Result<u64, Problem> {
    use data_inquiry::{Column, Entity};
    let none = || Expr::value(None::<Vec<u8>>);
    let whole = Entity::update_many()
        .col_expr(Column::TextEnc, none())
        .col_expr(Column::AnswerEnc, none())
        .col_expr(Column::ContactEnc, none())
        .col_expr(Column::PersonHash, Expr::value(None::<String>))
        .filter(Column::PersonHash.eq(person))
        .filter(Column::AnsweredAt.is_not_null())
        .exec(&**write)
        .await?;
    Ok(whole.rows_affected)
}
