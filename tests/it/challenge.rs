//! The task that stands before a form: who is asked, who is let through, and that nothing typed is lost on the way.

use chrono::TimeDelta;
use entity::enums::Role;
use jianyan::challenge::{HEADER, solve};
use jianyan::config::When;
use sea_orm::EntityTrait as _;
use serde_json::json;

use crate::fixture;
use crate::harness::{Answer, Person, Site};

const FORM: &str = "/consultations/2026-001-1/opinion";
const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const TEXT: &str = "建议周末延长开放到晚上九点";

fn fields<'a>(key: &'a str, answer: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("text", TEXT),
        ("name", "住在附近的人"),
        ("person_kind", "individual"),
        ("show_as", "anonymous"),
        ("consent", "yes"),
        ("key", key),
        ("challenge", answer),
    ]
}

async fn post(person: &Person, path: &str, answer: &str, body: serde_json::Value) -> Answer {
    let headers = [("content-type", "application/json"), (HEADER, answer)];
    person.raw("POST", path, &headers, body.to_string().into_bytes()).await
}

/// Fetches a task and solves it.
async fn solved(person: &Person, gate: &str) -> String {
    let task = person.get(&format!("/api/v1/challenges/{gate}")).await.expect(200).json();
    assert_eq!((&task["required"], &task["parts"]), (&json!(true), &json!(8)), "{task}");
    let bits = u32::try_from(task["bits"].as_u64().unwrap()).unwrap();
    solve(task["token"].as_str().unwrap(), bits).unwrap()
}

async fn site() -> (Site, fixture::Open) {
    let site = Site::with(|config| {
        config.challenge.opinion = When::Always;
        config.challenge.bits = 9;
        config.limits.waits_per_hour = 2;
    })
    .await;
    let open = fixture::open(&site).await;
    (site, open)
}

#[tokio::test]
async fn who_has_no_script_waits_and_loses_nothing() {
    let (site, _) = site().await;
    let reader = site.guest();
    let page = reader.get(FORM).await.expect(200);
    page.contains("data-challenge=\"/api/v1/challenges/opinion\"").contains("/static/challenge-");
    reader.get("/consultations/2026-001-1").await.expect(200).lacks("data-challenge");
    reader.get("/messages/new").await.expect(200).lacks("data-challenge");

    let stopped = reader.post(FORM, &fields("key-of-a-form-00001", "")).await.expect(403);
    stopped.contains("您填写的内容已经保留").contains("请等待 30 秒");
    for (name, value) in [("text", TEXT), ("name", "住在附近的人"), ("key", "key-of-a-form-00001")] {
        assert_eq!(stopped.input(name).as_deref(), Some(value));
    }
    let ticket = stopped.input("challenge").unwrap();
    site.clock.advance(TimeDelta::seconds(10));
    // Too early: the same ticket, and what is left of the wait.
    let early = reader.post(FORM, &fields("key-of-a-form-00001", &ticket)).await.expect(403);
    early.contains("请再等 20 秒");
    assert_eq!(early.input("challenge"), Some(ticket.clone()));
    site.clock.advance(TimeDelta::seconds(20));
    let done = reader.post(FORM, &fields("key-of-a-form-00001", &ticket)).await.expect(303);
    reader.get(done.location()).await.expect(200).contains(TEXT);
    // Sent once more by the browser it is the same opinion; for another one the ticket is used up.
    let again = reader.post(FORM, &fields("key-of-a-form-00001", &ticket)).await.expect(303);
    assert_eq!(again.location(), done.location());
    reader.post(FORM, &fields("key-of-a-form-00002", &ticket)).await.expect(403).contains("请等待 30 秒");
    // An address gets few tickets; the form is kept all the same.
    let no_more =
        reader.post(&format!("{FORM}?lang=en"), &fields("key-of-a-form-00003", "")).await.expect(403);
    no_more.contains("Too many forms came from your network");
    assert_eq!(
        (no_more.input("text").as_deref(), no_more.input("challenge").as_deref()),
        (Some(TEXT), Some(""))
    );
}

