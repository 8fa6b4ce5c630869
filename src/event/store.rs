//! The rows of events and their sessions; those of registrations are in [`registration`].

pub mod draw;
pub mod feedback;
pub mod hearing;
pub mod registration;
pub mod share;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::EventKind;
use entity::event::{Column, Entity, Model};
use entity::event_session::{self as session_row, Model as Session};
use entity::id::{DecisionId, DepartmentId, EventId, EventSessionId};
use entity::idempotency;
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::db::Write;
use crate::problem::{Code, Problem};

/// # Errors
/// `not_found`; the database's own.
pub async fn find(db: &impl ConnectionTrait, id: EventId) -> Result<Model, Problem> {
    Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// # Errors
/// `not_found`; the database's own.
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Model, Problem> {
    let code = super::code(code)?;
    Entity::find().filter(Column::Code.eq(code)).one(db).await?.ok_or_else(Problem::not_found)
}

/// Published events whose visitors' names and contacts are kept.
pub(super) async fn with_visitors(db: &impl ConnectionTrait) -> Result<Vec<Model>, Problem> {
    let query = Entity::find().filter(Column::PublishedAt.is_not_null()).filter(Column::ErasedAt.is_null());
    Ok(query.order_by_desc(Column::Id).all(db).await?)
}

/// The event, held until the transaction ends.
pub(super) async fn lock(write: &Write, id: EventId) -> Result<Model, Problem> {
    Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(Problem::not_found)
}

/// The sessions of an event, in the order of time.
///
/// # Errors
/// The database's own.
pub async fn sessions(db: &impl ConnectionTrait, event: EventId) -> Result<Vec<Session>, Problem> {
    let of = session_row::Entity::find().filter(session_row::Column::EventId.eq(event));
    Ok(of
        .order_by_asc(session_row::Column::BeginsAt)
        .order_by_asc(session_row::Column::Number)
        .all(db)
        .await?)
}

/// The sessions of several events, by event, in the order of time.
pub(super) async fn sessions_of(
    db: &impl ConnectionTrait,
    events: &[EventId],
) -> Result<HashMap<EventId, Vec<Session>>, Problem> {
    let of = session_row::Entity::find().filter(session_row::Column::EventId.is_in(events.iter().copied()));
    let rows = of.order_by_asc(session_row::Column::BeginsAt).all(db).await?;
    let mut found: HashMap<EventId, Vec<Session>> = HashMap::new();
    for row in rows {
        found.entry(row.event_id).or_default().push(row);
    }
    Ok(found)
}

/// A session by its number.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn session(db: &impl ConnectionTrait, event: EventId, number: i32) -> Result<Session, Problem> {
    let of = session_row::Entity::find()
        .filter(session_row::Column::EventId.eq(event))
        .filter(session_row::Column::Number.eq(number));
    of.one(db).await?.ok_or_else(Problem::not_found)
}

pub(super) async fn session_by_id(db: &impl ConnectionTrait, id: EventSessionId) -> Result<Session, Problem> {
    session_row::Entity::find_by_id(id).one(db).await?.ok_or_else(Problem::not_found)
}

/// The session, held until the transaction ends: whatever happens to its seats waits here for its turn.
pub(super) async fn lock_session(write: &Write, id: EventSessionId) -> Result<Session, Problem> {
    let found = session_row::Entity::find_by_id(id).lock_exclusive().one(&**write).await?;
    found.ok_or_else(Problem::not_found)
}

