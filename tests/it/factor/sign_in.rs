//! Signing in in two steps: which codes are good, how often, and for whom.

use chrono::TimeDelta;
use jianyan::config::SecondFactor;

use super::{World, give, halfway, is_in, set_up, world};
use crate::factor::app::Phone;
use crate::harness::{PASSWORD, Person, at};

/// Somebody who set it up two minutes ago.
async fn holder() -> (World, Phone, Vec<String>) {
    let w = world(SecondFactor::Optional).await;
    let (phone, codes) = set_up(&w.site, &w.site.sign_in("zhang").await).await;
    w.site.at("2026-03-02", 10, 2).await;
    (w, phone, codes)
}

#[tokio::test]
async fn a_session_begins_with_the_code_and_not_with_the_password() {
    let (w, phone, _) = holder().await;
    let person = w.site.guest();
    let fields = [("login", "zhang"), ("password", PASSWORD), ("next", "/desk/inbox")];
    let answer = person.post("/desk/sign-in", &fields).await.expect(303);
    assert_eq!(answer.location(), "/desk/sign-in/code?next=/desk/inbox");
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("step=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    assert_eq!(person.cookie("sid"), None);
    assert!(!is_in(&person).await);

    let form = person.get("/desk/sign-in/code?next=/desk/inbox").await.expect(200);
    form.contains("one-time-code");
    assert_eq!(form.input("next").as_deref(), Some("/desk/inbox"));
    person.get("/desk/sign-in/code?lang=en").await.expect(200).contains("The first step is done");
    let code = phone.code(w.site.app.now());
    let fields = [("code", code.as_str()), ("next", "/desk/inbox")];
    let answer = person.post("/desk/sign-in/code", &fields).await.expect(303);
    assert_eq!(answer.location(), "/desk/inbox");
    assert!(is_in(&person).await);
    assert_eq!(person.cookie("step"), None, "the state is over");
    let root = w.site.sign_in("root").await;
    let record = root.get("/desk/admin/audit?action=sign_in.password").await.expect(200);
    record.contains("sign_in.password");
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_a_code_is_read_however_it_is_typed() {
    let (w, phone, codes) = holder().await;
    let now = w.site.app.now();
    let person = halfway(&w.site, "zhang").await;
    for odd in [phone.wrong(now).as_str(), "", "１２", &phone.code(now)[..5]] {
        let again = give(&person, odd).await.expect(401);
        again.contains("验证码不正确").contains("one-time-code").contains("href=\"#f-code\"");
        assert!(!is_in(&person).await);
    }
    let person = halfway(&w.site, "zhang").await;
    let wide: String = phone.code(now).chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
    give(&person, &format!("{} {}", &wide[..9], &wide[9..])).await.expect(303);
    let person = halfway(&w.site, "zhang").await;
    give(&person, &codes[0].replace('-', " ").to_lowercase()).await.expect(303);
}

#[tokio::test]
async fn a_code_is_good_once() {
    let (w, phone, _) = holder().await;
    let now = w.site.app.now();
    let code = phone.code(now);
    give(&halfway(&w.site, "zhang").await, &code).await.expect(303);
    give(&halfway(&w.site, "zhang").await, &code).await.expect(401);
    // Nor is one of an earlier step good after a later one.
    let before = phone.code(now - TimeDelta::seconds(30));
    give(&halfway(&w.site, "zhang").await, &before).await.expect(401);
    let after = phone.code(now + TimeDelta::seconds(30));
    give(&halfway(&w.site, "zhang").await, &after).await.expect(303);
    give(&halfway(&w.site, "zhang").await, &code).await.expect(401);
}

#[tokio::test]
async fn the_code_that_set_it_up_does_not_sign_in() {
    let w = world(SecondFactor::Optional).await;
    let (phone, _) = set_up(&w.site, &w.site.sign_in("zhang").await).await;
    let code = phone.code(w.site.app.now());
    give(&halfway(&w.site, "zhang").await, &code).await.expect(401);
}

#[tokio::test]
async fn the_code_of_the_previous_step_is_good_and_an_older_one_is_not() {
    let (w, phone, _) = holder().await;
    let now = w.site.app.now();
    for (seconds, status) in [(-60, 401), (60, 401), (-30, 303)] {
        let code = phone.code(now + TimeDelta::seconds(seconds));
        let answer = give(&halfway(&w.site, "zhang").await, &code).await;
        assert_eq!(answer.status, status, "{seconds}");
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_its_person_is_told() {
    let (w, _, codes) = holder().await;
    give(&halfway(&w.site, "zhang").await, &codes[0]).await.expect(303);
    give(&halfway(&w.site, "zhang").await, &codes[0]).await.expect(401);
    let person = halfway(&w.site, "zhang").await;
    give(&person, &codes[1]).await.expect(303);
    person.get("/desk/inbox").await.expect(200).contains("用恢复码登录了");
    person.get(super::PAGE).await.expect(200).contains("8 个恢复码");
    // One person's code is nobody else's.
    set_up(&w.site, &w.site.sign_in("boss").await).await;
    give(&halfway(&w.site, "boss").await, &codes[2]).await.expect(401);
}

#[tokio::test]
async fn of_one_code_sent_twice_at_once_to_two_instances_one_is_good() {
    let (w, phone, codes) = holder().await;
    let beside = w.site.beside().await;
    let now = w.site.app.now();
    for code in [phone.code(now), phone.code(now + TimeDelta::seconds(30)), codes[0].clone()] {
        // A browser each, so that it is the code that is refused and not the state.
        let (one, two) = (halfway(&w.site, "zhang").await, halfway(&beside, "zhang").await);
        let (a, b) = tokio::join!(give(&one, &code), give(&two, &code));
        let mut both = [a.status.as_u16(), b.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [303, 401], "{code}");
    }
    // And of one state finished twice, one session comes.
    let twin = halfway(&w.site, "zhang").await;
    let (a, b) = tokio::join!(give(&twin, &codes[1]), give(&twin, &codes[2]));
    assert_eq!([a, b].iter().filter(|answer| answer.status == 303).count(), 1);
}

/// A browser that says what it is.
async fn post_as(person: &Person, agent: &str, path: &str, body: &str) -> u16 {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("user-agent", agent),
    ];
    person.raw("POST", path, &headers, body.as_bytes().to_vec()).await.status.as_u16()
}

#[tokio::test]
async fn the_state_between_the_steps_belongs_to_one_browser() {
    let (w, phone, _) = holder().await;
    let code = format!("code={}", phone.code(w.site.app.now()));
    let password = format!("login=zhang&password={}", PASSWORD.replace(' ', "+"));
    let person = w.site.guest();
    assert_eq!(post_as(&person, "Firefox/200 Linux", "/desk/sign-in", &password).await, 303);
    // Without the cookie a good code opens nothing, nor does a made-up cookie.
    assert_eq!(post_as(&w.site.guest(), "Firefox/200 Linux", "/desk/sign-in/code", &code).await, 401);
    let thief = w.site.with_cookie("step", "0000");
    assert_eq!(post_as(&thief, "Firefox/200 Linux", "/desk/sign-in/code", &code).await, 401);
    // Stolen, it opens nothing in another browser, and is worth nothing afterwards.
    let stolen = person.cookie("step").unwrap();
    let thief = w.site.with_cookie("step", &stolen);
    assert_eq!(post_as(&thief, "Chrome/200 Windows", "/desk/sign-in/code", &code).await, 401);
    assert_eq!(thief.cookie("sid"), None);
    assert_eq!(post_as(&person, "Firefox/200 Linux", "/desk/sign-in/code", &code).await, 401);
    assert_eq!(post_as(&person, "Firefox/200 Linux", "/desk/sign-in", &password).await, 303);
    assert_eq!(post_as(&person, "Firefox/200 Linux", "/desk/sign-in/code", &code).await, 303);
    let root = w.site.sign_in("root").await;
    root.get("/desk/admin/audit?action=sign_in.failed").await.expect(200).contains("other_browser");
}

#[tokio::test]
async fn the_state_between_the_steps_lasts_five_minutes() {
    let (w, phone, _) = holder().await;
    let late = halfway(&w.site, "zhang").await;
    w.site.clock.set(at("2026-03-02", 10, 7));
    let answer = give(&late, &phone.code(w.site.app.now())).await.expect(401);
    answer.contains("请重新登录").contains("name=\"password\"");
    assert!(!is_in(&late).await);
    let to = late.get("/desk/sign-in/code?next=/desk/inbox").await.expect(303);
    assert_eq!(to.location(), "/desk/sign-in?next=/desk/inbox");

    let person = halfway(&w.site, "zhang").await;
    w.site.clock.set(at("2026-03-02", 10, 11));
    give(&person, &phone.code(w.site.app.now())).await.expect(303);
}

#[tokio::test]
async fn what_ends_sessions_ends_a_sign_in_halfway() {
    let (w, phone, codes) = holder().await;
    let person = halfway(&w.site, "zhang").await;
    let inside = halfway(&w.site, "zhang").await;
    give(&inside, &codes[0]).await.expect(303);
    let new = "a quite different sentence";
    let fields = [("present_password", PASSWORD), ("password", new), ("password_again", new)];
    inside.post("/desk/account/password", &fields).await.expect(303);
    give(&person, &phone.code(w.site.app.now())).await.expect(401).contains("请重新登录");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_between_the_steps_too() {
    let (w, phone, _) = holder().await;
    let person = halfway(&w.site, "zhang").await;
    let code = format!("code={}", phone.code(w.site.app.now()));
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    person.raw("POST", "/desk/sign-in/code", &headers, code.into_bytes()).await.expect(403);
    assert!(!is_in(&person).await);
}
