//! Questionnaires of consultations, as owners compose them, people answer them and everybody reads the results.

use std::collections::BTreeMap;

use entity::enums::Role;
use entity::{audit, questionnaire_response};
use futures_util::future::join_all;
use jianyan::backup::{self, Report};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::fixture::{self, Open};
use crate::harness::{Answer, Person, Site, at};
use crate::identity;

const DESK: &str = "/desk/consultations/2026-001-1/questionnaire";
const FORM: &str = "/consultations/2026-001-1/questionnaire";
const RESULTS: &str = "/consultations/2026-001-1/questionnaire/results";
const API: &str = "/api/v1/consultations/2026-001-1/questionnaire";
const SEND: &str = "/api/v1/consultations/2026-001-1/questionnaire/responses";

async fn site() -> (Site, Open) {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    (site, open)
}

/// Four questions: how often (1), what is wanted (2), how content (3), anything else (4).
fn content() -> Value {
    json!({
        "title": "场馆开放情况问卷", "intro": "约需两分钟。", "ready": true, "open_results": false,
        "questions": [
            { "kind": "single", "text": "您多久去一次体育馆？", "required": true, "other": true,
              "choices": ["每周", "每月", "很少"] },
            { "kind": "multiple", "text": "您希望延长哪些时段？", "least": 1, "most": 2,
              "choices": ["清晨", "中午", "晚上"] },
            { "kind": "scale", "text": "您对现在的开放时间满意吗？",
              "scale": { "from": 1, "to": 5, "low": "很不满意", "high": "很满意" } },
            { "kind": "text", "text": "还有什么想说的？" },
        ],
    })
}

/// A site with a questionnaire that takes answers.
async fn ready() -> (Site, Open) {
    let (site, open) = site().await;
    site.api("owner").await.json("PUT", API, content()).await.expect(200);
    (site, open)
}

async fn send(person: &Person, changed: &[(&str, &str)]) -> Answer {
    let page = person.get(FORM).await.expect(200);
    let (key, revision) = (page.input("key").unwrap_or_default(), page.input("revision").unwrap_or_default());
    let mut fields = vec![("key", key.as_str()), ("revision", revision.as_str()), ("consent", "yes")];
    fields.extend_from_slice(changed);
    person.post(FORM, &fields).await
}

fn answers(single: i32, scale: i32) -> Value {
    json!({
        "consent": true,
        "answers": [{ "question": 1, "choices": [single] }, { "question": 3, "choices": [scale] }],
    })
}

async fn stored(site: &Site) -> u64 {
    questionnaire_response::Entity::find().count(site.app.db.read()).await.unwrap()
}

/// The figures are those of so many answers, recounted from the rows.
async fn verified(site: &Site) {
    let mut report = Report::default();
    backup::verify_site(&site.app.db, &site.app.keys, &mut report).await.unwrap();
    let told = format!("{} answers to questionnaires, each counted", stored(site).await);
    assert!(report.to_string().contains(&told), "{report}");
}

async fn actions(site: &Site, action: &str) -> u64 {
    let of = audit::Entity::find().filter(audit::Column::Action.eq(action));
    of.count(site.app.db.read()).await.unwrap()
}

