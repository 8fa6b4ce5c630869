//! Opinions that propose other words for a clause.

use entity::enums::OpinionState;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture::{self, Open};
use crate::harness::{Answer, Person, Site};
use crate::summary_fixture::{Case, Said, said};

const FORM: &str = "/consultations/2026-001-1/opinion";
const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const REASON: &str = "下班后才有时间锻炼。";
const DRAFT: &str = "第二条 公共体育场馆应当全年开放：\n（一）工作日开放至二十一时；\n（二）节假日全天开放。";
const OTHER: &str = "第二条 公共体育场馆应当全年开放：\n（一）工作日开放至二十二时；\n（二）节假日全天开放。";
const BEFORE: &str = "工作日开放至二十";

async fn site() -> (Site, Open) {
    let site = Site::new().await;
    let open = fixture::open(&site).await;
    (site, open)
}

async fn send(person: &Person, clause: Option<&str>, text: &str, wording: &str) -> Answer {
    let key = person.get(FORM).await.expect(200).input("key").unwrap();
    let mut fields = vec![
        ("text", text),
        ("wording", wording),
        ("name", "张三丰"),
        ("contact", "zhang@example.invalid"),
        ("person_kind", "individual"),
        ("show_as", "masked"),
        ("consent", "yes"),
        ("key", &key),
    ];
    fields.extend(clause.map(|id| ("clause", id)));
    person.post(FORM, &fields).await
}

fn body(clause: Value, wording: &str) -> Value {
    json!({ "clause_id": clause, "wording": wording, "person_kind": "individual", "show_as": "masked", "consent": true })
}

/// One character instead of another, struck out and underlined, and said in words.
fn marks(page: &Answer) {
    page.contains(BEFORE).contains("【删去】</span>一<span").contains("【新增】</span>二<span");
    page.contains("下划线为新增").contains("删除线为删去");
}

#[tokio::test]
async fn proposed_words_are_shown_against_the_clause_wherever_they_are_read() {
    let (site, open) = site().await;
    let clause = open.articles[1].to_string();
    let person = site.guest();
    let form = person.get(&format!("{FORM}?clause={clause}")).await.expect(200);
    form.contains("直接修改这一条的文字").contains(&format!("\n{DRAFT}</textarea>"));
    person.get(FORM).await.lacks("name=\"wording\"");

    let receipt = send(&person, Some(&clause), REASON, OTHER).await.expect(303);
    let slip = person.get(receipt.location()).await.expect(200);
    marks(slip.contains(REASON));
    let page = receipt.location().split('?').next().unwrap().to_owned();
    marks(person.get(&page).await.expect(200).contains(REASON));
    let code = page.strip_prefix("/receipts/").unwrap();
    let state = person.get(&format!("/api/v1/receipts/{code}")).await.expect(200).json();
    assert_eq!(state["wording"], OTHER);
    assert_eq!(state["text"], format!("{REASON}\n\n【建议修改为】\n{OTHER}"));

    // The moderator reads it against the clause; English pages tell the signs in English.
    let mod1 = site.sign_in("mod1").await;
    let case = mod1.get("/desk/review/2026-001-1-000001").await.expect(200);
    marks(case.contains("与草案条文对照"));
    let fields = [("revision", "1"), ("action", "publish")];
    mod1.post("/desk/review/2026-001-1-000001", &fields).await.expect(303);
    marks(site.guest().get("/consultations/2026-001-1").await.expect(200).contains(REASON));
    let english = site.guest().get("/consultations/2026-001-1?lang=en").await;
    english.contains("Proposed wording").contains("[removed]");
    let list = person.get(API).await.expect(200).json();
    assert_eq!(list["items"][0]["wording"], OTHER);
    let csv = person.get("/consultations/2026-001-1/opinions.csv").await.expect(200);
    csv.contains(REASON).contains("【建议修改为】").contains("开放至二十二时");

    let owner = site.sign_in("owner").await;
    let work = "/desk/consultations/2026-001-1/opinions";
    marks(owner.get(work).await.expect(200).contains(REASON));
    owner.get(&format!("{work}?q=二十二时")).await.contains("2026-001-1-000001");
    owner.get(&format!("{work}?q=二十三时")).await.lacks("2026-001-1-000001");
}

/// A correction changes the clause; the opinion is still read against the words it spoke of.
#[tokio::test]
async fn a_correction_does_not_move_what_was_proposed() {
    let (site, open) = site().await;
    let clause = open.articles[1].to_string();
    send(&site.guest(), Some(&clause), REASON, OTHER).await.expect(303);
    let mod1 = site.sign_in("mod1").await;
    let publish = [("revision", "1"), ("action", "publish")];
    mod1.post("/desk/review/2026-001-1-000001", &publish).await.expect(303);
    fixture::correct(&site, open.consultation).await;
    marks(&site.guest().get("/consultations/2026-001-1").await.expect(200));
}

