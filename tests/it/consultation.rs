//! Consultations: the 30-day rule, what they publish, the last moment, extensions and corrections.

use entity::enums::{DutyKind, DutyState, StepKind};
use jianyan::{consultation, decision, duty, opinion};
use serde_json::{Value, json};

use crate::document::{Bureau, DRAFT, bureau};
use crate::harness::{Answer, Person, Site, day};

const REASON: &str = "汛期将至，需在4月前出台，故缩短征求意见期限。";

/// A decision whose draft and explanation are written.
pub async fn ready() -> Bureau {
    let b = bureau().await;
    b.write("draft", DRAFT).await;
    b.write("explanation", "起草说明\n一、必要性\n市民反映场馆关门过早。").await;
    b
}

async fn create(b: &Bureau, opens: &str, closes: &str) -> Answer {
    let path = format!("/api/v1/decisions/{}/consultations", b.code);
    b.api.json("POST", &path, json!({ "opens_on": opens, "closes_on": closes })).await
}

async fn act(b: &Bureau, act: &str, body: Value) -> Answer {
    b.api.json("POST", &format!("/api/v1/consultations/2026-001-1/{act}"), body).await
}

/// Opens a consultation today until 1 April, through the API.
async fn open(b: &Bureau) {
    create(b, "2026-03-02", "2026-04-01").await.expect(201);
    act(b, "publish", json!({})).await.expect(200);
}

async fn page(person: &Person) -> Answer {
    person.get("/consultations/2026-001-1").await
}

/// Moves the clock and signs the owner in again: tokens and sessions do not last that long.
async fn later(b: &mut Bureau, date: &str, hour: u32, minute: u32) {
    b.site.at(date, hour, minute).await;
    b.api = b.site.api("owner").await;
    b.owner = b.site.sign_in("owner").await;
}

