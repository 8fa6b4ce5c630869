//! The pages without JavaScript, in both languages, and the API: writing, publishing, reading, registering.

use serde_json::json;

use super::Hosts;
use crate::harness::{Answer, Person};

const EVENT: &str = "/desk/events/E2026-001";

fn event_fields(department: &str) -> Vec<(&'static str, String)> {
    [
        ("kind", "open_day"),
        ("title", "走进体育馆"),
        ("summary", "参观场馆后台。"),
        ("contact_name", "群众体育处"),
        ("phone", "000-12345678"),
    ]
    .map(|(k, v)| (k, v.to_owned()))
    .into_iter()
    .chain([("department_id", department.to_owned())])
    .collect()
}

const SESSION: [(&str, &str); 7] = [
    ("place", "示例市体育馆"),
    ("held_on", "2026-03-20"),
    ("begins", "14:00"),
    ("ends", "16:00"),
    ("capacity", "2"),
    ("party_max", "2"),
    ("offer_hours", "0"),
];

async fn post(person: &Person, path: &str, fields: &[(&str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    person.post(path, &fields).await
}

/// Writes and publishes the event through the forms.
async fn publish(hosts: &Hosts) -> Person {
    let owner = hosts.site.sign_in("owner").await;
    let fields = event_fields(&hosts.department.to_string());
    let done = post(&owner, "/desk/events/new", &fields).await.expect(303);
    assert_eq!(done.location(), format!("{EVENT}?done=saved"));
    owner.post(&format!("{EVENT}/sessions/new"), &SESSION).await.expect(303);
    owner.post(&format!("{EVENT}/publish"), &[]).await.expect(303);
    owner
}

#[tokio::test]
async fn an_event_is_written_published_and_registered_for_without_a_script() {
    let hosts = Hosts::new().await;
    let owner = hosts.site.sign_in("owner").await;
    owner.get("/desk/events").await.expect(200).contains("还没有活动").contains("筹备活动");
    owner.get("/desk/events/new").await.expect(200).contains("政府开放日").contains("群众体育处");

    // What is wrong is said beside the field, and what was typed is kept.
    let mut wrong = event_fields(&hosts.department.to_string());
    wrong.retain(|(name, _)| !["phone", "title"].contains(name));
    let again = post(&owner, "/desk/events/new", &wrong).await.expect(422);
    again.contains("联系电话和电子邮箱至少填写一项").contains("参观场馆后台");
    let mut wrong = event_fields(&hosts.department.to_string());
    wrong.push(("decision", "2099-001".into()));
    post(&owner, "/desk/events/new", &wrong).await.expect(422).contains("没有这个决策事项");

    let fields = event_fields(&hosts.department.to_string());
    post(&owner, "/desk/events/new", &fields).await.expect(303);
    owner.get(EVENT).await.expect(200).contains("至少一个场次");
    owner.post(&format!("{EVENT}/publish"), &[]).await.expect(409).contains("请先添加场次");
    let mut session = SESSION.to_vec();
    session[1].1 = "2026-02-20";
    session[3].1 = "13:00";
    let again = owner.post(&format!("{EVENT}/sessions/new"), &session).await.expect(422);
    again.contains("场次应当在将来").contains("结束时间应当晚于开始时间").contains("示例市体育馆");
    owner.post(&format!("{EVENT}/sessions/new"), &SESSION).await.expect(303);
    // Nobody outside sees the draft; those who work on it may preview.
    hosts.site.guest().get("/events/E2026-001").await.expect(404);
    hosts.site.guest().get("/events/E2026-001/calendar.ics").await.expect(404);
    owner.get("/events/E2026-001").await.expect(200).contains("预览").lacks("/register");
    owner.post(&format!("{EVENT}/publish"), &[]).await.expect(303);
    owner.post(&format!("{EVENT}/publish"), &[]).await.expect(409);
    owner.post(&format!("{EVENT}/discard"), &[]).await.expect(409).contains("不能删除");

    let guest = hosts.site.guest();
    guest
        .get("/events")
        .await
        .expect(200)
        .contains("走进体育馆")
        .contains("余 2 个名额")
        .contains("2026 年计划完成情况");
    hosts
        .site
        .guest()
        .get("/events?lang=en")
        .await
        .contains("2 seats left")
        .contains("Open days: <strong>0</strong> / 3");
    guest.get("/events/E2026-001").await.expect(200).contains("2026年3月20日 14:00—16:00（北京时间）");
    let form = guest.get("/events/E2026-001/sessions/1/register").await.expect(200);
    let key = form.input("key").unwrap();
    let path = "/events/E2026-001/sessions/1/register";
    let empty =
        guest.post(path, &[("key", &key), ("name", ""), ("contact", "x"), ("seats", "2")]).await.expect(422);
    empty.contains("请填写正确的手机号码").contains("同意报名须知");
    assert_eq!(empty.input("key").unwrap(), key, "the same form stays the same");
    let fields = [
        ("key", key.as_str()),
        ("name", "王小明"),
        ("contact", "a@example.invalid"),
        ("seats", "2"),
        ("consent", "yes"),
    ];
    let done = guest.post(path, &fields).await.expect(303);
    assert_eq!(
        guest.post(path, &fields).await.expect(303).location(),
        done.location(),
        "sent twice, taken once"
    );
    let page = guest.get(done.location()).await.expect(200);
    page.contains("报名成功")
        .contains("class=\"square-code\"")
        .contains("E2026-001-1-0001")
        .contains("a***@example.invalid");
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");

    // The code alone finds it from the box on the home page.
    let code = done.location().split(['/', '?']).nth(2).unwrap().to_owned();
    let found = guest.post("/receipts", &[("code", &code)]).await.expect(303);
    assert_eq!(found.location(), format!("/registrations/{code}"));
    guest.get(&format!("/receipts/{code}")).await.expect(404);
    guest.get(&form_path(2)).await.expect(404);

    // Full: the next one is told beforehand, and waits.
    guest.get(path).await.contains("名额已满").contains("报名候补");
    let next = [("name", "李"), ("contact", "13800001234"), ("seats", "1"), ("consent", "yes")];
    let waits = guest.post(path, &next).await.expect(303);
    guest
        .get(waits.location())
        .await
        .expect(200)
        .contains("候补")
        .contains("前面还有 0 组")
        .lacks("class=\"square-code\"");
    guest.post(path, &next).await.expect(409).contains("已经报名本场次");

    // Fewer people, then none at all.
    let mine = format!("/registrations/{code}");
    guest.post(&format!("{mine}/size"), &[("seats", "5")]).await.expect(422).contains("人数只能减少");
    guest.post(&format!("{mine}/size"), &[("seats", "x")]).await.expect(422);
    guest.post(&format!("{mine}/size"), &[("seats", "1")]).await.expect(303);
    guest.get(waits.location()).await.contains("报名成功");
    guest.post(&format!("{mine}/accept"), &[]).await.expect(303);
    guest.post(&format!("{mine}/cancel"), &[]).await.expect(303);
    guest.get(&mine).await.expect(200).contains("已取消").lacks("取消报名");
    guest.post(&format!("{mine}/accept"), &[]).await.expect(409);
    guest.get("/registrations/0000-0000-0000-0000").await.expect(404);
    super::adds_up(&hosts.site).await;
}

fn form_path(session: i32) -> String {
    format!("/events/E2026-001/sessions/{session}/register")
}

#[tokio::test]
async fn an_organiser_changes_what_is_published_and_the_page_follows() {
    let hosts = Hosts::new().await;
    let owner = publish(&hosts).await;
    let form = owner.get(&format!("{EVENT}/edit")).await.expect(200);
    let revision = form.input("revision").unwrap();
    let mut fields = event_fields(&hosts.department.to_string());
    fields.push(("revision", revision));
    fields[1].1 = "走进体育馆（第二季）".into();
    post(&owner, &format!("{EVENT}/edit"), &fields).await.expect(303);
    post(&owner, &format!("{EVENT}/edit"), &fields).await.expect(412).contains("第二季");
    hosts.site.guest().get("/events/E2026-001").await.contains("走进体育馆（第二季）");
    hosts.site.guest().get("/search?q=第二季").await.expect(200).contains("/events/E2026-001");
    let mut other = event_fields(&hosts.department.to_string());
    other[0].1 = "hearing".into();
    post(&owner, &format!("{EVENT}/edit"), &other).await.expect(409).contains("不能更改");

    owner.get(&format!("{EVENT}/sessions/1/edit")).await.expect(200).contains("2026-03-20").contains("14:00");
    let mut session = SESSION.to_vec();
    session[0].1 = "示例市游泳馆";
    owner.post(&format!("{EVENT}/sessions/1/edit"), &session).await.expect(303);
    hosts.site.guest().get("/events/E2026-001").await.contains("示例市游泳馆");
    owner.post(&format!("{EVENT}/sessions/1/remove"), &[]).await.expect(409).contains("至少要有一个场次");
    owner.post(&format!("{EVENT}/sessions/new"), &session).await.expect(303);
    owner.post(&format!("{EVENT}/sessions/2/remove"), &[]).await.expect(303);
    owner.post(&format!("{EVENT}/report"), &[("text", "早了")]).await.expect(409).contains("活动结束后");
    let file = hosts.site.guest().get("/events/E2026-001/calendar.ics").await.expect(200);
    file.contains("BEGIN:VCALENDAR").contains("DTSTART:20260320T060000Z").contains("UID:E2026-001-1@");
    assert_eq!(file.text, hosts.site.guest().get("/events/E2026-001/calendar.ics").await.text);
    let feed = hosts.site.guest().get("/events/calendar.ics").await.expect(200);
    feed.contains("UID:E2026-001-1@").contains("STATUS:CONFIRMED");
    assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
    owner.post(&format!("{EVENT}/cancel"), &[("reason", "")]).await.expect(422);
    owner.post(&format!("{EVENT}/cancel"), &[("reason", "台风")]).await.expect(303);
    owner.get(EVENT).await.expect(200).contains("台风").lacks("添加场次");

    let watcher = hosts.site.sign_in("watcher").await;
    watcher.get(EVENT).await.expect(200).lacks("修改内容");
    watcher.get(&format!("{EVENT}/edit")).await.expect(403);
    hosts.site.sign_in("other").await.get(EVENT).await.expect(403);
}

#[tokio::test]
async fn programs_do_the_same_through_the_api() {
    let hosts = Hosts::new().await;
    let api = hosts.site.api("owner").await;
    let event = json!({ "kind": "seminar", "department_id": hosts.department, "title": "座谈会",
        "summary": "听取意见。", "contact_name": "群众体育处", "email": "mass@example.invalid" });
    hosts.site.api("other").await.json("POST", "/api/v1/events", event.clone()).await.expect(403);
    hosts.site.guest().json("POST", "/api/v1/events", event.clone()).await.expect(401);
    let created = api.json("POST", "/api/v1/events", event.clone()).await.expect(200).json();
    assert_eq!((&created["code"], &created["stage"]), (&json!("E2026-001"), &json!("draft")));
    let session = json!({ "place": "会议室", "held_on": "2026-03-20", "begins": "14:00", "ends": "16:00",
        "capacity": 1, "party_max": 1 });
    let base = "/api/v1/events/E2026-001";
    let mut wrong = session.clone();
    wrong["begins"] = json!("2pm");
    api.json("POST", &format!("{base}/sessions"), wrong).await.expect(422);
    api.json("POST", &format!("{base}/sessions"), session.clone()).await.expect(200);
    let guest = hosts.site.guest();
    guest.get(base).await.expect(404);
    api.json("POST", &format!("{base}/publish"), json!({})).await.expect(200);
    let shown = guest.get(base).await.expect(200).json();
    assert_eq!(shown["sessions"][0]["begins_at"], "2026-03-20T06:00:00+00:00");
    assert_eq!(guest.get("/api/v1/events").await.json()["items"][0]["code"], "E2026-001");
    assert_eq!(guest.get("/api/v1/events?past=true").await.json()["items"], json!([]));

    let register = format!("{base}/sessions/1/registrations");
    let body = |contact: &str| json!({ "name": "王", "contact": contact, "seats": 1, "consent": true });
    let first = guest.json("POST", &register, body("a@example.invalid")).await.expect(201).json();
    assert_eq!(first["state"], "confirmed");
    let second = guest.json("POST", &register, body("b@example.invalid")).await.expect(201).json();
    assert_eq!(second["state"], "waiting");
    guest.json("POST", &register, json!({ "name": "王" })).await.expect(400);
    let mut refuses = body("c@example.invalid");
    refuses["consent"] = json!(false);
    guest.json("POST", &register, refuses).await.expect(422);
    let of = |r: &serde_json::Value| format!("/api/v1/registrations/{}", r["lookup_code"].as_str().unwrap());
    assert_eq!(guest.get(&of(&second)).await.expect(200).json()["ahead"], 0);
    guest.json("POST", &format!("{}/size", of(&first)), json!({ "seats": 2 })).await.expect(422);
    guest.json("POST", &format!("{}/accept", of(&second)), json!({})).await.expect(409);
    let gone = guest.json("POST", &format!("{}/cancel", of(&first)), json!({})).await.expect(200).json();
    assert_eq!((&gone["state"], &gone["may_change"]), (&json!("cancelled"), &json!(false)));
    assert_eq!(guest.get(&of(&second)).await.json()["state"], "confirmed");

    let mut larger = session.clone();
    larger["capacity"] = json!(3);
    let changed = api.json("PUT", &format!("{base}/sessions/1"), larger).await.expect(200).json();
    assert_eq!((&changed["capacity"], &changed["free"]), (&json!(3), &json!(2)));
    let mut edited = event;
    edited["title"] = json!("群众座谈会");
    api.json("PUT", base, edited).await.expect(200);
    api.raw("DELETE", base, &[], vec![]).await.expect(409);
    api.raw("DELETE", &format!("{base}/sessions/1"), &[], vec![]).await.expect(409);
    api.json("POST", &format!("{base}/report"), json!({ "text": "早了" })).await.expect(409);
    api.json("POST", &format!("{base}/cancel"), json!({ "reason": "台风" })).await.expect(200);
    assert_eq!(guest.get(base).await.json()["stage"], "cancelled");
}
