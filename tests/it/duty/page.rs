//! The pages and the API of duties and the inbox.

use entity::enums::{DutyKind, Role};
use jianyan::duty::Term;
use serde_json::json;
use uuid::Uuid;

use super::{House, house};
use crate::harness::{at, day};

/// A house with a duty three days before its end, and one of another department.
async fn busy() -> (House, entity::duty::Model, entity::duty::Model) {
    let house = house("2026-03-02").await;
    let mine = house.summary("2026-03-02").await;
    let other = house.site.department("planning", "规划处").await;
    let begin = jianyan::duty::Begin {
        title: "体育设施专项规划".into(),
        department_id: other,
        owner_id: None,
        ..house.begin(Uuid::from_u128(9), DutyKind::ConsultationResult, "2026-03-02", Term::WorkingDays(20))
    };
    let write = house.site.app.write().await.unwrap();
    let system = jianyan::actor::Actor::system();
    let theirs = jianyan::duty::open(&house.site.app, &write, &system, begin).await.unwrap();
    write.commit().await.unwrap();
    for morning in ["2026-03-03", "2026-03-09", "2026-03-11"] {
        house.site.at(morning, 9, 0).await;
    }
    (house, mine, theirs)
}

#[tokio::test]
async fn the_list_shows_what_is_ones_own_and_everything_to_supervisors() {
    let (house, mine, theirs) = busy().await;
    let owner = house.site.sign_in("owner").await;
    let page = owner.get("/desk/duties").await.expect(200);
    page.contains("体育场馆开放办法").contains("还剩 3 个工作日").contains("2026-03-16");
    page.lacks("体育设施专项规划");
    owner.get(&format!("/desk/duties/{}", theirs.id)).await.expect(404);
    let supervisor = house.site.sign_in("watch").await;
    let page = supervisor.get("/desk/duties").await.expect(200);
    page.contains("体育场馆开放办法").contains("体育设施专项规划").contains("规划处");
    let only = supervisor.get(&format!("/desk/duties?department={}", theirs.department_id)).await.expect(200);
    only.contains("体育设施专项规划").lacks("体育场馆开放办法");
    let kind = supervisor.get("/desk/duties?kind=adoption_summary").await.expect(200);
    kind.contains("体育场馆开放办法").lacks("体育设施专项规划");
    supervisor.get("/desk/duties?state=overdue").await.expect(200).lacks("体育场馆开放办法");
    // What is asked for is not always sensible.
    for query in ["?page=-3", "?page=99999999999999", "?kind=%20", "?department=x&state=y", "?page=500"] {
        supervisor.get(&format!("/desk/duties{query}")).await.expect(200);
    }
    let guest = house.site.guest().get("/desk/duties").await.expect(303);
    assert!(guest.location().starts_with("/desk/sign-in"), "{}", guest.location());
    for odd in ["nonsense", "00000000-0000-0000-0000-000000000000", "%00"] {
        owner.get(&format!("/desk/duties/{odd}")).await.expect(404);
    }

    house.site.at("2026-03-17", 10, 0).await;
    let supervisor = house.site.sign_in("watch").await;
    let late = supervisor.get("/desk/duties?state=overdue").await.expect(200);
    late.contains("逾期 1 个工作日").contains("有逾期").lacks("体育设施专项规划");
    let csv = supervisor.get("/desk/duties.csv?state=all").await.expect(200);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    csv.contains("公布意见采纳情况,体育场馆开放办法,群众体育处,测试-owner,2026-03-02,10,2026-03-16,,已逾期");
    let english = supervisor.get("/desk/duties?state=overdue&lang=en").await.expect(200);
    english.contains("1 working day overdue").contains("Publish the adoption summary");
    let _ = mine;
}

#[tokio::test]
async fn one_duty_is_explained_with_its_reminders_and_changes() {
    let (house, mine, _) = busy().await;
    let write = house.site.app.write().await.unwrap();
    jianyan::duty::restart(
        &house.site.app,
        &write,
        &house.site.actor(house.owner).await,
        DutyKind::AdoptionSummary,
        Uuid::from_u128(7),
        day("2026-03-03"),
        Term::WorkingDays(10),
        "印发日期更正",
    )
    .await
    .unwrap();
    write.commit().await.unwrap();
    let head = house.site.sign_in("head").await;
    let page = head.get(&format!("/desk/duties/{}", mine.id)).await.expect(200);
    page.contains("这个日期是怎么算的").contains("第 10 天 到期").contains("周末");
    page.contains("政务公开工作要点").contains("民法典第201条");
    page.contains("已发送").contains("待发送").contains("还剩 5 个工作日");
    page.contains("印发日期更正").contains("2026-03-16").contains("测试-owner");
    let english = head.get(&format!("/desk/duties/{}?lang=en", mine.id)).await.expect(200);
    english.contains("How this date was counted").contains("Civil Code, Art. 201");
}

#[tokio::test]
async fn the_api_has_the_scope_of_the_pages() {
    let (house, mine, theirs) = busy().await;
    let owner = house.site.api("owner").await;
    let list = owner.get("/api/v1/duties").await.expect(200).json();
    assert_eq!(list["total"], 1);
    let item = &list["items"][0];
    assert_eq!(item["id"], mine.id.to_string());
    assert_eq!((&item["standing"], &item["working_days_left"]), (&json!("due_soon"), &json!(3)));
    assert_eq!(item["provisional"], false);
    owner.get(&format!("/api/v1/duties/{}", theirs.id)).await.expect(404);
    let one = owner.get(&format!("/api/v1/duties/{}", mine.id)).await.expect(200).json();
    assert_eq!(one["explanation"].as_array().unwrap().len(), 15);
    assert_eq!(one["stages"][0]["stage"], "assigned");
    assert_eq!(one["stages"][0]["state"], "sent");
    let all = house.site.api("watch").await.get("/api/v1/duties?state=all&limit=1&page=2").await.expect(200);
    let all = all.json();
    assert_eq!(all["total"], 2);
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    let none = owner.get(&format!("/api/v1/duties?department={}", theirs.department_id)).await.expect(200);
    assert_eq!(none.json()["total"], 0);
    house.site.guest().get("/api/v1/duties").await.expect(401);
    owner.get("/api/v1/duties?state=nonsense").await.expect(400);
}

