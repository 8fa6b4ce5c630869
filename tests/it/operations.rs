//! Running it: health, stopping, several instances over one database, overload, what the administrator sees.

mod server;

use entity::enums::Role;
use entity::id::StaffId;
use jianyan::http;
use jianyan::{calendar, job};
use sea_orm::EntityTrait as _;

use crate::fixture;
use crate::harness::{Answer, Site};

fn is_postgres() -> bool {
    std::env::var_os("JIANYAN_TEST_POSTGRES").is_some()
}

#[track_caller]
fn is_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.text);
    let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{what}: {wait}");
}

#[tokio::test]
async fn a_process_lives_and_is_ready() {
    let site = Site::new().await;
    let guest = site.guest();
    guest.get("/livez").await.expect(200);
    guest.get("/readyz").await.expect(200);

    site.app.health.stop();
    guest.get("/livez").await.expect(200);
    let stopping = guest.get("/readyz").await;
    is_unavailable(&stopping, "stopping");
    assert_eq!(stopping.headers["content-type"], "application/problem+json");
    assert_eq!(stopping.json()["code"], "unavailable");
    // What is asked before it ends is still answered.
    guest.get("/").await.expect(200);
}

#[tokio::test]
async fn a_schema_that_is_behind_makes_it_unready() {
    let site = Site::new().await;
    forget_migration(&site).await;
    let answer = site.guest().get("/readyz").await;
    is_unavailable(&answer, "behind");
    answer.contains("schema");
    site.guest().get("/livez").await.expect(200);
}

/// As if a migration of this program had not run yet.
async fn forget_migration(site: &Site) {
    let db = sea_orm::Database::connect(site.app.config.database_url()).await.unwrap();
    let sql = "DELETE FROM seaql_migrations WHERE version LIKE 'm20261127%'";
    assert!(sea_orm::ConnectionTrait::execute_unprepared(&db, sql).await.unwrap().rows_affected() > 0);
    db.close().await.unwrap();
}

#[tokio::test]
async fn without_its_database_every_page_says_so() {
    let site = Site::new().await;
    fixture::open(&site).await;
    let callers = [site.guest(), site.sign_in("mod1").await, site.api("mod1").await];
    site.app.db.close().await;

    let spec: serde_json::Value = serde_json::from_str(&http::openapi().spec()).unwrap();
    let operations = spec["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys();
        methods.map(move |method| (method.to_uppercase(), format!("/api/v1{path}")))
    });
    let pages = http::page_list().into_iter().map(|(method, path)| (method.to_owned(), path.to_owned()));
    let mut unavailable = 0;
    for (method, pattern) in pages.chain(operations) {
        let path: Vec<&str> =
            pattern.split('/').map(|s| if s.starts_with([':', '{']) { "x" } else { s }).collect();
        let path = path.join("/");
        let headers =
            [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        for caller in &callers {
            let answer = caller.raw(&method, &path, &headers, vec![]).await;
            assert_ne!(answer.status, 500, "{method} {path}: {}", answer.text);
            if answer.status == 503 {
                is_unavailable(&answer, &path);
                unavailable += 1;
            }
        }
    }
    assert!(unavailable > 100, "{unavailable}");

    let guest = site.guest();
    guest.get("/livez").await.expect(200);
    is_unavailable(&guest.get("/readyz").await, "ready");
    is_unavailable(&guest.get("/").await, "home");
    // The watcher notices; from then on nobody waits for a connection. Styles and the process itself stay.
    job::watch(&site.app).await;
    is_unavailable(&guest.get("/rules").await, "a page that needs no database");
    guest.get("/livez").await.expect(200);
    guest.get("/openapi.json").await.expect(503);
}

#[tokio::test]
async fn a_key_of_another_site_is_refused() {
    let site = Site::new().await;
    let mut config = site.app.config.clone();
    config.key_file = Some(site.dir.path().join("other.key"));
    config.database_url = Some(site.app.config.database_url().into());
    let clock = jianyan::time::Clock::Fixed(site.clock.clone());
    let refused = jianyan::app::App::open(config, clock, jianyan::random::Rng::seeded(9)).await;
    let words = refused.err().unwrap();
    assert!(words.contains("other.key") && words.contains("key_file"), "{words}");
}

