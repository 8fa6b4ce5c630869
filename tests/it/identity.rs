//! Consultations that verify a contact, and the consent text.

use chrono::TimeDelta;
use entity::enums::{IdentityLevel, Role, SubjectKind};
use entity::opinion as opinions;
use futures_util::future::join_all;
use jianyan::opinion;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::fixture::{self, CODE};
use crate::harness::{Answer, Person, Site, day};
use crate::opinion::decoded;

const FORM: &str = "/consultations/2026-001-1/opinion";
const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const CODES: &str = "/api/v1/consultations/2026-001-1/contact-codes";
const TEXT: &str = "第一行：周末开门太晚。\n第二行：“希望”提前 <一小时>。";

async fn site() -> Site {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    fixture::verify_contacts(&site, open.consultation).await;
    site
}

async fn count(site: &Site) -> u64 {
    opinions::Entity::find().count(site.app.db.read()).await.unwrap()
}

/// The six digits in a message.
pub fn digits(message: &str) -> String {
    let mut runs = message.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 6);
    runs.next_back().unwrap_or_else(|| panic!("no code in {message}")).to_owned()
}

/// The code in the newest mail, once the worker has sent it.
pub async fn mailed(site: &Site) -> String {
    site.work().await;
    let mails: Vec<String> =
        site.mails().iter().map(|m| decoded(m)).filter(|m| m.contains("验证码：")).collect();
    assert_eq!(mails.len(), 1, "one mail with a code");
    digits(mails[0].split("验证码：").nth(1).unwrap())
}

/// Another number than the right one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// Everything a page's form would send, with some fields changed.
pub fn form<'a>(page: &'a Answer, changed: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse("form.opinion-form input").unwrap();
    let mut fields: Vec<(String, String)> = html
        .select(&selector)
        .filter_map(|e| Some((e.attr("name")?.to_owned(), e.attr("value").unwrap_or_default().to_owned())))
        .filter(|(name, _)| name != "csrf" && !changed.iter().any(|(n, _)| n == name))
        .collect();
    fields.extend(changed.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    fields
}

async fn press(person: &Person, page: &Answer, changed: &[(&str, &str)]) -> Answer {
    let fields = form(page, changed);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    person.post(FORM, &fields).await
}

async fn written(person: &Person, contact: &str) -> Answer {
    let page = person.get(FORM).await.expect(200);
    page.contains("后台实名、前台自愿").contains("下一步：核验联系方式");
    let key = page.input("key").unwrap();
    let version = page.input("consent_version").unwrap();
    let fields = [
        ("text", TEXT),
        ("name", "张三丰"),
        ("contact", contact),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", &key),
        ("consent_version", &version),
    ];
    person.post(FORM, &fields).await
}

#[tokio::test]
async fn an_opinion_waits_for_the_code_and_loses_nothing_meanwhile() {
    let site = site().await;
    let person = site.guest();
    site.guest().get("/consultations/2026-001-1").await.contains("提交前用验证码核验");
    let page = written(&person, "zhang@example.invalid").await.expect(200);
    page.contains("发送验证码").contains("周末开门太晚").lacks("还不能提交");
    assert_eq!(count(&site).await, 0);
    assert_eq!(page.input("text").unwrap(), TEXT, "carried as it was written");

    let page = press(&person, &page, &[("step", "code")]).await.expect(200);
    page.contains("z***@example.invalid").contains("提交意见");
    let code = mailed(&site).await;
    let page = press(&person, &page, &[("contact_code", &wrong(&code))]).await.expect(422);
    page.contains("还可以再试 4 次");
    assert_eq!(page.input("text").unwrap(), TEXT);
    // Back to the text, and forth again.
    let edit = press(&person, &page, &[("step", "edit")]).await.expect(200);
    edit.contains("第二行：“希望”提前 &lt;一小时&gt;。").contains("张三丰").lacks("还不能提交");

    // Typed by an input method in full width, with spaces.
    let wide: String = code.chars().map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap()).collect();
    let done = press(&person, &page, &[("contact_code", &format!(" {wide} "))]).await.expect(303);
    let slip = person.get(done.location()).await.expect(200);
    slip.contains("您的意见已登记").contains("z***@example.invalid");
    // Sent twice it is received once, although the code is spent.
    let again = press(&person, &page, &[("contact_code", &code)]).await.expect(303);
    assert_eq!(again.location(), done.location());
    assert_eq!(count(&site).await, 1);
    let row = opinion::by_number(site.app.db.read(), "2026-001-1-000001").await.unwrap();
    assert_eq!(row.text, TEXT);
    let consent = jianyan::identity::consented(site.app.db.read(), SubjectKind::Opinion, row.id.0)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((consent.text_version, consent.verified_at), (1, Some(site.app.now())));
    // The code is nowhere in the database, and the contact not in the clear.
    let rows = entity::mail::Entity::find().all(site.app.db.read()).await.unwrap();
    assert!(rows.iter().all(|m| !m.body.contains(&code)));
}

