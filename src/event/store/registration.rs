//! The rows of registrations.

use std::collections::BTreeMap;

use entity::enums::{RegistrationState, SeatGroup, SeatMethod, SubjectKind};
use entity::event_registration::{Column, Entity, Model};
use entity::event_session::{Column as SessionColumn, Entity as SessionEntity, Model as Session};
use entity::id::{EventId, EventRegistrationId, EventSessionId, StaffId};
use sea_orm::sea_query::{Expr, IntoCondition as _, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::Write;
use crate::event::lot::Quota;
use crate::event::share::{Room, Shares};
use crate::problem::Problem;

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: EventRegistrationId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

pub async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// The registration with a number in a session.
pub async fn by_number(
    db: &impl ConnectionTrait,
    session: EventSessionId,
    number: i32,
) -> Result<Option<Model>, Problem> {
    let of = Entity::find().filter(Column::SessionId.eq(session)).filter(Column::Number.eq(number));
    Ok(of.one(db).await?)
}

/// Who registered for this session before with the same form, or as the same person.
pub async fn same(
    write: &Write,
    session: EventSessionId,
    form: Option<&str>,
    person: Option<&str>,
) -> Result<Vec<Model>, Problem> {
    let mut known = Condition::any();
    if let Some(form) = form {
        known = known.add(Column::FormHash.eq(form));
    }
    if let Some(person) = person {
        known = known.add(Column::PersonHash.eq(person));
    }
    if known.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find().filter(Column::SessionId.eq(session)).filter(known).all(&**write).await?)
}

/// The registrations of one person for a session.
pub async fn of_person(
    db: &impl ConnectionTrait,
    session: EventSessionId,
    person: &str,
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::SessionId.eq(session)).filter(Column::PersonHash.eq(person));
    Ok(query.all(db).await?)
}

/// Who waits and would fit into so many seats and into those of the own group, in the order of arrival, or in the
/// one that was drawn; at most as many parties as there are seats.
pub async fn fitting(
    write: &Write,
    session: &Session,
    free: i32,
    shares: &Shares,
) -> Result<Vec<Model>, Problem> {
    let mut query = Entity::find()
        .filter(Column::SessionId.eq(session.id))
        .filter(Column::State.eq(RegistrationState::Waiting))
        .filter(Column::Seats.lte(free));
    if shares.are_there() {
        let mut somewhere = Condition::any();
        for (room, seats) in shares.with_room() {
            let whose = match room {
                Room::Group(group) => Column::SeatGroup.eq(group).into_condition(),
                Room::Others(own) => {
                    Condition::any().add(Column::SeatGroup.is_null()).add(Column::SeatGroup.is_not_in(own))
                }
            };
            somewhere = somewhere.add(Condition::all().add(whose).add(Column::Seats.lte(seats)));
        }
        if somewhere.is_empty() {
            return Ok(Vec::new());
        }
        query = query.filter(somewhere);
    }
    if session.method == SeatMethod::Draw {
        query = query.order_by_asc(Column::Drawn);
    }
    Ok(query.order_by_asc(Column::Number).limit(u64::try_from(free).unwrap_or(0)).all(&**write).await?)
}

/// Who arrived before and waits still.
pub async fn ahead(db: &impl ConnectionTrait, registration: &Model) -> Result<u64, Problem> {
    use sea_orm::PaginatorTrait as _;
    let query = Entity::find()
        .filter(Column::SessionId.eq(registration.session_id))
        .filter(Column::State.eq(RegistrationState::Waiting))
        .filter(match registration.drawn {
            Some(place) => Column::Drawn.lt(place),
            None => Column::Number.lt(registration.number),
        });
    Ok(query.count(db).await?)
}

/// Everybody in a state, in the order of arrival.
pub async fn in_states(
    db: &impl ConnectionTrait,
    session: EventSessionId,
    states: &[RegistrationState],
) -> Result<Vec<Model>, Problem> {
    let query = Entity::find()
        .filter(Column::SessionId.eq(session))
        .filter(Column::State.is_in(states.iter().copied()));
    Ok(query.order_by_asc(Column::Number).all(db).await?)
}

/// Everybody of a session, in the order of arrival.
pub async fn all(db: &impl ConnectionTrait, session: EventSessionId) -> Result<Vec<Model>, Problem> {
    Ok(Entity::find().filter(Column::SessionId.eq(session)).order_by_asc(Column::Number).all(db).await?)
}

#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
struct Sum {
    parties: i64,
    people: Option<i64>,
}

/// Registrations in a state, and the people in them.
pub async fn sum(
    db: &impl ConnectionTrait,
    session: EventSessionId,
    state: RegistrationState,
) -> Result<(i64, i64), Problem> {
    let query = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "parties")
        .column_as(Column::Seats.sum(), "people")
        .filter(Column::SessionId.eq(session))
        .filter(Column::State.eq(state));
    let sum = query.into_model::<Sum>().one(db).await?.unwrap_or_default();
    Ok((sum.parties, sum.people.unwrap_or(0)))
}

