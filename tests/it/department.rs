//! Departments and people, through the administrator's pages and the API.

use entity::enums::Role;
use serde_json::json;

use crate::harness::{PASSWORD, Person, Site};

async fn site() -> (Site, Person) {
    let site = Site::new().await;
    let bureau = site.department("bureau", "示例市体育局").await;
    site.staff("root", bureau, &[Role::Admin]).await;
    site.staff("owner", bureau, &[Role::Owner]).await;
    let admin = site.sign_in("root").await;
    (site, admin)
}

fn details<'a>(name: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("short_name", "群体处"),
        ("key", key),
        ("parent_id", ""),
        ("head_id", ""),
        ("address", "示例市体育路1号"),
        ("postcode", "200000"),
        ("email", "mass@example.invalid"),
        ("phone", "000-12345678"),
    ]
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    for field in &mut fields {
        if field.0 == name {
            field.1 = value;
        }
    }
    fields
}

#[tokio::test]
async fn an_administrator_adds_and_changes_departments() {
    let (site, admin) = site().await;
    const NEW: &str = "/desk/admin/departments/new";
    admin.get("/desk/admin/departments").await.expect(200).contains("示例市体育局").contains("未指定");
    admin.get(NEW).await.expect(200).contains("代号");
    admin.post(NEW, &details("群众体育处", "mass")).await.expect(303);
    // What was typed is there again, and what is wrong is said.
    let again = admin.post(NEW, &details("又一个处", "mass")).await.expect(422);
    again.contains("该代号已被使用").contains("又一个处").contains("体育路1号");
    admin.post(NEW, &details("", "Bad Key!")).await.expect(422).contains("只能用小写字母");
    let long = "长".repeat(500);
    admin.post(NEW, &details(&long, "long")).await.expect(422).contains(&long);
    for bad in ["nonsense", "00000000-0000-0000-0000-000000000000", "\0"] {
        admin.post(NEW, &with(details("处", "other"), "parent_id", bad)).await.expect(422);
        admin.post(NEW, &with(details("处", "other"), "head_id", bad)).await.expect(422);
    }

    let api = site.api("root").await;
    let all = api.get("/api/v1/departments").await.expect(200).json();
    let id = |key: &str| {
        let found = all.as_array().unwrap().iter().find(|d| d["key"] == key).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let (bureau, mass) = (id("bureau"), id("mass"));
    let path = format!("/desk/admin/departments/{mass}");
    admin.get(&path).await.expect(200).contains("群众体育处");
    let below = with(details("群众体育处", "x"), "parent_id", &bureau);
    admin.post(&path, &below).await.expect(303);
    let page = admin.get("/desk/admin/departments?lang=en").await.expect(200);
    page.contains("depth-1").contains("Add a department");
    admin.get("/desk?lang=zh").await.expect(200);
    // The tree stays a tree.
    let ring = with(details("示例市体育局", "x"), "parent_id", &mass);
    let path = format!("/desk/admin/departments/{bureau}");
    admin.post(&path, &ring).await.expect(422).contains("不能以自身或下级为上级");
    let itself = with(details("示例市体育局", "x"), "parent_id", &bureau);
    admin.post(&path, &itself).await.expect(422);
    admin.get("/desk/admin/departments/nonsense").await.expect(404);
}

#[tokio::test]
async fn departments_through_the_api() {
    let (site, _) = site().await;
    let (admin, owner) = (site.api("root").await, site.api("owner").await);
    let body = json!({ "key": "mass", "name": "群众体育处", "short_name": "群体处" });
    owner.json("POST", "/api/v1/departments", body.clone()).await.expect(403);
    site.guest().json("POST", "/api/v1/departments", body.clone()).await.expect(401);
    let made = admin.json("POST", "/api/v1/departments", body.clone()).await.expect(200).json();
    let path = format!("/api/v1/departments/{}", made["id"].as_str().unwrap());
    assert_eq!(
        admin.json("POST", "/api/v1/departments", body).await.expect(422).json()["errors"][0]["field"],
        "key"
    );
    let change = json!({ "name": "群众体育处", "short_name": "群体", "parent": made["id"] });
    let refused = admin.json("PUT", &path, change).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "parent");
    let change = json!({ "name": "群众体育处", "short_name": "群体", "phone": "000-1234567" });
    let changed = admin.json("PUT", &path, change.clone()).await.expect(200).json();
    assert_eq!((&changed["key"], &changed["phone"]), (&json!("mass"), &json!("000-1234567")));
    owner.json("PUT", &path, change).await.expect(403);
    let other_key = json!({ "key": "other", "name": "n", "short_name": "n" });
    admin.json("PUT", &path, other_key).await.expect(422);
    owner.get(&path).await.expect(200);
    owner.get("/api/v1/departments/00000000-0000-0000-0000-000000000000").await.expect(404);
}

