//! The door: by code, by scan, by number; twice, at the wrong door, cancelled; walk-ins while seats are free.

use entity::enums::{EventKind, RegistrationState as S};
use jianyan::actor::Actor;
use jianyan::event::{self, CheckIn, Register, WalkIn};
use jianyan::problem::Problem;
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::{Hosts, adds_up, form};
use crate::harness::at;

const DOOR: &str = "/desk/events/E2026-001/sessions/1/door";
const LIST: &str = "/desk/events/E2026-001/sessions/1/list.csv";
const CHECK_IN: &str = "/desk/events/E2026-001/sessions/1/check-in";
const WALK_IN: &str = "/desk/events/E2026-001/sessions/1/walk-in";

fn typed(text: &str, people: Option<i32>) -> CheckIn {
    CheckIn { event: "E2026-001".into(), session: 1, typed: text.into(), people }
}

fn told(answer: Result<entity::event_registration::Model, Problem>) -> String {
    let problem = answer.unwrap_err();
    problem.detail.map_or_else(|| problem.fields[0].message.zh.to_string(), |d| d.zh.into_owned())
}

#[tokio::test]
async fn the_right_code_opens_once_and_every_other_is_told_why_not() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[3, 3]).await;
    let (app, guest) = (&hosts.site.app, Actor::guest());
    let a = hosts.register("a@example.invalid", 2).await.unwrap();
    let b = hosts.register("b@example.invalid", 1).await.unwrap();
    let c = hosts.register("c@example.invalid", 1).await.unwrap();
    let elsewhere = Register { session: 2, ..form("d@example.invalid", 1) };
    let d = event::register(app, &guest, &elsewhere).await.unwrap();
    event::give_up(app, &guest, b.id).await.unwrap();
    assert_eq!(hosts.states().await, [S::Confirmed, S::Cancelled, S::Confirmed]);
    let actor = hosts.organiser().await;
    let door = async |text: &str, people| event::check_in(app, &actor, &typed(text, people)).await;

    assert!(told(door(&a.code.grouped(), None).await).contains("只能在活动当天签到"));
    hosts.site.clock.set(at("2026-03-20", 9, 0));
    let scanned = format!("http://localhost:8080/registrations/{}", a.code.grouped());
    let in_now = door(&scanned, Some(1)).await.unwrap();
    assert_eq!((in_now.came, in_now.seats), (1, 2));
    assert!(told(door(&a.code.grouped().to_lowercase(), None).await).contains("已于 09:00 签到，1/2 人"));
    assert!(told(door("1", Some(2)).await).contains("1 至 1"));
    // The rest of the party comes later, by the number on the list.
    assert_eq!(door("1", Some(1)).await.unwrap().came, 2);
    assert!(told(door("1", Some(1)).await).contains("重复签到"));
    assert!(told(door(&b.code.grouped(), None).await).contains("已取消"));
    assert!(told(door(&d.code.grouped(), None).await).contains("不是本场次：这是第 2 场"));
    for unknown in ["", "99", "0000-0000-0000-0000", "x", "-1", "2147483648"] {
        assert!(told(door(unknown, None).await).contains("没有这个查询码"), "{unknown}");
    }
    assert_eq!(door(&c.number[c.number.len() - 4..], None).await.unwrap().came, 1);
    adds_up(&hosts.site).await;

    // Nothing of a registration changes once its holder is in, or the session has begun.
    assert!(event::give_up(app, &guest, a.id).await.is_err());
    assert!(event::shrink(app, &guest, a.id, 1).await.is_err());
}

#[tokio::test]
async fn walk_ins_come_in_while_seats_are_free() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[3]).await;
    hosts.register("a@example.invalid", 2).await.unwrap();
    hosts.site.clock.set(at("2026-03-20", 9, 0));
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let walk = async |people| {
        let input = WalkIn { event: "E2026-001".into(), session: 1, name: "路过".into(), people };
        event::walk_in(app, &actor, &input).await
    };
    assert!(told(walk(2).await).contains("只剩 1 个名额"));
    assert!(told(walk(0).await).contains("请填写人数"));
    walk(1).await.unwrap();
    assert!(told(walk(1).await).contains("只剩 0 个名额"));
    let session = hosts.session(id).await;
    assert_eq!((session.taken, session.present), (3, 1));
    adds_up(&hosts.site).await;
}

