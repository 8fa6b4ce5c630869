//! Grouping and answering opinions.

use entity::enums::{OpinionState, Role};
use jianyan::topic;
use serde_json::{Value, json};

use crate::summary_fixture::{Case, Said, said};

fn no() -> Value {
    json!({})
}

/// `n` published opinions of different people.
async fn crowd(case: &Case, n: usize) -> Vec<String> {
    let contacts: Vec<String> = (0..n).map(|i| format!("p{i}@example.invalid")).collect();
    let all: Vec<Said<'_>> =
        contacts.iter().map(|c| Said { contact: Some(c), ..said("建议延长开放时间") }).collect();
    case.hear_all(&all).await
}

#[tokio::test]
async fn opinions_are_grouped_answered_and_counted() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let numbers = case.hear_all(&[said("延长开放时间"), said("降低收费"), said("增加停车位")]).await;
    let id = case.topic(&owner, "开放时间", &numbers[..2]).await;
    let body = json!({ "outcome": "partly_adopted", "reason": "工作日延长" });
    let topic = owner.json("PUT", &format!("/api/v1/topics/{id}/response"), body).await.expect(200).json();
    assert_eq!((topic["opinions"].as_u64(), topic["following"].as_u64()), (Some(2), Some(2)));
    assert_eq!(topic["response"]["outcome"], "partly_adopted");

    // An own answer goes before the topic's.
    let body = json!({ "outcome": "explained", "reason": "收费由物价部门核定" });
    owner.json("PUT", &format!("/api/v1/opinions/{}/response", numbers[1]), body).await.expect(200);
    let list = owner.get(&case.api("answers")).await.expect(200).json();
    let outcomes: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|o| &o["outcome"]).collect();
    assert_eq!(outcomes, [&json!("partly_adopted"), &json!("explained"), &Value::Null]);
    let left = topic::undecided(case.site.app.db.read(), case.consultation).await.unwrap();
    assert_eq!((left.count, left.numbers), (1, vec![numbers[2].clone()]));

    // Taken back, the opinion follows its topic again.
    let path = format!("/api/v1/opinions/{}/response", numbers[1]);
    owner.json("DELETE", &path, no()).await.expect(200);
    owner.json("DELETE", &path, no()).await.expect(404);
    let figures = topic::figures(case.site.app.db.read(), case.consultation).await.unwrap();
    assert_eq!((figures.outcomes.partly_adopted, figures.unanswered, figures.ungrouped), (2, 1, 1));
    assert!(figures.add_up());
    // Nobody outside hears of it before the summary is published.
    let opinion = case.opinion(&numbers[0]).await;
    assert_eq!(topic::outcome_of(case.site.app.db.read(), opinion).await.unwrap(), None);
}

#[tokio::test]
async fn an_opinion_has_one_topic_and_moves() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let numbers = case.hear_all(&[said("甲"), said("乙")]).await;
    let first = case.topic(&owner, "一", &numbers).await;
    let second = case.topic(&owner, "二", &numbers[..1]).await;
    let topics = owner.get(&case.api("topics")).await.expect(200).json();
    assert_eq!((topics[0]["opinions"].as_u64(), topics[1]["opinions"].as_u64()), (Some(1), Some(1)));
    // Only an empty topic can be removed.
    let answer = owner.json("DELETE", &format!("/api/v1/topics/{first}"), no()).await.expect(409);
    answer.contains("还有 1 条意见");
    owner.json("POST", &case.api("ungroup"), json!({ "opinions": [numbers[1]] })).await.expect(200);
    owner.json("DELETE", &format!("/api/v1/topics/{first}"), no()).await.expect(200);
    // Names, order.
    let third = case.topic(&owner, "三", &[]).await;
    owner.json("PATCH", &format!("/api/v1/topics/{third}"), json!({ "title": "二" })).await.expect(422);
    let order = json!({ "topics": [third, second] });
    let topics = owner.json("PUT", &case.api("topic-order"), order).await.expect(200).json();
    assert_eq!(topics[0]["title"], "三");
    owner.json("PUT", &case.api("topic-order"), json!({ "topics": [third] })).await.expect(422);
}

