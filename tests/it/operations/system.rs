//! What those who run the site see: the page "system", its API, `/metrics`.

use chrono::TimeDelta;
use entity::enums::{JobState, Role};
use entity::id::JobId;
use jianyan::job;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::fixture;
use crate::harness::Site;

/// Mails cannot be written until the returned path is free again.
fn break_mail(site: &Site) -> std::path::PathBuf {
    let folder = site.dir.path().join("mail");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::write(&folder, "").unwrap();
    folder
}

/// Lets every job fail until it is given up.
async fn give_up(site: &Site) {
    for _ in 0..12 {
        site.work().await;
        site.clock.advance(TimeDelta::hours(6));
    }
}

async fn send_opinion(site: &Site) {
    let body = json!({
        "text": "建议延长开放时间。", "person_kind": "individual", "show_as": "masked", "name": "王小明",
        "contact": "wang@example.invalid", "consent": true,
    });
    let path = format!("/api/v1/consultations/{}/opinions", fixture::CODE);
    site.guest().json("POST", &path, body).await.expect(201);
}

async fn jobs(site: &Site, state: JobState) -> Vec<entity::job::Model> {
    let found = entity::job::Entity::find().filter(entity::job::Column::State.eq(state));
    found.all(site.app.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_parked_job_is_seen_and_tried_again() {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    site.staff("admin", open.department, &[Role::Admin]).await;
    let mail = break_mail(&site);
    send_opinion(&site).await;
    give_up(&site).await;
    let parked = jobs(&site, JobState::Parked).await;
    assert_eq!(parked.len(), 1, "{parked:?}");
    let id = parked[0].id;

    let admin = site.sign_in("admin").await;
    let page = admin.get("/desk/admin/system").await.expect(200);
    page.contains("mail.send").contains("已搁置").contains("2014–2026").contains(env!("CARGO_PKG_VERSION"));
    assert_eq!(page.headers["cache-control"], "no-store");
    admin
        .get("/desk/admin/system?lang=en")
        .await
        .expect(200)
        .contains("Jobs were given up after many failures");
    let api = site.api("admin").await;
    let state = api.get("/api/v1/system").await.expect(200).json();
    assert_eq!(state["jobs"]["parked"], 1);
    assert_eq!(state["parked_jobs"][0]["id"], id.to_string());
    assert_eq!(state["parked_jobs"][0]["attempts"], 10);
    assert_eq!(state["mails"]["parked"], 1);
    assert_eq!(state["calendar_missing"], json!([2027]));
    assert_eq!(state["database"]["migrations_pending"], json!([]));

    std::fs::remove_file(&mail).unwrap();
    std::fs::create_dir(&mail).unwrap();
    let retry = format!("/desk/admin/system/jobs/{id}/retry");
    let answer = admin.post(&retry, &[]).await.expect(303);
    admin.get(answer.location()).await.expect(200).contains("Queued again");
    // What is not parked any more cannot be tried again.
    admin.post(&retry, &[]).await.expect(409);
    site.work().await;
    assert_eq!(jobs(&site, JobState::Parked).await.len(), 0);
    assert!(site.mails().iter().any(|mail| mail.contains("wang@example.invalid")), "{:?}", site.mails());
    let audit = api.get("/api/v1/audit?action=job.retry").await.expect(200).json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert_eq!(audit["items"][0]["subject"], id.to_string());
    let state = api.get("/api/v1/system").await.expect(200).json();
    assert_eq!(state["mails"]["parked"], 0);
    api.json("POST", &format!("/api/v1/system/jobs/{id}/retry"), json!({})).await.expect(409);
    let nobody: JobId = site.app.id();
    api.json("POST", &format!("/api/v1/system/jobs/{nobody}/retry"), json!({})).await.expect(404);
}

#[tokio::test]
async fn a_worker_that_is_missing_is_noticed() {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    site.staff("admin", open.department, &[Role::Admin]).await;
    let admin = site.sign_in("admin").await;
    send_opinion(&site).await;
    let page = admin.get("/desk/admin/system").await.expect(200);
    page.lacks("后台任务没有人做");
    site.clock.advance(TimeDelta::minutes(6));
    admin.get("/desk/admin/system").await.expect(200).contains("后台任务没有人做").contains("6 分 0 秒");
    site.work().await;
    admin.get("/desk/admin/system").await.expect(200).lacks("后台任务没有人做");
}

#[tokio::test]
async fn metrics_are_for_who_has_the_token() {
    const TOKEN: &str = "a-token-for-the-monitor";
    let site = Site::with(|config| config.metrics_token = Some(TOKEN.into())).await;
    let open = fixture::open(&site).await;
    let guest = site.guest();
    guest.get("/metrics").await.expect(404);
    let ask = async |token: &str| {
        guest.raw("GET", "/metrics", &[("authorization", &format!("Bearer {token}"))], vec![]).await
    };
    ask("another-token-of-the-same").await.expect(404);
    send_opinion(&site).await;
    guest.get("/nothing").await.expect(404);
    guest.get("/nothing-else").await.expect(404);
    let answer = ask(TOKEN).await.expect(200);
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer
        .contains("jianyan_database_up 1\n")
        .contains("jianyan_http_requests_total{method=\"GET\",route=\"elsewhere\",status=\"4xx\"} 2\n")
        .contains("jianyan_http_requests_total{method=\"POST\",route=\"/api/v1/consultations/{code}/opinions\",status=\"2xx\"} 1\n")
        .contains("jianyan_http_request_seconds_count{method=\"POST\",route=\"/api/v1/consultations/{code}/opinions\"} 1\n")
        .contains("jianyan_http_in_flight 0\n")
        .contains("jianyan_mails{state=\"waiting\"} 1\n")
        .contains("jianyan_jobs{state=\"waiting\"} 1\n")
        .contains("jianyan_duties{state=\"overdue\"} 0\n")
        .contains("jianyan_database_connections{pool=\"read\"}")
        .lacks("nothing-else")
        .lacks("2026-001-1")
        .lacks("wang@example.invalid");
    site.clock.advance(TimeDelta::seconds(90));
    ask(TOKEN).await.expect(200).contains("jianyan_job_oldest_seconds 90\n");

    // Duties that nobody does show up as overdue.
    let before = job::queue(site.app.db.read(), site.app.now()).await.unwrap();
    assert!(before.oldest_due.is_some());
    site.clock.advance(TimeDelta::days(60));
    let late = ask(TOKEN).await.expect(200);
    assert!(!late.text.contains("jianyan_duties{state=\"overdue\"} 0\n"), "{}", late.text);
    assert!(open.articles.len() == 3);

    site.app.db.close().await;
    ask(TOKEN).await.expect(200).contains("jianyan_database_up 0\n").lacks("jianyan_jobs");
}

#[tokio::test]
async fn only_administrators_see_the_system() {
    let site = Site::new().await;
    fixture::open(&site).await;
    site.guest().get("/desk/admin/system").await.expect(303);
    site.sign_in("owner").await.get("/desk/admin/system").await.expect(403);
    site.api("owner").await.get("/api/v1/system").await.expect(403);
    let id: JobId = site.app.id();
    let path = format!("/api/v1/system/jobs/{id}/retry");
    site.api("owner").await.json("POST", &path, json!({})).await.expect(403);
}
