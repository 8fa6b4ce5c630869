//! Guessing through both steps: only a good code ends the counting.

use jianyan::config::SecondFactor;

use super::{give, halfway, is_in, set_up, world};
use crate::harness::{PASSWORD, at};

#[tokio::test]
async fn wrong_codes_lock_the_account_through_both_steps_and_the_right_password_does_not_open_it() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    let (phone, _) = set_up(&w.site, &person).await;
    w.site.clock.set(at("2026-03-02", 10, 2));
    let wrong = phone.wrong(w.site.app.now());
    // Every guess comes after the right password: it must not set the count back.
    for _ in 0..5 {
        let guesser = halfway(&w.site, "zhang").await;
        give(&guesser, &wrong).await.expect(401);
    }
    let fields = [("login", "zhang"), ("password", PASSWORD)];
    w.site.guest().post("/desk/sign-in", &fields).await.expect(401);
    // The person, who is signed in, hears that somebody knows the password.
    person.get("/desk/inbox").await.expect(200).contains("多次输错验证码");
    assert!(is_in(&person).await);

    w.site.clock.set(at("2026-03-02", 10, 3));
    // One more costs a minute, although the password was right again.
    give(&halfway(&w.site, "zhang").await, &phone.wrong(w.site.app.now())).await.expect(401);
    w.site.guest().post("/desk/sign-in", &fields).await.expect(401);
    w.site.clock.set(at("2026-03-02", 10, 5));
    give(&halfway(&w.site, "zhang").await, &phone.code(w.site.app.now())).await.expect(303);
    // From here counting begins anew.
    w.site.clock.set(at("2026-03-02", 10, 6));
    for _ in 0..4 {
        give(&halfway(&w.site, "zhang").await, &phone.wrong(w.site.app.now())).await.expect(401);
    }
    give(&halfway(&w.site, "zhang").await, &phone.code(w.site.app.now())).await.expect(303);
}

#[tokio::test]
async fn a_good_code_opens_nothing_while_the_account_waits() {
    let w = world(SecondFactor::Optional).await;
    let (phone, codes) = set_up(&w.site, &w.site.sign_in("zhang").await).await;
    w.site.clock.set(at("2026-03-02", 10, 2));
    let person = halfway(&w.site, "zhang").await;
    let other = halfway(&w.site, "zhang").await;
    for _ in 0..4 {
        give(&person, "000000").await.expect(401);
    }
    give(&other, "000000").await.expect(401);
    let good = phone.code(w.site.app.now());
    for code in [&good, &codes[0]] {
        let waiting = give(&person, code).await.expect(401);
        waiting.contains("验证码不正确");
    }
    w.site.clock.set(at("2026-03-02", 10, 3));
    // What was refused unseen was not used up.
    give(&other, &codes[0]).await.expect(303);
}

#[tokio::test]
async fn wrong_passwords_and_wrong_codes_count_together() {
    let w = world(SecondFactor::Optional).await;
    let (phone, _) = set_up(&w.site, &w.site.sign_in("zhang").await).await;
    w.site.clock.set(at("2026-03-02", 10, 2));
    let bad = [("login", "zhang"), ("password", "not the password")];
    for _ in 0..3 {
        w.site.guest().post("/desk/sign-in", &bad).await.expect(401);
    }
    let person = halfway(&w.site, "zhang").await;
    let wrong = phone.wrong(w.site.app.now());
    give(&person, &wrong).await.expect(401);
    give(&person, &wrong).await.expect(401);
    give(&person, &phone.code(w.site.app.now())).await.expect(401);
    let fields = [("login", "zhang"), ("password", PASSWORD)];
    w.site.guest().post("/desk/sign-in", &fields).await.expect(401);
}

#[tokio::test]
async fn one_state_takes_five_tries() {
    let w = world(SecondFactor::Optional).await;
    let (phone, _) = set_up(&w.site, &w.site.sign_in("zhang").await).await;
    w.site.clock.set(at("2026-03-02", 10, 2));
    let person = halfway(&w.site, "zhang").await;
    for n in 0..5 {
        // Half a minute of waiting after the fourth would not do; this is about the state, not the account.
        w.site.clock.set(at("2026-03-02", 10, 2) + chrono::TimeDelta::seconds(n));
        give(&person, &phone.wrong(w.site.app.now())).await.expect(401);
    }
    w.site.clock.set(at("2026-03-02", 10, 4));
    give(&person, &phone.code(w.site.app.now())).await.expect(401).contains("请重新登录");
    give(&halfway(&w.site, "zhang").await, &phone.code(w.site.app.now())).await.expect(303);
}

#[tokio::test]
async fn codes_are_not_guessed_from_a_session_left_open_either() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    let (phone, _) = set_up(&w.site, &person).await;
    w.site.clock.set(at("2026-03-02", 10, 2));
    let path = format!("{}/remove", super::PAGE);
    for _ in 0..5 {
        person.post(&path, &[("code", &phone.wrong(w.site.app.now()))]).await.expect(422);
    }
    let code = phone.code(w.site.app.now());
    person.post(&path, &[("code", &code)]).await.expect(429);
    w.site.clock.set(at("2026-03-02", 10, 3));
    let code = phone.code(w.site.app.now());
    person.post(&path, &[("code", &code)]).await.expect(303);
}