#[tokio::test]
async fn from_the_desk_to_the_published_figures() {
    let (site, _) = site().await;
    let owner = site.sign_in("owner").await;
    owner.get("/desk/consultations/2026-001-1").await.expect(200).contains(DESK);
    owner.get(DESK).await.expect(200).contains("题目少而明确");
    owner.post(DESK, &[("revision", "0"), ("title", " ")]).await.expect(422).contains("请填写");
    let head = [("revision", "0"), ("title", "场馆开放情况问卷"), ("intro", "约需两分钟。")];
    owner.post(DESK, &head).await.expect(303);
    // Nothing can be shown that asks nothing.
    owner.post(&format!("{DESK}/ready"), &[("revision", "1"), ("ready", "on")]).await.expect(422);

    let single =
        [("text", "您多久去一次？"), ("required", "yes"), ("other", "yes"), ("choices", "每周\n每月\n很少")];
    let wrong = [("revision", "1"), ("text", "您多久去一次？"), ("choices", "每周")];
    let told = owner.post(&format!("{DESK}/questions/single"), &wrong).await.expect(422);
    told.contains("请写 2 至 20 个选项").contains("您多久去一次？");
    let with = |revision: &'static str, fields: &[(&'static str, &'static str)]| {
        let mut all = vec![("revision", revision)];
        all.extend_from_slice(fields);
        all
    };
    owner.post(&format!("{DESK}/questions/single"), &with("1", &single)).await.expect(303);
    let multiple = [("text", "希望延长哪些时段？"), ("choices", "清晨\n中午\n晚上"), ("most", "2")];
    owner.post(&format!("{DESK}/questions/multiple"), &with("2", &multiple)).await.expect(303);
    let scale = [("text", "满意吗？"), ("from", "1"), ("to", "5"), ("low", "很不满意"), ("high", "很满意")];
    owner.post(&format!("{DESK}/questions/scale"), &with("3", &scale)).await.expect(303);
    owner.post(&format!("{DESK}/questions/text"), &with("4", &[("text", "还想说什么？")])).await.expect(303);
    // Somebody else's change in between is not overwritten.
    owner.post(&format!("{DESK}/questions/text"), &with("4", &[("text", "迟到的题目")])).await.expect(412);
    let up = [("revision", "5"), ("number", "3"), ("act", "up")];
    owner.post(&format!("{DESK}/order"), &up).await.expect(303);
    let list = owner.get(DESK).await.expect(200);
    assert!(list.text.find("满意吗？").unwrap() < list.text.find("希望延长哪些时段？").unwrap());
    owner.get(&format!("{DESK}/preview")).await.expect(200).contains("3. 希望延长哪些时段？");
    site.guest().get(FORM).await.expect(404);
    site.guest().get("/consultations/2026-001-1").await.expect(200).lacks("问卷调查</h2>");
    owner.post(&format!("{DESK}/ready"), &[("revision", "6"), ("ready", "on")]).await.expect(303);

    site.guest().get("/consultations/2026-001-1").await.expect(200).contains(FORM).contains("还没有人填写");
    let person = site.guest();
    let form = person.get(FORM).await.expect(200);
    form.contains("<legend>1. 您多久去一次？").contains("可多选，最多 2 项").contains("不代表统计抽样");
    assert_eq!(person.cookie("device"), None, "nobody gets a cookie for reading");
    // What is missing is told beside the question, and nothing is lost.
    let text = "周末请早点开门，可打 13812345678 找我。";
    let bad = send(&person, &[("q2", "1"), ("q2", "2"), ("q2", "3"), ("q4", text)]).await.expect(422);
    bad.contains("href=\"#f-q1\"").contains("请回答这一题").contains("最多选 2 项").contains(text);
    assert_eq!(stored(&site).await, 0);
    let good = [("q1", "0"), ("q1_other", "每两周"), ("q2", "1"), ("q2", "3"), ("q3", "4"), ("q4", text)];
    let sent = send(&person, &good).await.expect(303);
    let slip = person.get(sent.location()).await.expect(200);
    slip.contains("您的问卷已收到").contains("其他：每两周").contains("清晨、晚上").contains("4 分");
    slip.contains("【已隐去】").lacks("13812345678");
    let code = sent.location().split(['/', '?']).nth(3).unwrap().to_owned();
    let found = site.guest().post("/receipts", &[("code", &code)]).await.expect(303);
    site.guest().get(found.location()).await.expect(200).contains("每两周");
    person.get(FORM).await.expect(200).contains("这个浏览器已经填写过").lacks("name=\"q1\"");

    // Fixed now; the figures are the staff's until the end.
    owner.post(DESK, &with("7", &[("title", "改一改")])).await.expect(409);
    owner.get(DESK).await.expect(200).contains("已经有人填写，问卷不能再修改").contains("已有 1 人填写");
    site.guest().get(RESULTS).await.expect(200).contains("结果还没有公布").lacks("<table");
    for value in ["1", "1", "2"] {
        send(&site.guest(), &[("q1", value), ("q3", "5")]).await.expect(303);
    }
    site.at("2026-04-02", 9, 0).await;
    let page = site.guest().get(RESULTS).await.expect(200);
    page.contains("已有 4 人填写").contains("4 人回答").contains("50.0%").contains("平均 4.75 分");
    page.contains("自愿参与").contains("回答不足 3 人").lacks("每两周");
    let english = site.guest().get(&format!("{RESULTS}?lang=en")).await.expect(200);
    english.contains("no representative sample").contains("mean 4.75");
    site.guest().get(FORM).await.expect(200).contains("问卷已于").contains(RESULTS);
    site.guest().get("/consultations/2026-001-1").await.contains("查看问卷结果").lacks("填写问卷");
    site.guest().get("/consultations/2026-001-1/fairness").await.expect(200).contains("已有 4 人填写");
    verified(&site).await;
    assert_eq!(actions(&site, "questionnaire.respond").await, 4);
}

