//! Never one seat too many: under load, under churn, and against the program itself.

use std::sync::Arc;

use entity::enums::{EventKind, RegistrationState};
use entity::event_session::{self, Model as Session};
use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use jianyan::actor::Actor;
use jianyan::event::{self, Register};
use jianyan::problem::{Code, Problem};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};

use super::{Hosts, adds_up, form, of, session};
use crate::harness::Site;

/// Registers as somebody would who is told to come back a moment later.
async fn insist(site: &Site, input: &Register) -> Result<event::Receipt, Problem> {
    loop {
        match event::register(&site.app, &Actor::guest(), input).await {
            Err(problem) if problem.code == Code::Unavailable => tokio::task::yield_now().await,
            answer => return answer,
        }
    }
}

async fn sessions(site: &Site) -> Vec<Session> {
    let all = event_session::Entity::find().order_by_asc(event_session::Column::Number);
    all.all(site.app.db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_sessions_with_hundreds_of_parallel_requests_end_exactly_full() {
    const SESSIONS: i32 = 5;
    const PEOPLE: i32 = 200;
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[30; SESSIONS as usize]).await;
    let beside = hosts.site.beside().await;
    let (here, beside) = (Arc::new(hosts.site), Arc::new(beside));
    let requests = (0..PEOPLE).flat_map(|person| (1..=SESSIONS).map(move |number| (person, number)));
    let answers = join_all(requests.map(|(person, number)| {
        // Two instances over one database.
        let site = if person % 2 == 0 { here.clone() } else { beside.clone() };
        async move {
            let contact = format!("1380000{person:04}");
            insist(&site, &Register { session: number, ..form(&contact, 1) }).await
        }
    }))
    .await;
    assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|a| a.is_err()));
    for session in sessions(&here).await {
        let all = of(&here, &session).await;
        let confirmed = all.iter().filter(|r| r.state == RegistrationState::Confirmed).count();
        assert_eq!((confirmed, session.taken), (30, 30), "session {}", session.number);
        // The order of the database: the first thirty have the seats, nobody is counted twice or lost.
        assert!(all.iter().take(30).all(|r| r.state == RegistrationState::Confirmed));
        let numbers: Vec<i32> = all.iter().map(|r| r.number).collect();
        assert_eq!(numbers, (1..=PEOPLE).collect::<Vec<_>>());
    }
    adds_up(&here).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn churn_never_shows_a_negative_or_overfull_count() {
    let hosts = Arc::new(Hosts::new().await);
    let id = hosts.event(EventKind::OpenDay, &[7]).await;
    let work = stream::iter(0..60).map(|person| {
        let hosts = hosts.clone();
        async move {
            let contact = format!("p{person}@example.invalid");
            for round in 0..3 {
                let receipt = insist(&hosts.site, &form(&contact, 1 + (person + round) % 3)).await.unwrap();
                let app = &hosts.site.app;
                if (person + round) % 4 == 0 {
                    drop(event::shrink(app, &Actor::guest(), receipt.id, 1).await);
                }
                while let Err(problem) = event::give_up(app, &Actor::guest(), receipt.id).await {
                    assert_eq!(problem.code, Code::Unavailable, "{problem}");
                }
            }
        }
    });
    let sampler = async {
        // Looks between the steps of the others, as often as it gets to.
        let mut looks = 0;
        loop {
            let session = hosts.session(id).await;
            assert!((0..=session.capacity).contains(&session.taken), "{}", session.taken);
            looks += 1;
            if looks > 400 {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    let churn = work.buffer_unordered(16).for_each(|()| async {});
    tokio::join!(churn, sampler);
    assert_eq!(hosts.session(id).await.taken, 0, "everybody left");
    adds_up(&hosts.site).await;
}

/// The control: whatever a program would do, the table refuses it.
#[tokio::test]
async fn the_database_itself_refuses_one_seat_too_many() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[2]).await;
    let write = |sql: &'static str| {
        let app = hosts.site.app.clone();
        async move {
            let write = app.write().await.unwrap();
            let done = write.execute_unprepared(sql).await;
            if done.is_ok() {
                write.commit().await.unwrap();
            }
            done.map(|d| d.rows_affected())
        }
    };
    for over in [
        "UPDATE event_session SET taken = 3",
        "UPDATE event_session SET taken = taken - 1",
        "UPDATE event_session SET taken = 2, capacity = 1",
        "UPDATE event_session SET present = 1",
    ] {
        assert!(write(over).await.is_err(), "{over}");
    }
    // What fits is taken: it is the limit that refuses, not the statement.
    assert_eq!(write("UPDATE event_session SET taken = 2, present = 2").await.unwrap(), 1);
    assert_eq!(hosts.session(id).await.taken, 2);
    for wrong in ["UPDATE event_registration SET seats = 0", "UPDATE event_registration SET came = 2"] {
        let receipt = hosts.register("a@example.invalid", 1).await;
        drop(receipt);
        assert!(write(wrong).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_party_gets_all_its_seats_or_waits_as_a_whole() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[5]).await;
    assert_eq!(hosts.register("a@example.invalid", 3).await.unwrap().state, RegistrationState::Confirmed);
    assert_eq!(hosts.register("b@example.invalid", 3).await.unwrap().state, RegistrationState::Waiting);
    assert_eq!(hosts.session(id).await.taken, 3);
    // A smaller party that fits does not leave seats empty.
    assert_eq!(hosts.register("c@example.invalid", 2).await.unwrap().state, RegistrationState::Confirmed);
    assert_eq!(hosts.register("d@example.invalid", 1).await.unwrap().state, RegistrationState::Waiting);
    adds_up(&hosts.site).await;
    for (seats, field) in [(0, "seats"), (6, "seats"), (-1, "seats"), (i32::MAX, "seats")] {
        let problem = hosts.register("e@example.invalid", seats).await.unwrap_err();
        assert!(problem.fields.iter().any(|f| f.field == field), "{seats}: {problem}");
    }
}

#[tokio::test]
async fn one_registration_a_person_and_session_and_one_for_the_same_form() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[5, 5]).await;
    let first = hosts.register("A@Example.invalid", 1).await.unwrap();
    let again = hosts.register("a@example.invalid", 1).await.unwrap_err();
    assert_eq!((again.code, again.fields[0].field.as_ref()), (Code::Conflict, "contact"));
    // Another session is another matter; and who cancelled may come again.
    let app = &hosts.site.app;
    let other = Register { session: 2, ..form("a@example.invalid", 1) };
    event::register(app, &Actor::guest(), &other).await.unwrap();
    event::give_up(app, &Actor::guest(), first.id).await.unwrap();
    event::give_up(app, &Actor::guest(), first.id).await.unwrap();
    assert_ne!(hosts.register("a@example.invalid", 1).await.unwrap().number, first.number);

    let key = Register { idempotency_key: Some("0123456789abcdef".into()), ..form("b@example.invalid", 2) };
    let one = event::register(app, &Actor::guest(), &key).await.unwrap();
    let two = event::register(app, &Actor::guest(), &key).await.unwrap();
    assert_eq!((one.id, one.code.grouped(), two.repeated), (two.id, two.code.grouped(), true));
    let stranger = Register { contact: "c@example.invalid".into(), ..key };
    let reused = event::register(app, &Actor::guest(), &stranger).await.unwrap_err();
    assert_eq!(reused.code, Code::KeyReused);
    adds_up(&hosts.site).await;
    // The hash of a person tells nothing across sessions, and the table holds no contact in the clear.
    let all = entity::event_registration::Entity::find().all(app.db.read()).await.unwrap();
    let hashes: Vec<_> = all.iter().filter_map(|r| r.person_hash.clone()).collect();
    assert_eq!(hashes.iter().collect::<std::collections::BTreeSet<_>>().len(), hashes.len());
}

