//! Seats by group: never over a quota, in the database neither; the waiting list moves within the groups.

use entity::enums::{EventKind, RegistrationState as S, SeatGroup};
use entity::id::EventId;
use jianyan::actor::Actor;
use jianyan::event::lot::Quota;
use jianyan::event::{self, Receipt, Register, SessionContent};
use jianyan::problem::{Code, Problem};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::json;

use super::{Hosts, adds_up, form, session};
use crate::harness::at;

fn quota(group: SeatGroup, seats: i32) -> Quota {
    Quota { group, seats }
}

fn divided(seats: i32, quotas: &[Quota]) -> SessionContent {
    SessionContent { quotas: quotas.to_vec(), ..session(seats) }
}

async fn host(seats: i32, quotas: &[Quota]) -> (Hosts, EventId) {
    let hosts = Hosts::new().await;
    let actor = hosts.organiser().await;
    let content = hosts.content(EventKind::OpenDay);
    let draft = event::create(&hosts.site.app, &actor, &content).await.unwrap();
    event::add_session(&hosts.site.app, &actor, draft.id, &divided(seats, quotas)).await.unwrap();
    event::publish(&hosts.site.app, &actor, draft.id).await.unwrap();
    (hosts, draft.id)
}

async fn comes(hosts: &Hosts, who: &str, group: SeatGroup, seats: i32) -> Result<Receipt, Problem> {
    let input = Register { group: Some(group), ..form(&format!("{who}@example.invalid"), seats) };
    event::register(&hosts.site.app, &Actor::guest(), &input).await
}

#[tokio::test]
async fn a_group_has_its_seats_and_no_more_and_the_rest_share_what_is_left() {
    use SeatGroup::{Citizen, Deputy, Expert};
    let (hosts, _) = host(5, &[quota(Expert, 2)]).await;
    for who in ["a", "b", "c", "d"] {
        comes(&hosts, who, Citizen, 1).await.unwrap();
    }
    // Two seats are kept for experts though a citizen waits.
    assert_eq!(hosts.states().await, [S::Confirmed, S::Confirmed, S::Confirmed, S::Waiting]);
    let expert = comes(&hosts, "e", Expert, 2).await.unwrap();
    assert_eq!(expert.state, S::Confirmed);
    assert_eq!(comes(&hosts, "f", Expert, 1).await.unwrap().state, S::Waiting);
    assert_eq!(comes(&hosts, "g", Deputy, 1).await.unwrap().state, S::Waiting);
    let too_many = comes(&hosts, "h", Expert, 3).await.unwrap_err();
    assert_eq!(too_many.fields[0].field, "seats", "more than the group will ever have");
    let nobody = hosts.register("i@example.invalid", 1).await.unwrap_err();
    assert_eq!(nobody.fields[0].field, "group", "the group must be named");
    adds_up(&hosts.site).await;

    // A seat of an expert goes to an expert, not to the citizen who waited longer.
    event::shrink(&hosts.site.app, &Actor::guest(), expert.id, 1).await.unwrap();
    let states = hosts.states().await;
    assert_eq!((states[3], states[5], states[6]), (S::Waiting, S::Confirmed, S::Waiting));
    let first = hosts.everybody().await[0].id;
    event::give_up(&hosts.site.app, &Actor::guest(), first).await.unwrap();
    let states = hosts.states().await;
    assert_eq!(
        (states[3], states[6]),
        (S::Confirmed, S::Waiting),
        "the citizen waited longest of the others"
    );
    adds_up(&hosts.site).await;
    jianyan::audit::verify(hosts.site.app.db.read()).await.unwrap();
}

#[tokio::test]
async fn quotas_change_without_taking_a_seat_from_anybody() {
    use SeatGroup::{Citizen, Expert};
    let (hosts, id) = host(4, &[]).await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    for (who, group) in [("a", Expert), ("b", Expert), ("c", Citizen), ("d", Citizen), ("e", Expert)] {
        comes(&hosts, who, group, 1).await.unwrap();
    }
    let change = async |seats, quotas: &[Quota]| {
        event::change_session(app, &actor, id, 1, &divided(seats, quotas)).await
    };
    let below = change(4, &[quota(Expert, 1)]).await.unwrap_err();
    assert_eq!(below.fields[0].field, "quota_expert");
    let left_out = change(4, &[quota(Expert, 3)]).await.unwrap_err();
    assert_eq!(left_out.fields[0].field, "capacity", "two citizens have seats already");
    let beyond = change(4, &[quota(Expert, 5)]).await.unwrap_err();
    assert_eq!((beyond.code, &*beyond.fields[0].field), (Code::Invalid, "capacity"));
    change(5, &[quota(Expert, 3)]).await.unwrap();
    assert_eq!(hosts.states().await, [S::Confirmed; 5], "the third expert moved up");
    adds_up(&hosts.site).await;
    change(5, &[]).await.unwrap();
    adds_up(&hosts.site).await;
    let all = entity::event_share::Entity::find();
    assert!(all.all(app.db.read()).await.unwrap().is_empty());
}