#[tokio::test]
async fn an_invited_person_sets_a_password_and_comes_in() {
    let (site, admin) = site().await;
    let departments = site.api("root").await.get("/api/v1/departments").await.expect(200).json();
    let bureau = departments[0]["id"].as_str().unwrap().to_owned();
    const NEW: &str = "/desk/admin/staff/new";
    let fields = [
        ("display_name", "张三"),
        ("login", "Zhang.San"),
        ("email", "zhang@example.invalid"),
        ("department_id", bureau.as_str()),
        ("roles", "owner"),
        ("roles", "moderator"),
    ];
    let made = admin.post(NEW, &fields).await.expect(200);
    made.contains("只显示这一次");
    assert_eq!(made.headers["cache-control"], "no-store");
    let link = made.text.split("/desk/set-up?token=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    admin.get("/desk/admin/staff").await.expect(200).contains("待设密码").contains("zhang.san").lacks(&link);
    let again = admin.post(NEW, &fields).await.expect(422);
    again.contains("该用户名已被使用").contains("张三").lacks("token=");
    // The boxes that were taken stay taken.
    assert_eq!(again.text.matches(" checked").count(), 2);

    let person = site.guest();
    let set = [("token", link.as_str()), ("password", PASSWORD), ("password_again", PASSWORD)];
    person.post("/desk/set-up", &set).await.expect(303);
    person.post("/desk/sign-in", &[("login", "zhang.san"), ("password", PASSWORD)]).await.expect(303);
    person.get("/desk").await.expect(200).contains("张三");

    for (name, value) in [
        ("display_name", ""),
        ("login", "有空格 的"),
        ("email", "no mail"),
        ("department_id", "nonsense"),
        ("department_id", "00000000-0000-0000-0000-000000000000"),
        ("roles", "emperor"),
    ] {
        let mut bad = fields.to_vec();
        bad.retain(|(n, _)| *n != name);
        bad.push((name, value));
        if name != "login" {
            bad.retain(|(n, _)| *n != "login");
            bad.push(("login", "somebody"));
        }
        admin.post(NEW, &bad).await.expect(422);
    }
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_a_new_link_ends_the_old_one() {
    let (site, admin) = site().await;
    let api = site.api("root").await;
    let staff = api.get("/api/v1/staff").await.expect(200).json();
    let owner = staff.as_array().unwrap().iter().find(|p| p["login"] == "owner").unwrap().clone();
    let path = format!("/desk/admin/staff/{}", owner["id"].as_str().unwrap());
    let department = owner["department"].as_str().unwrap();
    let browser = site.sign_in("owner").await;
    let program = site.api("owner").await;
    let fields = [
        ("display_name", "测试-owner"),
        ("email", "owner@example.invalid"),
        ("department_id", department),
        ("roles", "owner"),
    ];
    // A new address alone signs nobody out.
    admin.post(&path, &fields).await.expect(303);
    browser.get("/desk").await.expect(200);
    let first = admin.post(&format!("{path}/link"), &[]).await.expect(200);
    let token = |text: &str| text.split("token=").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let second = admin.post(&format!("{path}/link"), &[]).await.expect(200);
    site.guest().get(&format!("/desk/set-up?token={}", token(&first.text))).await.expect(404);
    site.guest().get(&format!("/desk/set-up?token={}", token(&second.text))).await.expect(200);

    let closing: Vec<_> = fields.into_iter().chain([("disabled", "yes")]).collect();
    admin.post(&path, &closing).await.expect(303);
    browser.get("/desk").await.expect(303);
    program.get("/api/v1/me").await.expect(401);
    admin.get(&path).await.expect(200).contains("已停用");
    admin.get("/desk/admin/staff").await.expect(200).contains("已停用");

    // Nobody locks oneself out.
    let root = staff.as_array().unwrap().iter().find(|p| p["login"] == "root").unwrap();
    let me = format!("/api/v1/staff/{}", root["id"].as_str().unwrap());
    api.json("PATCH", &me, json!({ "roles": ["owner"] })).await.expect(409);
    api.json("PATCH", &me, json!({ "disabled": true })).await.expect(409);
    let renamed = api.json("PATCH", &me, json!({ "name": "新名字" })).await.expect(200).json();
    assert_eq!((&renamed["name"], &renamed["roles"]), (&json!("新名字"), &json!(["admin"])));
}

#[tokio::test]
async fn administration_is_for_administrators() {
    let (site, _) = site().await;
    let owner = site.sign_in("owner").await;
    let id = "00000000-0000-0000-0000-000000000000";
    for path in [
        "/desk/admin/departments".to_owned(),
        "/desk/admin/departments/new".to_owned(),
        format!("/desk/admin/departments/{id}"),
        "/desk/admin/staff".to_owned(),
        "/desk/admin/staff/new".to_owned(),
        format!("/desk/admin/staff/{id}"),
        "/desk/admin/calendar".to_owned(),
        "/desk/admin/calendar/days.csv".to_owned(),
        "/desk/admin/audit".to_owned(),
    ] {
        owner.get(&path).await.expect(403);
        let guest = site.guest().get(&path).await.expect(303);
        assert!(guest.location().starts_with("/desk/sign-in"), "{path}: {}", guest.location());
    }
    for path in [
        "/desk/admin/departments/new".to_owned(),
        format!("/desk/admin/departments/{id}"),
        "/desk/admin/staff/new".to_owned(),
        format!("/desk/admin/staff/{id}"),
        format!("/desk/admin/staff/{id}/link"),
        "/desk/admin/calendar/preview".to_owned(),
        "/desk/admin/calendar/import".to_owned(),
        "/desk/admin/audit/check".to_owned(),
    ] {
        owner.post(&path, &[]).await.expect(403);
    }
    let program = site.api("owner").await;
    for path in ["/api/v1/staff", "/api/v1/audit"] {
        program.get(path).await.expect(403);
        site.guest().get(path).await.expect(401);
    }
}

#[tokio::test]
async fn the_list_of_people_is_paged_and_filtered() {
    let (site, admin) = site().await;
    let mass = site.department("mass", "群众体育处").await;
    for n in 0..60 {
        site.staff(&format!("p{n:02}"), mass, &[Role::Owner]).await;
    }
    let first = admin.get("/desk/admin/staff").await.expect(200);
    first.contains("owner").contains("p48").lacks("p49").contains("rel=\"next\"");
    admin.get("/desk/admin/staff?page=2").await.expect(200).contains("p59").contains("root").lacks("p48");
    let only = admin.get(&format!("/desk/admin/staff?department={mass}&page=2")).await.expect(200);
    only.contains("p59").lacks("<code>root</code>");
    admin.get("/desk/admin/staff?page=abc&department=%20").await.expect(200);
}