#[tokio::test]
async fn the_inbox_is_read_one_by_one_or_all_at_once() {
    let (house, _, _) = busy().await;
    let owner = house.site.sign_in("owner").await;
    let page = owner.get("/desk/inbox").await.expect(200);
    page.contains("【新的时限任务】").contains("【还剩 5 个工作日】").contains("【还剩 3 个工作日】");
    let api = house.site.api("owner").await;
    let inbox = api.get("/api/v1/inbox?limit=2").await.expect(200).json();
    assert_eq!(inbox["unread"], 3);
    let newest = inbox["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(inbox["items"][0]["title"].as_str().unwrap().contains("还剩 3 个工作日"));
    let next = inbox["next"].as_str().unwrap();
    let rest = api.get(&format!("/api/v1/inbox?before={next}")).await.expect(200).json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert!(rest.get("next").is_none());

    // Opening marks it as read and leads to the work; only one's own can be opened.
    let head = house.site.sign_in("head").await;
    head.post(&format!("/desk/inbox/{newest}/open"), &[]).await.expect(404);
    head.post("/desk/inbox/read", &[("id", &newest)]).await.expect(404);
    let opened = owner.post(&format!("/desk/inbox/{newest}/open"), &[]).await.expect(303);
    assert_eq!(opened.location(), "/desk/decisions/2026-001");
    assert_eq!(api.get("/api/v1/inbox").await.expect(200).json()["unread"], 2);
    owner.get("/desk/inbox?unread=yes").await.expect(200).lacks("【还剩 3 个工作日】");
    owner.post("/desk/inbox/read", &[]).await.expect(303);
    owner.get("/desk/inbox?unread=yes").await.expect(200).contains("没有消息");
    let marked = api.json("POST", "/api/v1/inbox/read", json!({})).await.expect(200).json();
    assert_eq!(marked["marked"], 0);
    api.json("POST", "/api/v1/inbox/read", json!({ "id": "no" })).await.expect(400);
    owner.post("/desk/inbox/nonsense/open", &[]).await.expect(404);
    owner.get("/desk/inbox?before=nonsense").await.expect(200);
}

#[tokio::test]
async fn the_inbox_is_paged() {
    let house = house("2026-03-02").await;
    for n in 0..40 {
        house
            .open_for(Uuid::from_u128(n), DutyKind::AdoptionSummary, "2026-03-02", Term::WorkingDays(10))
            .await;
    }
    house.site.at("2026-03-03", 9, 0).await;
    let owner = house.site.sign_in("owner").await;
    let first = owner.get("/desk/inbox").await.expect(200);
    assert_eq!(first.text.matches("inbox-title").count(), 30);
    let next = first.text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let second = owner.get(&next.replace("&amp;", "&")).await.expect(200);
    assert_eq!(second.text.matches("inbox-title").count(), 10);
    second.lacks("rel=\"next\"").contains("rel=\"prev\"");
}

#[tokio::test]
async fn the_desk_shows_each_role_what_waits() {
    let (house, _, _) = busy().await;
    let owner = house.site.sign_in("owner").await;
    let page = owner.get("/desk").await.expect(200);
    page.contains("我的时限").contains("体育场馆开放办法").contains("最近消息").contains("工作日");
    page.lacks("开始使用").lacks("待审核意见").lacks("体育设施专项规划");
    house
        .site
        .sign_in("watch")
        .await
        .get("/desk")
        .await
        .expect(200)
        .contains("各单位时限")
        .contains("规划处");
    house.site.staff("plain", house.department, &[]).await;
    house.site.sign_in("plain").await.get("/desk").await.expect(200).contains("现在没有待办");
    let guest = house.site.guest().get("/desk").await.expect(303);
    assert!(guest.location().starts_with("/desk/sign-in"));

    house.site.staff("root", house.department, &[Role::Admin]).await;
    let admin = house.site.sign_in("root").await;
    admin.get("/desk").await.expect(200).contains("开始使用").contains("由承办人列入第一个决策事项");
    admin.get("/desk?lang=en").await.expect(200).contains("First steps");
}

#[tokio::test]
async fn the_desk_counts_the_opinions_that_wait() {
    let site = crate::harness::Site::new().await;
    crate::fixture::open(&site).await;
    let moderator = site.sign_in("mod1").await;
    moderator.get("/desk").await.expect(200).lacks("待审核意见").contains("现在没有待办");
    let body = json!({ "text": "建议延长开放时间", "person_kind": "company", "show_as": "anonymous", "consent": true });
    for n in 0..2 {
        let mut body = body.clone();
        body["text"] = format!("建议延长开放时间 {n}").into();
        site.guest().json("POST", "/api/v1/consultations/2026-001-1/opinions", body).await.expect(201);
    }
    site.clock.set(at("2026-03-05", 12, 0));
    let moderator = site.sign_in("mod1").await;
    let page = moderator.get("/desk").await.expect(200);
    page.contains("待审核意见").contains("3 天").contains("2 条已逾期").contains("/desk/review");
}
