//! What takes two administrators: opening an administrator's account anew; granting roles, where the setting is
//! on.

use entity::enums::Role;
use entity::id::{DepartmentId, StaffId};
use jianyan::account::{find_staff, recover, staff_of};
use serde_json::json;

use crate::factor::{give, halfway, is_in, set_up};
use crate::harness::{Answer, Person, Site};

const LIST: &str = "/desk/admin/staff-requests";

struct World {
    site: Site,
    office: DepartmentId,
    zhang: StaffId,
    root: StaffId,
    boss: StaffId,
}

async fn world(two_person_roles: bool, admins: &[&str]) -> World {
    let site = Site::with(|config| config.security.two_person_roles = two_person_roles).await;
    let office = site.department("office", "办公室").await;
    let zhang = site.staff("zhang", office, &[Role::Owner]).await;
    let mut ids = Vec::new();
    for login in admins {
        ids.push(site.staff(login, office, &[Role::Admin]).await);
    }
    World { site, office, zhang, root: ids[0], boss: *ids.get(1).unwrap_or(&ids[0]) }
}

const THREE: &[&str] = &["root", "boss", "third"];

async fn ask_link(person: &Person, about: StaffId) -> Answer {
    person.post(&format!("/desk/admin/staff/{about}/link"), &[]).await
}

/// The address that a button of the page leads to.
fn button(page: &Answer, act: &str) -> Option<String> {
    let html = scraper::Html::parse_document(&page.text);
    let forms = scraper::Selector::parse(&format!("form[action$=\"/{act}\"]")).unwrap();
    html.select(&forms).next().and_then(|f| f.attr("action").map(str::to_owned))
}