async fn stage(b: &Bureau) -> String {
    let answer = b.site.guest().get("/api/v1/consultations/2026-001-1").await.expect(200);
    answer.json()["stage"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_owner_prepares_and_publishes_through_the_pages() {
    let b = ready().await;
    let new = format!("/desk/decisions/{}/consultations/new", b.code);
    let form = b.owner.get(&new).await.expect(200);
    form.contains("关于公开征求《示例市公共体育场馆开放管理办法（征求意见稿）》意见的公告");
    form.contains("少于 30 日").contains("mass@example.invalid");
    assert_eq!(form.input("opens_on").unwrap(), "2026-03-02");
    assert_eq!(form.input("closes_on").unwrap(), "2026-04-01");

    let fields = |closes: &'static str, email: &'static str| {
        [
            ("title", "关于公开征求《场馆办法》意见的公告"),
            ("notice", "欢迎提出意见。"),
            ("opens_on", "2026-03-02"),
            ("closes_on", closes),
            ("address", "示例市体育路1号"),
            ("email", email),
            ("phone", "000-12345678"),
        ]
    };
    for (closes, email, words) in [
        ("2026-03-02", "a@example.invalid", "应当晚于开始日期"),
        ("2206-03-02", "a@example.invalid", "请核对截止日期的年份"),
        ("tomorrow", "a@example.invalid", "请填写正确的内容"),
        ("2026-04-01", "not an address", "请填写正确的电子邮箱"),
    ] {
        let again = b.owner.post(&new, &fields(closes, email)).await.expect(422);
        again.contains(words).contains("关于公开征求《场馆办法》意见的公告").contains("欢迎提出意见。");
    }
    let to = b.owner.post(&new, &fields("2026-03-31", "a@example.invalid")).await.expect(303);
    assert!(to.location().starts_with("/desk/consultations/2026-001-1?"), "{}", to.location());

    // One day short: the list says what is missing and names the law; nothing is published.
    let desk = b.owner.get("/desk/consultations/2026-001-1").await.expect(200);
    desk.contains("期限 29 日，少于 30 日")
        .contains("《重大行政决策程序暂行条例》第十五条")
        .contains("没有单独的决策依据");
    desk.lacks("action=\"/desk/consultations/2026-001-1/publish\"");
    b.owner.post("/desk/consultations/2026-001-1/publish", &[]).await.expect(422).contains("第十五条");
    page(&b.site.guest()).await.expect(404);
    page(&b.owner).await.expect(200).contains("预览：尚未发布");

    let edit = "/desk/consultations/2026-001-1/edit";
    let mut right = fields("2026-04-01", "a@example.invalid").to_vec();
    let revision = b.owner.get(edit).await.expect(200).input("revision").unwrap();
    right.push(("revision", &revision));
    b.owner.post(edit, &right).await.expect(303);
    b.owner.post(edit, &right).await.expect(412).contains("已被他人修改");
    let desk = b.owner.get("/desk/consultations/2026-001-1").await.expect(200);
    desk.contains("期限 30 日，2026年4月1日 24:00（北京时间） 截止");
    let done = b.owner.post("/desk/consultations/2026-001-1/publish", &[]).await.expect(303);
    b.owner.get(done.location()).await.expect(200).contains("已发布").contains("延长期限");

    let shown = page(&b.site.guest()).await.expect(200);
    shown.contains("还剩 <strong>30</strong> 天").contains("2026年4月1日 24:00（北京时间）");
    shown.contains("欢迎提出意见。").contains("市民反映场馆关门过早").contains("示例市体育路1号");
    shown.contains("mailto:a@example.invalid").contains("tel:00012345678").contains("对本条提意见");
    shown.contains("2026年4月1日为第30日").contains("/consultations/2026-001-1/draft.txt").lacks("预览");
    shown.contains("<meta name=\"ColumnName\" content=\"意见征集\">").contains("还没有收到意见");
    b.site.guest().get("/consultations").await.expect(200).contains("关于公开征求《场馆办法》意见的公告");
}

#[tokio::test]
async fn thirty_days_are_enough_and_twenty_nine_need_a_reason() {
    let b = ready().await;
    create(&b, "2026-03-02", "2026-03-31").await.expect(201);
    let refused = act(&b, "publish", json!({})).await.expect(422).json();
    assert_eq!(refused["code"], "against_rule");
    assert!(
        refused["detail"].as_str().unwrap().contains("《重大行政决策程序暂行条例》第十五条"),
        "{refused}"
    );
    assert_eq!(refused["errors"][0]["field"], "short_reason");
    assert_eq!(b.site.guest().get("/api/v1/consultations").await.json()["total"], 0);

    let patched =
        b.api.json("PATCH", "/api/v1/consultations/2026-001-1", json!({ "short_reason": REASON })).await;
    assert_eq!(patched.expect(200).json()["deadline"]["days"], 29);
    act(&b, "publish", json!({})).await.expect(200);
    page(&b.site.guest()).await.expect(200).contains("少于 30 日").contains(REASON);

    let b = ready().await;
    create(&b, "2026-03-02", "2026-04-01").await.expect(201);
    let out = act(&b, "publish", json!({})).await.expect(200).json();
    assert_eq!(out["deadline"]["days"], 30);
    assert_eq!(out["deadline"]["closes_at"], "2026-04-01T16:00:00+00:00");
    assert_eq!(out["deadline"]["words"], "还剩 30 天，截止 2026年4月1日 24:00（北京时间）");
    assert_eq!(out["documents"]["draft"]["version"], 1);
    assert!(out["clauses"].as_array().unwrap().iter().any(|c| c["label"] == "第二条第（一）项"));
    assert_eq!(out["channels"]["email"], "mass@example.invalid");
}

#[tokio::test]
async fn a_consultation_needs_its_explanation_a_draft_with_text_and_a_way_beside_the_site() {
    let b = bureau().await;
    let path = format!("/api/v1/decisions/{}/consultations", b.code);
    let dates = json!({ "opens_on": "2026-03-02", "closes_on": "2026-04-01" });
    b.api.json("POST", &path, dates).await.expect(422);
    b.write("draft", DRAFT).await;
    let no_way = json!({ "opens_on": "2026-03-02", "closes_on": "2026-04-01", "address": "", "email": "", "phone": "" });
    b.api.json("POST", &path, no_way.clone()).await.expect(201);
    // A decision has one draft at a time.
    b.api.json("POST", &path, no_way).await.expect(409);
    let refused = act(&b, "publish", json!({})).await.expect(422).json();
    let fields: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["explanation", "address"]);

    // A first day that passed while the draft waited.
    b.write("explanation", "说明").await;
    let phone = json!({ "phone": "000-12345678" });
    b.api.json("PATCH", "/api/v1/consultations/2026-001-1", phone).await.expect(200);
    b.site.at("2026-03-03", 0, 0).await;
    let refused = act(&b, "publish", json!({})).await.expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "opens_on");
    b.api.json("DELETE", "/api/v1/consultations/2026-001-1", json!({})).await.expect(204);
    create(&b, "2026-03-03", "2026-04-02").await.expect(201);
    let path = "/api/v1/consultations/2026-001-2/publish";
    b.api.json("POST", path, json!({})).await.expect(200);
    b.api.json("POST", path, json!({})).await.expect(409);
}

