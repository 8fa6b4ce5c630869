//! Setting up, signing in, inviting: through the pages.

use chrono::TimeDelta;
use entity::enums::Role;
use jianyan::account::set_up;
use jianyan::audit;

use crate::harness::{PASSWORD, Site};

fn path(link: &str) -> String {
    link.strip_prefix("http://localhost:8080").unwrap().to_owned()
}

/// Instances that start together print a link each.
#[tokio::test]
async fn the_first_start_gives_a_link_that_makes_one_administrator() {
    let site = Site::new().await;
    let stale = path(&set_up::first_link(&site.app).await.unwrap().unwrap());
    site.clock.advance(TimeDelta::minutes(11));
    let other = path(&set_up::first_link(&site.app).await.unwrap().unwrap());
    let link = path(&set_up::first_link(&site.app).await.unwrap().unwrap());
    let token = link.split("token=").nth(1).unwrap();
    let guest = site.guest();
    guest.get(&stale).await.expect(404);
    guest.get(&other).await.expect(200);
    let form = guest.get(&link).await.expect(200);
    form.contains("首次设置");
    assert_eq!(form.headers["referrer-policy"], "no-referrer");

    let fields = |password: &'static str, again: &'static str| {
        [
            ("token", token),
            ("bureau", "示例市体育局"),
            ("name", "管理员"),
            ("login", "root"),
            ("email", "root@example.invalid"),
            ("password", password),
            ("password_again", again),
        ]
    };
    let again = guest.post("/desk/set-up", &fields("short", "short")).await.expect(422);
    again.contains("示例市体育局").contains("至少 12 个字符");
    guest
        .post("/desk/set-up", &fields(PASSWORD, "another one entirely"))
        .await
        .expect(422)
        .contains("不一致");
    guest.post("/desk/set-up", &fields(PASSWORD, PASSWORD)).await.expect(303);
    guest.post("/desk/set-up", &fields(PASSWORD, PASSWORD)).await.expect(404);
    guest.get(&link).await.expect(404);
    guest.get(&other).await.expect(404);
    assert!(set_up::first_link(&site.app).await.unwrap().is_none());

    let answer = guest.post("/desk/sign-in", &[("login", "ROOT"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.location(), "/desk");
    assert!(matches!(audit::verify(site.app.db.read()).await.unwrap(), audit::Finding::Whole { .. }));
}

#[tokio::test]
async fn every_failure_answers_the_same_and_the_account_waits() {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    let guest = site.guest();
    let wrong = guest
        .post("/desk/sign-in", &[("login", "zhang"), ("password", "not the password")])
        .await
        .expect(401);
    let nobody = guest
        .post("/desk/sign-in", &[("login", "nobody"), ("password", "not the password")])
        .await
        .expect(401);
    assert_eq!(wrong.text.replace("zhang", "x").len(), nobody.text.replace("nobody", "x").len());
    for _ in 0..4 {
        guest
            .post("/desk/sign-in", &[("login", "zhang"), ("password", "not the password")])
            .await
            .expect(401);
    }
    guest.post("/desk/sign-in", &[("login", "zhang"), ("password", PASSWORD)]).await.expect(401);
    site.at("2026-03-02", 10, 16).await;
    guest.post("/desk/sign-in", &[("login", "zhang"), ("password", PASSWORD)]).await.expect(303);
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_idling_and_at_the_third_sign_in() {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner]).await;
    let first = site.sign_in("zhang").await;
    first.post("/desk/sign-out", &[]).await.expect(303);
    first.get("/desk/sign-in").await.expect(200);

    let idle = site.sign_in("zhang").await;
    site.at("2026-03-02", 11, 1).await;
    idle.get("/desk/sign-in").await.expect(200);
    // Nor does a clock that is set back bring it to life.
    site.at("2026-03-02", 10, 30).await;
    idle.get("/desk/sign-in").await.expect(200);

    let one = site.sign_in("zhang").await;
    site.at("2026-03-02", 11, 2).await;
    let two = site.sign_in("zhang").await;
    site.at("2026-03-02", 11, 3).await;
    let three = site.sign_in("zhang").await;
    one.get("/desk/sign-in").await.expect(200);
    // Signed in, the sign-in page leads on to the desk.
    assert_eq!(two.get("/desk/sign-in").await.expect(303).location(), "/desk");
    assert_eq!(three.get("/desk/sign-in").await.expect(303).location(), "/desk");
}

#[tokio::test]
async fn a_token_speaks_for_its_person_until_it_ends() {
    let site = Site::new().await;
    let office = site.department("office", "办公室").await;
    site.staff("zhang", office, &[Role::Owner, Role::Moderator]).await;
    let program = site.api("zhang").await;
    let me = program.get("/api/v1/me").await.expect(200).json();
    assert_eq!(me["login"], "zhang");
    assert_eq!(me["roles"].as_array().unwrap().len(), 2);
    let refused = site.guest().get("/api/v1/me").await.expect(401);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    assert_eq!(refused.json()["code"], "unauthenticated");
    site.at("2026-03-03", 10, 1).await;
    program.get("/api/v1/me").await.expect(401);
}
