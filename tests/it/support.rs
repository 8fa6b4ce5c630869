//! Supporting a published opinion.

use futures_util::future::join_all;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Person, Site, at};

const PAGE: &str = "/consultations/2026-001-1";
const FORM: &str = "/opinions/2026-001-1-000001/support";
const API: &str = "/api/v1/opinions/2026-001-1-000001/support";
const OPINIONS: &str = "/api/v1/consultations/2026-001-1/opinions";

async fn give(site: &Site, text: &str) {
    let body = json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
    site.guest().json("POST", OPINIONS, body).await.expect(201);
}

async fn publish(site: &Site, n: u32) {
    let path = format!("/desk/review/2026-001-1-{n:06}");
    let mod1 = site.sign_in("mod1").await;
    mod1.post(&path, &[("revision", "1"), ("action", "publish")]).await.expect(303);
}

async fn filled(site: &Site) {
    fixture::open(site).await;
    give(site, "延长开放时间").await;
    publish(site, 1).await;
}

async fn site() -> Site {
    let site = Site::new().await;
    filled(&site).await;
    site
}

async fn supports(person: &Person) -> Value {
    person.get(OPINIONS).await.expect(200).json()["items"][0]["supports"].clone()
}

/// Count and rows say the same.
async fn rows(site: &Site) -> usize {
    let db = site.app.db.read();
    let rows = entity::support::Entity::find().all(db).await.unwrap();
    let tally = entity::support_tally::Entity::find().all(db).await.unwrap();
    let sum: i64 = tally.iter().map(|t| t.n).sum();
    assert_eq!(usize::try_from(sum).unwrap(), rows.len());
    rows.len()
}

#[tokio::test]
async fn a_browser_supports_once_and_may_take_it_back() {
    let site = site().await;
    let reader = site.guest();
    reader.get(PAGE).await.expect(200).contains(&format!("action=\"{FORM}\"")).contains("赞同 0");
    assert_eq!(reader.cookie("device"), None, "nobody gets a cookie for reading");
    let told = reader.get(FORM).await.expect(200);
    told.contains("这是点击次数，不是投票，也不是人数").contains("赞同 0 次");
    assert_eq!(reader.cookie("device"), None);
    let done = reader.post(FORM, &[]).await.expect(303);
    reader
        .get(done.location())
        .await
        .expect(200)
        .contains("已赞同")
        .contains("取消赞同")
        .contains("赞同 1 次");
    // Again is the same; the key of the table guards it also for the same moment.
    let again = join_all((0..5).map(|_| reader.post(FORM, &[]))).await;
    assert!(again.iter().all(|a| a.status == 303));
    assert_eq!(rows(&site).await, 1);
    site.guest().post(FORM, &[]).await.expect(303);
    assert_eq!((rows(&site).await, supports(&reader).await), (2, json!(2)));
    site.guest().get(&format!("{PAGE}?sort=support")).await.expect(200).contains("赞同 2");

    let back = reader.post(FORM, &[("act", "take_back")]).await.expect(303);
    reader.get(back.location()).await.contains("已取消赞同").contains("赞同 1 次");
    reader.post(FORM, &[("act", "take_back")]).await.expect(303);
    assert_eq!(rows(&site).await, 1);
    // Clicks are no opinions and no people.
    let page = site.guest().get(&format!("{PAGE}?lang=en")).await.expect(200);
    page.contains("from 1 people").contains("Support 1");
}

#[tokio::test]
async fn what_is_kept_tells_neither_who_nor_where() {
    let site = site().await;
    give(&site, "第二条意见").await;
    publish(&site, 2).await;
    let reader = site.guest();
    reader.post(FORM, &[]).await.expect(303);
    reader.post("/opinions/2026-001-1-000002/support", &[]).await.expect(303);
    let device = reader.cookie("device").unwrap();
    let id = device.split('.').next().unwrap();
    let rows = entity::support::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|r| !r.device.contains(id) && !id.contains(&r.device)));
    assert_ne!(rows[0].device, rows[1].device, "one reader cannot be followed from one to the other");
    assert_ne!(rows[0].network, rows[1].network);
}

