//! Seats by lot: committed to beforehand, held once registration has closed, repeated by somebody else's code.

use std::collections::BTreeMap;
use std::process::Command;

use entity::enums::{EventKind, RegistrationState as S, SeatGroup, SeatMethod};
use entity::id::EventId;
use jianyan::actor::Actor;
use jianyan::event::lot::Quota;
use jianyan::event::{self, Receipt, Register, SessionContent};
use jianyan::problem::Code;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Hosts, adds_up, form, session};
use crate::harness::at;

const PAGE: &str = "/events/E2026-001/sessions/1/draw";
const FILE: &str = "/events/E2026-001/sessions/1/draw.json";
const DESK: &str = "/desk/events/E2026-001";

fn lots(seats: i32) -> SessionContent {
    SessionContent {
        method: SeatMethod::Draw,
        quotas: vec![Quota { group: SeatGroup::Expert, seats: 2 }],
        registration_closes_at: Some(at("2026-03-10", 18, 0)),
        ..session(seats)
    }
}

struct Drawn {
    hosts: Hosts,
    id: EventId,
    receipts: Vec<Receipt>,
}

/// Twelve parties of one to three people for six seats, two of them for experts.
async fn entered() -> Drawn {
    let hosts = Hosts::new().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let draft = event::create(app, &actor, &hosts.content(EventKind::OpenDay)).await.unwrap();
    event::add_session(app, &actor, draft.id, &lots(6)).await.unwrap();
    event::publish(app, &actor, draft.id).await.unwrap();
    let mut receipts = Vec::new();
    for n in 0..12 {
        let group = if n % 3 == 0 { SeatGroup::Expert } else { SeatGroup::Citizen };
        let seats = if n % 3 == 0 { 1 } else { 1 + n % 2 };
        let input = Register { group: Some(group), ..form(&format!("p{n}@example.invalid"), seats) };
        receipts.push(event::register(app, &Actor::guest(), &input).await.unwrap());
    }
    Drawn { id: draft.id, hosts, receipts }
}

