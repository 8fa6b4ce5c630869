//! Setting it up, new recovery codes, removing it.

use entity::{recovery_code, second_factor};
use jianyan::config::SecondFactor;
use sea_orm::EntityTrait as _;

use super::{PAGE, give, halfway, is_in, recovery_codes, set_up, world};
use crate::factor::app::Phone;
use crate::harness::PASSWORD;

#[tokio::test]
async fn it_takes_the_password_and_a_code_and_ends_other_sessions() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    let elsewhere = w.site.sign_in("zhang").await;
    person.get("/desk/account").await.expect(200).contains("启用两步验证");
    person.get(PAGE).await.expect(200).lacks("square-code");
    person.post(&format!("{PAGE}/confirm"), &[("code", "123456")]).await.expect(409).contains("请重新开始");
    person.post(PAGE, &[("password", "not my password")]).await.expect(422).contains("密码不正确");
    person.get(PAGE).await.expect(200).lacks("square-code");

    person.post(PAGE, &[("password", PASSWORD)]).await.expect(303);
    let page = person.get(PAGE).await.expect(200);
    page.contains("<svg").contains("square-code").lacks("style=");
    // Another session of the same person sees nothing of it.
    elsewhere.get(PAGE).await.expect(200).lacks("square-code");
    let phone = Phone::reading(&page);
    let confirm = format!("{PAGE}/confirm");
    let wrong = phone.wrong(w.site.app.now());
    for odd in [wrong.as_str(), "", "12345", "abcdef"] {
        person
            .post(&confirm, &[("code", odd)])
            .await
            .expect(422)
            .contains("验证码不正确")
            .contains("square-code");
    }
    // Until it is confirmed, nobody is asked for it.
    assert!(is_in(&w.site.sign_in("zhang").await).await);

    let (before, person) = (person.cookie("sid").unwrap(), w.site.sign_in("zhang").await);
    let (phone, codes) = set_up(&w.site, &person).await;
    assert_eq!(codes.len(), 10);
    assert!(is_in(&person).await);
    assert!(!is_in(&elsewhere).await && !is_in(&w.site.in_session(&before)).await);
    person.get("/desk/inbox").await.expect(200).contains("您的账号已启用两步验证");
    person.get(PAGE).await.expect(200).contains("10 个恢复码").lacks("square-code");
    person.post(PAGE, &[("password", PASSWORD)]).await.expect(409).contains("已启用");
    person.get("/desk/account?lang=en").await.expect(200).contains("since");

    // Nothing that could be used is kept in the clear.
    let db = w.site.app.db.read();
    let row = second_factor::Entity::find().one(db).await.unwrap().unwrap();
    let now = phone.code(w.site.app.now());
    assert!(row.secret_enc.len() > 40 && !row.secret_enc.windows(6).any(|w| w == now.as_bytes()));
    for row in recovery_code::Entity::find().all(db).await.unwrap() {
        assert!(!codes.iter().any(|code| row.code_hash.contains(&code.replace('-', ""))));
    }
    let root = w.site.sign_in("root").await;
    root.get("/desk/admin/audit?action=second_factor.set").await.expect(200).contains("second_factor.set");
}

#[tokio::test]
async fn a_secret_that_waits_too_long_is_worth_nothing() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    person.post(PAGE, &[("password", PASSWORD)]).await.expect(303);
    let phone = Phone::reading(&person.get(PAGE).await.expect(200));
    w.site.at("2026-03-02", 10, 11).await;
    let code = phone.code(w.site.app.now());
    let late = person.post(&format!("{PAGE}/confirm"), &[("code", &code)]).await.expect(409);
    late.contains("请重新开始").lacks("square-code");
    set_up(&w.site, &person).await;
}