#[tokio::test]
async fn the_page_of_the_door_counts_and_is_for_its_people_only() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[3]).await;
    let a = hosts.register("13800001234", 2).await.unwrap();
    let usher = hosts.site.sign_in("usher").await;
    usher.get(DOOR).await.expect(200).contains("王小明").contains("13800001234").contains("活动当天");
    for login in ["other", "watcher"] {
        let person = hosts.site.sign_in(login).await;
        person.get(DOOR).await.expect(403).lacks("13800001234");
        person.post(CHECK_IN, &[("code", "1")]).await.expect(403);
        person.post(WALK_IN, &[("walk_in_people", "1")]).await.expect(403);
        person.get(LIST).await.expect(403).lacks("王小明");
    }
    // The list to take along: names in full, contacts masked, no formula for a spreadsheet; who took it is recorded.
    let formula = Register { name: "=cmd()".into(), ..form("b@example.invalid", 1) };
    let b = event::register(&hosts.site.app, &Actor::guest(), &formula).await.unwrap();
    let list = usher.get(LIST).await.expect(200);
    list.contains("E2026-001-1-0001,王小明,138****1234,")
        .contains("E2026-001-1-0002,'=cmd(),b***@example.invalid,");
    list.lacks("13800001234").contains("实到人数");
    usher.get("/desk/events/E2026-001/sessions/9/list.csv").await.expect(404);
    usher.get("/desk/events/E2026-001/sessions/x/list.csv").await.expect(404);
    let audit = entity::audit::Entity::find().all(hosts.site.app.db.read()).await.unwrap();
    assert_eq!(audit.iter().filter(|a| a.action == "event.take_list").count(), 1);
    event::give_up(&hosts.site.app, &Actor::guest(), b.id).await.unwrap();
    hosts.site.guest().get(DOOR).await.expect(303);
    hosts.site.clock.set(at("2026-03-20", 9, 5));
    let usher = hosts.site.sign_in("usher").await;
    // Whoever scans the code with a phone and is signed in finds the way to the door.
    let page = usher.get(&format!("/registrations/{}", a.code.grouped())).await.expect(200);
    page.contains(&format!("{DOOR}?code={}", a.code.grouped()));
    usher.get(&format!("{DOOR}?code={}", a.code.grouped())).await.expect(200).contains(&a.code.grouped());
    let done = usher.post(CHECK_IN, &[("code", &a.code.grouped())]).await.expect(303);
    usher.get(done.location()).await.expect(200).contains("1 号已签到：2/2 人").contains("签到成功");
    usher.post(CHECK_IN, &[("code", &a.code.grouped())]).await.expect(409).contains("重复签到");
    usher.post(CHECK_IN, &[("code", "9"), ("people", "x")]).await.expect(422);
    let done = usher.post(WALK_IN, &[("walk_in_name", ""), ("walk_in_people", "1")]).await.expect(303);
    usher.get(done.location()).await.contains("现场入场").contains("没有空余名额");
    usher.post(WALK_IN, &[("walk_in_people", "1")]).await.expect(409);
    usher.post(WALK_IN, &[("walk_in_people", "many")]).await.expect(422);

    let api = hosts.site.api("usher").await;
    let list = api.get("/api/v1/events/E2026-001/sessions/1/registrations").await.expect(200).json();
    assert_eq!((&list["present"], &list["taken"], &list["missing"]), (&json!(3), &json!(3), &json!(0)));
    let again = json!({ "code": a.code.grouped() });
    api.json("POST", "/api/v1/events/E2026-001/sessions/1/check-ins", again).await.expect(409);
    let watcher = hosts.site.api("watcher").await;
    watcher.get("/api/v1/events/E2026-001/sessions/1/registrations").await.expect(403);
}

#[tokio::test]
async fn somebody_under_fourteen_comes_with_a_guardian_whose_name_is_forgotten_with_theirs() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[4]).await;
    let (site, guest) = (&hosts.site, hosts.site.guest());
    let form = "/events/E2026-001/sessions/1/register";
    guest.get(form).await.expect(200).contains("未满 14 周岁");
    let with = async |seats: &str, guardian: &str| {
        let fields = [
            ("name", "小明"),
            ("contact", "parent@example.invalid"),
            ("seats", seats),
            ("child", "yes"),
            ("guardian", guardian),
            ("consent", "yes"),
        ];
        guest.post(form, &fields).await
    };
    with("2", "").await.expect(422).contains("请填写监护人姓名");
    with("1", "王大明").await.expect(422).contains("与监护人一起报名");
    with("2", "王大明").await.expect(303);
    let usher = site.sign_in("usher").await;
    usher.get(DOOR).await.expect(200).contains("小明").contains("王大明");
    usher.get(LIST).await.expect(200).contains(",王大明,");
    let guardian = async || {
        let all = entity::consent::Entity::find().all(site.app.db.read()).await.unwrap();
        all.into_iter().find_map(|c| c.guardian_enc)
    };
    assert!(guardian().await.is_some());
    site.clock.set(at("2026-04-25", 9, 0));
    site.work().await;
    assert!(guardian().await.is_none() && hosts.everybody().await[0].name_enc.is_none());
}