#[tokio::test]
async fn k_people_make_a_topic_concentrated_and_need_a_reason() {
    for (people, status) in [(2, 200), (3, 422)] {
        let case = Case::new().await;
        let owner = case.site.api("owner").await;
        let mut numbers = crowd(&case, people).await;
        // The same person again is not another person.
        numbers.push(case.hear(Said { contact: Some("P0@example.invalid"), ..said("再说一次") }).await);
        // A rejected opinion does not count, whoever sent it.
        let topic = case.topic(&owner, "延长开放", &numbers).await;
        let path = format!("/api/v1/topics/{topic}/response");
        let short = json!({ "outcome": "not_adopted", "reason": "不可行" });
        let answer = owner.json("PUT", &path, short).await.expect(status);
        if status == 422 {
            answer.contains("计划表二第5项").contains("至少 10 个字");
            let long = json!({ "outcome": "not_adopted", "reason": "场馆夜间维护与安保经费不足。" });
            let topic = owner.json("PUT", &path, long).await.expect(200).json();
            assert_eq!((topic["people"].as_u64(), topic["concentrated"].as_bool()), (Some(3), Some(true)));
        }
    }
}

#[tokio::test]
async fn opinions_without_a_contact_count_each_as_one() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let numbers = case.hear_all(&[said("甲"), said("乙"), said("丙")]).await;
    let id = case.topic(&owner, "一", &numbers).await;
    let people = topic::people(case.site.app.db.read(), id.parse().unwrap()).await.unwrap();
    assert_eq!(people, 3);
}

#[tokio::test]
async fn reasons_and_clauses_are_checked() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let number = case.hear(said("延长")).await;
    let path = format!("/api/v1/opinions/{number}/response");
    for outcome in ["partly_adopted", "not_adopted", "explained"] {
        owner.json("PUT", &path, json!({ "outcome": outcome, "reason": " " })).await.expect(422);
    }
    // A clause of the draft is not one of the final text.
    let body = json!({ "outcome": "adopted", "final_clause_id": case.clauses[0] });
    owner.json("PUT", &path, body).await.expect(422).contains("正式文本");
    let finals = case.final_text().await;
    let body = json!({ "outcome": "adopted", "final_clause_id": finals[0] });
    owner.json("PUT", &path, body).await.expect(200);
    owner.json("PUT", &path, json!({ "outcome": "adopted", "reason": "a\u{0}b" })).await.expect(422);
    owner.json("PUT", &path, json!({ "outcome": "adopted", "reason": "长".repeat(4001) })).await.expect(400);
    owner.json("PUT", &path, json!({ "outcome": "maybe" })).await.expect(400);
    owner.json("PUT", &path, json!({ "outcome": "adopted", "by": "me" })).await.expect(400);
}

#[tokio::test]
async fn only_counted_opinions_of_this_consultation_are_grouped() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let rejected = case.hear(Said { state: OpinionState::Rejected, ..said("广告") }).await;
    let pending = case.hear(Said { state: OpinionState::Pending, ..said("待审") }).await;
    let topic = case.topic(&owner, "一", &[pending]).await;
    let join = format!("/api/v1/topics/{topic}/opinions");
    let answer = owner.json("POST", &join, json!({ "opinions": [rejected] })).await.expect(422);
    answer.contains(&rejected);
    for odd in ["2026-007-1-999999", "", "\u{0}", "' OR 1=1 --"] {
        owner.json("POST", &join, json!({ "opinions": [odd] })).await.expect(422);
    }
    owner.json("POST", &join, json!({ "opinions": [] })).await.expect(400);
    let path = format!("/api/v1/opinions/{rejected}/response");
    owner.json("PUT", &path, json!({ "outcome": "adopted" })).await.expect(409);
}