#[tokio::test]
async fn everybody_answers_once_whatever_is_sent_at_the_same_moment() {
    let (site, open) = ready().await;
    let person = site.guest();
    // A program is given its device with the first answer; a browser has it as a cookie.
    let first = person.json("POST", SEND, answers(1, 5)).await.expect(201).json();
    let mut again = answers(2, 1);
    again["device"] = first["device"].clone();
    person.json("POST", SEND, again.clone()).await.expect(409).contains("已经填写过");
    again["device"] = json!("x.y");
    person.json("POST", SEND, again).await.expect(422);

    let device = jianyan::opinion::support::Device::fresh(&site.app);
    let cookie = device.signed(&site.app);
    let parallel = join_all((0..8).map(|_| {
        let browser = site.with_cookie("device", &cookie);
        async move {
            let fields = [("consent", "yes"), ("q1", "2"), ("revision", "1")];
            browser.post(FORM, &fields).await.status.as_u16()
        }
    }))
    .await;
    assert_eq!(parallel.iter().filter(|s| **s == 303).count(), 1, "{parallel:?}");
    assert_eq!(parallel.iter().filter(|s| **s == 409).count(), 7, "{parallel:?}");
    assert_eq!(stored(&site).await, 2);
    // The same request twice is received once, and gets the first receipt.
    let (key, body) = ("0123456789abcdef0123", answers(3, 3).to_string());
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let one = site.guest().raw("POST", SEND, &headers, body.clone().into_bytes()).await.expect(201).json();
    let two = site.guest().raw("POST", SEND, &headers, body.into_bytes()).await.expect(200).json();
    assert_eq!(one["lookup_code"], two["lookup_code"]);
    let other = answers(1, 3).to_string().into_bytes();
    site.guest().raw("POST", SEND, &headers, other).await.expect(422);

    // Different people at the same moment are all counted, each once.
    let crowd = join_all((0..12).map(|i| {
        let site = &site;
        async move { site.guest().json("POST", SEND, answers(1 + i % 3, 1 + i % 5)).await.status.as_u16() }
    }))
    .await;
    assert!(crowd.iter().all(|s| *s == 201), "{crowd:?}");
    assert_eq!(stored(&site).await, 15);
    let of = site.api("owner").await.get(&format!("{API}/results")).await.expect(200).json();
    assert_eq!(of["responses"], 15);
    verified(&site).await;
    let rows = questionnaire_response::Entity::find().all(site.app.db.read()).await.unwrap();
    let id = cookie.split('.').next().unwrap();
    assert!(rows.iter().all(|r| !r.person.contains(id) && r.network.is_some()), "hashes tell nobody");

    // Where a contact is verified, it is the contact that answers once.
    fixture::verify_contacts(&site, open.consultation).await;
    let person = site.guest();
    person.json("POST", SEND, answers(1, 1)).await.expect(422).contains("contact_unproven");
    let step = send(&person, &[("q1", "3"), ("q4", "按时开门")]).await.expect(200);
    step.contains("核验联系方式").contains("不随答卷保存").contains("按时开门").lacks("还不能提交");
    let press = async |page: &Answer, changed: &[(&str, &str)]| {
        let fields = identity::form(page, changed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        person.post(FORM, &fields).await
    };
    let asked = press(&step, &[("step", "code"), ("contact", "li@example.invalid")]).await.expect(200);
    let back = press(&asked, &[("step", "edit")]).await.expect(200);
    back.contains("按时开门").contains("value=\"3\" checked").lacks("还不能提交");
    let code = identity::mailed(&site).await;
    press(&asked, &[("contact", "li@example.invalid"), ("contact_code", &code)]).await.expect(303);
    let rows = questionnaire_response::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(rows.iter().filter(|r| r.network.is_none()).count(), 1);
    site.at("2026-03-05", 9, 0).await;
    let ticket = json!({ "contact": "LI@example.invalid" });
    let asked = site.guest().json("POST", &format!("{API}/contact-codes"), ticket).await.expect(202).json();
    site.work().await;
    let mail = site
        .mails()
        .iter()
        .map(|m| crate::opinion::decoded(m))
        .find(|m| m.contains("验证码：") && !m.contains(&code));
    let second = mail.map(|m| identity::digits(m.split("验证码：").nth(1).unwrap())).unwrap();
    let mut body = answers(1, 1);
    body["contact"] = json!("LI@example.invalid");
    body["contact_ticket"] = asked["ticket"].clone();
    body["contact_code"] = json!(second);
    site.guest().json("POST", SEND, body).await.expect(409).contains("已经填写过");
}

#[tokio::test]
async fn floods_and_wrong_answers_end() {
    let site = Site::with(|c| {
        c.limits.responses_per_network = 3;
        c.limits.responses_per_minute = 20;
    })
    .await;
    fixture::open(&site).await;
    site.api("owner").await.json("PUT", API, content()).await.expect(200);
    let of = |answers: Value| json!({ "consent": true, "answers": answers });
    for (body, field) in [
        (of(json!([])), "q1"),
        (of(json!([{ "question": 1, "choices": [9] }])), "q1"),
        (of(json!([{ "question": 1, "choices": [1, 2] }])), "q1"),
        (of(json!([{ "question": 1, "choices": [1], "text": "别的" }])), "q1_other"),
        (of(json!([{ "question": 1, "choices": [1] }, { "question": 3, "choices": [0] }])), "q3"),
        (json!({ "consent": false, "answers": [{ "question": 1, "choices": [1] }] }), "consent"),
    ] {
        let told = site.guest().json("POST", SEND, body).await.expect(422).json();
        assert_eq!(told["errors"][0]["field"], field, "{told}");
    }
    for strange in [
        json!([{ "question": 7, "choices": [1] }]),
        json!([{ "question": 1, "choices": [1] }, { "question": 1, "choices": [2] }]),
    ] {
        site.guest().json("POST", SEND, of(strange)).await.expect(422);
    }
    site.guest().post(FORM, &[("consent", "yes"), ("q1", "zwei"), ("revision", "1")]).await.expect(422);
    site.guest().post(FORM, &[("consent", "yes"), ("q1", "1"), ("revision", "9")]).await.expect(412);
    assert_eq!(stored(&site).await, 0);
    let flood = join_all(
        (0..6).map(|_| async { site.guest().json("POST", SEND, answers(1, 1)).await.status.as_u16() }),
    )
    .await;
    assert_eq!(flood.iter().filter(|s| **s == 201).count(), 3, "{flood:?}");
    assert_eq!(flood.iter().filter(|s| **s == 409).count(), 3, "{flood:?}");
    let mut last = 0;
    for _ in 0..21 {
        last = site.guest().json("POST", SEND, answers(1, 1)).await.status.as_u16();
    }
    assert_eq!(last, 429);
    verified(&site).await;
}

#[tokio::test]
async fn it_opens_and_closes_with_the_consultation_and_is_open_to_its_people() {
    let (site, open) = ready().await;
    let outside = site.department("other", "别的处").await;
    site.staff("stranger", outside, &[Role::Owner]).await;
    site.api("stranger").await.json("PUT", API, content()).await.expect(403);
    site.guest().json("PUT", API, content()).await.expect(401);
    site.sign_in("stranger").await.get(DESK).await.expect(403);
    let desk = site.sign_in("stranger").await;
    desk.post(&format!("{DESK}/responses.csv"), &[]).await.expect(403);
    site.sign_in("owner").await.post(FORM, &[("consent", "yes"), ("q1", "1")]).await.expect(403);

    // Before the first day and after the last moment nothing is taken; an extension moves the end.
    site.clock.set(at("2026-03-01", 12, 0));
    site.guest().json("POST", SEND, answers(1, 1)).await.expect(409);
    site.guest().get(FORM).await.expect(200).contains("2026年3月2日 开始填写").lacks("name=\"consent\"");
    site.clock.set(at("2026-04-01", 23, 59));
    site.guest().json("POST", SEND, answers(1, 5)).await.expect(201);
    site.clock.set(at("2026-04-01", 24, 0));
    let late = [("consent", "yes"), ("q1", "1"), ("q4", "来晚了的话"), ("revision", "1")];
    site.guest().post(FORM, &late).await.expect(409).contains("没有提交").contains("来晚了的话");
    site.clock.set(at("2026-04-01", 12, 0));
    let actor = site.actor(open.owner).await;
    let extend = jianyan::consultation::Extend {
        new_closes_on: crate::harness::day("2026-04-10"),
        reason: "应公众要求。".into(),
    };
    jianyan::consultation::extend(&site.app, &actor, open.consultation, &extend).await.unwrap();
    site.clock.set(at("2026-04-10", 23, 0));
    for scale in [1, 2, 5] {
        site.guest().json("POST", SEND, answers(1, scale)).await.expect(201);
    }
    // Single answers: by the owner alone, recorded, and no formula for a spreadsheet.
    let mut formula = answers(0, 3);
    formula["answers"][0]["text"] = json!("=1+1");
    formula["answers"][1]["choices"] = json!([]);
    site.guest().json("POST", SEND, formula).await.expect(201);
    let own = site.sign_in("owner").await;
    let file = own.post(&format!("{DESK}/responses.csv"), &[]).await.expect(200);
    file.contains("序号,日期,1. 您多久去一次体育馆？,1. 其他").contains(",2026-04-10,其他,'=1+1,,,");
    assert_eq!(file.text.lines().count(), 6);
    assert_eq!(actions(&site, "questionnaire.export").await, 1);
    site.guest().get(&format!("{RESULTS}.csv")).await.expect(404);

    // Everybody after the end: the figures of each question add up.
    let early = site.guest().get(&format!("{API}/results")).await.expect(200).json();
    assert_eq!((&early["responses"], early.get("questions")), (&json!(5), None));
    site.clock.set(at("2026-04-11", 0, 0));
    let r = site.guest().get(&format!("{API}/results")).await.expect(200).json();
    let sums: BTreeMap<i64, (u64, u64)> = r["questions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|q| {
            let sum = q["choices"].as_array()?.iter().map(|c| c["n"].as_u64().unwrap()).sum();
            Some((q["number"].as_i64().unwrap(), (q["base"].as_u64().unwrap(), sum)))
        })
        .collect();
    assert_eq!(sums[&1], (5, 5));
    assert_eq!(sums[&3], (4, 4));
    assert!(!sums.contains_key(&2), "nobody answered it, nothing is told: {r}");
    assert_eq!(r["questions"][2]["mean"], 3.25);
    let csv = site.guest().get(&format!("{RESULTS}.csv")).await.expect(200);
    csv.contains("1,单选题,您多久去一次体育馆？,1,每周,4,5,80.0").contains("2,多选题").contains("不公布");
    site.api("owner").await.json("PUT", API, content()).await.expect(409);
    verified(&site).await;
}

