//! Giving an opinion and following it.

use chrono::TimeDelta;
use entity::enums::{Channel, OpinionState};
use futures_util::future::join_all;
use jianyan::opinion;
use poem::http::header;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, PaginatorTrait as _, Statement};
use serde_json::{Value, json};

use crate::fixture::{self, CODE, Open};
use crate::harness::{Answer, Person, Site, at};

const FORM: &str = "/consultations/2026-001-1/opinion";
const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const TEXT: &str = "建议把“二十一时”改为“二十二时”，下班后才有时间锻炼。";

async fn site() -> (Site, Open) {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    (site, open)
}

fn fields<'a>(text: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("text", text),
        ("name", "张三丰"),
        ("contact", "zhang@example.invalid"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", key),
    ]
}

fn body(text: &str) -> Value {
    json!({ "text": text, "person_kind": "company", "show_as": "anonymous", "consent": true })
}

async fn send(person: &Person, text: &str) -> Answer {
    let key = person.get(FORM).await.expect(200).input("key").unwrap();
    person.post(FORM, &fields(text, &key)).await
}

/// Sends an opinion by the form and gives the path of its state page.
async fn sent(person: &Person, text: &str) -> String {
    let answer = send(person, text).await.expect(303);
    let (path, new) = answer.location().split_once('?').unwrap();
    assert_eq!(new, "new=1");
    path.to_owned()
}

async fn count(site: &Site) -> u64 {
    entity::opinion::Entity::find().count(site.app.db.read()).await.unwrap()
}

/// Everything the database holds as text, to prove what it does not hold.
async fn dump(site: &Site) -> String {
    let mut all = String::new();
    for table in ["opinion", "receipt", "idempotency", "notice", "mail", "audit", "duty", "job"] {
        let sql = format!("SELECT * FROM {table}");
        let db = site.app.db.read();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let rows = sea_orm::JsonValue::find_by_statement(statement).all(db).await.unwrap();
        all.extend(rows.iter().map(Value::to_string));
    }
    all
}

#[tokio::test]
async fn the_form_gives_a_receipt_and_a_state_page() {
    let (site, open) = site().await;
    let person = site.guest();
    let clause = open.articles[1];
    let page = person.get(&format!("{FORM}?clause={clause}")).await.expect(200);
    page.contains("对第二条提意见").contains("（二）节假日全天开放").contains("2026年4月1日 24:00");
    page.contains("最多 2000 字").lacks("第三条");
    let key = page.input("key").unwrap();
    assert!(key.len() > 40, "unguessable: {key}");
    let id = clause.to_string();
    let mut fields = fields(TEXT, &key);
    fields.push(("clause", &id));
    let answer = person.post(FORM, &fields).await.expect(303);

    let slip = person.get(answer.location()).await.expect(200);
    slip.contains("您的意见已登记").contains("2026-001-1-000001").contains(TEXT).contains("第二条");
    slip.contains("z***@example.invalid").lacks("zhang@example").contains("最迟 3月4日");
    assert_eq!(slip.headers.get(header::REFERRER_POLICY).unwrap(), "no-referrer");
    assert_eq!(slip.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
    assert_eq!(slip.headers.get("x-robots-tag").unwrap(), "noindex, nofollow");

    let path = answer.location().split('?').next().unwrap().to_owned();
    let code = path.strip_prefix("/receipts/").unwrap();
    assert_eq!(code.len(), 19, "four groups of four");
    let state = person.get(&path).await.expect(200);
    state.contains("待审核").contains("已收到").contains("归并和研究").contains("采纳情况").contains(TEXT);

    let typed = code.to_lowercase().replace('-', " ");
    let found = person.post("/receipts", &[("code", &typed)]).await.expect(303);
    assert_eq!(found.location(), path);

    let file = person.get(&format!("{path}/receipt.txt")).await.expect(200);
    file.contains(code).contains(TEXT).contains("受理编号：2026-001-1-000001");
    assert!(file.headers.get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap().contains("attachment"));

    let json = person.get(&format!("/api/v1/receipts/{code}")).await.expect(200).json();
    assert_eq!(json["state"], "pending");
    assert_eq!(json["review_by"], "2026-03-04");
    assert_eq!(json["clause"], "第二条");
}

#[tokio::test]
async fn the_receipt_goes_by_mail_and_its_code_is_not_in_the_database() {
    let (site, _) = site().await;
    let path = sent(&site.guest(), TEXT).await;
    let code = path.strip_prefix("/receipts/").unwrap();
    site.work().await;
    let mails = site.mails();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("zhang@example.invalid"));
    let body = decoded(&mails[0]);
    assert!(body.contains(&format!("查询码：{code}")), "{body}");
    assert!(body.contains(&format!("http://localhost:8080/receipts/{code}")), "{body}");
    assert!(!body.contains("二十二时"), "a form must not mail what was written");
    let all = dump(&site).await;
    for secret in [code, &code.replace('-', ""), "zhang@example", "张三丰"] {
        assert!(!all.contains(secret), "{secret} is in the database");
    }
    assert!(all.contains("二十二时"));
}