#[tokio::test]
async fn new_recovery_codes_take_a_code_and_end_the_old_ones() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    let (phone, old) = set_up(&w.site, &person).await;
    let path = format!("{PAGE}/codes");
    let code = phone.code(w.site.app.now());
    person.post(&path, &[("code", &code)]).await.expect(422).contains("已使用过");
    w.site.at("2026-03-02", 10, 1).await;
    person.post(&path, &[("code", &phone.wrong(w.site.app.now()))]).await.expect(422);
    let code = phone.code(w.site.app.now());
    let page = person.post(&path, &[("code", &code)]).await.expect(200);
    let new = recovery_codes(&page);
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    give(&halfway(&w.site, "zhang").await, &old[0]).await.expect(401);
    give(&halfway(&w.site, "zhang").await, &new[0]).await.expect(303);
}

#[tokio::test]
async fn its_owner_removes_it_with_a_code_and_only_then_the_password_is_enough() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    let (_, codes) = set_up(&w.site, &person).await;
    let path = format!("{PAGE}/remove");
    person.post(&path, &[("code", "")]).await.expect(422);
    person.post(&path, &[("code", "AAAAA-AAAAA")]).await.expect(422);
    halfway(&w.site, "zhang").await;
    let gone = person.post(&path, &[("code", &codes[3])]).await.expect(303);
    assert_eq!(gone.location(), "/desk/account?done=factor_removed");
    assert!(is_in(&person).await);
    assert!(is_in(&w.site.sign_in("zhang").await).await);
    assert_eq!(recovery_code::Entity::find().all(w.site.app.db.read()).await.unwrap(), []);
    person.get("/desk/inbox").await.expect(200).contains("您的账号已停用两步验证");
    // A fresh start is a fresh secret.
    set_up(&w.site, &person).await;
}

#[tokio::test]
async fn an_administrator_resets_somebody_elses_and_the_person_is_told() {
    let w = world(SecondFactor::Optional).await;
    let person = w.site.sign_in("zhang").await;
    let root = w.site.sign_in("root").await;
    let path = format!("/desk/admin/staff/{}", w.zhang);
    let reset = format!("{path}/second-factor/reset");
    root.get(&path).await.expect(200).lacks("second-factor/reset");
    root.post(&reset, &[]).await.expect(409);
    set_up(&w.site, &person).await;
    root.get("/desk/admin/staff").await.expect(200).contains("两步验证");
    root.get(&path).await.expect(200).contains(&reset);
    person.post(&reset, &[]).await.expect(403);
    let program = w.site.api("root").await;
    let shown = program.get(&format!("/api/v1/staff/{}", w.zhang)).await.expect(200).json();
    assert_eq!(shown["second_factor"], true);

    root.post(&reset, &[]).await.expect(303);
    assert!(!is_in(&person).await, "sessions end");
    let person = w.site.sign_in("zhang").await;
    person.get("/desk/inbox").await.expect(200).contains("已由管理员重置");
    root.get("/desk/admin/audit?action=second_factor.reset").await.expect(200).contains("测试-root");
    set_up(&w.site, &person).await;
    let address = format!("/api/v1/staff/{}/second-factor", w.zhang);
    w.site.api("zhang").await.raw("DELETE", &address, &[], vec![]).await.expect(403);
    let after = program.raw("DELETE", &address, &[], vec![]).await.expect(200).json();
    assert_eq!(after["second_factor"], false);
    program.raw("DELETE", &address, &[], vec![]).await.expect(409);
}

#[tokio::test]
async fn nobody_resets_the_own_one() {
    let w = world(SecondFactor::Optional).await;
    let root = w.site.sign_in("root").await;
    set_up(&w.site, &root).await;
    let me = jianyan::account::active(w.site.app.db.read()).await.unwrap();
    let me = me.iter().find(|p| p.login == "root").unwrap().id;
    let page = root.get(&format!("/desk/admin/staff/{me}")).await.expect(200);
    page.lacks("second-factor/reset");
    root.post(&format!("/desk/admin/staff/{me}/second-factor/reset"), &[]).await.expect(409);
    let address = format!("/api/v1/staff/{me}/second-factor");
    w.site.api("root").await.raw("DELETE", &address, &[], vec![]).await.expect(409);
    halfway(&w.site, "root").await;
}