#[tokio::test]
async fn same_words_and_same_clause_are_suggested() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let on = |text, clause| Said { clause: Some(clause), ..said(text) };
    case.hear_all(&[
        on("请延长开放时间！", 0),
        on("请 延长 开放时间", 1),
        on("灯太暗", 1),
        said("别的"),
        Said { state: OpinionState::Rejected, ..on("灯太暗", 1) },
    ])
    .await;
    let found = owner.get(&case.api("topic-suggestions")).await.expect(200).json();
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!((found[0]["opinions"].as_u64(), found[1]["opinions"].as_u64()), (Some(2), Some(2)));
    let id = case.topic(&owner, "延长", &[]).await;
    let gather = format!("/api/v1/topics/{id}/gather");
    let body = json!({ "text_hash": found[0]["text_hash"] });
    let done = owner.json("POST", &gather, body.clone()).await.expect(200).json();
    assert_eq!(done["opinions"].as_u64(), Some(2));
    // Done once; what is left on the clause is one opinion, no group.
    owner.json("POST", &gather, body).await.expect(409);
    let found = owner.get(&case.api("topic-suggestions")).await.expect(200).json();
    assert_eq!(found, json!([]));
    owner.json("POST", &gather, json!({})).await.expect(422);
    owner.json("POST", &gather, json!({ "text_hash": "\u{0}" })).await.expect(422);
}

#[tokio::test]
async fn filters_find_what_is_left_to_do() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let numbers = case
        .hear_all(&[
            Said { clause: Some(0), ..said("停车位不足 50%") },
            said("延长开放"),
            Said { state: OpinionState::Withheld, ..said("不公开的意见") },
        ])
        .await;
    let topic = case.topic(&owner, "一", &numbers[1..2]).await;
    owner
        .json("PUT", &format!("/api/v1/topics/{topic}/response"), json!({ "outcome": "adopted" }))
        .await
        .expect(200);
    let total = async |query: &str| {
        let list = owner.get(&format!("{}?{query}", case.api("answers"))).await.expect(200).json();
        list["total"].as_u64().unwrap()
    };
    assert_eq!(total("show=all").await, 3);
    assert_eq!(total("show=ungrouped").await, 2);
    assert_eq!(total("show=unanswered").await, 2);
    assert_eq!(total(&format!("topic={topic}")).await, 1);
    assert_eq!(total("q=50%25").await, 1);
    assert_eq!(total("q=%25").await, 1);
    assert_eq!(total("q=_").await, 0);
    assert_eq!(total(&format!("q={}", numbers[2])).await, 1);
    owner.get(&format!("{}?limit=101", case.api("answers"))).await.expect(400);
}

#[tokio::test]
async fn only_the_undertaking_department_answers() {
    let case = Case::new().await;
    let number = case.hear(said("延长")).await;
    let topic = case.topic(&case.site.api("owner").await, "一", &[]).await;
    let other = case.site.department("jingji", "经济处").await;
    case.site.staff("stranger", other, &[Role::Owner, Role::Disclosure]).await;
    case.site.staff("moderator", case.department, &[Role::Moderator]).await;
    case.site.staff("boss", case.department, &[Role::Admin, Role::Supervisor]).await;
    for login in ["stranger", "moderator", "boss"] {
        let who = case.site.api(login).await;
        who.get(&case.api("topics")).await.expect(403);
        who.get(&case.api("answers")).await.expect(403);
        who.json("POST", &case.api("topics"), json!({ "title": "二" })).await.expect(403);
        who.json("PATCH", &format!("/api/v1/topics/{topic}"), no()).await.expect(403);
        who.json("DELETE", &format!("/api/v1/topics/{topic}"), no()).await.expect(403);
        let join = json!({ "opinions": [number] });
        who.json("POST", &format!("/api/v1/topics/{topic}/opinions"), join).await.expect(403);
        let body = json!({ "outcome": "adopted" });
        who.json("PUT", &format!("/api/v1/topics/{topic}/response"), body.clone()).await.expect(403);
        who.json("PUT", &format!("/api/v1/opinions/{number}/response"), body).await.expect(403);
    }
    case.site.guest().get(&case.api("topics")).await.expect(401);
    case.site.api("head").await.get(&case.api("topics")).await.expect(200);
    case.site.api("owner").await.get("/api/v1/consultations/2026-999-1/topics").await.expect(404);
}
