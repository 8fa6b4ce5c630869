//! Authors who take their opinions back.

use entity::enums::{DutyKind, DutyState, OpinionState};
use jianyan::actor::Actor;
use jianyan::opinion::{self, withdraw::withdraw};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::Site;
use crate::summary_fixture::{Case, Said, said};

const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const NUMBER: &str = "2026-001-1-000001";

/// An opinion that waits; its lookup code.
async fn sent(site: &Site, text: &str) -> String {
    let body = json!({ "text": text, "name": "张三丰", "contact": "zhang@example.invalid",
        "person_kind": "individual", "show_as": "masked", "consent": true });
    let receipt = site.guest().json("POST", API, body).await.expect(201).json();
    receipt["lookup_code"].as_str().unwrap().to_owned()
}

async fn state(site: &Site, number: &str) -> OpinionState {
    opinion::by_number(site.app.db.read(), number).await.unwrap().state
}

async fn figures(site: &Site, code: &str) -> Value {
    site.guest().get(&format!("/api/v1/consultations/{code}/fairness")).await.expect(200).json()
}

#[tokio::test]
async fn taken_back_it_is_neither_shown_nor_waiting_nor_counted_any_more() {
    let site = Site::new().await;
    fixture::open(&site).await;
    let code = sent(&site, "门口停车太乱").await;
    let second = sent(&site, "周末开门太晚").await;
    let mod1 = site.sign_in("mod1").await;
    mod1.post(&format!("/desk/review/{NUMBER}"), &[("revision", "1"), ("action", "publish")])
        .await
        .expect(303);
    site.guest().get("/consultations/2026-001-1").await.contains("门口停车太乱");

    let page = site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    page.contains("撤回这条意见").contains("不再公开展示");
    let done = site.guest().post(&format!("/receipts/{code}/withdraw"), &[]).await.expect(303);
    assert!(done.location().ends_with("done=opinion_withdrawn"), "{}", done.location());
    let page = site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    page.contains("已撤回").contains("门口停车太乱").lacks("撤回这条意见").lacks("可以申诉");
    site.guest().get("/consultations/2026-001-1").await.lacks("门口停车太乱").contains("作者撤回");
    site.guest().get(API).await.expect(200).lacks("门口停车太乱");

    // One that waits leaves the queue, and its duty ends.
    let api = format!("/api/v1/receipts/{second}/withdrawal");
    let out = site.guest().json("POST", &api, json!({})).await.expect(200).json();
    assert_eq!(out["state"], "withdrawn");
    // Twice is once.
    site.guest().json("POST", &api, json!({})).await.expect(200);
    mod1.get("/desk/review").await.expect(200).lacks("周末开门太晚");
    let duties = entity::duty::Entity::find().all(site.app.db.read()).await.unwrap();
    let reviews: Vec<DutyState> =
        duties.iter().filter(|d| d.kind == DutyKind::OpinionReview).map(|d| d.state).collect();
    assert!(reviews.contains(&DutyState::Done) && reviews.contains(&DutyState::Cancelled), "{reviews:?}");
    let f = figures(&site, "2026-001-1").await;
    let counts =
        json!({"received": 2, "published": 0, "pending": 0, "withheld": 0, "rejected": 0, "withdrawn": 2});
    assert_eq!(f["counts"], counts);
    let told = entity::notice::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(told.iter().filter(|n| n.title.ends_with("：已撤回")).count(), 2);

    // The same words may come again; a code that was never issued opens nothing.
    let again = sent(&site, "门口停车太乱").await;
    assert_ne!(again, code);
    site.guest().post("/receipts/0000-0000-0000-0000/withdraw", &[]).await.expect(404);
}