fn body(contact: &str, ticket: Option<&str>, code: Option<&str>) -> Value {
    let mut body = json!({ "text": "周末开门太晚", "contact": contact, "person_kind": "individual",
        "show_as": "masked", "consent": true });
    if let (Some(ticket), Some(code)) = (ticket, code) {
        body["contact_ticket"] = ticket.into();
        body["contact_code"] = code.into();
    }
    body
}

async fn ask(site: &Site, contact: &str) -> Value {
    site.guest().json("POST", CODES, json!({ "contact": contact })).await.expect(202).json()
}

#[tokio::test]
async fn a_code_is_good_for_its_contact_ten_minutes_five_tries_and_one_opinion() {
    let site = site().await;
    let person = site.guest();
    let refused = person.json("POST", API, body("13800001234", None, None)).await.expect(422).json();
    assert_eq!(refused["code"], "contact_unproven");
    let out = person.get("/api/v1/consultations/2026-001-1").await.expect(200).json();
    assert_eq!(out["identity"], "contact");

    // A text message to a mobile number; another contact cannot use its code.
    let asked = ask(&site, "+86 138-0000-1234").await;
    assert_eq!(asked["sent_to"], "+86****1234");
    let ticket = asked["ticket"].as_str().unwrap();
    site.work().await;
    let texts = site.texts();
    assert!(texts.len() == 1 && site.mails().is_empty(), "{texts:?}");
    assert!(texts[0].contains("示例市体育局") && texts[0].contains("10 分钟"), "{texts:?}");
    let code = digits(&texts[0]);
    person.json("POST", API, body("13900001234", Some(ticket), Some(&code))).await.expect(422);
    let other = "0123456789abcdef0123456789abcdef";
    person.json("POST", API, body("13800001234", Some(other), Some(&code))).await.expect(422);
    person.json("POST", API, body("138 0000 1234", Some(ticket), Some(&code))).await.expect(201);
    let used = person.json("POST", API, body("13800001234", Some(ticket), Some(&code))).await.expect(422);
    used.contains("已用过");
    assert_eq!(count(&site).await, 1);

    // Five tries; then the right one does not help.
    site.clock.set(site.app.now() + TimeDelta::minutes(1));
    let asked = ask(&site, "li@example.invalid").await;
    let ticket = asked["ticket"].as_str().unwrap();
    let code = mailed(&site).await;
    let guesses = (0..12).map(|_| {
        let guest = site.guest();
        let guess = wrong(&code);
        async move { guest.json("POST", API, body("li@example.invalid", Some(ticket), Some(&guess))).await }
    });
    assert!(join_all(guesses).await.iter().all(|a| a.status == 422));
    person.json("POST", API, body("li@example.invalid", Some(ticket), Some(&code))).await.expect(422);

    // Ten minutes.
    site.clock.set(site.app.now() + TimeDelta::minutes(1));
    let asked = ask(&site, "13700001234").await;
    let ticket = asked["ticket"].as_str().unwrap();
    site.work().await;
    let texts = site.texts();
    let code = digits(texts.iter().find(|t| t.starts_with("13700001234")).unwrap());
    site.clock.set(site.app.now() + TimeDelta::minutes(10));
    let late = person.json("POST", API, body("13700001234", Some(ticket), Some(&code))).await.expect(422);
    late.contains("已失效");
    assert_eq!(count(&site).await, 1);
    // A day later nothing of the codes is left, nor the addresses they went to.
    site.clock.set(site.app.now() + TimeDelta::days(1));
    site.work().await;
    assert_eq!(entity::contact_code::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    let notices = entity::notice::Entity::find().all(site.app.db.read()).await.unwrap();
    let codes = notices.iter().filter(|n| n.subject_kind == SubjectKind::ContactCode);
    assert!(codes.clone().count() == 3 && codes.clone().all(|n| n.contact_enc.is_none()));
}

#[tokio::test]
async fn of_many_with_one_code_one_opinion_is_taken() {
    let site = site().await;
    let asked = ask(&site, "wang@example.invalid").await;
    let ticket = asked["ticket"].as_str().unwrap();
    let code = mailed(&site).await;
    let sends = (0..4).map(|_| {
        let (guest, code) = (site.guest(), code.clone());
        async move { guest.json("POST", API, body("wang@example.invalid", Some(ticket), Some(&code))).await }
    });
    let answers = join_all(sends).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 1);
    assert!(answers.iter().all(|a| a.status == 201 || a.status == 422));
    assert_eq!(count(&site).await, 1);
}

