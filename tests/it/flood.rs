//! Floods: whoever comes in one is received as everybody is, and nobody else is drowned.

use chrono::TimeDelta;
use entity::enums::{PersonKind, ShowAs};
use jianyan::actor::{Actor, Who};
use jianyan::opinion::submit::{Submit, submit};
use jianyan::opinion::{self, Content};
use serde_json::{Value, json};

use crate::fixture::{self, CODE};
use crate::harness::{Person, Site};

async fn give(site: &Site, address: &str, text: &str) -> jianyan::opinion::Receipt {
    let input = Submit {
        consultation: CODE.into(),
        content: Content {
            text: text.into(),
            person_kind: Some(PersonKind::Individual),
            show_as: Some(ShowAs::Anonymous),
            ..Content::default()
        },
        consent: true,
        lang: "zh",
        ..Submit::default()
    };
    let actor = Actor::of(Who::Guest, address.into(), String::new());
    submit(&site.app, &actor, &input).await.unwrap()
}

async fn lane(program: &Person, query: &str) -> (u64, Vec<Value>) {
    let queue = program.get(&format!("/api/v1/review/queue?limit=100&{query}")).await.expect(200).json();
    (queue["total"].as_u64().unwrap(), queue["items"].as_array().unwrap().clone())
}

async fn floods(program: &Person) -> Vec<Value> {
    program.get("/api/v1/review-floods").await.expect(200).json().as_array().unwrap().clone()
}

#[tokio::test]
async fn a_flood_stands_apart_and_takes_nothing_from_anybody() {
    let site = Site::with(|config| {
        config.flood.network = 5;
        config.flood.text = 5;
    })
    .await;
    fixture::open(&site).await;
    let program = site.api("mod1").await;
    let moderator = site.sign_in("mod1").await;
    let mut days = vec![give(&site, "198.51.100.1", "第一位的意见").await.review_by];
    for n in 0..12 {
        days.push(give(&site, &format!("203.0.113.{n}"), &format!("程序提交的第{n}条意见")).await.review_by);
    }
    days.push(give(&site, "198.51.100.2", "第二位的意见").await.review_by);
    // Received, with the same last day for the review.
    assert!(days.iter().all(|day| *day == days[0]));

    // Five were nothing unusual; the rest stands in its lane.
    let (usual, items) = lane(&program, "lane=usual").await;
    assert_eq!((usual, items.len()), (7, 7));
    assert!(items.iter().any(|o| o["text"] == "第二位的意见"));
    let (apart, items) = lane(&program, "lane=floods").await;
    assert_eq!((apart, items.len(), lane(&program, "").await.0), (7, 7, 14));
    let flood = floods(&program).await.remove(0);
    assert_eq!(
        (&flood["kind"], &flood["received"], &flood["waiting"]),
        (&json!("network"), &json!(7), &json!(7))
    );
    assert!(items.iter().all(|o| o["flood"] == flood["id"]));
    let page = moderator.get("/desk/review").await.expect(200);
    page.contains("7 条等待处理").contains("集中涌入（7）").contains("第二位的意见").lacks("第11条意见");
    let page = moderator.get("/desk/review?lane=floods").await.expect(200);
    page.contains("同一网段 10 分钟内超过 5 条")
        .contains("正在进行")
        .contains("第11条意见")
        .lacks("第二位的意见");

    // The public figures add up and say how many there were.
    let figures =
        site.guest().get(&format!("/api/v1/consultations/{CODE}/fairness")).await.expect(200).json();
    assert_eq!((&figures["counts"]["received"], &figures["in_floods"]), (&json!(14), &json!(7)));
    let page = site.guest().get(&format!("/consultations/{CODE}/fairness")).await.expect(200);
    page.contains("其中 7 件在短时间内集中提交");

    // Reviewed in its lane as anywhere; the next one is of the same lane.
    let number = items[0]["number"].as_str().unwrap();
    let case = moderator.get(&format!("/desk/review/{number}?lane=floods")).await.expect(200);
    case.contains("只影响排队");
    let decide = [("revision", "1"), ("action", "publish"), ("back", "lane=floods")];
    let next = moderator.post(&format!("/desk/review/{number}"), &decide).await.expect(303);
    assert!(next.location().contains(items[1]["number"].as_str().unwrap()), "{}", next.location());
    // One is let back, then all of them, and more of the same stays.
    let number = items[1]["number"].as_str().unwrap();
    moderator.post(&format!("/desk/review/{number}/leave-flood"), &[]).await.expect(303);
    moderator.post(&format!("/desk/review/{number}/leave-flood"), &[]).await.expect(404);
    assert_eq!((lane(&program, "lane=usual").await.0, lane(&program, "lane=floods").await.0), (8, 5));
    let release = format!("/desk/floods/{}/release", flood["id"].as_str().unwrap());
    moderator.post(&release, &[]).await.expect(303);
    give(&site, "203.0.113.77", "还是这个网段的意见").await;
    assert_eq!((lane(&program, "lane=usual").await.0, lane(&program, "lane=floods").await.0), (14, 0));

    // Nothing more for a while: it is over, and another one is another one.
    site.clock.advance(TimeDelta::minutes(21));
    site.work().await;
    assert_eq!(floods(&program).await, Vec::<Value>::new());
    for n in 0..6 {
        give(&site, "203.0.113.7", &format!("第二波第{n}条")).await;
    }
    let flood = floods(&program).await.remove(0);
    assert_eq!((&flood["received"], &flood["waiting"]), (&json!(1), &json!(1)));
    let log = entity_audit(&site).await;
    for action in ["flood.begin", "flood.end", "flood.release", "opinion.leave_flood"] {
        assert!(log.iter().any(|a| a == action), "{action}: {log:?}");
    }
}

