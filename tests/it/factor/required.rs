//! The setting: off, and required of everybody.

use entity::enums::Role;
use jianyan::account::set_up as first;
use jianyan::config::SecondFactor;
use serde_json::json;

use super::{PAGE, give, halfway, is_in, set_up, world};
use crate::harness::{PASSWORD, Site};

#[tokio::test]
async fn required_of_somebody_without_it_every_page_leads_to_setting_it_up() {
    let w = world(SecondFactor::Required).await;
    let person = w.site.sign_in("zhang").await;
    for path in
        ["/desk", "/desk/inbox", "/desk/account", "/desk/decisions", "/desk/sign-in", "/desk/no-such-page"]
    {
        assert_eq!(person.get(path).await.expect(303).location(), PAGE, "{path}");
    }
    for path in ["/desk/account/password", "/desk/inbox/read", "/desk/account/sessions/others/end"] {
        assert_eq!(person.post(path, &[]).await.expect(303).location(), PAGE, "{path}");
    }
    // Addresses that only look like the one that is open.
    for path in ["/desk/account/second-factors", "/desk/account/second-factor/../password"] {
        assert_ne!(person.get(path).await.status, 200, "{path}");
    }
    let page = person.get(PAGE).await.expect(200);
    page.contains("本单位要求").lacks("href=\"/desk/duties\"");
    // On the public pages the person is a guest like everybody.
    person.get("/").await.expect(200).lacks("测试-zhang");
    set_up(&w.site, &person).await;
    assert!(is_in(&person).await);
    person.get(PAGE).await.expect(200).lacks("本单位要求");
    let outward = w.site.sign_in("boss").await;
    outward.post("/desk/sign-out", &[]).await.expect(303);
}

#[tokio::test]
async fn required_of_somebody_without_it_no_token_is_good() {
    let w = world(SecondFactor::Required).await;
    let program = w.site.api("root").await;
    for (method, path) in [("GET", "/api/v1/me"), ("GET", "/api/v1/staff"), ("POST", "/api/v1/staff")] {
        let refused = program.json(method, path, json!({})).await.expect(403);
        assert_eq!(refused.json()["code"], "second_factor_required");
    }
    program.get("/api/v1/decisions").await;
    set_up(&w.site, &w.site.sign_in("root").await).await;
    program.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn removed_where_it_is_required_only_setting_it_up_is_left() {
    let w = world(SecondFactor::Required).await;
    let person = w.site.sign_in("zhang").await;
    let (_, codes) = set_up(&w.site, &person).await;
    person.post(&format!("{PAGE}/remove"), &[("code", &codes[0])]).await.expect(303);
    assert_eq!(person.get("/desk").await.expect(303).location(), PAGE);
    set_up(&w.site, &person).await;
    assert!(is_in(&person).await);
}

#[tokio::test]
async fn required_a_bureau_still_begins_with_its_first_administrator() {
    let site = Site::with(|config| config.security.second_factor = SecondFactor::Required).await;
    let link = first::first_link(&site.app).await.unwrap().unwrap();
    let token = link.split("token=").nth(1).unwrap();
    let guest = site.guest();
    let fields = [
        ("token", token),
        ("bureau", "示例市体育局"),
        ("name", "管理员"),
        ("login", "root"),
        ("email", "root@example.invalid"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    guest.post("/desk/set-up", &fields).await.expect(303);
    let root = site.sign_in("root").await;
    assert_eq!(root.get("/desk/admin/staff").await.expect(303).location(), PAGE);
    set_up(&site, &root).await;
    root.get("/desk/admin/staff").await.expect(200);
}

#[tokio::test]
async fn switched_off_nobody_is_offered_one_or_asked_for_one() {
    let w = world(SecondFactor::Optional).await;
    set_up(&w.site, &w.site.sign_in("zhang").await).await;
    halfway(&w.site, "zhang").await;
    let off = w.site.beside_with(|config| config.security.second_factor = SecondFactor::Off).await;
    let person = off.sign_in("zhang").await;
    person.get(PAGE).await.expect(404);
    person.post(PAGE, &[("password", PASSWORD)]).await.expect(404);
    person.get("/desk/account").await.expect(200).lacks("second-factor");
    // Switched on again, what was set up counts again.
    give(&halfway(&w.site, "zhang").await, "000000").await.expect(401);
}

#[tokio::test]
async fn somebody_invited_where_it_is_required_goes_through_the_same_door() {
    let w = world(SecondFactor::Required).await;
    let root = w.site.sign_in("root").await;
    set_up(&w.site, &root).await;
    let office = jianyan::account::find_staff(w.site.app.db.read(), w.zhang).await.unwrap().department_id;
    let fields = [
        ("login", "wang"),
        ("display_name", "王某"),
        ("email", "wang@example.invalid"),
        ("department_id", &office.to_string()),
        ("roles", Role::Moderator.as_str()),
    ];
    let page = root.post("/desk/admin/staff/new", &fields).await.expect(200);
    let token = page.text.split("token=").nth(1).unwrap().split('<').next().unwrap();
    let fields = [("token", token), ("password", PASSWORD), ("password_again", PASSWORD)];
    w.site.guest().post("/desk/set-up", &fields).await.expect(303);
    let wang = w.site.sign_in("wang").await;
    assert_eq!(wang.get("/desk/review").await.expect(303).location(), PAGE);
    set_up(&w.site, &wang).await;
    wang.get("/desk/review").await.expect(200);
}
