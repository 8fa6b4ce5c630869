//! What a visitor may change of the own registration, by its lookup code: take up an offered seat, bring fewer
//! people, give up. More people, or another contact, is another registration.

use entity::enums::{RegistrationState, SubjectKind};
use entity::event_registration::Model;
use entity::id::EventRegistrationId;
use serde_json::{Value, json};

use super::seats::Hall;
use super::store::registration as rows;
use super::tell::{self, News};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::db::Write;
use crate::problem::Problem;

/// The registration under the lock of its session, if it may still be changed.
async fn standing(app: &App, write: &Write, id: EventRegistrationId) -> Result<(Hall, Model), Problem> {
    let known = rows::find(&**write, id).await?;
    let hall = Hall::lock(write, known.session_id).await?;
    // Read again: what was read before the lock may have changed.
    let registration = rows::find(&**write, id).await?;
    if hall.event.cancelled_at.is_some() {
        return Err(Problem::conflict("活动已取消", "The event is cancelled"));
    }
    if app.now() >= hall.session.begins_at || registration.came_at.is_some() {
        return Err(Problem::conflict(
            "本场次已经开始，不能再更改",
            "The session has begun; nothing can be changed any more",
        ));
    }
    let over = [RegistrationState::Cancelled, RegistrationState::Expired];
    if over.contains(&registration.state) {
        return Err(Problem::conflict(
            "这个报名已经取消或失效，可以重新报名",
            "This registration has ended; you may register again",
        ));
    }
    Ok((hall, registration))
}

async fn record(
    app: &App,
    write: &Write,
    actor: &Actor,
    action: &'static str,
    id: EventRegistrationId,
    detail: Value,
) -> Result<(), Problem> {
    audit::record(app, write, actor, action, audit::subject(SubjectKind::EventRegistration, id), detail).await
}

/// Takes up the seats that were offered. Twice is once.
///
/// # Errors
/// `not_found`; `conflict` when nothing is offered or its time ran out; the database's own.
pub async fn accept(app: &App, actor: &Actor, id: EventRegistrationId) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    let (_hall, registration) = standing(app, &write, id).await?;
    match registration.state {
        RegistrationState::Confirmed => return write.commit().await,
        RegistrationState::Offered if registration.offered_until.is_some_and(|until| app.now() < until) => {}
        RegistrationState::Offered => {
            return Err(Problem::conflict(
                "确认期限已过，名额将让给后面的候补者",
                "The time for taking up the seat is over; it goes to the next in line",
            ));
        }
        _ => return Err(Problem::conflict("目前没有可以确认的名额", "No seat is offered now")),
    }
    let after = Model { state: RegistrationState::Confirmed, offered_until: None, ..registration };
    rows::update(&write, &after).await?;
    record(app, &write, actor, "event.accept", id, json!({ "seats": after.seats })).await?;
    write.commit().await
}

/// Brings fewer people; the seats go to who waits.
///
/// # Errors
/// `not_found`; `invalid` for more people than before; `conflict`; the database's own.
pub async fn shrink(app: &App, actor: &Actor, id: EventRegistrationId, seats: i32) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    let (mut hall, registration) = standing(app, &write, id).await?;
    if seats == registration.seats {
        return write.commit().await;
    }
    if !(1..registration.seats).contains(&seats) {
        let most = registration.seats;
        return Err(Problem::invalid(
            "seats",
            format!("人数只能减少：1 至 {most} 人；需要增加的，请取消后重新报名"),
            format!("The number can only become smaller: 1 to {most}; for more, cancel and register again"),
        ));
    }
    let before = registration.seats;
    let after = Model { seats, ..registration };
    rows::update(&write, &after).await?;
    if after.state != RegistrationState::Waiting {
        hall.give(&write, after.seat_group, seats - before).await?;
    }
    // A smaller party may fit where the larger one did not.
    hall.promote(app, &write).await?;
    record(app, &write, actor, "event.shrink", id, json!({ "from": before, "to": seats })).await?;
    write.commit().await
}

/// Gives up: the seats go to who waits. Twice is once.
///
/// # Errors
/// `not_found`; `conflict` once the session has begun; the database's own.
pub async fn give_up(app: &App, actor: &Actor, id: EventRegistrationId) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    if rows::find(&*write, id).await?.state == RegistrationState::Cancelled {
        return write.commit().await;
    }
    let (mut hall, registration) = standing(app, &write, id).await?;
    let after = hall.end(app, &write, &registration, RegistrationState::Cancelled).await?;
    tell::tell(app, &write, &hall.event, &hall.session, &after, News::GivenUp).await?;
    record(app, &write, actor, "event.give_up", id, json!({ "seats": after.seats })).await?;
    write.commit().await
}