#[tokio::test]
async fn the_same_text_from_everywhere_is_a_flood_and_a_busy_first_day_is_none() {
    let site = Site::with(|config| {
        config.flood.text = 5;
        config.flood.consultation = 20;
        config.flood.times = 3;
    })
    .await;
    fixture::open(&site).await;
    let program = site.api("mod1").await;
    for n in 0..8 {
        let text = format!("我是{n}号居民，强烈建议取消节假日全天开放的规定，保障周边居民的休息。");
        give(&site, &format!("198.51.{n}.1"), &text).await;
    }
    let flood = floods(&program).await.remove(0);
    assert_eq!(flood["kind"], "text");
    // Eight with five allowed; a text that differs in a number may miss the one or other band.
    let apart = flood["waiting"].as_u64().unwrap();
    assert!((2..=3).contains(&apart), "{flood}");
    // Different texts of different people: many, but no more than so many times what the first days brought.
    for n in 0..12 {
        give(&site, &format!("198.52.{n}.1"), &format!("意见之{n}")).await;
    }
    assert_eq!(lane(&program, "lane=floods").await.0, apart);
    // More than that within ten minutes is a flood of the consultation as a whole.
    for n in 12..20 {
        give(&site, &format!("198.52.{n}.1"), &format!("意见之{n}")).await;
    }
    let kinds: Vec<Value> = floods(&program).await.into_iter().map(|f| f["kind"].clone()).collect();
    assert!(kinds.contains(&json!("consultation")), "{kinds:?}");
    let all = opinion::counts(site.app.db.read(), consultation(&site).await).await.unwrap();
    assert_eq!(all.received(), 28);
}

async fn consultation(site: &Site) -> entity::id::ConsultationId {
    jianyan::consultation::by_code(site.app.db.read(), CODE).await.unwrap().id
}

async fn entity_audit(site: &Site) -> Vec<String> {
    use sea_orm::EntityTrait as _;
    let rows = entity::audit::Entity::find().all(site.app.db.read()).await.unwrap();
    rows.into_iter().map(|r| r.action).collect()
}