#[tokio::test]
async fn review_and_withdrawal_end_the_same_in_any_order() {
    let site = Site::new().await;
    fixture::open(&site).await;
    sent(&site, "门口停车太乱").await;
    let mod1 = site.sign_in("mod1").await;
    let id = opinion::by_number(site.app.db.read(), NUMBER).await.unwrap().id;
    let (review, guest) = (format!("/desk/review/{NUMBER}"), Actor::guest());
    let publish = [("revision", "1"), ("action", "publish")];
    let (answer, withdrawn) = tokio::join!(mod1.post(&review, &publish), withdraw(&site.app, &guest, id));
    withdrawn.unwrap();
    assert!(matches!(answer.status.as_u16(), 303 | 409 | 412), "{}", answer.status.as_u16());
    assert_eq!(state(&site, NUMBER).await, OpinionState::Withdrawn);
    let revision = opinion::by_number(site.app.db.read(), NUMBER).await.unwrap().revision.to_string();
    mod1.post(&review, &[("revision", &revision), ("action", "publish")]).await.expect(409);
    mod1.post(&format!("{review}/undo"), &[]).await;
    assert_eq!(state(&site, NUMBER).await, OpinionState::Withdrawn, "undo does not bring it back");
    site.guest().get("/consultations/2026-001-1").await.lacks("门口停车太乱");
}

#[tokio::test]
async fn a_summary_says_how_many_were_taken_back_and_then_holds_the_rest() {
    let case = Case::new().await;
    let site = &case.site;
    let owner = site.api("owner").await;
    let numbers = case
        .hear_all(&[said("甲"), said("乙"), Said { state: OpinionState::Rejected, ..said("广告") }])
        .await;
    let (first, second, rejected) =
        (case.opinion(&numbers[0]).await, case.opinion(&numbers[1]).await, case.opinion(&numbers[2]).await);
    let guest = Actor::guest();
    withdraw(&site.app, &guest, first).await.unwrap();
    withdraw(&site.app, &guest, rejected).await.unwrap_err();
    let answer = json!({ "outcome": "adopted" });
    let of = |n: &str| format!("/api/v1/opinions/{n}/response");
    owner.json("PUT", &of(&numbers[0]), answer.clone()).await.expect(409).contains("撤回");
    owner.json("PUT", &of(&numbers[1]), answer).await.expect(200);
    case.issue("2026-02-26").await;
    case.published().await;
    let got = site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    let f = &got["figures"];
    assert_eq!((&f["received"], &f["counted"], &f["withdrawn"]), (&json!(3), &json!(1), &json!(1)));
    assert!(got["overview"].as_str().unwrap().contains("作者撤回 1 条"), "{}", got["overview"]);
    site.guest().get("/summaries/2026-007-1").await.expect(200).contains("作者撤回");
    // The published numbers stay what they are.
    let late = withdraw(&site.app, &guest, second).await.unwrap_err();
    assert_eq!(late.status(), 409);
    assert_eq!(figures(site, "2026-007-1").await["counts"]["withdrawn"], 1);
}

#[tokio::test]
async fn an_appeal_that_waits_is_decided_first() {
    let site = Site::new().await;
    fixture::open(&site).await;
    let code = sent(&site, "门口停车太乱").await;
    let mod1 = site.sign_in("mod1").await;
    let withhold = [("revision", "1"), ("action", "withhold"), ("withhold_code", "off_topic")];
    mod1.post(&format!("/desk/review/{NUMBER}"), &withhold).await.expect(303);
    site.guest().post(&format!("/receipts/{code}/appeal"), &[("reason", "不服")]).await.expect(303);
    site.guest().get(&format!("/receipts/{code}")).await.lacks("撤回这条意见");
    let refused = site.guest().post(&format!("/receipts/{code}/withdraw"), &[]).await.expect(409);
    refused.contains("正在复核");
    site.sign_in("mod2")
        .await
        .post(&format!("/desk/review/{NUMBER}/appeal"), &[("overturn", "no"), ("answer", "维持")])
        .await
        .expect(303);
    site.guest().post(&format!("/receipts/{code}/withdraw"), &[]).await.expect(303);
    assert_eq!(state(&site, NUMBER).await, OpinionState::Withdrawn);
}