#[tokio::test]
async fn an_answer_opens_one_door_once_and_only_for_what_is_right() {
    let (site, open) = site().await;
    let program = site.guest();
    let body = json!({ "text": TEXT, "person_kind": "individual", "show_as": "anonymous", "consent": true });
    let problem = post(&program, API, "", body.clone()).await.expect(403).json();
    assert_eq!(problem["code"], "challenge_required");
    assert!(problem["detail"].as_str().unwrap().contains("/api/v1/challenges/opinion"), "{problem}");
    let answer = solved(&program, "opinion").await;
    // What is refused for another reason has not used it up.
    let mut wrong = body.clone();
    wrong["text"] = json!("");
    post(&program, API, &answer, wrong).await.expect(422);
    let elsewhere = json!({ "clause_id": uuid::Uuid::nil(), "text": TEXT, "person_kind": "individual",
        "show_as": "anonymous", "consent": true });
    post(&program, API, &answer, elsewhere).await.expect(422);
    post(&program, API, &answer, body.clone()).await.expect(201);
    post(&program, API, &answer, body.clone()).await.expect(403);
    let spent = entity::challenge_spent::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(spent.len(), 1);
    // A task that was not solved, and one whose time is over.
    let token = program.get("/api/v1/challenges/opinion").await.json()["token"].as_str().unwrap().to_owned();
    post(&program, API, &format!("{token}~0.0.0.0.0.0.0.0"), body.clone()).await.expect(403);
    let late = solved(&program, "opinion").await;
    site.clock.advance(TimeDelta::minutes(61));
    post(&program, API, &late, body.clone()).await.expect(403);
    // Several at once go through the same gate, once.
    let several = json!({ "parts": [{ "text": TEXT }, { "text": "另一条意见", "clause_id": open.articles[0] }], "person_kind": "individual",
        "show_as": "anonymous", "consent": true });
    let path = "/api/v1/consultations/2026-001-1/submissions";
    post(&program, path, "", several.clone()).await.expect(403);
    let answer = solved(&program, "opinion").await;
    post(&program, path, &answer, several).await.expect(201);
    // A program of the bureau's own is not asked; a token that is none opens nothing.
    let (department, roles) = (site.department("it", "信息中心").await, [Role::Owner]);
    site.staff("robot", department, &roles).await;
    post(&site.api("robot").await, API, "", body.clone()).await.expect(201);
    post(&site.bearer("nobody"), API, "", body.clone()).await.expect(403);
    // Other forms are open.
    let task = program.get("/api/v1/challenges/message").await.expect(200).json();
    assert_eq!(task, json!({ "gate": "message", "required": false }));
    program.get("/api/v1/challenges/nothing").await.expect(400);
}

#[tokio::test]
async fn a_crowd_closes_the_gate_until_it_is_gone() {
    let site = Site::with(|config| {
        config.challenge.message = When::Busy;
        config.challenge.code = When::Always;
        config.challenge.bits = 9;
        config.challenge.busy_per_minute = 3;
    })
    .await;
    fixture::open(&site).await;
    let send = async |n: u32, answer: &str| {
        let body = json!({ "kind": "suggestion", "title": format!("建议{n}"), "text": "希望增加夜间照明",
            "consent": true });
        post(&site.guest(), "/api/v1/messages", answer, body).await
    };
    for n in 0..3 {
        send(n, "").await.expect(201);
    }
    send(3, "").await.expect(403);
    let answer = solved(&site.guest(), "message").await;
    send(4, &answer).await.expect(201);
    site.clock.advance(TimeDelta::minutes(3));
    send(5, "").await.expect(201);

    // A code is not sent for nothing; a page of another feature, which knows of no gates, leads on all the same.
    let reader = site.guest();
    let ask = [("contact", "somebody@example.invalid"), ("step", "code")];
    let stopped = reader.post("/my-data", &ask).await.expect(403);
    assert_eq!(stopped.input("contact").as_deref(), Some("somebody@example.invalid"));
    let answer = solved(&reader, "code").await;
    let ask = [ask[0], ask[1], ("challenge", answer.as_str())];
    reader.post("/my-data", &ask).await.expect(200).contains("s***@example.invalid");
}