#[tokio::test]
async fn codes_are_few_for_a_contact_and_for_an_address() {
    let site = site().await;
    ask(&site, "zhao@example.invalid").await;
    let soon =
        site.guest().json("POST", CODES, json!({ "contact": "ZHAO@example.invalid" })).await.expect(429);
    assert!(soon.headers.contains_key("retry-after"));
    for minute in 1..5 {
        site.clock.set(site.app.now() + TimeDelta::minutes(minute));
        ask(&site, "zhao@example.invalid").await;
    }
    site.clock.set(site.app.now() + TimeDelta::minutes(5));
    let many =
        site.guest().json("POST", CODES, json!({ "contact": "zhao@example.invalid" })).await.expect(429);
    many.contains("已达上限");
    ask(&site, "qian@example.invalid").await;
    for bad in ["", "12345", "010-12345678", "a@", "12800001234"] {
        site.guest().json("POST", CODES, json!({ "contact": bad })).await.expect(422);
    }
    site.clock.set(site.app.now() + TimeDelta::days(1));
    ask(&site, "zhao@example.invalid").await;

    let strict = Site::with(|config| config.limits.codes_per_day = 2).await;
    let open = fixture::open(&strict).await;
    fixture::verify_contacts(&strict, open.consultation).await;
    ask(&strict, "a@example.invalid").await;
    ask(&strict, "b@example.invalid").await;
    strict.guest().json("POST", CODES, json!({ "contact": "c@example.invalid" })).await.expect(429);
    // Where nothing is verified nothing is sent.
    let plain = Site::new().await;
    fixture::open(&plain).await;
    plain.guest().json("POST", CODES, json!({ "contact": "a@example.invalid" })).await.expect(409);
    plain.guest().json("POST", API, body("", None, None)).await.expect(201);
    // Nor after the end.
    site.at("2026-04-02", 10, 0).await;
    site.guest().json("POST", CODES, json!({ "contact": "sun@example.invalid" })).await.expect(409);
}

#[tokio::test]
async fn the_owner_chooses_and_people_are_counted_once() {
    let site = site().await;
    let person = site.guest();
    for n in 0..2 {
        site.clock.set(site.app.now() + TimeDelta::minutes(n + 1));
        let asked = ask(&site, if n == 0 { "Zhou@example.invalid" } else { "zhou@EXAMPLE.invalid" }).await;
        let id = entity::contact_code::Entity::find().all(site.app.db.read()).await.unwrap();
        let newest = id.iter().max_by_key(|c| c.created_at).unwrap().id;
        let code = jianyan::identity::code(&site.app.keys, newest);
        let mut body = body("zhou@example.invalid", asked["ticket"].as_str(), Some(&code));
        body["text"] = format!("意见 {n}").into();
        person.json("POST", API, body).await.expect(201);
    }
    let page = site.guest().get(&format!("/consultations/{CODE}")).await.expect(200);
    page.contains("来自 1 人");
    // What letters and calls bring needs no code.
    let owner = site.api("owner").await;
    let letter = json!({ "text": "来信意见", "person_kind": "individual", "show_as": "hidden",
        "channel": "letter", "received_on": day("2026-03-02") });
    let path = format!("/api/v1/consultations/{CODE}/recorded-opinions");
    owner.json("POST", &path, letter).await.expect(201);
}