#[tokio::test]
async fn it_is_open_from_its_first_day_until_twenty_four_hours_of_its_last() {
    let b = ready().await;
    create(&b, "2026-03-04", "2026-04-03").await.expect(201);
    act(&b, "publish", json!({})).await.expect(200);
    let guest = b.site.guest();
    let form = "/consultations/2026-001-1/opinion";
    assert_eq!(stage(&b).await, "upcoming");
    page(&guest).await.expect(200).contains("即将开始").lacks(form);
    b.site.at("2026-03-03", 23, 59).await;
    assert_eq!(stage(&b).await, "upcoming");
    b.site.at("2026-03-04", 0, 0).await;
    assert_eq!(stage(&b).await, "open");
    page(&guest).await.expect(200).contains("征集中").contains(form);
    b.site.at("2026-04-01", 9, 0).await;
    page(&guest).await.expect(200).contains("即将截止").contains("还剩 <strong>2</strong> 天");
    b.site.at("2026-04-03", 23, 59).await;
    assert_eq!(stage(&b).await, "open");
    page(&guest).await.expect(200).contains("今天截止").contains(form);
    b.site.at("2026-04-04", 0, 0).await;
    assert_eq!(stage(&b).await, "closed");
    page(&guest).await.expect(200).contains("已截止").contains("公布征求意见结果").lacks(form);

    // The lists follow.
    for (state, n) in [("open", 0), ("closed", 1), ("answered", 0)] {
        let api = guest.get(&format!("/api/v1/consultations?state={state}")).await.expect(200).json();
        assert_eq!(api["total"], n, "{state}");
        assert_eq!(api["items"].as_array().unwrap().len(), n, "{state}");
        let list = guest.get(&format!("/consultations?state={state}")).await.expect(200);
        assert_eq!(list.text.contains("href=\"/consultations/2026-001-1\""), n == 1, "{state}");
    }
    guest.get("/api/v1/consultations?state=nonsense").await.expect(400);
    guest.get("/api/v1/consultations?page=0").await.expect(400);
    guest.get("/consultations?state=nonsense&page=99").await.expect(200);
}