pub fn decoded(mail: &str) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    if head.contains("base64") {
        let text: String = body.split_whitespace().collect();
        return String::from_utf8(data_encoding::BASE64.decode(text.as_bytes()).unwrap()).unwrap();
    }
    let mut bytes = Vec::new();
    let mut rest = body.replace("=\r\n", "").into_bytes().into_iter();
    while let Some(b) = rest.next() {
        if b != b'=' {
            bytes.push(b);
            continue;
        }
        let hex = [rest.next().unwrap(), rest.next().unwrap()];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn the_api_gives_the_same() {
    let (site, open) = site().await;
    let program = site.guest();
    let mut opinion = body(TEXT);
    opinion["clause_id"] = json!(open.articles[0]);
    let answer = program.json("POST", API, opinion).await.expect(201).json();
    assert_eq!(answer["number"], "2026-001-1-000001");
    assert_eq!(answer["review_by"], "2026-03-04");
    let code = answer["lookup_code"].as_str().unwrap();
    let state = program.get(&format!("/api/v1/receipts/{code}")).await.expect(200).json();
    assert_eq!(state["text"], TEXT);
    assert_eq!(state["state_words_en"], "waiting for review");

    program.json("POST", API, json!({ "text": "x" })).await.expect(400);
    let mut unknown = body(TEXT);
    unknown["state"] = json!("published");
    program.json("POST", API, unknown).await.expect(400);
    let other = program.json("POST", "/api/v1/consultations/2026-009-1/opinions", body(TEXT)).await;
    assert_eq!(other.expect(404).json()["code"], "not_found");
}

#[tokio::test]
async fn the_last_microsecond_counts_and_midnight_does_not() {
    let (site, _) = site().await;
    let person = site.guest();
    let key = person.get(FORM).await.input("key").unwrap();
    let midnight = at("2026-04-01", 24, 0);
    site.clock.set(midnight - TimeDelta::microseconds(1));
    person.post(FORM, &fields(TEXT, &key)).await.expect(303);
    person.json("POST", API, body("最后一刻")).await.expect(201);

    site.clock.set(midnight);
    let late =
        person.post(FORM, &fields("太晚了，但是这段文字不能丢", "another-key-of-16")).await.expect(409);
    late.contains("征集已经截止").contains("太晚了，但是这段文字不能丢").contains("2026年4月1日 24:00");
    late.contains("mass@example.invalid");
    let problem = person.json("POST", API, body("太晚")).await.expect(409).json();
    assert_eq!(problem["code"], "consultation_closed");
    person.get(FORM).await.expect(200).contains("征集已经截止").lacks("<form");
    assert_eq!(count(&site).await, 2);

    // What was received in time is still answered, however late the repetition.
    let again = person.post(FORM, &fields(TEXT, &key)).await.expect(303);
    assert!(again.location().starts_with("/receipts/"));
    assert_eq!(count(&site).await, 2);
}

#[tokio::test]
async fn a_consultation_that_is_not_open_takes_nothing() {
    let (site, _) = site().await;
    site.clock.set(at("2026-03-01", 23, 59));
    let early = site.guest().json("POST", API, body(TEXT)).await.expect(409);
    early.contains("consultation_closed").contains("2026年3月2日");
    site.guest().get(FORM).await.expect(409).contains("2026年3月2日");
    site.guest().get("/consultations/2026-009-1/opinion").await.expect(404);
    site.guest().get("/consultations/%00/opinion").await.expect(404);
}

#[tokio::test]
async fn the_same_request_is_received_once() {
    let (site, _) = site().await;
    let person = site.guest();
    let key = person.get(FORM).await.input("key").unwrap();
    let first = person.post(FORM, &fields(TEXT, &key)).await.expect(303);
    let second = person.post(FORM, &fields(TEXT, &key)).await.expect(303);
    assert_eq!(first.location(), second.location());
    assert_eq!(count(&site).await, 1);

    let other = person.post(FORM, &fields("另一条意见", &key)).await.expect(422);
    other.contains("已经提交过一条意见").contains("另一条意见");
    let fresh = other.input("key").unwrap();
    assert_ne!(fresh, key);
    person.post(FORM, &fields("另一条意见", &fresh)).await.expect(303);
    assert_eq!(count(&site).await, 2);

    let keyed = |key: &'static str, text: &str| {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let person = person.clone();
        let body = body(text).to_string().into_bytes();
        async move { person.raw("POST", API, &headers, body).await }
    };
    let first = keyed("0197-aaaa-bbbb-cccc", TEXT).await.expect(201).json();
    let again = keyed("0197-aaaa-bbbb-cccc", TEXT).await.expect(200).json();
    assert_eq!(first, again);
    assert_eq!(keyed("0197-aaaa-bbbb-cccc", "不同").await.expect(422).json()["code"], "key_reused");
    assert_eq!(keyed("short", TEXT).await.expect(422).json()["code"], "invalid");
    assert_eq!(count(&site).await, 3);
}