#[tokio::test]
async fn figures_open_from_the_start_are_shown_at_once_and_a_draft_takes_its_questionnaire_along() {
    let (site, open) = site().await;
    let mut body = content();
    body["open_results"] = json!(true);
    body["revision"] = json!(0);
    let owner = site.api("owner").await;
    owner.json("PUT", API, body.clone()).await.expect(200);
    owner.json("PUT", API, body).await.expect(412);
    for _ in 0..3 {
        site.guest().json("POST", SEND, answers(1, 5)).await.expect(201);
    }
    let page = site.guest().get(RESULTS).await.expect(200);
    page.contains("征集还在进行").contains("100.0%").contains("results.csv");

    // A draft's questionnaire is nobody's but the owner's, and goes with the draft.
    let (draft, _) = fixture::consultation(&site, "2026-002", open.department, open.owner).await;
    let write = site.app.write().await.unwrap();
    entity::consultation::Entity::update_many()
        .col_expr(
            entity::consultation::Column::PublishedAt,
            sea_orm::sea_query::Expr::value(None::<chrono::DateTime<chrono::Utc>>),
        )
        .filter(entity::consultation::Column::Id.eq(draft))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let other = "/api/v1/consultations/2026-002-1/questionnaire";
    owner.json("PUT", other, content()).await.expect(200);
    owner.get(other).await.expect(200);
    site.guest().get(other).await.expect(404);
    site.guest().get("/consultations/2026-002-1/questionnaire").await.expect(404);
    site.guest().json("POST", &format!("{other}/responses"), answers(1, 1)).await.expect(404);
    let actor = site.actor(open.owner).await;
    jianyan::consultation::discard(&site.app, &actor, draft).await.unwrap();
    owner.get(other).await.expect(404);
}