#[tokio::test]
async fn publishing_locks_the_texts_records_the_steps_and_opens_the_duties() {
    let b = ready().await;
    b.write("basis", "《体育法》第五条").await;
    open(&b).await;
    let db = b.site.app.db.read();
    let c = consultation::by_code(db, "2026-001-1").await.unwrap();
    let steps = decision::steps(db, c.decision_id).await.unwrap();
    let mut kinds: Vec<StepKind> = steps.iter().map(|s| s.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [StepKind::Draft, StepKind::Consultation]);
    let duties = duty::of_subject(db, c.id.0).await.unwrap();
    let due = |kind: DutyKind| duties.iter().find(|d| d.kind == kind).map(|d| d.due_on).unwrap();
    assert_eq!(duties.len(), 2);
    assert_eq!(due(DutyKind::ConsultationCloses), day("2026-04-01"));
    // 20 working days after 1 April 2026, over Qingming.
    let twenty = b.site.app.calendar().nth_working_day_after(day("2026-04-01"), 20).unwrap().date;
    assert_eq!(due(DutyKind::ConsultationResult), twenty);

    // Nothing of it can be changed any more.
    let documents = b.api.get(&b.endpoint()).await.json();
    for document in documents.as_array().unwrap() {
        assert!(document["published_at"].is_string(), "{document}");
        let path = format!("/api/v1/documents/{}", document["id"].as_str().unwrap());
        b.api.json("PUT", &path, json!({ "text": "改动" })).await.expect(409);
        b.api.json("DELETE", &path, json!({})).await.expect(409);
        b.site.guest().get(&path).await.expect(200);
    }
    let edit = json!({ "closes_on": "2026-05-01" });
    b.api.json("PATCH", "/api/v1/consultations/2026-001-1", edit).await.expect(409);
    b.api.json("DELETE", "/api/v1/consultations/2026-001-1", json!({})).await.expect(409);

    // Search finds words of the notice, the draft, the explanation and the basis.
    for word in ["场馆每日开放", "市民反映", "体育法", "科学性和民主性"] {
        let found =
            b.site.guest().get(&format!("/search?q={}", crate::harness::encode(word))).await.expect(200);
        found.contains("/consultations/2026-001-1");
    }
    let text = b.site.guest().get("/consultations/2026-001-1/draft.txt").await.expect(200);
    let plain = |t: &str| t.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    assert_eq!(plain(&text.text), DRAFT);
    b.site.guest().get("/consultations/2026-001-1/explanation.txt").await.expect(200).contains("关门过早");
    // The closing duty ends by itself.
    b.site.at("2026-04-02", 9, 0).await;
    let duties = duty::of_subject(b.site.app.db.read(), c.id.0).await.unwrap();
    let closes = duties.iter().find(|d| d.kind == DutyKind::ConsultationCloses).unwrap();
    assert_eq!((closes.state, closes.completed_on), (DutyState::Done, Some(day("2026-04-01"))));
}

#[tokio::test]
async fn the_last_day_moves_later_only_and_everybody_sees_why() {
    let mut b = ready().await;
    create(&b, "2026-03-02", "2026-04-01").await.expect(201);
    let until = |date: &str| json!({ "new_closes_on": date, "reason": "应公众要求延长。" });
    act(&b, "extensions", until("2026-04-10")).await.expect(409);
    act(&b, "publish", json!({})).await.expect(200);
    for bad in ["2026-04-01", "2026-03-31", "2206-04-10"] {
        act(&b, "extensions", until(bad)).await.expect(422);
    }
    act(&b, "extensions", json!({ "new_closes_on": "2026-04-10", "reason": "" })).await.expect(422);
    let form = [("new_closes_on", "2026-03-20"), ("reason", "写错了")];
    let again = b.owner.post("/desk/consultations/2026-001-1/extend", &form).await.expect(422);
    again.contains("只能延长，不能缩短").contains("写错了");
    let form = [("new_closes_on", "2026-04-10"), ("reason", "应公众要求延长。")];
    b.owner.post("/desk/consultations/2026-001-1/extend", &form).await.expect(303);

    let shown = page(&b.site.guest()).await.expect(200);
    shown.contains("征集期已延长").contains("应公众要求延长。").contains("2026年4月10日 24:00（北京时间）");
    let out = b.site.guest().get("/api/v1/consultations/2026-001-1").await.json();
    assert_eq!(out["extensions"][0]["old_closes_on"], "2026-04-01");
    let db = b.site.app.db.read();
    let c = consultation::by_code(db, "2026-001-1").await.unwrap();
    let duties = duty::of_subject(db, c.id.0).await.unwrap();
    let closes = duties.iter().find(|d| d.kind == DutyKind::ConsultationCloses).unwrap();
    assert_eq!(closes.due_on, day("2026-04-10"));
    let result = duties.iter().find(|d| d.kind == DutyKind::ConsultationResult).unwrap();
    assert_eq!(result.start_on, day("2026-04-10"));

    // Open until the new end; after it no more.
    later(&mut b, "2026-04-10", 23, 59).await;
    assert_eq!(stage(&b).await, "open");
    act(&b, "extensions", until("2026-04-11")).await.expect(200);
    later(&mut b, "2026-04-12", 0, 0).await;
    assert_eq!(stage(&b).await, "closed");
    act(&b, "extensions", until("2026-04-20")).await.expect(409);
}

