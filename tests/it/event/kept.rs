//! The door while the network is gone; what is printed; and what visitors say afterwards.

use entity::enums::EventKind;
use jianyan::event::{self, CheckIn, Scan};
use jianyan::problem::Code;
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::{Hosts, adds_up};
use crate::harness::at;

const BASE: &str = "/desk/events/E2026-001/sessions/1";

fn scan(typed: &str, key: &str, at: Option<chrono::DateTime<chrono::Utc>>) -> Scan {
    Scan { event: "E2026-001".into(), session: 1, typed: typed.into(), people: None, at, key: key.into() }
}

#[tokio::test]
async fn a_scan_that_was_kept_counts_once_and_for_the_time_it_was_made() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[3, 3]).await;
    let a = hosts.register("a@example.invalid", 2).await.unwrap();
    let b = hosts.register("b@example.invalid", 1).await.unwrap();
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    hosts.site.clock.set(at("2026-03-20", 9, 40));
    let made = at("2026-03-20", 9, 12);
    let first = scan(&a.code.grouped(), "scan-0000000000000001", Some(made));
    let (told, tally) = event::scan(app, &actor, &first).await.unwrap();
    assert!(told.let_in && told.zh.contains("2/2"), "{told:?}");
    assert_eq!((tally.present, tally.missing), (2, 1));
    // The answer was lost and it is sent again: told the same, counted once.
    let (again, tally) = event::scan(app, &actor, &first).await.unwrap();
    assert_eq!((again, tally.present), (told, 2));
    assert_eq!(hosts.everybody().await[0].came_at, Some(made));
    // Another phone scanned the same party: told that they are in, and since when.
    let (other, _) = event::scan(app, &actor, &scan("1", "scan-0000000000000002", Some(made))).await.unwrap();
    assert!(!other.let_in && other.zh.contains("已于 09:12 签到"), "{other:?}");
    // One key is one scan.
    let mixed = event::scan(app, &actor, &scan("2", "scan-0000000000000001", Some(made))).await.unwrap_err();
    assert_eq!(mixed.code, Code::KeyReused);
    // Who cancelled, and who comes to the wrong door, is told so when it is sent.
    let elsewhere = Scan { session: 2, ..scan(&b.code.grouped(), "scan-0000000000000003", None) };
    let (wrong, _) = event::scan(app, &actor, &elsewhere).await.unwrap();
    assert!(!wrong.let_in && wrong.zh.contains("不是本场次"), "{wrong:?}");
    for (key, at, field) in
        [("short", None, "key"), ("scan-0000000000000004", Some(at("2026-03-17", 9, 0)), "at")]
    {
        let problem = event::scan(app, &actor, &scan("2", key, at)).await.unwrap_err();
        assert_eq!(problem.fields[0].field, field);
    }
    // A phone whose clock runs ahead scanned now.
    let ahead = scan("2", "scan-0000000000000005", Some(at("2026-03-20", 23, 0)));
    event::scan(app, &actor, &ahead).await.unwrap();
    assert_eq!(hosts.everybody().await[1].came_at, Some(at("2026-03-20", 9, 40)));
    assert_eq!(hosts.session(id).await.present, 3);
    adds_up(&hosts.site).await;
}