/// The control: whatever a program would do, the table refuses it.
#[tokio::test]
async fn the_database_itself_refuses_one_seat_over_a_quota() {
    let (hosts, _) = host(9, &[quota(SeatGroup::Expert, 1)]).await;
    comes(&hosts, "a", SeatGroup::Expert, 1).await.unwrap();
    let run = |sql: &'static str| {
        let app = hosts.site.app.clone();
        async move {
            let write = app.write().await.unwrap();
            write.execute_unprepared(sql).await.is_ok()
        }
    };
    assert!(!run("UPDATE event_share SET taken = taken + 1 WHERE share = 'expert'").await);
    assert!(!run("UPDATE event_share SET taken = -1 WHERE share = 'open'").await);
    assert!(run("UPDATE event_share SET taken = taken + 1 WHERE share = 'open'").await);
}

#[tokio::test]
async fn seats_that_stayed_empty_are_anybodys_at_the_door() {
    let (hosts, _) = host(3, &[quota(SeatGroup::Expert, 2)]).await;
    comes(&hosts, "a", SeatGroup::Citizen, 1).await.unwrap();
    hosts.site.clock.set(at("2026-03-20", 9, 0));
    let actor = hosts.organiser().await;
    let two = event::WalkIn { event: "E2026-001".into(), session: 1, name: String::new(), people: 2 };
    event::walk_in(&hosts.site.app, &actor, &two).await.unwrap();
    adds_up(&hosts.site).await;
}

#[tokio::test]
async fn groups_on_the_pages_and_in_the_api() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[4]).await;
    let owner = hosts.site.sign_in("owner").await;
    let edit = "/desk/events/E2026-001/sessions/1/edit";
    let fields = |expert: &'static str| {
        [
            ("place", "体育馆"),
            ("held_on", "2026-03-20"),
            ("begins", "09:30"),
            ("ends", "11:30"),
            ("capacity", "4"),
            ("party_max", "2"),
            ("offer_hours", "0"),
            ("method", "first_come"),
            ("quota_expert", expert),
        ]
    };
    owner.get(edit).await.expect(200).contains("组别名额");
    owner.post(edit, &fields("x")).await.expect(422).contains("请填写数字");
    owner.post(edit, &fields("1")).await.expect(303);
    owner.get(edit).await.expect(200).contains("name=\"quota_expert\"");
    let guest = hosts.site.guest();
    guest.get("/events/E2026-001").await.expect(200).contains("专家 1 · 其他 3");
    let register = "/events/E2026-001/sessions/1/register";
    guest.get(register).await.expect(200).contains("人大代表、政协委员");
    let send = |group: &'static str| {
        [
            ("name", "王"),
            ("contact", "w@example.invalid"),
            ("seats", "1"),
            ("group", group),
            ("consent", "yes"),
        ]
    };
    guest.post(register, &send("")).await.expect(422).contains("请选择组别");
    let code = guest.post(register, &send("expert")).await.expect(303);
    guest.get(code.location()).await.expect(200).contains("专家");
    let api = "/api/v1/events/E2026-001";
    let shown = guest.get(api).await.expect(200).json();
    assert_eq!(shown["sessions"][0]["quotas"], json!([{ "group": "expert", "seats": 1 }]));
    assert_eq!(shown["sessions"][0]["asks_group"], true);
    let body = json!({ "name": "李", "contact": "l@example.invalid", "seats": 1, "consent": true });
    guest.json("POST", &format!("{api}/sessions/1/registrations"), body.clone()).await.expect(422);
    let mut body = body;
    body["group"] = json!("expert");
    let second = guest.json("POST", &format!("{api}/sessions/1/registrations"), body).await.expect(201);
    assert_eq!(second.json()["state"], "waiting");
}