#[tokio::test]
async fn words_alone_are_an_opinion_and_the_words_of_the_draft_are_none() {
    let (site, open) = site().await;
    let (person, clause) = (site.guest(), open.articles[1].to_string());
    send(&person, Some(&clause), "", OTHER).await.expect(303);
    // As the form began: only the reason is the opinion.
    send(&person, Some(&clause), REASON, &DRAFT.replace('\n', "\r\n")).await.expect(303);
    let again = send(&person, Some(&clause), "", DRAFT).await.expect(422);
    again.contains("请填写意见内容").contains("<details class=\"wording\">");
    let rows = entity::opinion::Entity::find().all(site.app.db.read()).await.unwrap();
    let texts: Vec<&str> = rows.iter().map(|o| o.text.as_str()).collect();
    assert_eq!(texts.len(), 2);
    assert!(
        texts.contains(&format!("【建议修改为】\n{OTHER}").as_str()) && texts.contains(&REASON),
        "{texts:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_proposed_is_told() {
    let (site, open) = site().await;
    let (person, clause) = (site.guest(), json!(open.articles[1]));
    let same = person.json("POST", API, body(clause.clone(), DRAFT)).await.expect(422);
    assert_eq!(same.json()["errors"][0]["field"], "wording", "{}", same.text);
    let nowhere = person.json("POST", API, body(Value::Null, OTHER)).await.expect(422);
    nowhere.contains("请先选择要修改的条款");
    let marked = body(clause.clone(), "甲\n【建议修改为】\n乙");
    person.json("POST", API, marked).await.expect(422).contains("由系统添加");
    let long = person.json("POST", API, body(clause.clone(), &"字".repeat(2001))).await.expect(422);
    assert_eq!(long.json()["errors"][0]["field"], "wording", "{}", long.text);
    // Each has its own room.
    let mut both = body(clause, &"字".repeat(2000));
    both["text"] = json!("由".repeat(2000));
    person.json("POST", API, both).await.expect(201);
    let id = open.articles[1].to_string();
    let page = send(&person, Some(&id), "", &"字".repeat(2001)).await.expect(422);
    page.contains("超出 1 字").contains("<details class=\"wording\" open>").contains(&"字".repeat(2001));
}

/// One text: what is noticed in the proposed words is redacted like the rest, and a changed letter is refused.
#[tokio::test]
async fn proposed_words_are_screened_and_redacted_like_the_text() {
    let (site, open) = site().await;
    let clause = open.articles[1].to_string();
    let words = OTHER.replace("节假日", "联系13800001234，节假日");
    send(&site.guest(), Some(&clause), REASON, &words).await.expect(303);
    let mod1 = site.sign_in("mod1").await;
    let case = "/desk/review/2026-001-1-000001";
    mod1.get(case).await.contains("疑似手机号").contains("联系【已隐去】，节假日");
    let whole = format!("{REASON}\n\n【建议修改为】\n{words}");
    let redact = async |text: &str| {
        mod1.post(case, &[("revision", "1"), ("action", "publish_redacted"), ("public_text", text)]).await
    };
    let public = whole.replace("13800001234", "【已隐去】");
    redact(&public.replace("二十二时", "二十三时")).await.expect(422);
    redact(&public).await.expect(303);
    let page = site.guest().get("/consultations/2026-001-1").await.expect(200);
    page.lacks("13800001234").contains("联系【已隐去】，").contains(REASON);
    let rows = entity::opinion::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!((rows[0].state, rows[0].text.as_str()), (OpinionState::Published, whole.as_str()));
}

#[tokio::test]
async fn the_published_summary_shows_what_was_proposed() {
    let case = Case::new().await;
    let text = "理由如下。\n\n【建议修改为】\n第一条 每周开放七天。";
    let number = case.hear(Said { clause: Some(0), ..said(text) }).await;
    let owner = case.site.sign_in("owner").await;
    let answer = format!("{}/{number}/response", case.desk("opinions"));
    owner
        .post(&answer, &[("outcome", "not_adopted"), ("reason", "经费不足，明年再研究。")])
        .await
        .expect(303);
    case.drafted().await;
    let page = owner.get(&case.desk("summary/preview")).await.expect(200);
    page.contains("理由如下。").contains("建议修改为").contains("<ins>").contains("<del>");
}
