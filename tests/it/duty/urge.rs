//! Urging: ordered by a supervisor, told to owner and head, answered once.

use entity::enums::{DutyKind, Role};
use serde_json::json;

use super::house;

#[tokio::test]
async fn an_order_reaches_owner_and_head_and_must_be_answered() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    let path = format!("/desk/duties/{}", duty.id);
    let supervisor = house.site.sign_in("watch").await;
    supervisor.get(&path).await.expect(200).contains("发出督办");
    let order = format!("{path}/urge");
    supervisor.post(&order, &[("text", "")]).await.expect(422).contains("请填写");
    let long = "长".repeat(501);
    supervisor.post(&order, &[("text", &long)]).await.expect(422).contains(&long);
    supervisor.post(&order, &[("text", "请本周内公布，不要拖到最后一天。")]).await.expect(303);
    let owner = house.site.sign_in("owner").await;
    owner.post(&order, &[("text", "x")]).await.expect(403);
    let told: Vec<_> = house.notices().await.into_iter().map(|(_, who, stage)| (who, stage)).collect();
    assert_eq!(told, [("head".into(), "urging".into()), ("owner".to_owned(), "urging".to_owned())]);
    house.site.work().await;
    assert_eq!(house.site.mails().len(), 2);

    owner.get("/desk").await.expect(200).contains("待回复的督办");
    let page = owner.get(&path).await.expect(200);
    page.contains("不要拖到最后一天").contains("提交回复").lacks("发出督办");
    let answer =
        page.text.split("action=\"/desk/urgings/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = format!("/desk/urgings/{answer}");
    // Colleagues see it but do not answer for the owner; others do not see it.
    house.site.staff("colleague", house.department, &[Role::Owner]).await;
    house.site.sign_in("colleague").await.post(&answer, &[("answer", "x")]).await.expect(403);
    let other = house.site.department("other", "别处").await;
    house.site.staff("stranger", other, &[Role::Owner]).await;
    house.site.sign_in("stranger").await.post(&answer, &[("answer", "x")]).await.expect(404);
    owner.post(&answer, &[("answer", "")]).await.expect(422).contains("请填写");
    owner.post(&answer, &[("answer", "周四前公布。")]).await.expect(303);
    owner.post(&answer, &[("answer", "再答一次")]).await.expect(409).contains("该督办已经回复");
    owner.get("/desk").await.expect(200).lacks("待回复的督办");
    let seen = supervisor.get("/desk/inbox").await.expect(200);
    seen.contains("【督办回复】").contains("周四前公布");
    supervisor.get(&format!("{path}?lang=en")).await.expect(200).contains("Send the order");
    owner.post("/desk/urgings/nonsense/answer", &[("answer", "x")]).await.expect(404);
}

#[tokio::test]
async fn urging_through_the_api_and_not_after_the_end() {
    let house = house("2026-03-02").await;
    let duty = house.summary("2026-03-02").await;
    let path = format!("/api/v1/duties/{}/urgings", duty.id);
    let (supervisor, head) = (house.site.api("watch").await, house.site.api("head").await);
    head.json("POST", &path, json!({ "text": "x" })).await.expect(403);
    house.site.guest().json("POST", &path, json!({ "text": "x" })).await.expect(401);
    let made = supervisor.json("POST", &path, json!({ "text": "请抓紧" })).await.expect(200).json();
    let answer = format!("/api/v1/urgings/{}/answer", made["id"].as_str().unwrap());
    let done = head.json("POST", &answer, json!({ "answer": "好" })).await.expect(200).json();
    assert_eq!(done["answer"], "好");
    supervisor.json("POST", &answer, json!({ "answer": "好" })).await.expect(403);
    let one = supervisor.get(&format!("/api/v1/duties/{}", duty.id)).await.expect(200).json();
    assert_eq!(one["urgings"].as_array().unwrap().len(), 1);
    house.complete(DutyKind::AdoptionSummary).await;
    supervisor.json("POST", &path, json!({ "text": "x" })).await.expect(409);
    let nobody = "/api/v1/duties/00000000-0000-0000-0000-000000000000/urgings";
    supervisor.json("POST", nobody, json!({ "text": "x" })).await.expect(404);
}