#[tokio::test]
async fn instances_share_sessions_and_lockouts() {
    let one = Site::new().await;
    let office = one.department("office", "办公室").await;
    let zhang = one.staff("zhang", office, &[Role::Owner]).await;
    let two = one.beside().await;

    let at_one = one.sign_in("zhang").await;
    two.in_session(&at_one.cookie("sid").unwrap()).get("/desk").await.expect(200);

    // Guesses alternate between the instances and are counted together.
    let guess = [("login", "zhang"), ("password", "wrong wrong wrong")];
    for site in [&one, &two, &one, &two, &one] {
        site.guest().post("/desk/sign-in", &guess).await.expect(401);
    }
    assert_eq!(failures(&one, zhang).await, 5);
    let right = [("login", "zhang"), ("password", crate::harness::PASSWORD)];
    for site in [&one, &two] {
        site.guest().post("/desk/sign-in", &right).await.expect(401);
    }
    assert_eq!(failures(&one, zhang).await, 5, "a try while the account waits is no try");
    one.clock.advance(chrono::TimeDelta::seconds(31));
    two.guest().post("/desk/sign-in", &right).await.expect(303);
    assert_eq!(failures(&one, zhang).await, 0);
}

#[tokio::test]
async fn guesses_at_the_same_moment_are_no_more_than_guesses_in_turn() {
    let one = Site::new().await;
    let office = one.department("office", "办公室").await;
    let zhang = one.staff("zhang", office, &[Role::Owner]).await;
    let two = one.beside().await;
    let guess = [("login", "zhang"), ("password", "wrong wrong wrong")];
    let people: Vec<_> = (0..20).map(|i| if i % 2 == 0 { one.guest() } else { two.guest() }).collect();
    futures_util::future::join_all(people.iter().map(|person| person.post("/desk/sign-in", &guess))).await;
    assert_eq!(failures(&one, zhang).await, 5);
}

async fn failures(site: &Site, id: StaffId) -> i32 {
    entity::staff::Entity::find_by_id(id).one(site.app.db.read()).await.unwrap().unwrap().failed_count
}

#[tokio::test]
async fn instances_share_rate_limits() {
    if !is_postgres() {
        return eprintln!("SKIPPED: one process serves an SQLite site");
    }
    let one = Site::with(|config| config.limits.searches_per_minute = 6).await;
    let two = one.beside().await;
    for site in [&one, &two, &one, &two, &one, &two] {
        site.guest().get("/search?q=x").await.expect(200);
    }
    for site in [&one, &two] {
        let refused = site.guest().get("/search?q=x").await.expect(429);
        let wait: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=11).contains(&wait), "{wait}");
    }
    // A sixth of a minute gives one turn back, to whoever comes first.
    one.clock.advance(chrono::TimeDelta::seconds(10));
    one.beside().await.guest().get("/search?q=x").await.expect(200);
    one.beside().await.guest().get("/search?q=x").await.expect(429);

    let rows = entity::rate_limit::Entity::find().all(one.app.db.read()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].key.len(), 64, "no address: {}", rows[0].key);
    one.clock.advance(chrono::TimeDelta::seconds(120));
    one.work().await;
    assert!(entity::rate_limit::Entity::find().all(one.app.db.read()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_calendar_imported_on_one_instance_is_followed_by_the_other() {
    let one = Site::new().await;
    let two = one.beside().await;
    let due = "/api/v1/workdays/due?start=2027-06-01&days=1";
    let before = two.guest().get(due).await.expect(200).json();
    assert_eq!(before["provisional"], true);
    let csv = "date,kind,name,source\n2027-06-02,off,试,test\n2027-01-01,off,元旦,test\n";
    calendar::import(&one.app, &one.system_admin(), csv).await.unwrap();
    job::watch(&two.app).await;
    let after = two.guest().get(due).await.expect(200).json();
    assert_eq!(after["provisional"], false);
    assert_ne!(after["due"], before["due"]);
}
