//! Opinions on several clauses in one go.

use entity::enums::OpinionState;
use futures_util::future::join_all;
use jianyan::opinion;
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::fixture::{self, Open};
use crate::harness::{Person, Site, at};
use crate::opinion::decoded;

const FORM: &str = "/consultations/2026-001-1/opinion/several";
const API: &str = "/api/v1/consultations/2026-001-1/submissions";

async fn site() -> (Site, Open) {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    (site, open)
}

fn fields(open: &Open, key: &str, act: &str) -> Vec<(String, String)> {
    let box_of = |i: usize| format!("text.{}", open.articles[i]);
    [
        (box_of(0).as_str(), "第一条写得好。"),
        (box_of(1).as_str(), "开放到二十二时。"),
        (box_of(2).as_str(), ""),
        ("text.all", "总体支持。"),
        ("name", "张三丰"),
        ("contact", "zhang@example.invalid"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", key),
        ("act", act),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()
}

fn body(open: &Open, contact: &str) -> Value {
    json!({
        "parts": [
            { "clause_id": open.articles[0], "text": "第一条写得好。" },
            { "clause_id": open.articles[1], "text": "", "wording": "第二条 公共体育场馆全年开放。" },
        ],
        "contact": contact, "person_kind": "individual", "show_as": "masked", "consent": true,
    })
}

async fn voices(site: &Site, open: &Open) -> opinion::Voices {
    opinion::tally::voices(site.app.db.read(), &[open.consultation]).await.unwrap()[&open.consultation]
}

async fn key(person: &Person) -> String {
    person.get(FORM).await.expect(200).input("key").unwrap()
}

#[tokio::test]
async fn three_steps_lead_to_one_receipt_for_all() {
    let (site, open) = site().await;
    let person = site.guest();
    person.get("/consultations/2026-001-1").await.expect(200).contains(FORM);
    let page = person.get(FORM).await.expect(200);
    page.contains("第二条")
        .contains("（二）节假日全天开放")
        .contains("text.all")
        .lacks("<details class=\"several-clause\" open");
    let key = page.input("key").unwrap();

    let check = person.post(FORM, &pairs(&fields(&open, &key, "check"))).await.expect(200);
    check.contains("核对您的 3 条意见").contains("开放到二十二时。").contains("全文").contains("张三丰");
    check.lacks("第三条");
    assert_eq!(entity::opinion::Entity::find().count(site.app.db.read()).await.unwrap(), 0, "not sent yet");
    let edit = person.post(FORM, &pairs(&fields(&open, &key, "edit"))).await.expect(200);
    edit.contains("开放到二十二时。</textarea>").lacks("还不能提交");
    assert_eq!(edit.input("key").as_deref(), Some(key.as_str()), "it stays the same submission");

    let sent = person.post(FORM, &pairs(&fields(&open, &key, "send"))).await.expect(303);
    let slip = person.get(sent.location()).await.expect(200);
    slip.contains("您的 3 条意见已登记").contains("2026-001-1-000003").contains("第二条").contains("待审核");
    assert_eq!(slip.headers.get("x-robots-tag").unwrap(), "noindex, nofollow");

    // Every part has its own page, and the code finds the list.
    let rows = entity::opinion::Entity::find().order_by_asc(entity::opinion::Column::Number);
    let rows = rows.all(site.app.db.read()).await.unwrap();
    let clauses: Vec<_> = rows.iter().map(|o| o.clause_id).collect();
    let mut expected = vec![None, Some(open.articles[0]), Some(open.articles[1])];
    expected.sort();
    let mut found = clauses.clone();
    found.sort();
    assert_eq!(found, expected);
    for o in &rows {
        let code = jianyan::opinion::state::code(&site.app, o.id).grouped();
        slip.contains(&format!("/receipts/{code}"));
        person.get(&format!("/receipts/{code}")).await.expect(200).contains(&o.number);
    }
    let code = sent.location().rsplit('/').next().unwrap().to_lowercase();
    let looked = person.post("/receipts", &[("code", &code)]).await.expect(303);
    assert_eq!(looked.location(), sent.location());
    let typed = person.get(&format!("/receipts/{code}")).await.expect(303);
    assert_eq!(typed.location(), sent.location());

    // Three opinions, one person, one letter that names the code and none of the words.
    let voices = voices(&site, &open).await;
    assert_eq!((voices.received, voices.people), (3, 1));
    site.work().await;
    let mails = site.mails();
    assert_eq!(mails.len(), 1);
    let letter = decoded(&mails[0]);
    assert!(letter.contains(&code.to_uppercase()) && letter.contains("3 条意见"), "{letter}");
    assert!(!letter.contains("二十二时"), "{letter}");
}

#[tokio::test]
async fn each_part_is_reviewed_withdrawn_and_counted_for_itself() {
    let (site, open) = site().await;
    let person = site.guest();
    person.json("POST", API, body(&open, "")).await.expect(201);
    let mod1 = site.sign_in("mod1").await;
    let publish = [("revision", "1"), ("action", "publish")];
    mod1.post("/desk/review/2026-001-1-000001", &publish).await.expect(303);
    let rows = entity::opinion::Entity::find().order_by_asc(entity::opinion::Column::Number);
    let rows = rows.all(site.app.db.read()).await.unwrap();
    assert_eq!((rows[0].state, rows[1].state), (OpinionState::Published, OpinionState::Pending));
    let code = jianyan::opinion::state::code(&site.app, rows[1].id).grouped();
    person.post(&format!("/receipts/{code}/withdraw"), &[]).await.expect(303);

    let figures = person.get("/api/v1/consultations/2026-001-1/fairness").await.expect(200).json();
    let counts = &figures["counts"];
    assert_eq!(
        (&counts["received"], &counts["published"], &counts["withdrawn"]),
        (&json!(2), &json!(1), &json!(1))
    );
    let db = site.app.db.read();
    assert!(opinion::tally::drifted(db).await.unwrap().is_empty());
}

/// Also without a contact: everybody else without one stays somebody else.
#[tokio::test]
async fn one_submission_is_one_person_in_a_topic() {
    let (site, open) = site().await;
    let guest = site.guest();
    guest.json("POST", API, body(&open, "")).await.expect(201);
    guest.json("POST", API, body(&open, "")).await.expect(201);
    let voices = voices(&site, &open).await;
    assert_eq!((voices.received, voices.people), (4, 2));
    site.clock.set(at("2026-04-02", 9, 0));
    let owner = site.api("owner").await;
    let numbers: Vec<String> = (1..=4).map(|n| format!("2026-001-1-{n:06}")).collect();
    let base = "/api/v1/consultations/2026-001-1/topics";
    let topic = owner.json("POST", base, json!({ "title": "开放时间" })).await.expect(200).json();
    let join = format!("/api/v1/topics/{}/opinions", topic["id"].as_str().unwrap());
    owner.json("POST", &join, json!({ "opinions": numbers })).await.expect(200);
    let topics = owner.get(base).await.expect(200).json();
    assert_eq!((&topics[0]["opinions"], &topics[0]["people"]), (&json!(4), &json!(2)));
    assert!(opinion::tally::drifted(site.app.db.read()).await.unwrap().is_empty());
}

#[tokio::test]
async fn sent_again_it_is_received_once() {
    let (site, open) = site().await;
    let person = site.guest();
    let key = key(&person).await;
    let sent = fields(&open, &key, "send");
    let sent = pairs(&sent);
    let answers = join_all((0..4).map(|_| person.post(FORM, &sent))).await;
    let first = answers[0].location().to_owned();
    assert!(first.starts_with("/receipts/submissions/"), "{first}");
    assert!(answers.iter().all(|a| a.location() == first));
    assert_eq!(voices(&site, &open).await.received, 3);
    let mut other = fields(&open, &key, "send");
    other[0].1 = "别的话".into();
    person.post(FORM, &pairs(&other)).await.expect(422);
    assert_eq!(voices(&site, &open).await.received, 3);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_clause_and_nothing_is_sent() {
    let (site, open) = site().await;
    let person = site.guest();
    let none = person.post(FORM, &[("act", "check"), ("person_kind", "individual")]).await.expect(422);
    none.contains("请至少对一处写下意见").contains("请先阅读并同意").contains("请选择一项");

    let mut long = fields(&open, "", "send");
    long[1].1 = "字".repeat(2001);
    let page = person.post(FORM, &pairs(&long)).await.expect(422);
    page.contains("超出 1 字").contains(&format!("href=\"#f-text.{}\"", open.articles[1]));
    page.contains("第一条写得好。</textarea>").contains("<details class=\"several-clause\" open>");

    let twice = json!({
        "parts": [{ "clause_id": open.articles[0], "text": "甲" }, { "clause_id": open.articles[0], "text": "乙" }],
        "person_kind": "individual", "show_as": "masked", "consent": true,
    });
    person.json("POST", API, twice).await.expect(422).contains("请合在一起写");
    let mut many = body(&open, "");
    many["parts"] = (0..41).map(|_| json!({ "text": "甲" })).collect();
    person.json("POST", API, many).await.expect(422).contains("最多 40 条");
    let mut foreign = body(&open, "");
    foreign["parts"][1]["clause_id"] = json!(uuid::Uuid::nil());
    person.json("POST", API, foreign).await.expect(422).contains("不在本次征求意见的草案中");
    assert_eq!(voices_or_none(&site, &open).await, 0, "all parts or none");

    site.clock.set(at("2026-04-01", 24, 0));
    let late = person.post(FORM, &pairs(&fields(&open, "", "send"))).await.expect(409);
    late.contains("征集已经截止").contains("开放到二十二时。");
    person.get(FORM).await.expect(200).contains("征集已经截止");
    person.get("/receipts/submissions/7K3M-Q9TX-2HDV-0ABC").await.expect(404);
}

async fn voices_or_none(site: &Site, open: &Open) -> u64 {
    let all = opinion::tally::voices(site.app.db.read(), &[open.consultation]).await.unwrap();
    all.get(&open.consultation).map_or(0, |v| v.received)
}

/// What was typed on a clause that was corrected meanwhile stands at its new words.
#[tokio::test]
async fn a_correction_in_between_loses_no_word() {
    let (site, open) = site().await;
    let person = site.guest();
    let now = fixture::correct(&site, open.consultation).await;
    let page = person.post(FORM, &pairs(&fields(&open, "", "send"))).await.expect(422);
    page.contains("请按最新的文字核对").contains(&format!("href=\"#f-text.{}\"", now[1]));
    page.contains("开放到二十二时。</textarea>").contains("第一条写得好。</textarea>");
}

#[tokio::test]
async fn programs_get_the_codes() {
    let (site, open) = site().await;
    let person = site.guest();
    let headers = [("content-type", "application/json"), ("idempotency-key", "0123456789abcdef")];
    let bytes = body(&open, "zhang@example.invalid").to_string().into_bytes();
    let first = person.raw("POST", API, &headers, bytes.clone()).await.expect(201).json();
    let again = person.raw("POST", API, &headers, bytes).await.expect(200).json();
    assert_eq!(first, again);
    let code = first["lookup_code"].as_str().unwrap();
    let list = person.get(&format!("/api/v1/submissions/{code}")).await.expect(200).json();
    assert_eq!(list["opinions"][1]["clause"], "第二条");
    assert_eq!(list["opinions"][1]["state"], "pending");
    let own = first["opinions"][0]["lookup_code"].as_str().unwrap();
    assert_eq!(list["opinions"][0]["lookup_code"], own);
    person.get(&format!("/api/v1/receipts/{own}")).await.expect(200);
    person.get(&format!("/api/v1/submissions/{own}")).await.expect(404);
    person.get(&format!("/api/v1/receipts/{code}")).await.expect(404);
}
