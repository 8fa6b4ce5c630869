//! What is in the log at its most talkative: requests by their ids, and nothing of anybody.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::instrument::WithSubscriber as _;

use crate::fixture;
use crate::harness::{PASSWORD, Site, encode};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_tells_of_requests_and_of_nobody() {
    // As long as there is only one subscriber, tracing asks the one of the thread that comes to a line first,
    // and other tests have none: the line would stay silent for us as well.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(jianyan::cli::log_filter("trace").unwrap())
        .with_writer(move || writer.clone())
        .finish();
    let (id, lookup, session) = async {
        let site = Site::new().await;
        fixture::open(&site).await;
        let guest = site.guest();
        let body = json!({
            "text": "林间小路应当夜间开放", "person_kind": "individual", "show_as": "masked", "name": "欧阳晓彤",
            "contact": "canary@example.invalid", "consent": true,
        });
        let path = format!("/api/v1/consultations/{}/opinions", fixture::CODE);
        let received = guest.json("POST", &path, body).await.expect(201).json();
        let lookup = received["lookup_code"].as_str().unwrap().to_owned();
        guest.get(&format!("/receipts/{lookup}")).await.expect(200);
        guest.get(&format!("/api/v1/receipts/{lookup}")).await.expect(200);
        guest.get(&format!("/search?q={}", encode("夜间垂钓"))).await.expect(200);
        let wrong = [("login", "mod1"), ("password", "a wrong canary word")];
        guest.post("/desk/sign-in", &wrong).await.expect(401);
        let session = site.sign_in("mod1").await.cookie("sid").unwrap();
        site.work().await;
        let answer = guest.get("/decisions/2026-001").await;
        site.app.db.close().await;
        guest.get("/decisions").await.expect(503);
        (answer.headers["x-request-id"].to_str().unwrap().to_owned(), lookup, session)
    }
    .with_subscriber(subscriber)
    .await;

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let access = log.lines().find(|line| line.contains(&id) && line.contains("jianyan::access"));
    let access: serde_json::Value = serde_json::from_str(access.unwrap()).unwrap();
    assert_eq!(access["fields"]["route"], "/decisions/:code");
    assert_eq!(access["fields"]["status"], 200);
    assert!(log.contains("request not served"), "the failure is told");
    let plain = lookup.replace('-', "");
    let canaries = [
        "林间小路",
        "欧阳晓彤",
        "canary",
        "夜间垂钓",
        &encode("夜间垂钓"),
        PASSWORD,
        &lookup,
        &plain,
        &session,
        "postgres://",
    ];
    for canary in canaries {
        let told = log.lines().find(|line| line.contains(canary));
        assert!(told.is_none(), "{canary} in {told:?}");
    }
}