#[tokio::test]
async fn a_mistake_is_corrected_by_a_new_version_and_opinions_stay_with_their_clauses() {
    let mut b = ready().await;
    open(&b).await;
    let old = b.api.get(&b.endpoint()).await.json()[0]["id"].as_str().unwrap().to_owned();
    let third = b.clauses(&old).await.iter().find(|c| c["label"] == "第三条").unwrap().clone();
    let gone = b.clauses(&old).await.iter().find(|c| c["label"] == "第一条").unwrap().clone();
    speak(&b.site, third["id"].as_str().unwrap(), "建议开放到二十三时。").await;
    speak(&b.site, gone["id"].as_str().unwrap(), "目的应当写得更清楚。").await;

    let text = DRAFT
        .replace("第一条 为了规范场馆开放，制定本办法。\n", "")
        .replace("第二条 本办法", "第一条 本办法")
        .replace("第三条 场馆每日开放至二十一时。", "第二条 场馆每日开放至二十二时。");
    let new = b.write("draft", &text).await;
    let notice = "“二十一时”系“二十二时”之误；删去重复的第一条。";
    let wrong = |document: &str, notice: &str| json!({ "document_id": document, "notice": notice });
    act(&b, "corrections", wrong(&old, notice)).await.expect(422);
    act(&b, "corrections", wrong(&new, "")).await.expect(422);
    let desk = b.owner.get("/desk/consultations/2026-001-1").await.expect(200);
    desk.contains("决策草案 · 第 2 版");
    let form = [("document_id", new.as_str()), ("notice", notice)];
    b.owner.post("/desk/consultations/2026-001-1/correct", &form).await.expect(303);

    let shown = page(&b.site.guest()).await.expect(200);
    shown.contains("决策草案更正：第 2 版").contains(notice).contains("每日开放至二十二时");
    shown.contains(&format!("/documents/compare?from={old}&amp;to={new}"));
    // The opinion on the article moved with it; the one on the article that went away leads to the old text.
    let lineage = third["lineage_id"].as_str().unwrap();
    shown.contains(&format!("?on={lineage}#opinions"));
    shown.contains("建议开放到二十三时").contains(&format!("href=\"/documents/{old}\""));
    let one = b.site.guest().get(&format!("/consultations/2026-001-1?on={lineage}")).await.expect(200);
    one.contains("只显示对“").contains("建议开放到二十三时").lacks("目的应当写得更清楚");
    // The old version stays readable, and says that there is a newer one.
    let before = b.site.guest().get(&format!("/documents/{old}")).await.expect(200);
    before.contains("二十一时").contains("这不是最新版本").contains(&format!("/documents/{new}"));
    let compare = format!("/documents/compare?from={old}&to={new}");
    b.site.guest().get(&compare).await.expect(200).contains("第三条 → 第二条");
    later(&mut b, "2026-04-02", 0, 0).await;
    let late = b.write("explanation", "说明（修改）").await;
    act(&b, "corrections", wrong(&late, "补充")).await.expect(409);
}

/// A published opinion on a clause, as review leaves it.
async fn speak(site: &Site, clause: &str, text: &str) {
    use jianyan::opinion::settle::{Verdict, settle};
    let body = json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true, "clause_id": clause });
    let sent =
        site.guest().json("POST", "/api/v1/consultations/2026-001-1/opinions", body).await.expect(201).json();
    let row = opinion::by_number(site.app.db.read(), sent["number"].as_str().unwrap()).await.unwrap();
    let write = site.app.write().await.unwrap();
    settle(&site.app, &write, &row, Verdict::Publish(text.to_owned())).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn a_second_consultation_waits_for_the_first_and_has_its_own_explanation() {
    let mut b = ready().await;
    open(&b).await;
    b.write("draft", &DRAFT.replace("二十一时", "二十三时")).await;
    create(&b, "2026-03-10", "2026-04-20").await.expect(201);
    let second = "/api/v1/consultations/2026-001-2/publish";
    let refused = b.api.json("POST", second, json!({})).await.expect(422).json();
    assert!(refused["detail"].as_str().unwrap().contains("2026-001-1 尚未结束"), "{refused}");
    later(&mut b, "2026-04-02", 8, 0).await;
    b.write("explanation", "第二次征求意见的说明").await;
    let dates = json!({ "opens_on": "2026-04-02", "closes_on": "2026-05-06" });
    b.api.json("PATCH", "/api/v1/consultations/2026-001-2", dates).await.expect(200);
    b.api.json("POST", second, json!({})).await.expect(200);
    page(&b.site.guest()).await.expect(200).contains("关门过早").contains("二十一时").lacks("第二次征求意见");
    let now = b.site.guest().get("/consultations/2026-001-2").await.expect(200);
    now.contains("第二次征求意见的说明").contains("二十三时").lacks("草案更正");
}