#[tokio::test]
async fn twenty_at_once_are_one_opinion() {
    let (site, _) = site().await;
    let person = site.guest();
    let key = person.get(FORM).await.input("key").unwrap();
    let fields = fields(TEXT, &key);
    let answers = join_all((0..20).map(|_| person.post(FORM, &fields))).await;
    let mut places: Vec<_> = answers.into_iter().map(|a| a.expect(303).location().to_owned()).collect();
    places.dedup();
    assert_eq!(places.len(), 1);
    assert_eq!(count(&site).await, 1);
    assert_eq!(entity::duty::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    assert_eq!(entity::receipt::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
}

#[tokio::test]
async fn numbers_have_no_gaps_however_many_come() {
    let (site, _) = site().await;
    let person = site.guest();
    let answers = join_all((0..15).map(|i| person.json("POST", API, body(&format!("意见{i}"))))).await;
    let number = |a: Answer| a.expect(201).json()["number"].as_str().unwrap().to_owned();
    let mut numbers: Vec<String> = answers.into_iter().map(number).collect();
    numbers.sort();
    let expected: Vec<String> = (1..=15).map(|n| format!("2026-001-1-{n:06}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn what_must_be_mended_is_said_at_once_and_everything_is_kept() {
    let (site, open) = site().await;
    let person = site.guest();
    let long = "长".repeat(2007);
    let page = person
        .post(
            FORM,
            &[
                ("text", &long),
                ("name", "李四"),
                ("contact", "not a contact"),
                ("key", "k".repeat(20).as_str()),
            ],
        )
        .await
        .expect(422);
    page.contains("超出 7 字").contains("现有 2007 字").contains(&long).contains("李四");
    page.contains("not a contact").contains("请选择一项").contains("请先阅读并同意");
    assert_eq!(page.input("key").unwrap(), "k".repeat(20));
    person.post(FORM, &fields(&"长".repeat(2000), "key-for-2000-chars")).await.expect(303);

    for bad in ["含有\u{0}空字符", "含有\u{1b}[31m控制符", "左右\u{202e}颠倒"] {
        person.post(FORM, &fields(bad, "key-for-bad-chars")).await.expect(422).contains("控制字符");
        person.json("POST", API, body(bad)).await.expect(422);
    }
    person.post(FORM, &fields("  \n ", "key-for-empty-text")).await.expect(422).contains("请填写意见内容");
    let mut named = fields(TEXT, "key-for-bad-name-1");
    named[1] = ("name", "甲\u{0}乙");
    person.post(FORM, &named).await.expect(422);

    let (_, foreign) = fixture::consultation(&site, "2026-002", open.department, open.owner).await;
    let id = foreign[0].to_string();
    let mut other = fields(TEXT, "key-for-a-foreign-clause");
    other.push(("clause", &id));
    person.post(FORM, &other).await.expect(422).contains("不在本次征求意见的草案中").contains(TEXT);
    let mut foreign_json = body(TEXT);
    foreign_json["clause_id"] = json!(foreign[0]);
    let problem = person.json("POST", API, foreign_json).await.expect(422).json();
    assert_eq!(problem["errors"][0]["field"], "clause_id");
    person.get(&format!("{FORM}?clause={id}")).await.expect(404);
    other.last_mut().unwrap().1 = "nonsense";
    person.post(FORM, &other).await.expect(422).contains(TEXT);
    assert_eq!(count(&site).await, 1);
}

#[tokio::test]
async fn a_contact_is_asked_for_where_the_settings_say_so() {
    let site = Site::with(|c| c.rules.contact_required = true).await;
    fixture::open(&site).await;
    let problem = site.guest().json("POST", API, body(TEXT)).await.expect(422).json();
    assert_eq!(problem["errors"][0]["field"], "contact");
    site.guest().get(FORM).await.expect(200).contains("按规定需核实身份");
}

#[tokio::test]
async fn markup_stays_text() {
    let (site, _) = site().await;
    let person = site.guest();
    let nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let path = sent(&person, nasty).await;
    for page in [path.clone(), format!("{path}?new=1")] {
        person
            .get(&page)
            .await
            .expect(200)
            .lacks("<script>alert")
            .lacks("<img src=x")
            .contains("&lt;script&gt;");
    }
    person.post("/receipts", &[("code", nasty)]).await.expect(422).lacks("<script>alert");
}

#[tokio::test]
async fn too_many_too_fast_are_refused_with_the_text_kept() {
    let site = Site::with(|c| c.limits.opinions_per_minute = 2).await;
    fixture::open(&site).await;
    let person = site.guest();
    person.json("POST", API, body("一")).await.expect(201);
    person.json("POST", API, body("二")).await.expect(201);
    let refused = person.post(FORM, &fields(TEXT, "key-for-too-many")).await.expect(429);
    refused.contains(TEXT).contains("秒后再试");
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(count(&site).await, 2);
}

#[tokio::test]
async fn a_code_that_was_never_issued_and_one_that_was_mistyped_look_the_same() {
    let site = Site::with(|c| c.limits.lookups_per_minute = 8).await;
    fixture::open(&site).await;
    let person = site.guest();
    // Well-formed, but nobody's.
    let nobody = jianyan::receipt::LookupCode::of(
        &site.app.keys,
        entity::enums::SubjectKind::Opinion,
        uuid::Uuid::from_u128(1),
    );
    let nobody = nobody.grouped();
    let mut said = Vec::new();
    for code in [nobody.as_str(), "AAAA-BBBB", "", "<x>"] {
        let page = person.post("/receipts", &[("code", code)]).await.expect(422);
        page.contains("没有这个查询码");
        said.push(page.status);
    }
    person.get(&format!("/receipts/{nobody}")).await.expect(404);
    person.get("/receipts/AAAA").await.expect(404);
    person.get("/receipts/%00%ff").await;
    person.get(&format!("/api/v1/receipts/{nobody}")).await.expect(404);
    person.post(&format!("/receipts/{nobody}/revise"), &[("text", "x")]).await.expect(404);
    person.get(&format!("/receipts/{nobody}")).await.expect(429);
}

#[tokio::test]
async fn nothing_is_public_before_review() {
    let (site, _) = site().await;
    sent(&site.guest(), TEXT).await;
    let list = site.guest().get(API).await.expect(200).json();
    assert_eq!(list["items"], json!([]));
    for page in ["/", "/consultations", "/consultations/2026-001-1", "/search?q=建议", "/desk/review"] {
        site.guest().get(page).await.lacks("二十二时");
    }
}

#[tokio::test]
async fn english_pages_and_mails_follow_the_author() {
    let (site, _) = site().await;
    let person = site.guest();
    person.get("/receipts?lang=en").await.expect(200).contains("Look up a receipt");
    let page = person.get(FORM).await.expect(200);
    page.contains("Give your opinion").contains("1 April 2026, 24:00");
    let path = sent(&person, TEXT).await;
    person.get(&path).await.expect(200).contains("Waiting for review").contains("Received");
    person.post(FORM, &[("text", "")]).await.expect(422).contains("Please write your opinion");
    site.work().await;
    assert!(decoded(&site.mails()[0]).contains("Your opinion on"));
}

#[tokio::test]
async fn staff_take_down_what_came_by_letter_even_after_closing() {
    let (site, open) = site().await;
    let other = site.department("other", "青少年处").await;
    site.staff("stranger", other, &[entity::enums::Role::Owner]).await;
    let page = "/desk/consultations/2026-001-1/opinions/new";
    let guest = site.guest().get(page).await.expect(303);
    assert!(guest.location().starts_with("/desk/sign-in"));
    site.sign_in("stranger").await.get(page).await.expect(403);

    site.at("2026-04-02", 10, 0).await;
    let owner = site.sign_in("owner").await;
    owner.get(page).await.expect(200).contains("录入线下意见").contains("第二条");
    let clause = open.articles[1].to_string();
    let mut letter = vec![
        ("text", "来信人希望增加晚间场次"),
        ("name", "王五"),
        ("contact", ""),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("channel", "letter"),
        ("received_on", "2026-04-01"),
        ("clause", clause.as_str()),
    ];
    let slip = owner.post(page, &letter).await.expect(303);
    let slip = owner.get(slip.location()).await.expect(200);
    slip.contains("2026-001-1-000001").contains("2026年4月1日").contains("录入下一条");
    let row = opinion::by_number(site.app.db.read(), "2026-001-1-000001").await.unwrap();
    assert_eq!((row.channel, row.state), (Channel::Letter, OpinionState::Pending));
    assert_eq!(row.received_by, Some(open.owner));
    // The period of review begins with the day it was entered.
    slip.contains("2026年4月7日 24:00");

    for (field, value, says) in [
        ("received_on", "2026-04-02", "应在征集期内"),
        ("received_on", "2026-04-03", "不能晚于今天"),
        ("received_on", "2026-03-01", "应在征集期内"),
        ("received_on", "", "请填写收到日期"),
        ("received_on", "1 April", "请填写正确的内容"),
        ("channel", "site", "请选择意见来源"),
        ("channel", "", "请选择意见来源"),
        ("text", "", "请填写意见内容"),
    ] {
        let mut wrong = letter.clone();
        wrong.iter_mut().find(|(f, _)| *f == field).unwrap().1 = value;
        owner.post(page, &wrong).await.expect(422).contains(says).contains("王五");
    }
    letter[5].1 = "seminar";
    site.sign_in("stranger").await.post(page, &letter).await.expect(403);

    let recorded = "/api/v1/consultations/2026-001-1/recorded-opinions";
    let call = json!({ "text": "来电希望降价", "person_kind": "individual", "show_as": "anonymous",
        "channel": "phone", "received_on": "2026-03-20" });
    site.guest().json("POST", recorded, call.clone()).await.expect(401);
    site.api("stranger").await.json("POST", recorded, call.clone()).await.expect(403);
    let answer = site.api("mod1").await.json("POST", recorded, call).await.expect(201).json();
    assert_eq!(answer["number"], "2026-001-1-000002");
    let groups = opinion::by_channel_and_kind(site.app.db.read(), open.consultation).await.unwrap();
    assert_eq!(groups.iter().map(|g| g.received).sum::<u64>(), 2);
    assert!(groups.iter().any(|g| g.channel == Channel::Phone && g.counted == 1));
    assert_eq!(CODE, "2026-001-1");
}

#[tokio::test]
async fn after_a_correction_a_changed_clause_is_read_again_and_an_unchanged_one_carried_over() {
    let (site, open) = site().await;
    let person = site.guest();
    let key = person.get(FORM).await.input("key").unwrap();
    let new = fixture::correct(&site, open.consultation).await;
    let (unchanged, changed) = (open.articles[0].to_string(), open.articles[1].to_string());
    let mut on = fields(TEXT, &key);
    on.push(("clause", &changed));
    let page = person.post(FORM, &on).await.expect(422);
    page.contains("刚刚作了更正").contains("工作日开放至二十二时").contains(TEXT);
    let now = page.input("clause").unwrap();
    assert_eq!(now, new[1].to_string());
    on.last_mut().unwrap().1 = &now;
    let receipt = person.post(FORM, &on).await.expect(303);
    person.get(receipt.location()).await.contains("工作日开放至二十二时");

    let mut first = fields("对第一条", "key-for-an-unchanged-clause");
    first.push(("clause", &unchanged));
    person.post(FORM, &first).await.expect(303);
    let row = opinion::by_number(site.app.db.read(), "2026-001-1-000002").await.unwrap();
    assert_eq!(row.clause_id, Some(new[0]));
}