/// Writes where a registration stands now.
pub async fn update(write: &Write, r: &Model) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::Seats, Expr::value(r.seats))
        .col_expr(Column::State, Expr::value(r.state))
        .col_expr(Column::PersonHash, Expr::value(r.person_hash.clone()))
        .col_expr(Column::OfferedUntil, Expr::value(r.offered_until))
        .col_expr(Column::EndedAt, Expr::value(r.ended_at))
        .col_expr(Column::CameAt, Expr::value(r.came_at))
        .col_expr(Column::Came, Expr::value(r.came))
        .col_expr(Column::LetInBy, Expr::value(r.let_in_by))
        .col_expr(Column::Drawn, Expr::value(r.drawn))
        .col_expr(Column::ConfirmedRecordAt, Expr::value(r.confirmed_record_at))
        .col_expr(Column::SignatureNotedBy, Expr::value(r.signature_noted_by))
        .filter(Column::Id.eq(r.id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Those who hold or want a seat, after a number, in the order of arrival: for telling them in batches.
pub async fn standing_after(
    db: &impl ConnectionTrait,
    session: EventSessionId,
    after: i32,
    limit: u64,
) -> Result<Vec<Model>, Problem> {
    let standing = [RegistrationState::Confirmed, RegistrationState::Offered, RegistrationState::Waiting];
    let query = Entity::find()
        .filter(Column::SessionId.eq(session))
        .filter(Column::State.is_in(standing))
        .filter(Column::Number.gt(after));
    Ok(query.order_by_asc(Column::Number).limit(limit).all(db).await?)
}

fn of_event(event: EventId) -> SelectStatement {
    Query::select()
        .column(SessionColumn::Id)
        .from(SessionEntity)
        .and_where(SessionColumn::EventId.eq(event))
        .to_owned()
}

/// The ids of every registration of an event.
pub async fn ids(db: &impl ConnectionTrait, event: EventId) -> Result<Vec<EventRegistrationId>, Problem> {
    let query = Entity::find().select_only().column(Column::Id);
    Ok(query.filter(Column::SessionId.in_subquery(of_event(event))).into_tuple().all(db).await?)
}

/// Forgets who they were; how many they were stays.
pub async fn erase(write: &Write, event: EventId) -> Result<u64, Problem> {
    let done = Entity::update_many()
        .col_expr(Column::NameEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::ContactEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::PersonHash, Expr::value(None::<String>))
        .col_expr(Column::FormHash, Expr::value(None::<String>))
        .filter(Column::SessionId.in_subquery(of_event(event)))
        .exec(&**write)
        .await?;
    Ok(done.rows_affected)
}

/// Registrations of a session that still tell whose they are, ended ones too.
pub async fn named(db: &impl ConnectionTrait, session: EventSessionId) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::SessionId.eq(session)).filter(Column::ContactEnc.is_not_null());
    Ok(query.all(db).await?)
}

/// Forgets whose one registration is; how many they were stays.
pub async fn forget(write: &Write, id: EventRegistrationId) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::NameEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::ContactEnc, Expr::value(None::<Vec<u8>>))
        .col_expr(Column::PersonHash, Expr::value(None::<String>))
        .col_expr(Column::FormHash, Expr::value(None::<String>))
        .filter(Column::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// A record that was corrected is confirmed anew.
pub async fn unconfirm(write: &Write, event: EventId) -> Result<(), Problem> {
    Entity::update_many()
        .col_expr(Column::ConfirmedRecordAt, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .col_expr(Column::SignatureNotedBy, Expr::value(None::<StaffId>))
        .filter(Column::SessionId.in_subquery(of_event(event)))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Registrations of an event who came, and how many of them confirmed its record.
pub async fn confirmations(db: &impl ConnectionTrait, event: EventId) -> Result<(u64, u64), Problem> {
    use sea_orm::PaginatorTrait as _;
    let came = Entity::find()
        .filter(Column::SessionId.in_subquery(of_event(event)))
        .filter(Column::CameAt.is_not_null());
    let confirmed = came.clone().filter(Column::ConfirmedRecordAt.is_not_null());
    Ok((came.count(db).await?, confirmed.count(db).await?))
}

/// People who came, by the group they named; walk-ins named none.
pub async fn came_by_group(db: &impl ConnectionTrait, event: EventId) -> Result<Vec<Quota>, Problem> {
    let came = Entity::find()
        .filter(Column::SessionId.in_subquery(of_event(event)))
        .filter(Column::CameAt.is_not_null())
        .filter(Column::SeatGroup.is_not_null());
    let mut groups: BTreeMap<SeatGroup, i32> = BTreeMap::new();
    for row in came.all(db).await? {
        if let Some(group) = row.seat_group {
            *groups.entry(group).or_default() += row.came;
        }
    }
    Ok(groups.into_iter().map(|(group, seats)| Quota { group, seats }).collect())
}

/// What a registration is called in notices and receipts.
pub const SUBJECT: SubjectKind = SubjectKind::EventRegistration;