#[tokio::test]
async fn drafts_are_hidden_and_only_the_department_acts() {
    let b = ready().await;
    create(&b, "2026-03-02", "2026-04-01").await.expect(201);
    let desk = "/desk/consultations/2026-001-1";
    let new = format!("/desk/decisions/{}/consultations/new", b.code);
    let guest = b.site.guest();
    for path in ["", "/draft.txt", "/explanation.txt", "/opinion"] {
        guest.get(&format!("/consultations/2026-001-1{path}")).await.expect(404);
    }
    guest.get("/api/v1/consultations/2026-001-1").await.expect(404);
    guest.get("/consultations").await.expect(200).lacks("2026-001-1").contains("还没有征集");
    for path in [desk, "/desk/consultations", new.as_str()] {
        assert!(guest.get(path).await.expect(303).location().starts_with("/desk/sign-in"), "{path}");
    }
    for login in ["stranger", "moderator"] {
        let (person, api) = (b.site.sign_in(login).await, b.site.api(login).await);
        for path in [desk.to_owned(), format!("{desk}/edit"), new.clone()] {
            let status = person.get(&path).await.status.as_u16();
            assert!(matches!(status, 403 | 404), "{login} {path} {status}");
        }
        for act in ["publish", "extend", "correct", "discard", "edit"] {
            let status = person.post(&format!("{desk}/{act}"), &[]).await.status.as_u16();
            assert!(matches!(status, 403 | 404), "{login} {act} {status}");
        }
        api.get("/api/v1/consultations/2026-001-1").await.expect(404);
        api.json("POST", "/api/v1/consultations/2026-001-1/publish", json!({})).await.expect(404);
    }
    b.site.sign_in("stranger").await.get("/desk/consultations").await.expect(200).lacks("2026-001-1");
    b.site.sign_in("moderator").await.get("/desk/consultations").await.expect(403);
    b.owner.get("/desk/consultations").await.expect(200).contains("2026-001-1").contains("未发布");
    for odd in [
        "/consultations/x",
        "/consultations/%00",
        "/desk/consultations/%F0%9F%98%80",
        "/consultations/2026-001-1?before=x&on=y",
    ] {
        assert!(b.owner.get(odd).await.status.as_u16() < 500, "{odd}");
    }
    guest.json("POST", "/api/v1/consultations/2026-001-1/publish", json!({})).await.expect(401);
    // Published, it is everybody's to read and still only the department's to change.
    act(&b, "publish", json!({})).await.expect(200);
    let stranger = b.site.api("stranger").await;
    let later = json!({ "new_closes_on": "2026-04-10", "reason": "晚" });
    let status = stranger.json("POST", "/api/v1/consultations/2026-001-1/extensions", later).await.status;
    assert!(matches!(status.as_u16(), 403 | 404), "{status}");
    guest
        .get("/consultations/2026-001-1?lang=en")
        .await
        .expect(200)
        .contains("How to speak")
        .contains("1 April 2026");
}

#[tokio::test]
async fn the_page_of_the_civil_code_is_published_and_read_in_a_moment() {
    let Some(laws) = crate::clauses::laws() else { return };
    let b = bureau().await;
    b.write("draft", &std::fs::read_to_string(laws.join("d001_民法典.txt")).unwrap()).await;
    b.write("explanation", "说明").await;
    create(&b, "2026-03-02", "2026-04-01").await.expect(201);
    let start = std::time::Instant::now();
    act(&b, "publish", json!({})).await.expect(200);
    let published = start.elapsed();
    let start = std::time::Instant::now();
    let shown = page(&b.site.guest()).await.expect(200);
    let read = start.elapsed();
    shown.contains("第一千二百六十条");
    assert_eq!(shown.text.matches("对本条提意见").count(), 1260);
    // Unoptimised, on a shared machine.
    assert!(published.as_secs() < 30 && read.as_secs() < 10, "{published:?} {read:?}");
    println!("published in {published:?}, read in {read:?}");
}
