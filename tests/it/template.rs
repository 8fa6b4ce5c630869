//! The moderators' templates of reasons.

use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Person, Site};

const API: &str = "/api/v1/review/templates";
const PAGE: &str = "/desk/templates";
const CASE: &str = "/desk/review/2026-001-1-000001";
const WORDS: &str = "请删去文中的电话号码后再次提交，我们会尽快审核。";

async fn site() -> Site {
    let site = Site::new().await;
    fixture::open(&site).await;
    for text in ["老张的电话是一三八", "步道太窄", "步道太窄"] {
        let body =
            json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
        site.guest().json("POST", "/api/v1/consultations/2026-001-1/opinions", body).await.expect(201);
    }
    site
}

async fn add(person: &Person, action: &str, name: &str, text: &str) -> String {
    let body = json!({ "action": action, "name": name, "text": text });
    let done = person.json("POST", API, body).await.expect(200).json();
    done["id"].as_str().unwrap().to_owned()
}

async fn notes(site: &Site) -> Vec<String> {
    let all = entity::review::Entity::find().all(site.app.db.read()).await.unwrap();
    all.into_iter().map(|r| r.reason_text).collect()
}

#[tokio::test]
async fn a_template_fills_the_note_that_was_left_empty_and_no_other() {
    let site = site().await;
    let api = site.api("mod1").await;
    let returned = add(&api, "return", "请隐去电话", WORDS).await;
    let withheld = add(&api, "withhold", "涉及他人", "文中提到他人。").await;
    let page = site.sign_in("mod1").await;
    page.get(CASE).await.expect(200).contains("请隐去电话").contains(&format!("value=\"{withheld}\""));

    // A note is still required, and another decision's template is none.
    let send = |more: Vec<(&'static str, String)>| {
        let page = &page;
        async move {
            let mut fields = vec![("revision", "1"), ("action", "return"), ("return_code", "personal_data")];
            fields.extend(more.iter().map(|(n, v)| (*n, v.as_str())));
            page.post(CASE, &fields).await
        }
    };
    send(vec![]).await.expect(422).contains("请写给作者看的说明");
    send(vec![("return_template", withheld)]).await.expect(422);
    send(vec![("return_template", "不是模板".to_owned())]).await.expect(422);
    assert!(notes(&site).await.is_empty());
    send(vec![("return_template", returned.clone())]).await.expect(303);
    assert_eq!(notes(&site).await, [WORDS]);

    // What was typed is what is sent; and one template serves opinions that say the same.
    let fields = [
        ("opinions", "2026-001-1-000002:1"),
        ("opinions", "2026-001-1-000003:1"),
        ("action", "withhold"),
        ("withhold_code", "off_topic"),
        ("withhold_text", "与本稿无关。"),
        ("withhold_template", "x"),
    ];
    page.post("/desk/review/2026-001-1-000002/equal", &fields).await.expect(303);
    assert_eq!(notes(&site).await, [WORDS, "与本稿无关。", "与本稿无关。"]);

    // A change later changes nothing that was sent.
    let body = json!({ "name": "请隐去电话", "text": "改过的话。" });
    api.json("PUT", &format!("{API}/{returned}"), body).await.expect(200);
    assert_eq!(notes(&site).await[0], WORDS);
}

#[tokio::test]
async fn moderators_keep_the_list_in_order() {
    let site = site().await;
    let (page, owner) = (site.sign_in("mod1").await, site.sign_in("owner").await);
    page.get(PAGE).await.expect(200).contains("还没有模板");
    owner.get(PAGE).await.expect(403);
    owner.post(PAGE, &[("action", "return"), ("name", "x"), ("text", "y")]).await.expect(403);
    page.post(PAGE, &[("action", "return"), ("name", "甲"), ("text", WORDS)]).await.expect(303);
    let wrong: [(&str, &str, &str, &str); 5] = [
        ("return", "甲", "又一条", "已有同名的模板"),
        ("return", "", "没有名称的话", "没有名称的话"),
        ("return", "乙", "", "乙"),
        ("publish", "丙", "公开没有说明", "公开没有说明"),
        ("return", "丁", "看不见\u{0}的", "控制字符"),
    ];
    for (action, name, text, seen) in wrong {
        let fields = [("action", action), ("name", name), ("text", text)];
        page.post(PAGE, &fields).await.expect(422).contains(seen);
    }
    // The same name for another decision is another template.
    page.post(PAGE, &[("action", "reject"), ("name", "甲"), ("text", "不予受理。")]).await.expect(303);

    let api = site.api("mod1").await;
    let list = api.get(API).await.expect(200).json();
    let names: Vec<_> = list.as_array().unwrap().iter().map(|t| (&t["action"], &t["name"])).collect();
    assert_eq!(names, [(&json!("reject"), &json!("甲")), (&json!("return"), &json!("甲"))]);
    let id = |i: usize| list[i]["id"].as_str().unwrap().to_owned();
    page.get(&format!("{PAGE}?edit={}", id(1))).await.expect(200).contains(WORDS).contains("修改模板");
    page.get(&format!("{PAGE}?edit=none")).await.expect(200).contains("新增模板");
    let change = format!("{PAGE}/{}", id(1));
    page.post(&change, &[("name", "甲"), ("text", "")]).await.expect(422).contains("修改模板");
    page.post(&change, &[("name", "甲二"), ("text", "新的话")]).await.expect(303);
    page.post(&format!("{PAGE}/{}/remove", id(0)), &[]).await.expect(303);
    page.post(&format!("{PAGE}/{}/remove", id(0)), &[]).await.expect(404);
    api.json("PUT", &format!("{API}/{}", id(0)), json!({ "name": "x", "text": "y" })).await.expect(404);
    let left = api.get(API).await.expect(200).json();
    assert_eq!((left.as_array().map(Vec::len), &left[0]["text"]), (Some(1), &json!("新的话")));

    let acts = entity::audit::Entity::find().all(site.app.db.read()).await.unwrap();
    let acts = acts.into_iter().filter(|a| a.action.starts_with("template."));
    let acts: Vec<(String, Value)> = acts.map(|a| (a.action, a.detail)).collect();
    let act = |name: &str, action: &str| (name.to_owned(), json!({ "action": action }));
    assert_eq!(
        acts,
        [
            act("template.add", "return"),
            act("template.add", "reject"),
            act("template.change", "return"),
            act("template.remove", "reject")
        ]
    );
}