#[tokio::test]
async fn a_setting_is_the_default_of_a_new_consultation() {
    let b = crate::consultation::ready().await;
    let site = b.site.beside_with(|config| config.rules.identity = IdentityLevel::Contact).await;
    let path = format!("/api/v1/decisions/{}/consultations", b.code);
    let dates = json!({ "opens_on": "2026-03-02", "closes_on": "2026-04-01" });
    let owner = site.api("owner").await;
    let made = owner.json("POST", &path, dates).await.expect(201).json();
    assert_eq!(made["identity"], "contact");
    let code = made["code"].as_str().unwrap();
    let changed = owner
        .json("PATCH", &format!("/api/v1/consultations/{code}"), json!({ "identity": "none" }))
        .await
        .expect(200)
        .json();
    assert_eq!(changed["identity"], "none");
    let browser = site.sign_in("owner").await;
    let edit = browser.get(&format!("/desk/consultations/{code}/edit")).await.expect(200);
    edit.contains("在线提交时的身份核验").contains("后台实名、前台自愿");
}

#[tokio::test]
async fn the_consent_text_has_versions_and_what_was_sent_keeps_its_own() {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    site.staff("admin", open.department, &[Role::Admin]).await;
    let guest = site.guest();
    guest.get("/notice/consent").await.expect(200).contains("第 1 版").contains("个人信息保护法");
    let old = guest.get(FORM).await.expect(200);
    assert_eq!(old.input("consent_version").unwrap(), "1");

    let admin = site.sign_in("admin").await;
    let desk = admin.get("/desk/admin/consent").await.expect(200);
    assert_eq!(desk.input("after").unwrap(), "1");
    let next = [("after", "1"), ("zh", "新的同意书。\n<b>第二段</b>"), ("en", "The new text.")];
    admin.post("/desk/admin/consent", &next).await.expect(303);
    admin.post("/desk/admin/consent", &next).await.expect(412);
    admin.post("/desk/admin/consent", &[("after", "2"), ("zh", ""), ("en", "x")]).await.expect(422);
    let same = [("after", "2"), ("zh", "新的同意书。\n<b>第二段</b>"), ("en", "The new text.")];
    admin.post("/desk/admin/consent", &same).await.expect(409).contains("没有改动");
    guest.get("/notice/consent").await.expect(200).contains("第 2 版").contains("&lt;b&gt;第二段");
    guest.get("/notice/consent/1").await.expect(200).contains("这是以前的版本");
    guest.get("/notice/consent/9").await.expect(404);
    guest.get("/notice/consent/x").await.expect(404);
    site.guest().get("/notice/consent?lang=en").await.expect(200).contains("The new text.");

    // A form that shows the old text is given back with the new one, and nothing is lost.
    let fields = [
        ("text", "周末开门太晚"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("consent_version", "1"),
    ];
    let again = guest.post(FORM, &fields).await.expect(422);
    again.contains("更新为第 2 版").contains("周末开门太晚");
    assert_eq!(again.input("consent_version").unwrap(), "2");
    let done = guest.json("POST", API, body("", None, None)).await.expect(201).json();
    let row = opinion::by_number(site.app.db.read(), done["number"].as_str().unwrap()).await.unwrap();
    let consent =
        jianyan::identity::consented(site.app.db.read(), SubjectKind::Opinion, row.id.0).await.unwrap();
    assert_eq!(consent.map(|c| (c.text_version, c.verified_at)), Some((2, None)));

    let api = site.api("mod1").await;
    api.json("POST", "/api/v1/consent-text", json!({ "after": 2, "text": "三", "text_en": "3" }))
        .await
        .expect(403);
    let got = guest.get("/api/v1/consent-text").await.expect(200).json();
    assert_eq!((&got["version"], &got["text_en"]), (&json!(2), &json!("The new text.")));
    let audit = entity::audit::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(audit.iter().filter(|a| a.action == "consent.publish").count(), 1);
}

/// A gateway for text messages that answers each request with the next of some statuses; what it was told.
async fn gateway(answers: &'static [&'static str]) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "a gateway beside the site, for one test")]
    let told = tokio::task::spawn(async move {
        let mut told = Vec::new();
        for status in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            while !request.ends_with('}') {
                let mut buffer = [0; 4096];
                let n = stream.read(&mut buffer).await.unwrap();
                request.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
            }
            told.push(request);
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        told
    });
    (url, told)
}

