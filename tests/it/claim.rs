//! Moderators who divide the queue among themselves.

use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Person, Site};

const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const CLAIMS: &str = "/api/v1/review/claims";

/// Five opinions that wait, 一 to 五.
async fn site() -> Site {
    let site = Site::new().await;
    fixture::open(&site).await;
    for text in ["第一条", "第二条", "第三条", "第四条", "第五条"] {
        let body =
            json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
        site.guest().json("POST", API, body).await.expect(201);
    }
    site
}

async fn numbers(person: &Person, whose: &str) -> Vec<String> {
    let queue = person.get(&format!("/api/v1/review/queue?whose={whose}")).await.expect(200).json();
    let last = |o: &Value| {
        o["number"].as_str().unwrap().rsplit('-').next().unwrap().trim_start_matches('0').to_owned()
    };
    queue["items"].as_array().unwrap().iter().map(last).collect()
}

async fn claim(person: &Person, count: u32) -> u64 {
    let body = json!({ "count": count });
    person.json("POST", CLAIMS, body).await.expect(200).json()["held"].as_u64().unwrap()
}

#[tokio::test]
async fn what_one_claims_the_others_do_not_read() {
    let site = site().await;
    let (one, two) = (site.api("mod1").await, site.api("mod2").await);
    assert_eq!(claim(&one, 2).await, 2);
    assert_eq!(numbers(&one, "mine").await, ["1", "2"]);
    assert_eq!(numbers(&two, "free").await, ["3", "4", "5"]);
    assert_eq!(numbers(&two, "all").await.len(), 5);
    assert_eq!(claim(&two, 2).await, 2);
    assert_eq!(numbers(&two, "mine").await, ["3", "4"]);
    assert_eq!(numbers(&one, "free").await, ["1", "2", "5"]);

    // On the page: one's own, everybody's with the name, and the next of the same list.
    let page = site.sign_in("mod2").await;
    page.get("/desk/review")
        .await
        .expect(200)
        .lacks("第一条")
        .contains("第五条")
        .contains("我认领")
        .contains("释放我认领的 2 条");
    page.get("/desk/review?whose=all").await.expect(200).contains("第一条").contains("认领：测试-mod1");
    page.get("/desk/review?whose=mine").await.expect(200).lacks("第五条").contains("第三条");
    let fields = [("revision", "1"), ("action", "publish"), ("back", "whose=mine")];
    let next = page.post("/desk/review/2026-001-1-000003", &fields).await.expect(303);
    assert!(next.location().starts_with("/desk/review/2026-001-1-000004?whose=mine"), "{}", next.location());
    assert_eq!(numbers(&two, "mine").await, ["4"], "what is done is held no more");

    // A claim forbids nothing.
    let body = json!({ "revision": 1, "action": "publish" });
    two.json("POST", "/api/v1/review/2026-001-1-000001", body).await.expect(200);
    assert_eq!(numbers(&one, "mine").await, ["2"]);

    // Given back, or forgotten, it is everybody's again.
    two.json("DELETE", CLAIMS, json!({})).await.expect(200);
    assert_eq!(numbers(&one, "free").await, ["2", "4", "5"]);
    site.at("2026-03-02", 12, 0).await;
    let (one, two) = (site.api("mod1").await, site.api("mod2").await);
    assert_eq!(numbers(&one, "mine").await.len(), 0);
    assert_eq!(numbers(&two, "free").await, ["2", "4", "5"]);
}

#[tokio::test]
async fn two_who_claim_at_once_share_nothing() {
    let site = site().await;
    let (one, two) = (site.api("mod1").await, site.api("mod2").await);
    let (a, b) = tokio::join!(claim(&one, 4), claim(&two, 4));
    assert!(a + b >= 4, "{a} {b}");
    let (a, b) = (numbers(&one, "mine").await, numbers(&two, "mine").await);
    assert!(a.iter().all(|n| !b.contains(n)), "{a:?} {b:?}");
    // Whoever got fewer takes the rest.
    claim(&one, 4).await;
    claim(&two, 4).await;
    assert_eq!(numbers(&one, "mine").await.len() + numbers(&two, "mine").await.len(), 5);
}

#[tokio::test]
async fn only_moderators_claim() {
    let site = site().await;
    let owner = site.api("owner").await;
    owner.json("POST", CLAIMS, json!({ "count": 1 })).await.expect(403);
    site.guest().json("POST", CLAIMS, json!({ "count": 1 })).await.expect(401);
    site.sign_in("owner").await.post("/desk/review/claim", &[]).await.expect(403);
    let one = site.api("mod1").await;
    one.json("POST", CLAIMS, json!({ "count": 0 })).await.expect(400);
    one.json("POST", CLAIMS, json!({ "count": 1, "consultation": "2026-009-9" })).await.expect(404);
    let page = site.sign_in("mod1").await;
    let done = page.post("/desk/review/claim", &[("back", "")]).await.expect(303);
    assert_eq!(done.location(), "/desk/review?whose=mine&done=claimed");
    page.get("/desk/review?whose=mine").await.contains("5 条等待处理");
    page.post("/desk/review/release", &[]).await.expect(303);
    page.get("/desk/review?whose=mine").await.contains("没有等待审核的意见");
}