pub(super) async fn insert(write: &Write, row: &Model) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// Writes everything of an event but its code and origin, if it still has the revision that was read.
pub(super) async fn update(write: &Write, read: i32, e: &Model) -> Result<(), Problem> {
    let done = Entity::update_many()
        .col_expr(Column::Kind, Expr::value(e.kind))
        .col_expr(Column::DepartmentId, Expr::value(e.department_id))
        .col_expr(Column::DecisionId, Expr::value(e.decision_id))
        .col_expr(Column::Title, Expr::value(e.title.clone()))
        .col_expr(Column::Summary, Expr::value(e.summary.clone()))
        .col_expr(Column::Conditions, Expr::value(e.conditions.clone()))
        .col_expr(Column::Accessibility, Expr::value(e.accessibility.clone()))
        .col_expr(Column::ContactName, Expr::value(e.contact_name.clone()))
        .col_expr(Column::Phone, Expr::value(e.phone.clone()))
        .col_expr(Column::Email, Expr::value(e.email.clone()))
        .col_expr(Column::PublishedAt, Expr::value(e.published_at))
        .col_expr(Column::PublishedBy, Expr::value(e.published_by))
        .col_expr(Column::CancelledAt, Expr::value(e.cancelled_at))
        .col_expr(Column::CancelledReason, Expr::value(e.cancelled_reason.clone()))
        .col_expr(Column::Report, Expr::value(e.report.clone()))
        .col_expr(Column::Outcome, Expr::value(e.outcome.clone()))
        .col_expr(Column::Said, Expr::value(e.said.clone()))
        .col_expr(Column::Attendance, Expr::value(e.attendance.clone()))
        .col_expr(Column::Attended, Expr::value(e.attended))
        .col_expr(Column::ReportPublishedAt, Expr::value(e.report_published_at))
        .col_expr(Column::ErasedAt, Expr::value(e.erased_at))
        .col_expr(Column::Revision, Expr::value(e.revision))
        .filter(Column::Id.eq(e.id))
        .filter(Column::Revision.eq(read))
        .exec(&**write)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Problem::new(Code::Stale)) }
}

pub(super) async fn delete(write: &Write, event: EventId) -> Result<(), Problem> {
    for session in sessions(&**write, event).await? {
        share::clear(write, session.id).await?;
    }
    hearing::clear(write, event).await?;
    session_row::Entity::delete_many().filter(session_row::Column::EventId.eq(event)).exec(&**write).await?;
    Entity::delete_many().filter(Column::Id.eq(event)).exec(&**write).await?;
    Ok(())
}

pub(super) async fn insert_session(write: &Write, row: &Session) -> Result<(), Problem> {
    row.clone().into_active_model().insert(&**write).await?;
    Ok(())
}

/// Writes what an organiser may change of a session; its seats are [`super::seats`]' business.
pub(super) async fn update_session(write: &Write, s: &Session) -> Result<(), Problem> {
    use session_row::Column as C;
    session_row::Entity::update_many()
        .col_expr(C::Place, Expr::value(s.place.clone()))
        .col_expr(C::Directions, Expr::value(s.directions.clone()))
        .col_expr(C::BeginsAt, Expr::value(s.begins_at))
        .col_expr(C::EndsAt, Expr::value(s.ends_at))
        .col_expr(C::Capacity, Expr::value(s.capacity))
        .col_expr(C::RegistrationOpensAt, Expr::value(s.registration_opens_at))
        .col_expr(C::RegistrationClosesAt, Expr::value(s.registration_closes_at))
        .col_expr(C::PartyMax, Expr::value(s.party_max))
        .col_expr(C::OfferHours, Expr::value(s.offer_hours))
        .col_expr(C::Method, Expr::value(s.method))
        .col_expr(C::ByGroup, Expr::value(s.by_group))
        .filter(C::Id.eq(s.id))
        .exec(&**write)
        .await?;
    Ok(())
}

/// Moves the counters of a session; the table refuses what does not fit.
pub(super) async fn count(
    write: &Write,
    id: EventSessionId,
    taken: i32,
    present: i32,
    issued: i32,
) -> Result<(), Problem> {
    use session_row::Column as C;
    session_row::Entity::update_many()
        .col_expr(C::Taken, Expr::col(C::Taken).add(taken))
        .col_expr(C::Present, Expr::col(C::Present).add(present))
        .col_expr(C::Issued, Expr::col(C::Issued).add(issued))
        .filter(C::Id.eq(id))
        .exec(&**write)
        .await?;
    Ok(())
}

pub(super) async fn delete_session(write: &Write, id: EventSessionId) -> Result<(), Problem> {
    share::clear(write, id).await?;
    draw::clear(write, id).await?;
    session_row::Entity::delete_by_id(id).exec(&**write).await?;
    Ok(())
}

