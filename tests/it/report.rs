//! Readers' reports of published opinions.

use entity::enums::{DutyKind, DutyState, OpinionState};
use jianyan::opinion;
use sea_orm::EntityTrait as _;
use serde_json::json;

use crate::fixture;
use crate::harness::{Answer, Person, Site};

const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const NUMBER: &str = "2026-001-1-000001";
const FORM: &str = "/opinions/2026-001-1-000001/report";
const DESK: &str = "/desk/reports/2026-001-1-000001";
const TEXT: &str = "二楼的老张电话是 13800001234，让他去修门。";

/// An opinion that was published as it was written.
async fn site() -> Site {
    let site = Site::new().await;
    fixture::open(&site).await;
    let body = json!({ "text": TEXT, "name": "李四光", "contact": "li@example.invalid",
        "person_kind": "individual", "show_as": "masked", "consent": true });
    site.guest().json("POST", API, body).await.expect(201);
    let mod1 = site.sign_in("mod1").await;
    mod1.post(&format!("/desk/review/{NUMBER}"), &[("revision", "1"), ("action", "publish")])
        .await
        .expect(303);
    site
}

async fn decide(person: &Person, action: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("revision", "2"), ("action", action)];
    fields.extend(more);
    person.post(DESK, &fields).await
}

async fn duty(site: &Site) -> Option<DutyState> {
    let all = entity::duty::Entity::find().all(site.app.db.read()).await.unwrap();
    all.iter().find(|d| d.kind == DutyKind::Report).map(|d| d.state)
}

#[tokio::test]
async fn what_a_first_look_missed_is_removed_after_a_report() {
    let site = site().await;
    site.guest().get("/consultations/2026-001-1").await.contains(FORM);
    let page = site.guest().get(FORM).await.expect(200);
    page.contains("举报一条公开的意见").contains("李*").contains("13800001234").lacks("li@example");
    site.guest()
        .post(FORM, &[("note", "电话")])
        .await
        .expect(422)
        .contains("请选择举报原因")
        .contains("电话");
    site.guest().post(FORM, &[("reason", "other")]).await.expect(422).contains("请说明问题所在");
    site.guest().post(FORM, &[("reason", "unclear")]).await.expect(422);
    let sent =
        site.guest().post(FORM, &[("reason", "personal_data"), ("note", "别人的电话")]).await.expect(303);
    site.guest().get(sent.location()).await.expect(200).contains("举报已收到");
    // The same reader again is the same report.
    site.guest().post(FORM, &[("reason", "personal_data"), ("note", "再说一次")]).await.expect(303);
    assert_eq!(entity::report::Entity::find().all(site.app.db.read()).await.unwrap().len(), 1);
    assert_eq!(duty(&site).await, Some(DutyState::Open));

    let mod2 = site.sign_in("mod2").await;
    mod2.get("/desk/reports").await.expect(200).contains(NUMBER).contains("含有个人信息");
    mod2.get(DESK).await.expect(200).contains("别人的电话").contains("二楼的老张电话是 【已隐去】");
    decide(&mod2, "publish_redacted", &[("public_text", "改写过的")]).await.expect(422).contains("改写过的");
    decide(&mod2, "withhold", &[]).await.expect(422).contains("请选择原因");
    decide(&mod2, "reject", &[]).await.expect(422);
    let public = "二楼的老张电话是 【已隐去】，让他去修门。";
    decide(&mod2, "publish_redacted", &[("public_text", public)]).await.expect(303);
    site.guest().get("/consultations/2026-001-1").await.lacks("13800001234").contains("老张");
    site.guest().get(API).await.lacks("13800001234");
    assert_eq!(duty(&site).await, Some(DutyState::Done));
    mod2.get("/desk/reports").await.contains("没有待处理的举报");
    decide(&mod2, "keep", &[]).await.expect(412);
    mod2.get(DESK).await.expect(404);
    let told = entity::notice::Entity::find().all(site.app.db.read()).await.unwrap();
    assert!(told.iter().filter(|n| n.title.contains("已公开")).count() >= 2, "told of the change too");

    // Another report opens the duty again, with a period of its own.
    site.at("2026-03-10", 9, 0).await;
    site.guest().post(FORM, &[("reason", "insult")]).await.expect(303);
    assert_eq!(duty(&site).await, Some(DutyState::Open));
    crate::tally::agrees(&site).await;
}

#[tokio::test]
async fn kept_or_withheld_it_stays_counted() {
    let site = site().await;
    let api = site.api("mod2").await;
    let path = format!("/api/v1/opinions/{NUMBER}/reports");
    site.guest().json("POST", &path, json!({ "reason": "insult" })).await.expect(200);
    let list = api.get("/api/v1/review-reports").await.expect(200).json();
    assert_eq!((&list[0]["number"], &list[0]["reports"][0]["reason"]), (&json!(NUMBER), &json!("insult")));
    let act = format!("/api/v1/review-reports/{NUMBER}");
    site.guest().json("POST", &act, json!({ "revision": 2 })).await.expect(401);
    site.api("owner").await.json("POST", &act, json!({ "revision": 2 })).await.expect(403);
    let kept = api.json("POST", &act, json!({ "revision": 2 })).await.expect(200).json();
    assert_eq!(kept["state"], "kept");
    api.json("POST", &act, json!({ "revision": 2 })).await.expect(409);

    site.guest().json("POST", &path, json!({ "reason": "other", "note": "仍然不妥" })).await.expect(200);
    let body = json!({ "revision": 2, "action": "withhold", "reason_code": "insult" });
    api.json("POST", &act, body).await.expect(200);
    let row = opinion::by_number(site.app.db.read(), NUMBER).await.unwrap();
    assert_eq!((row.state, row.public_text), (OpinionState::Withheld, None));
    let counts = opinion::counts(site.app.db.read(), row.consultation_id).await.unwrap();
    assert_eq!((counts.counted(), counts.withheld), (1, 1));
    site.guest().json("POST", &path, json!({ "reason": "insult" })).await.expect(404);
    site.guest().get(FORM).await.expect(404);
    site.guest().get("/opinions/2026-001-9-000001/report").await.expect(404);
    crate::tally::agrees(&site).await;
}

#[tokio::test]
async fn what_its_author_takes_back_needs_no_decision_on_its_words() {
    let site = site().await;
    site.guest().post(FORM, &[("reason", "personal_data")]).await.expect(303);
    let id = opinion::by_number(site.app.db.read(), NUMBER).await.unwrap().id;
    opinion::withdraw::withdraw(&site.app, &jianyan::actor::Actor::guest(), id).await.unwrap();
    let mod2 = site.sign_in("mod2").await;
    mod2.get(DESK).await.expect(200).contains("已撤回");
    let done = mod2.post(DESK, &[("revision", "3"), ("action", "keep")]).await;
    done.expect(303);
    assert_eq!(duty(&site).await, Some(DutyState::Done));
    let row = opinion::by_number(site.app.db.read(), NUMBER).await.unwrap();
    assert_eq!(row.state, OpinionState::Withdrawn);
}