#[tokio::test]
async fn the_page_of_the_door_sends_what_it_kept() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[3]).await;
    let a = hosts.register("a@example.invalid", 1).await.unwrap();
    hosts.site.clock.set(at("2026-03-20", 9, 40));
    let usher = hosts.site.sign_in("usher").await;
    let page = usher.get(&format!("{BASE}/door")).await.expect(200);
    page.contains(&format!("data-door=\"{BASE}/scans\"")).contains("data-door-queue").contains("door-");
    let code = a.code.grouped();
    let fields = [("code", code.as_str()), ("at", "2026-03-20T01:12:00Z"), ("key", "scan-0000000000000001")];
    let told = usher.post(&format!("{BASE}/scans"), &fields).await.expect(200).json();
    assert_eq!(
        told,
        json!({ "let_in": true, "words": "1 号已签到：1/1 人", "present": 1, "missing": 0, "free": 2 })
    );
    usher
        .post(&format!("{BASE}/scans"), &[("code", "1"), ("at", "soon"), ("key", "scan-0000000000000002")])
        .await
        .expect(422);
    hosts.site.guest().post(&format!("{BASE}/scans"), &fields).await.expect(303);
    hosts.site.sign_in("other").await.post(&format!("{BASE}/scans"), &fields).await.expect(403);
    let api = hosts.site.api("usher").await;
    let path = "/api/v1/events/E2026-001/sessions/1/scans";
    let headers = [("Idempotency-Key", "scan-0000000000000003"), ("content-type", "application/json")];
    let body = json!({ "code": code }).to_string().into_bytes();
    let out = api.raw("POST", path, &headers, body).await.expect(200).json();
    assert_eq!((&out["let_in"], &out["present"]), (&json!(false), &json!(1)));
}

#[tokio::test]
async fn the_poster_and_the_ticket_are_made_for_paper() {
    let hosts = Hosts::new().await;
    let id = hosts.event(EventKind::OpenDay, &[2]).await;
    let guest = hosts.site.guest();
    guest.get("/events/E2026-001").await.expect(200).contains("/events/E2026-001/poster");
    let poster = guest.get("/events/E2026-001/poster").await.expect(200);
    poster.contains("走进体育馆").contains("名额 2 个").contains("square-code").contains("Open day");
    poster.contains("http://localhost:8080/events/E2026-001").contains("data-act=\"print\"");
    // It hangs on a wall in Chinese, whoever prints it.
    guest
        .get("/events/E2026-001/poster?lang=en")
        .await
        .expect(200)
        .contains("Save as PDF")
        .contains("2026年3月20日");
    let a = hosts.register("a@example.invalid", 2).await.unwrap();
    let waiting = hosts.register("b@example.invalid", 1).await.unwrap();
    let page = format!("/registrations/{}", a.code.grouped());
    let ticket = hosts.site.guest().get(&format!("{page}/ticket")).await.expect(200);
    ticket.contains("入场凭证").contains(&a.code.grouped()).contains("square-code").contains("王小明");
    assert_eq!(ticket.headers["cache-control"], "no-store");
    assert_eq!(ticket.headers["referrer-policy"], "no-referrer");
    hosts.site.guest().get(&page).await.expect(200).contains(&format!("{page}/ticket"));
    let none = hosts.site.guest().get(&format!("/registrations/{}/ticket", waiting.code.grouped())).await;
    none.expect(409).contains("没有入场凭证").lacks("square-code");
    hosts.site.guest().get("/registrations/0000-0000-0000-0000/ticket").await.expect(404);
    let actor = hosts.organiser().await;
    event::cancel(&hosts.site.app, &actor, id, "检修").await.unwrap();
    hosts.site.guest().get("/events/E2026-001/poster").await.expect(200).contains("（已取消）");
    hosts.site.guest().get(&format!("{page}/ticket")).await.expect(409);
}