/// Events whose last session ends after `now` (or before it), published.
fn by_end(now: DateTime<Utc>, is_over: bool) -> Select<Entity> {
    let running = Query::select()
        .column(session_row::Column::EventId)
        .from(session_row::Entity)
        .and_where(session_row::Column::EndsAt.gt(now))
        .to_owned();
    let published = Entity::find().filter(Column::PublishedAt.is_not_null());
    if is_over {
        published.filter(Column::Id.not_in_subquery(running))
    } else {
        published.filter(Column::Id.in_subquery(running))
    }
}

pub(super) async fn running(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Model>, Problem> {
    Ok(by_end(now, false).all(db).await?)
}

/// The latest held first.
pub(super) async fn over(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
    offset: u64,
) -> Result<Vec<Model>, Problem> {
    let held = Query::select()
        .expr(Expr::col((session_row::Entity, session_row::Column::EndsAt)).max())
        .from(session_row::Entity)
        .and_where(
            Expr::col((session_row::Entity, session_row::Column::EventId)).equals((Entity, Column::Id)),
        )
        .to_owned();
    let held = Expr::SubQuery(None, Box::new(held.into()));
    let query = by_end(now, true).order_by(held, Order::Desc).order_by_desc(Column::Id);
    Ok(query.limit(limit).offset(offset).all(db).await?)
}

pub(super) async fn of_decision(
    db: &impl ConnectionTrait,
    decision: DecisionId,
) -> Result<Vec<Model>, Problem> {
    let query =
        Entity::find().filter(Column::DecisionId.eq(decision)).filter(Column::PublishedAt.is_not_null());
    Ok(query.order_by_asc(Column::PublishedAt).all(db).await?)
}

/// Published events of some kinds, not cancelled, with a session that begins in the span.
pub(super) async fn within(
    db: &impl ConnectionTrait,
    kinds: &[EventKind],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Model>, Problem> {
    let inside = Query::select()
        .column(session_row::Column::EventId)
        .from(session_row::Entity)
        .and_where(session_row::Column::BeginsAt.gte(from))
        .and_where(session_row::Column::BeginsAt.lt(to))
        .to_owned();
    let query = Entity::find()
        .filter(Column::PublishedAt.is_not_null())
        .filter(Column::CancelledAt.is_null())
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::Id.in_subquery(inside));
    Ok(query.all(db).await?)
}

/// The events of some departments, or of all; drafts first, then the newest.
pub(super) async fn of_departments(
    db: &impl ConnectionTrait,
    departments: Option<&[DepartmentId]>,
    limit: u64,
    offset: u64,
) -> Result<Vec<Model>, Problem> {
    let mut query = Entity::find();
    if let Some(departments) = departments {
        query = query.filter(Column::DepartmentId.is_in(departments.iter().copied()));
    }
    let query = query.order_by_asc(Column::PublishedAt.is_not_null()).order_by_desc(Column::Id);
    Ok(query.limit(limit).offset(offset).all(db).await?)
}

/// What was answered to a key before.
///
/// # Errors
/// `key_reused` for the same key with another request; the database's own.
pub(super) async fn answer_to(
    write: &Write,
    scope: &str,
    key: &str,
    request: &str,
) -> Result<Option<serde_json::Value>, Problem> {
    let known = idempotency::Entity::find_by_id((scope.to_owned(), key.to_owned())).one(&**write).await?;
    match known {
        None => Ok(None),
        Some(known) if known.request_hash == request => Ok(Some(known.response)),
        Some(_) => Err(Problem::new(Code::KeyReused)),
    }
}

/// Keeps what is answered to a key.
pub(super) async fn keep_answer(
    write: &Write,
    scope: &str,
    key: &str,
    request: &str,
    answer: serde_json::Value,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    let row = idempotency::Model {
        scope: scope.to_owned(),
        key: key.to_owned(),
        request_hash: request.to_owned(),
        response: answer,
        created_at: at,
    };
    row.into_active_model().insert(&**write).await?;
    Ok(())
}