#[tokio::test]
async fn a_cookie_of_somebody_elses_making_is_a_new_device() {
    let site = site().await;
    for forged in ["x", "00000000000000000000000000000000.ff", "..", "00000000000000000000000000000000."] {
        let liar = site.with_cookie("device", forged);
        liar.get(FORM).await.expect(200).lacks("取消赞同");
        liar.post(FORM, &[]).await.expect(303);
        assert_ne!(liar.cookie("device").as_deref(), Some(forged));
    }
    assert_eq!(rows(&site).await, 4);
}

#[tokio::test]
async fn floods_from_one_network_end() {
    let site = Site::with(|c| {
        c.limits.supports_per_network = 3;
    })
    .await;
    filled(&site).await;
    let all = join_all((0..10).map(|_| async { site.guest().post(FORM, &[]).await.status.as_u16() })).await;
    assert_eq!(all.iter().filter(|s| **s == 303).count(), 3, "{all:?}");
    assert_eq!(all.iter().filter(|s| **s == 409).count(), 7, "{all:?}");
    assert_eq!(rows(&site).await, 3);
    let told = site.guest().post(FORM, &[]).await.expect(409);
    told.contains("已达上限").contains("赞同 3 次");

    let slow = Site::with(|c| c.limits.supports_per_minute = 2).await;
    filled(&slow).await;
    let reader = slow.guest();
    for _ in 0..2 {
        reader.post(FORM, &[]).await.expect(303);
    }
    let wait = reader.post(FORM, &[]).await.expect(429);
    assert!(wait.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn only_readers_support_and_only_what_is_public_and_open() {
    let site = site().await;
    give(&site, "还没有审核").await;
    let owner = site.sign_in("owner").await;
    owner.post(FORM, &[]).await.expect(403);
    owner.get(PAGE).await.expect(200).lacks(FORM);
    let waiting = "/opinions/2026-001-1-000002/support";
    site.guest().post(waiting, &[]).await.expect(404);
    site.guest().get(waiting).await.expect(404);
    site.guest().post("/opinions/2026-001-1-000009/support", &[]).await.expect(404);
    site.guest().post(FORM, &[]).await.expect(303);

    site.clock.set(at("2026-04-01", 24, 0));
    site.guest().post(FORM, &[]).await.expect(409).contains("不再计数");
    site.guest().get(PAGE).await.expect(200).lacks(FORM).contains("赞同 1");
    site.guest().get(FORM).await.expect(200).contains("不再计数").lacks("<button class=\"button primary\"");
    assert_eq!(rows(&site).await, 1);
}

#[tokio::test]
async fn the_most_supported_come_first_when_asked_for() {
    let site = site().await;
    for (n, text) in (2..).zip(["没人赞同的意见", "最受赞同的意见"]) {
        give(&site, text).await;
        publish(&site, n).await;
    }
    site.guest().get(PAGE).await.lacks("按赞同次数排列");
    for (n, times) in [(1, 1), (3, 2)] {
        for _ in 0..times {
            site.guest().post(&format!("/opinions/2026-001-1-{n:06}/support"), &[]).await.expect(303);
        }
    }
    let page = site.guest().get(&format!("{PAGE}?sort=support")).await.expect(200);
    page.lacks("没人赞同的意见").contains("按时间显示全部");
    let place = |text: &str| page.text.find(text).unwrap();
    assert!(place("最受赞同的意见") < place("延长开放时间"));
    site.guest().get(&format!("{PAGE}?lang=zh")).await.contains("按赞同次数排列").contains("没人赞同的意见");
    let csv = site.guest().get(&format!("{PAGE}/opinions.csv")).await.expect(200);
    csv.contains("赞同次数");
}

#[tokio::test]
async fn programs_keep_the_device_themselves() {
    let site = site().await;
    let program = site.guest();
    let first = program.json("PUT", API, json!({})).await.expect(200).json();
    assert_eq!((&first["supports"], &first["mine"]), (&json!(1), &json!(true)));
    let again = program.json("PUT", API, json!({ "device": first["device"] })).await.expect(200).json();
    assert_eq!(again["supports"], 1);
    let back = json!({ "device": first["device"], "support": false });
    let back = program.json("PUT", API, back).await.expect(200).json();
    assert_eq!((&back["supports"], &back["mine"]), (&json!(0), &json!(false)));
    program.json("PUT", API, json!({ "device": "x.y" })).await.expect(422);
    assert_eq!(rows(&site).await, 0);
}