#[tokio::test]
async fn who_came_is_thanked_and_says_how_it_was() {
    let hosts = Hosts::new().await;
    hosts.event(EventKind::OpenDay, &[5]).await;
    let (app, actor) = (&hosts.site.app, hosts.organiser().await);
    let came = hosts.register("a@example.invalid", 2).await.unwrap();
    let also = hosts.register("b@example.invalid", 1).await.unwrap();
    let absent = hosts.register("c@example.invalid", 1).await.unwrap();
    let guest = hosts.site.guest();
    let form = format!("/registrations/{}/feedback", came.code.grouped());
    guest.get(&form).await.expect(409).contains("活动结束后");
    hosts.site.at("2026-03-20", 9, 30).await;
    for number in ["1", "2"] {
        let input = CheckIn { event: "E2026-001".into(), session: 1, typed: number.into(), people: None };
        event::check_in(app, &actor, &input).await.unwrap();
    }
    hosts.site.at("2026-03-20", 12, 30).await;
    assert!(hosts.told(&came).await.contains("谢谢您来参加"));
    assert!(!hosts.told(&absent).await.contains("谢谢您来参加"));
    assert!(
        hosts.site.mails().iter().any(|m| crate::opinion::decoded(m).contains(&form)),
        "the mail leads to the questionnaire"
    );
    guest.get(&format!("/registrations/{}", came.code.grouped())).await.expect(200).contains("评价活动");
    guest.get(&form).await.expect(200).contains("活动内容对您有帮助吗").contains("很好");
    guest.get(&format!("/registrations/{}/feedback", absent.code.grouped())).await.expect(409);

    let long = "长".repeat(501);
    let wrong = [("content", "6"), ("hosting", "5"), ("words", long.as_str())];
    let again = guest.post(&form, &wrong).await.expect(422);
    again.contains("请选择一项").contains("最多 500 字").contains(&long);
    let good = [("content", "5"), ("hosting", "4"), ("answers", "3"), ("words", "讲解很清楚，停车难")];
    guest.post(&form, &good).await.expect(303);
    // Said again it is one voice, not two.
    let changed = [("content", "4"), ("hosting", "4"), ("answers", "3"), ("words", "讲解很清楚，停车难")];
    guest.post(&form, &changed).await.expect(303);
    guest.get(&form).await.expect(200).contains("可以修改").contains("停车难");
    let path = format!("/api/v1/registrations/{}/feedback", also.code.grouped());
    guest.json("POST", &path, json!({ "content": 5, "hosting": 5, "answers": 5 })).await.expect(200);
    guest.json("POST", &path, json!({ "content": 0, "hosting": 5, "answers": 5 })).await.expect(422);
    let refused = format!("/api/v1/registrations/{}/feedback", absent.code.grouped());
    guest.json("POST", &refused, json!({ "content": 5, "hosting": 5, "answers": 5 })).await.expect(409);

    // The organiser reads figures and words; others at the desk the figures alone; the public after the report.
    let desk = "/desk/events/E2026-001";
    let organiser = hosts.site.sign_in("owner").await;
    organiser.get(desk).await.expect(200).contains("4.5 分").contains("停车难").contains("2 份");
    let watcher = hosts.site.sign_in("watcher").await;
    watcher.get(desk).await.expect(200).contains("4.5 分").lacks("停车难");
    guest.get("/events/E2026-001").await.expect(200).lacks("4.5 分");
    guest.get("/api/v1/events/E2026-001/feedback").await.expect(404);
    organiser.post(&format!("{desk}/report"), &[("text", "参观了后台。")]).await.expect(303);
    guest
        .get("/events/E2026-001")
        .await
        .expect(200)
        .contains("参加者评价")
        .contains("4.5 分")
        .lacks("停车难");
    let figures = guest.get("/api/v1/events/E2026-001/feedback").await.expect(200).json();
    assert_eq!(figures, json!({ "parties": 2, "content": 4.5, "hosting": 4.5, "answers": 4.0 }));
    let rows = entity::event_feedback::Entity::find().all(app.db.read()).await.unwrap();
    let sealed = rows.iter().filter_map(|r| r.words_enc.clone()).collect::<Vec<_>>().concat();
    assert!(!String::from_utf8_lossy(&sealed).contains("停车难"));

    // The words go with the rest of what visitors left; the figures stay.
    hosts.site.at("2026-04-20", 9, 0).await;
    let rows = entity::event_feedback::Entity::find().all(app.db.read()).await.unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|r| r.words_enc.is_none()));
    let organiser = hosts.site.sign_in("owner").await;
    organiser.get(desk).await.expect(200).contains("4.5 分").lacks("停车难");
    hosts.site.guest().get(&form).await.expect(409);
}