#[tokio::test]
async fn fewer_seats_than_are_given_are_refused_and_more_go_to_who_waits() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[2]).await;
    for contact in ["a@example.invalid", "b@example.invalid", "c@example.invalid"] {
        hosts.register(contact, 1).await.unwrap();
    }
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let fewer = event::change_session(app, &actor, id, 1, &session(1)).await.unwrap_err();
    assert_eq!(fewer.fields[0].field, "capacity");
    event::change_session(app, &actor, id, 1, &session(3)).await.unwrap();
    assert_eq!(hosts.states().await, [RegistrationState::Confirmed; 3]);
    adds_up(&hosts.site).await;
}

#[tokio::test]
async fn one_address_cannot_register_a_crowd() {
    let site = Site::with(|config| config.limits.registrations_per_minute = 2).await;
    let hosts = Hosts::on(site).await;
    hosts.event(EventKind::OpenDay, &[9]).await;
    let path = "/events/E2026-001/sessions/1/register";
    let guest = hosts.site.guest();
    let send = async |contact: &str| {
        let fields = [("name", "王"), ("contact", contact), ("seats", "1"), ("consent", "yes")];
        guest.post(path, &fields).await
    };
    send("a@example.invalid").await.expect(303);
    send("b@example.invalid").await.expect(303);
    let refused = send("c@example.invalid").await.expect(429);
    refused.contains("c@example.invalid").contains("过于频繁");
    assert_eq!(hosts.everybody().await.len(), 2);
}