fn token_in(page: &Answer) -> String {
    page.text.split("token=").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

async fn set_password(site: &Site, token: &str, password: &str) {
    let fields = [("token", token), ("password", password), ("password_again", password)];
    site.guest().post("/desk/set-up", &fields).await.expect(303);
}

#[tokio::test]
async fn one_administrator_cannot_open_anothers_account() {
    let w = world(false, THREE).await;
    let root = w.site.sign_in("root").await;
    let page = root.get(&format!("/desk/admin/staff/{}", w.boss)).await.expect(200);
    page.contains("申请生成链接").contains("须由另一位管理员确认");
    let asked = ask_link(&root, w.boss).await.expect(303);
    assert_eq!(asked.location(), "/desk/admin/staff-requests?done=requested");
    ask_link(&root, w.boss).await.expect(409).contains("已在等待");
    // Who asked and whom it is about see no button to confirm, and have none by hand either.
    let own = root.get(LIST).await.expect(200);
    own.contains("撤回").contains("测试-boss");
    assert_eq!(button(&own, "approve"), None);
    let third = w.site.sign_in("third").await;
    let approve = button(&third.get(LIST).await.expect(200), "approve").unwrap();
    root.post(&approve, &[]).await.expect(403).contains("以外的管理员确认").lacks("token=");
    w.site.sign_in("boss").await.post(&approve, &[]).await.expect(403).lacks("token=");
    w.site.sign_in("zhang").await.post(&approve, &[]).await.expect(403);
    third.get("/desk/inbox").await.expect(200).contains("待确认");

    // The other administrator confirms and hands the link over; it works, once.
    let page = third.post(&approve, &[]).await.expect(200);
    let token = token_in(&page);
    root.get(LIST).await.expect(200).contains("已确认").lacks("token=");
    root.get("/desk/inbox").await.expect(200).contains("已确认").lacks("token=");
    third.post(&approve, &[]).await.expect(409);
    w.site.sign_in("boss").await.get("/desk/inbox").await.expect(200).contains("重设密码");
    set_password(&w.site, &token, "a quite different sentence").await;
    w.site.sign_in_as("boss", "a quite different sentence").await;
    let record = root.get("/desk/admin/audit?action=staff.reset_link").await.expect(200);
    record.contains("测试-third").lacks(&token);
}

#[tokio::test]
async fn for_everybody_else_one_administrator_is_enough_and_the_person_is_told() {
    let w = world(false, &["root"]).await;
    let root = w.site.sign_in("root").await;
    let zhang = w.site.sign_in("zhang").await;
    ask_link(&root, w.zhang).await.expect(200).contains("token=");
    zhang.get("/desk/inbox").await.expect(200).contains("重设密码").lacks("token=");
    // For oneself there is the own page, which asks for the present password.
    ask_link(&root, w.root).await.expect(409).contains("我的账号");
}

#[tokio::test]
async fn without_another_administrator_there_is_a_clear_way_out() {
    let w = world(false, &["root", "boss"]).await;
    let root = w.site.sign_in("root").await;
    ask_link(&root, w.boss).await.expect(409).contains("jianyan recover");
    // An administrator who cannot sign in is no other administrator.
    let third = w.site.staff("third", w.office, &[Role::Admin]).await;
    let fields = [
        ("display_name", "三"),
        ("email", "third@example.invalid"),
        ("department_id", &w.office.to_string()),
        ("roles", "admin"),
        ("disabled", "yes"),
    ];
    root.post(&format!("/desk/admin/staff/{third}"), &fields).await.expect(303);
    ask_link(&root, w.boss).await.expect(409).contains("jianyan recover");

    let boss = w.site.sign_in("boss").await;
    let (_, codes) = set_up(&w.site, &boss).await;
    assert!(recover::recover(&w.site.app, "nobody", false).await.is_err());
    let link = recover::recover(&w.site.app, "boss", true).await.unwrap();
    assert!(!is_in(&boss).await, "sessions end with the second factor");
    set_password(&w.site, link.split("token=").nth(1).unwrap(), "a quite different sentence").await;
    let boss = w.site.sign_in_as("boss", "a quite different sentence").await;
    boss.get("/desk/inbox").await.expect(200).contains("已由管理员重置").contains("重设密码");
    assert!(recover::recover(&w.site.app, "boss", true).await.is_err(), "there is none any more");
    assert_eq!(codes.len(), 10);
}

#[tokio::test]
async fn the_second_factor_of_an_administrator_takes_two_as_well() {
    let w = world(false, THREE).await;
    let root = w.site.sign_in("root").await;
    let boss = w.site.sign_in("boss").await;
    let (_, codes) = set_up(&w.site, &boss).await;
    let reset = format!("/desk/admin/staff/{}/second-factor/reset", w.boss);
    let asked = root.post(&reset, &[]).await.expect(303);
    assert_eq!(asked.location(), "/desk/admin/staff-requests?done=requested");
    // Nothing happened yet.
    assert!(is_in(&boss).await);
    let person = halfway(&w.site, "boss").await;
    give(&person, &codes[0]).await.expect(303);
    let third = w.site.sign_in("third").await;
    let approve = button(&third.get(LIST).await.expect(200), "approve").unwrap();
    third.post(&approve, &[]).await.expect(303);
    assert!(!is_in(&boss).await);
    assert!(is_in(&w.site.sign_in("boss").await).await);
}

#[tokio::test]
async fn a_request_is_refused_taken_back_or_void_after_three_days() {
    let w = world(false, THREE).await;
    let root = w.site.sign_in("root").await;
    let third = w.site.sign_in("third").await;
    ask_link(&root, w.boss).await.expect(303);
    let page = third.get(LIST).await.expect(200);
    let (approve, refuse) = (button(&page, "approve").unwrap(), button(&page, "refuse").unwrap());
    third.post(&refuse, &[]).await.expect(303);
    third.post(&approve, &[]).await.expect(409);
    root.get(LIST).await.expect(200).contains("已拒绝");
    root.get("/desk/inbox").await.expect(200).contains("已拒绝");

    ask_link(&root, w.boss).await.expect(303);
    let back = button(&root.get(LIST).await.expect(200), "refuse").unwrap();
    root.post(&back, &[]).await.expect(303);
    root.get(&format!("{LIST}?lang=en")).await.expect(200).contains("Taken back").contains("Nothing waits");

    ask_link(&root, w.boss).await.expect(303);
    let approve = button(&third.get(LIST).await.expect(200), "approve").unwrap();
    w.site.at("2026-03-05", 10, 1).await;
    let third = w.site.sign_in("third").await;
    third.get(LIST).await.expect(200).contains("已失效");
    third.post(&approve, &[]).await.expect(409).contains("已失效");
    third.post(&format!("{LIST}/nonsense/approve"), &[]).await.expect(404);
}

#[tokio::test]
async fn what_somebody_asked_who_is_no_administrator_any_more_is_not_done() {
    let w = world(false, THREE).await;
    ask_link(&w.site.sign_in("root").await, w.boss).await.expect(303);
    let third = w.site.sign_in("third").await;
    let fields = [
        ("display_name", "根"),
        ("email", "root@example.invalid"),
        ("department_id", &w.office.to_string()),
        ("roles", "owner"),
    ];
    third.post(&format!("/desk/admin/staff/{}", w.root), &fields).await.expect(303);
    let approve = button(&third.get(LIST).await.expect(200), "approve").unwrap();
    third.post(&approve, &[]).await.expect(409).contains("已不是管理员").lacks("token=");
}

#[tokio::test]
async fn of_two_confirmations_at_once_one_counts() {
    let w = world(false, &["root", "boss", "third", "fourth"]).await;
    ask_link(&w.site.sign_in("root").await, w.boss).await.expect(303);
    let (third, fourth) = (w.site.sign_in("third").await, w.site.sign_in("fourth").await);
    let approve = button(&third.get(LIST).await.expect(200), "approve").unwrap();
    let (a, b) = tokio::join!(third.post(&approve, &[]), fourth.post(&approve, &[]));
    let mut both = [a.status.as_u16(), b.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [200, 409]);
}

#[tokio::test]
async fn the_api_keeps_to_the_same_rules() {
    let w = world(false, THREE).await;
    let (root, third) = (w.site.api("root").await, w.site.api("third").await);
    let asked =
        root.json("POST", &format!("/api/v1/staff/{}/link", w.boss), json!({})).await.expect(200).json();
    assert_eq!(asked["link"], json!(null));
    let plain =
        root.json("POST", &format!("/api/v1/staff/{}/link", w.zhang), json!({})).await.expect(200).json();
    assert!(plain["link"].as_str().unwrap().contains("token="));
    let rows = third.get("/api/v1/staff-requests").await.expect(200).json();
    assert_eq!(rows[0]["kind"], "reset_link");
    assert_eq!(rows[0]["open"], true);
    let path = format!("/api/v1/staff-requests/{}", rows[0]["id"].as_str().unwrap());
    root.json("POST", &format!("{path}/approve"), json!({})).await.expect(403);
    w.site.api("zhang").await.get("/api/v1/staff-requests").await.expect(403);
    let done = third.json("POST", &format!("{path}/approve"), json!({})).await.expect(200).json();
    assert!(done["link"].as_str().unwrap().contains("token="));
    third.json("POST", &format!("{path}/refuse"), json!({})).await.expect(409);
}

async fn roles(w: &World, id: StaffId) -> Vec<Role> {
    let mut roles = staff_of(w.site.app.db.read(), id).await.unwrap().unwrap().roles;
    roles.sort_unstable();
    roles
}

async fn give_roles(w: &World, by: &Person, to: StaffId, roles: &[&str]) -> Answer {
    let person = find_staff(w.site.app.db.read(), to).await.unwrap();
    let office = w.office.to_string();
    let mut fields = vec![
        ("display_name", person.display_name.as_str()),
        ("email", person.email.as_str()),
        ("department_id", office.as_str()),
    ];
    fields.extend(roles.iter().map(|role| ("roles", *role)));
    by.post(&format!("/desk/admin/staff/{to}"), &fields).await
}

#[tokio::test]
async fn with_the_setting_on_two_administrators_grant_the_roles_that_matter() {
    let w = world(true, &["root", "boss"]).await;
    let (root, boss) = (w.site.sign_in("root").await, w.site.sign_in("boss").await);
    let answer = give_roles(&w, &root, w.zhang, &["owner", "supervisor", "moderator"]).await.expect(303);
    assert_eq!(answer.location(), "/desk/admin/staff-requests?done=requested");
    // What needs nobody else holds at once.
    assert_eq!(roles(&w, w.zhang).await, [Role::Owner, Role::Supervisor]);
    root.get(&format!("/desk/admin/staff/{}", w.zhang)).await.expect(200).contains("等待另一位管理员确认");
    // Saving the form again asks for nothing anew and takes nothing away.
    let answer = give_roles(&w, &root, w.zhang, &["owner", "supervisor"]).await.expect(303);
    assert_eq!(answer.location(), "/desk/admin/staff?done=saved");
    let approve = button(&boss.get(LIST).await.expect(200), "approve").unwrap();
    root.post(&approve, &[]).await.expect(403);
    let zhang = w.site.sign_in("zhang").await;
    boss.post(&approve, &[]).await.expect(303);
    assert_eq!(roles(&w, w.zhang).await, [Role::Owner, Role::Moderator, Role::Supervisor]);
    assert!(!is_in(&zhang).await, "sessions end when roles change");
    w.site.sign_in("zhang").await.get("/desk/inbox").await.expect(200).contains("您的角色已变更");
    // Taking a role away needs one.
    give_roles(&w, &root, w.zhang, &["owner"]).await.expect(303);
    assert_eq!(roles(&w, w.zhang).await, [Role::Owner]);
    boss.get("/desk/admin/audit?action=staff.request_approve").await.expect(200).contains("测试-boss");
}

#[tokio::test]
async fn with_the_setting_on_somebody_new_starts_without_the_roles_that_matter() {
    let w = world(true, &["root", "boss"]).await;
    let root = w.site.api("root").await;
    let new = json!({
        "login": "wang", "name": "王某", "email": "wang@example.invalid",
        "department": w.office.to_string(), "roles": ["admin", "disclosure"],
    });
    let made = root.json("POST", "/api/v1/staff", new).await.expect(200).json();
    assert_eq!(made["staff"]["roles"], json!(["disclosure"]));
    let boss = w.site.sign_in("boss").await;
    let approve = button(&boss.get(LIST).await.expect(200), "approve").unwrap();
    boss.post(&approve, &[]).await.expect(303);
    let id: StaffId = made["staff"]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(roles(&w, id).await, [Role::Disclosure, Role::Admin]);
}

#[tokio::test]
async fn with_the_setting_on_nobody_becomes_more_alone() {
    let w = world(true, &["root", "boss"]).await;
    let root = w.site.sign_in("root").await;
    // For oneself: the other one must confirm.
    give_roles(&w, &root, w.root, &["admin", "moderator"]).await.expect(303);
    assert_eq!(roles(&w, w.root).await, [Role::Admin]);
    let own = root.get(LIST).await.expect(200);
    assert_eq!(button(&own, "approve"), None);
    // Alone there is nobody to confirm, and nothing is changed.
    let alone = world(true, &["root"]).await;
    let root = alone.site.sign_in("root").await;
    let refused = give_roles(&alone, &root, alone.zhang, &["owner", "supervisor", "admin"]).await.expect(409);
    refused.contains("security.two_person_roles");
    assert_eq!(roles(&alone, alone.zhang).await, [Role::Owner]);
    // Off, as it comes, one is enough.
    let off = world(false, &["root"]).await;
    let root = off.site.sign_in("root").await;
    give_roles(&off, &root, off.zhang, &["owner", "moderator"]).await.expect(303);
    assert_eq!(roles(&off, off.zhang).await, [Role::Owner, Role::Moderator]);
}
