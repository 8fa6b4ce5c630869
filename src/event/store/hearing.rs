//! The rows of hearings, and the opinions voiced at events.

use entity::event_hearing::{Column, Entity, Model};
use entity::event_opinion as voiced;
use entity::id::{EventId, OpinionId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _,
};

use crate::db::Write;
use crate::problem::Problem;

/// What stands of a hearing; an empty row when nothing was written yet.
///
/// # Errors
/// The database's own.
pub async fn of(db: &impl ConnectionTrait, event: EventId) -> Result<Model, Problem> {
    let empty = || Model {
        event_id: event,
        selects: false,
        selection_rules: String::new(),
        participants: None,
        participants_at: None,
        delivered_on: None,
        delivered_how: None,
        delivered_by: None,
        record: None,
        record_at: None,
    };
    Ok(Entity::find_by_id(event).one(db).await?.unwrap_or_else(empty))
}

/// Writes it whole; whoever does holds the lock of the event.
pub async fn put(write: &Write, row: &Model) -> Result<(), Problem> {
    let all = [
        Column::Selects,
        Column::SelectionRules,
        Column::Participants,
        Column::ParticipantsAt,
        Column::DeliveredOn,
        Column::DeliveredHow,
        Column::DeliveredBy,
        Column::Record,
        Column::RecordAt,
    ];
    Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::column(Column::EventId).update_columns(all).to_owned())
        .exec_without_returning(&**write)
        .await?;
    Ok(())
}

pub async fn clear(write: &Write, event: EventId) -> Result<(), Problem> {
    Entity::delete_many().filter(Column::EventId.eq(event)).exec(&**write).await?;
    Ok(())
}

/// Says that an opinion was voiced at an event.
pub async fn voice(write: &Write, event: EventId, opinion: OpinionId) -> Result<(), Problem> {
    voiced::Model { opinion_id: opinion, event_id: event }.into_active_model().insert(&**write).await?;
    Ok(())
}

/// The opinions voiced at an event, in the order in which they were entered.
///
/// # Errors
/// The database's own.
pub async fn voices(db: &impl ConnectionTrait, event: EventId) -> Result<Vec<OpinionId>, Problem> {
    let of = voiced::Entity::find().filter(voiced::Column::EventId.eq(event));
    Ok(of.order_by_asc(voiced::Column::OpinionId).all(db).await?.into_iter().map(|v| v.opinion_id).collect())
}