#[tokio::test]
async fn a_gateway_gets_the_text_message_and_is_asked_again_when_it_fails() {
    let (url, told) = gateway(&["500 Broken", "302 Found", "200 OK"]).await;
    let site = Site::with(|config| {
        config.sms_url = Some(url);
        config.sms_header = Some("X-Key: very-secret".to_owned().into());
        config.sms.template = r#"{"to":"{{phone}}","words":"{{text}}","key":"{{id}}"}"#.into();
    })
    .await;
    let open = fixture::open(&site).await;
    fixture::verify_contacts(&site, open.consultation).await;
    ask(&site, "138-0000-1234").await;
    for _ in 0..3 {
        site.work().await;
        site.clock.set(site.app.now() + TimeDelta::minutes(5));
    }
    let told = told.await.unwrap();
    let bodies: Vec<Value> =
        told.iter().map(|t| serde_json::from_str(t.split("\r\n\r\n").nth(1).unwrap()).unwrap()).collect();
    assert!(told.iter().all(|t| t.to_lowercase().contains("x-key: very-secret")));
    assert_eq!(bodies[0], bodies[2], "the same message under the same key");
    assert_eq!(bodies[0]["to"], "13800001234");
    assert_eq!(digits(bodies[0]["words"].as_str().unwrap()).len(), 6);
    assert!(site.texts().is_empty());
    let mail = entity::mail::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!(mail.state, entity::enums::MailState::Sent);
}

#[tokio::test]
async fn nobody_takes_the_name_of_the_bureau() {
    let site = Site::new().await;
    fixture::open(&site).await;
    let mut body = body("", None, None);
    body["name"] = "示例 市体育局".into();
    let refused = site.guest().json("POST", API, body.clone()).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "name");
    body["name"] = "示例市体育总会".into();
    site.guest().json("POST", API, body).await.expect(201);
    let letter = json!({ "kind": "question", "title": "几点开门", "text": "周日几点开门？", "name": "管理员",
        "consent": true });
    site.guest().json("POST", "/api/v1/messages", letter).await.expect(422).contains("容易被当成本机关");
    // What comes by letter is taken down as it came.
    let owner = site.api("owner").await;
    let letter = json!({ "text": "来信意见", "name": "示例市体育局工会", "person_kind": "organisation",
        "show_as": "named", "channel": "letter", "received_on": day("2026-03-02") });
    let path = format!("/api/v1/consultations/{CODE}/recorded-opinions");
    owner.json("POST", &path, letter).await.expect(201);
}

#[tokio::test]
async fn under_fourteen_a_guardian_agrees_with_a_code_of_their_own() {
    let site = Site::new().await;
    fixture::open(&site).await;
    let person = site.guest();
    let page = person.get(FORM).await.expect(200);
    page.contains("我未满 14 周岁").contains("监护人姓名");
    let key = page.input("key").unwrap();
    let mut fields = vec![
        ("text", TEXT),
        ("name", "小明"),
        ("contact", "mother@example.invalid"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", key.as_str()),
        ("age", "under"),
    ];
    person.post(FORM, &fields).await.expect(422).contains("请填写监护人姓名");
    fields.push(("guardian", "王母"));
    let page = person.post(FORM, &fields).await.expect(200);
    page.contains("第三十一条").contains("王母");
    assert_eq!(count(&site).await, 0, "nothing is taken before the guardian agrees");
    let page = press(&person, &page, &[("step", "code")]).await.expect(200);
    let code = mailed(&site).await;
    press(&person, &page, &[("contact_code", &code)]).await.expect(303);
    let row = opinion::by_number(site.app.db.read(), "2026-001-1-000001").await.unwrap();
    let kept =
        jianyan::identity::consented(site.app.db.read(), SubjectKind::Opinion, row.id.0).await.unwrap();
    let kept = kept.unwrap();
    assert!(kept.verified_at.is_some());
    let guardian = kept.guardian_enc.unwrap();
    assert_eq!(site.app.keys.decrypt(&guardian).as_deref(), Some("王母"));

    // The same by the API; without the proof it is refused although the consultation asks for none.
    let mut body = body("father@example.invalid", None, None);
    body["guardian"] = "王父".into();
    let refused = person.json("POST", API, body.clone()).await.expect(422).json();
    assert_eq!(refused["code"], "contact_unproven");
    site.clock.set(site.app.now() + TimeDelta::minutes(1));
    let ask = json!({ "contact": "father@example.invalid", "guardian": true });
    let asked = person.json("POST", CODES, ask).await.expect(202).json();
    let rows = entity::contact_code::Entity::find().all(site.app.db.read()).await.unwrap();
    let newest = rows.iter().max_by_key(|c| c.created_at).unwrap().id;
    body["contact_ticket"] = asked["ticket"].clone();
    body["contact_code"] = jianyan::identity::code(&site.app.keys, newest).into();
    person.json("POST", API, body).await.expect(201);
}