fn sha(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// The draw as docs/draw.md describes it, written anew: numbers in their order, and whether each has seats.
fn by_the_book(file: &Value) -> Vec<(i64, bool)> {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let mut list = format!("jianyan-draw-1\nsession {}\nseats {}\n", text(&file["session"]), file["seats"]);
    let mut left = BTreeMap::new();
    for q in file["quotas"].as_array().unwrap() {
        list += &format!("quota {} {}\n", text(&q["group"]), q["seats"]);
        left.insert(text(&q["group"]), q["seats"].as_i64().unwrap());
    }
    let mut open = file["seats"].as_i64().unwrap() - left.values().sum::<i64>();
    let entries = file["list"].as_array().unwrap();
    for e in entries {
        list += &format!("{} {} {}\n", e["number"], e["group"].as_str().unwrap_or("-"), e["seats"]);
    }
    let seed = sha(&format!("{} {}", sha(&list), text(&file["secret"])));
    let mut order: Vec<&Value> = entries.iter().collect();
    order.sort_by_key(|e| sha(&format!("{seed} {}", e["number"])));
    let mut result = Vec::new();
    for e in order {
        let room = left.get_mut(e["group"].as_str().unwrap_or("-")).unwrap_or(&mut open);
        let seats = e["seats"].as_i64().unwrap();
        let seated = seats <= *room;
        *room -= if seated { seats } else { 0 };
        result.push((e["number"].as_i64().unwrap(), seated));
    }
    result
}

#[tokio::test]
async fn nobody_has_a_seat_or_the_number_before_the_draw_and_everybody_can_repeat_it() {
    let Drawn { hosts, id, receipts } = entered().await;
    let site = &hosts.site;
    assert!(hosts.states().await.iter().all(|s| *s == S::Waiting));
    assert_eq!(hosts.session(id).await.taken, 0);
    let (guest, owner) = (site.guest(), site.sign_in("owner").await);
    let before = guest.get("/api/v1/events/E2026-001/sessions/1/draw").await.expect(200).json();
    let commitment = before["commitment"].as_str().unwrap().to_owned();
    assert_eq!(before.as_object().unwrap().len(), 2, "nothing but the commitment and its moment: {before}");
    guest.get(FILE).await.expect(404);
    let mut seen = String::new();
    for path in [PAGE, "/events/E2026-001", "/events/E2026-001/sessions/1/register"] {
        seen += &guest.get(path).await.expect(200).text;
    }
    for path in [DESK, "/desk/events/E2026-001/sessions/1/edit"] {
        let page = owner.get(path).await.expect(200);
        page.lacks("立即摇号");
        seen += &page.text;
    }
    assert!(seen.contains(&commitment), "the commitment is published beforehand");
    let own = format!("/registrations/{}", receipts[0].code.grouped());
    guest.get(&own).await.expect(200).contains("待摇号").lacks("候补名单");
    // Too early for the desk too.
    site.clock.set(at("2026-03-10", 17, 59));
    let owner_early = site.sign_in("owner").await;
    owner_early.post(&format!("{DESK}/sessions/1/draw"), &[]).await.expect(409);
    event::give_up(&site.app, &Actor::guest(), receipts[11].id).await.unwrap();

    site.at("2026-03-10", 18, 0).await;
    let file = guest.get(FILE).await.expect(200).json();
    let secret = file["secret"].as_str().unwrap().to_owned();
    assert_eq!((sha(&secret), &file["commitment"]), (commitment.clone(), &json!(commitment)));
    let rows = entity::audit::Entity::find().all(site.app.db.read()).await.unwrap();
    let kept: String = rows.iter().map(|r| r.detail.to_string()).collect();
    assert!(!seen.contains(&secret) && !kept.contains(&secret), "the number was shown before");
    assert_eq!(file["list"].as_array().unwrap().len(), 11, "who cancelled is not in the list");
    assert!(!file.to_string().contains("王小明") && !file.to_string().contains("example.invalid"));

    let expected = by_the_book(&file);
    let everybody = hosts.everybody().await;
    for (place, (number, seated)) in (1..).zip(&expected) {
        let row = everybody.iter().find(|r| i64::from(r.number) == *number).unwrap();
        assert_eq!((row.drawn, row.state == S::Confirmed), (Some(place), *seated), "no. {number}");
    }
    let experts = everybody.iter().filter(|r| r.seat_group == Some(SeatGroup::Expert));
    assert_eq!(experts.filter(|r| r.state == S::Confirmed).count(), 2);
    adds_up(site).await;
    let page = guest.get(PAGE).await.expect(200);
    page.contains(&secret).contains("中签").contains("E2026-001-1-0001").lacks("王小明");
    site.sign_in("owner").await.get(DESK).await.expect(200).lacks("立即摇号");
    let api = site.api("owner").await;
    api.json("POST", "/api/v1/events/E2026-001/sessions/1/draw", json!({})).await.expect(409);
    jianyan::audit::verify(site.app.db.read()).await.unwrap();
}

#[tokio::test]
async fn everybody_is_told_once_and_alternates_move_up_in_the_order_drawn() {
    let Drawn { hosts, receipts, .. } = entered().await;
    let site = &hosts.site;
    site.at("2026-03-10", 18, 0).await;
    site.work().await;
    let file = site.guest().get(FILE).await.expect(200).json();
    let result = by_the_book(&file);
    for (number, seated) in &result {
        let receipt = &receipts[usize::try_from(number - 1).unwrap()];
        let told = hosts.told(receipt).await;
        let news = if *seated { "摇号结果：已中签" } else { "摇号结果：候补" };
        assert!(told.contains(news) && told.contains("报名已登记，等待摇号"), "{number}: {told:?}");
        assert_eq!(told.len(), 2);
    }
    // A citizen gives up: the first alternate among the citizens who fits moves up, whoever registered first.
    let entry = |n: i64| file["list"].as_array().unwrap().iter().find(|e| e["number"] == n).unwrap().clone();
    let gone = result.iter().find(|(n, seated)| *seated && entry(*n)["group"] == "citizen").unwrap().0;
    let free = 4 - result
        .iter()
        .filter(|(n, seated)| *seated && *n != gone && entry(*n)["group"] == "citizen")
        .map(|(n, _)| entry(*n)["seats"].as_i64().unwrap())
        .sum::<i64>();
    let next = result
        .iter()
        .find(|(n, seated)| {
            !*seated && entry(*n)["group"] == "citizen" && entry(*n)["seats"].as_i64().unwrap() <= free
        })
        .unwrap()
        .0;
    let id = receipts[usize::try_from(gone - 1).unwrap()].id;
    event::give_up(&site.app, &Actor::guest(), id).await.unwrap();
    let everybody = hosts.everybody().await;
    assert_eq!(everybody[usize::try_from(next - 1).unwrap()].state, S::Confirmed);
    adds_up(site).await;
}

#[tokio::test]
async fn what_people_registered_for_stays() {
    let Drawn { hosts, id, .. } = entered().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let change = async |content: SessionContent| event::change_session(app, &actor, id, 1, &content).await;
    let method = SessionContent { method: SeatMethod::FirstCome, ..lots(6) };
    assert_eq!(change(method).await.unwrap_err().fields[0].field, "method");
    let late = SessionContent { registration_closes_at: Some(at("2026-03-19", 10, 0)), ..lots(6) };
    assert_eq!(change(late).await.unwrap_err().fields[0].field, "registration_closes_at");
    // While registration is open its end may move; the draw moves along.
    let later = SessionContent { registration_closes_at: Some(at("2026-03-12", 18, 0)), ..lots(6) };
    change(later.clone()).await.unwrap();
    hosts.site.at("2026-03-10", 18, 0).await;
    assert!(hosts.everybody().await.iter().all(|r| r.drawn.is_none()), "nothing is drawn at the old end");
    hosts.site.clock.set(at("2026-03-12", 18, 0));
    let more = SessionContent { capacity: 7, ..later.clone() };
    assert_eq!(change(more.clone()).await.unwrap_err().code, Code::Conflict, "the list is closed");
    let longer = SessionContent { registration_closes_at: Some(at("2026-03-14", 18, 0)), ..later };
    assert_eq!(change(longer).await.unwrap_err().fields[0].field, "registration_closes_at");
    let owner = hosts.site.sign_in("owner").await;
    owner.get(DESK).await.expect(200).contains("立即摇号");
    hosts.site.sign_in("other").await.post(&format!("{DESK}/sessions/1/draw"), &[]).await.expect(403);
    owner.post(&format!("{DESK}/sessions/1/draw"), &[]).await.expect(303);
    let file = hosts.site.guest().get(FILE).await.expect(200).text;
    hosts.site.work().await;
    // More seats afterwards go to the alternates, and the file stays what it was.
    change(more).await.unwrap();
    adds_up(&hosts.site).await;
    assert_eq!(hosts.site.guest().get(FILE).await.expect(200).text, file);
    let refused = Register { group: Some(SeatGroup::Citizen), ..form("late@example.invalid", 1) };
    assert_eq!(event::register(app, &Actor::guest(), &refused).await.unwrap_err().code, Code::Conflict);
}

#[tokio::test]
async fn a_cancelled_event_is_not_drawn_and_a_draw_without_anybody_is() {
    let Drawn { hosts, id, .. } = entered().await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let second = SessionContent { quotas: Vec::new(), ..lots(3) };
    event::add_session(app, &actor, id, &second).await.unwrap();
    let other = event::create(app, &actor, &hosts.content(EventKind::OpenDay)).await.unwrap();
    event::add_session(app, &actor, other.id, &second).await.unwrap();
    event::publish(app, &actor, other.id).await.unwrap();
    event::cancel(app, &actor, id, "台风").await.unwrap();
    hosts.site.at("2026-03-10", 18, 0).await;
    let guest = hosts.site.guest();
    guest.get(PAGE).await.expect(200).contains("不再摇号");
    guest.get(FILE).await.expect(404);
    guest.get("/events/E2026-002/sessions/1/draw").await.expect(200).contains("没有人报名");
    for missing in [
        "/events/E2026-001/sessions/9/draw",
        "/events/E2026-001/sessions/x/draw",
        "/events/E9/sessions/1/draw",
    ] {
        guest.get(missing).await.expect(404);
    }
    let parked = entity::job::Entity::find().all(app.db.read()).await.unwrap();
    assert!(parked.iter().all(|j| j.last_error.is_none()), "no job failed");
}

#[tokio::test]
async fn the_command_and_the_lines_of_the_documentation_agree() {
    let Drawn { hosts, .. } = entered().await;
    hosts.site.at("2026-03-10", 18, 0).await;
    let text = hosts.site.guest().get(FILE).await.expect(200).text;
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut forged: Value = serde_json::from_str(&text).unwrap();
    let last = forged["result"].as_array().unwrap().len() - 1;
    let seated = forged["result"][last]["seated"].as_bool().unwrap();
    forged["result"][last]["seated"] = json!(!seated);
    let commitment = forged["commitment"].as_str().unwrap().to_owned();
    let (right, wrong) = (put("right.json", &text), put("wrong.json", &forged.to_string()));
    let verify = |path: &std::path::Path, noted: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jianyan"));
        let run = command.args(["draw", "verify"]).arg(path).args(["--commitment", noted]).output().unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap(), String::from_utf8(run.stderr).unwrap())
    };
    let (code, said, _) = verify(&right, &commitment);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("摇号结果正确") && !said.contains("WRONG"), "{said}");
    let (code, said, why) = verify(&wrong, &commitment);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("错误 WRONG  按公布的方法重做") && why.contains("1 项不符"), "{said}{why}");
    assert_eq!(verify(&right, &"0".repeat(64)).0, Some(1), "another commitment than the one noted");
    let (code, _, why) = verify(&put("none.json", "{}"), &commitment);
    assert!(code == Some(1) && why.contains("不是摇号文件"), "{why}");

    // The very lines of the documentation, where there is something to run them.
    let docs = include_str!("../../../docs/draw.md");
    let lines = docs.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let script = put("verify.py", lines);
    let python = |file: &std::path::Path| Command::new("python3").arg(&script).arg(file).output();
    if let Ok(run) = python(&right) {
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(python(&wrong).unwrap().status.code(), Some(1));
    }
}
