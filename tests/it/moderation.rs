//! Review of opinions.

use entity::enums::{OpinionState, Role};
use jianyan::opinion;
use poem::http::header;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture::{self, Open};
use crate::harness::{Answer, Person, Site};

const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const FIRST: &str = "2026-001-1-000001";
const SECOND: &str = "2026-001-1-000002";

struct Story {
    site: Site,
    open: Open,
    /// Signed in.
    mod1: Person,
    mod2: Person,
}

impl Story {
    async fn new() -> Self {
        let site = Site::new().await;
        let open = fixture::open(&site).await;
        let mod1 = site.sign_in("mod1").await;
        let mod2 = site.sign_in("mod2").await;
        Self { site, open, mod1, mod2 }
    }

    /// Sends an opinion and gives its lookup code.
    async fn send(&self, text: &str) -> String {
        self.send_as(text, json!({})).await
    }

    async fn send_as(&self, text: &str, more: Value) -> String {
        let mut body = json!({ "text": text, "name": "张三丰", "contact": "zhang@example.invalid",
            "person_kind": "individual", "show_as": "masked", "consent": true });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let receipt = self.site.guest().json("POST", API, body).await.expect(201).json();
        receipt["lookup_code"].as_str().unwrap().to_owned()
    }

    async fn row(&self, number: &str) -> entity::opinion::Model {
        opinion::by_number(self.site.app.db.read(), number).await.unwrap()
    }

    async fn state(&self, number: &str) -> OpinionState {
        self.row(number).await.state
    }

    async fn decide(&self, person: &Person, number: &str, more: &[(&str, &str)]) -> Answer {
        let page = person.get(&format!("/desk/review/{number}")).await.expect(200);
        let revision = page.input("revision").unwrap_or_else(|| "1".into());
        let mut fields = vec![("revision", revision.as_str())];
        fields.extend(more);
        person.post(&format!("/desk/review/{number}"), &fields).await
    }

    async fn published(&self) -> Vec<Value> {
        let list = self.site.guest().get(API).await.expect(200).json();
        list["items"].as_array().unwrap().clone()
    }

    /// Bodies of the mails that left, after everything due was done.
    async fn mails(&self) -> Vec<String> {
        self.site.work().await;
        self.site.mails()
    }

    async fn audits(&self, action: &str) -> Vec<Value> {
        let rows = entity::audit::Entity::find().all(self.site.app.db.read()).await.unwrap();
        rows.into_iter().filter(|r| r.action == action).map(|r| r.detail).collect()
    }
}

const PUBLISH: &[(&str, &str)] = &[("action", "publish")];

#[tokio::test]
async fn published_opinions_appear_by_the_name_their_author_chose() {
    let s = Story::new().await;
    let code = s.send("第一条").await;
    s.send_as("第二条", json!({ "show_as": "named" })).await;
    s.send_as("第三条", json!({ "show_as": "anonymous" })).await;
    s.send_as("第四条", json!({ "show_as": "named", "name": "" })).await;
    assert!(s.published().await.is_empty());

    let queue = s.mod1.get("/desk/review").await.expect(200);
    queue.contains("4 条等待处理").contains("第一条").contains("3月4日 24:00 前").lacks("zhang@example");
    let next = s.decide(&s.mod1, FIRST, PUBLISH).await.expect(303);
    assert_eq!(next.location(), format!("/desk/review/{SECOND}?done=reviewed"), "the next one opens");
    for number in [SECOND, "2026-001-1-000003", "2026-001-1-000004"] {
        s.decide(&s.mod1, number, PUBLISH).await.expect(303);
    }
    let shown: Vec<_> = s.published().await.iter().map(|o| (o["text"].clone(), o["name"].clone())).collect();
    let expected = [("第四条", "匿名"), ("第三条", "匿名"), ("第二条", "张三丰"), ("第一条", "张*")];
    assert_eq!(shown, expected.map(|(t, n)| (json!(t), json!(n))));
    s.mod1.get("/desk/review").await.contains("没有等待审核的意见");

    let state = s.site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    state.contains("审核通过").contains("已公开").lacks("测试-mod1");
    let mails = s.mails().await.join("\n");
    assert!(mails.matches("zhang@example.invalid").count() >= 8, "received and published, each");
    assert!(!mails.contains("mod1"));
    assert_eq!(s.audits("opinion.review").await.len(), 4);
    assert_eq!(
        s.audits("opinion.review").await[0],
        json!({"action": "publish", "code": null, "proposed": false})
    );
    let open = entity::duty::Entity::find().all(s.site.app.db.read()).await.unwrap();
    assert!(open.iter().all(|d| d.state == entity::enums::DutyState::Done));

    // By pages, in both directions of the cursor.
    let first = s.site.guest().get(&format!("{API}?limit=3")).await.expect(200).json();
    let cursor = first["next"].as_str().unwrap();
    let rest = s.site.guest().get(&format!("{API}?limit=3&cursor={cursor}")).await.expect(200).json();
    assert_eq!((first["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (3, 1));
    assert!(rest.get("next").is_none());
}

#[tokio::test]
async fn only_moderators_come_in() {
    let s = Story::new().await;
    s.send("一条意见").await;
    let pages =
        ["/desk/review".to_owned(), format!("/desk/review/{FIRST}"), format!("/desk/review/{FIRST}/equal")];
    let owner = s.site.sign_in("owner").await;
    s.site.staff("boss", s.open.department, &[Role::Admin, Role::Supervisor]).await;
    let admin = s.site.sign_in("boss").await;
    for page in &pages {
        assert!(s.site.guest().get(page).await.expect(303).location().starts_with("/desk/sign-in"));
        owner.get(page).await.expect(403);
        admin.get(page).await.expect(403).lacks("一条意见");
        s.mod1.get(page).await.expect(200);
    }
    let decision = [("action", "publish"), ("revision", "1")];
    owner.post(&pages[1], &decision).await.expect(403);
    let guest = s.site.guest().post(&pages[1], &decision).await.expect(303);
    assert!(guest.location().starts_with("/desk/sign-in"));
    let review = format!("/api/v1/review/{FIRST}");
    let publish = json!({ "revision": 1, "action": "publish" });
    s.site.guest().json("POST", &review, publish.clone()).await.expect(401);
    s.site.api("owner").await.json("POST", &review, publish).await.expect(403);
    assert_eq!(s.state(FIRST).await, OpinionState::Pending);
    for nobody in ["2026-001-1-999999", "%00", "x'--"] {
        s.mod1.get(&format!("/desk/review/{nobody}")).await.expect(404);
    }
    s.mod1.get("/desk/review?consultation=2026-009-1").await.expect(404);
    s.mod1
        .get("/desk/review?state=nonsense&clause=x&channel=y&after=z")
        .await
        .expect(200)
        .contains("一条意见");
}

#[tokio::test]
async fn the_case_shows_the_clause_the_person_and_the_equal_ones() {
    let s = Story::new().await;
    let clause = s.open.articles[1];
    s.send_as("加人，电话13800001234", json!({ "clause_id": clause })).await;
    s.send("同一人的另一条").await;
    s.send_as("加人，电话13800001234。", json!({ "contact": "13900001234", "clause_id": clause })).await;
    let page = s.mod1.get(&format!("/desk/review/{FIRST}")).await.expect(200);
    page.contains("（二）节假日全天开放").contains("同一人的另一条").contains("疑似手机号");
    page.contains("z***@example.invalid").lacks("zhang@example");
    page.contains("还有 1 条内容相同").contains("加人，电话【已隐去】").contains("data-key=\"p\"");
    let queue = s.mod1.get(&format!("/desk/review?clause={clause}")).await.expect(200);
    queue.contains("2 条等待处理").contains("仅看").contains("第二条").lacks("同一人的另一条");

    let json = s.site.api("mod1").await.get(&format!("/api/v1/review/{FIRST}")).await.expect(200).json();
    assert_eq!(json["suggested_text"], "加人，电话【已隐去】");
    assert_eq!(json["same_person"], json!([SECOND]));
    assert_eq!(json["equal"], json!([FIRST, "2026-001-1-000003"]));
    assert_eq!(json["findings"][0], json!({ "kind": "mobile", "start": 5, "end": 16 }));
    let api = s.site.api("mod1").await;
    let first = api.get("/api/v1/review/queue?limit=2").await.expect(200).json();
    assert_eq!((first["total"].clone(), first["items"].as_array().unwrap().len()), (json!(3), 2));
    let rest = api.get(&format!("/api/v1/review/queue?cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!(rest.expect(200).json()["items"][0]["number"], "2026-001-1-000003");
    api.get("/api/v1/review/queue?cursor=x").await.expect(422);
}

#[tokio::test]
async fn a_redaction_replaces_and_changes_nothing_else() {
    let s = Story::new().await;
    let code = s.send("我是张三，电话13800001234，支持第二条。").await;
    let redact = |text: &'static str| [("action", "publish_redacted"), ("public_text", text)];
    for (bad, says) in [
        ("我是李四，电话【已隐去】，支持第二条。", "一字不差"),
        ("我是张三，电话13800001234，支持第二条。", "没有隐去任何内容"),
        ("我是张三，电话***，支持第二条。", "请用【已隐去】"),
        ("", "请用【已隐去】"),
    ] {
        let page = s.decide(&s.mod1, FIRST, &redact(bad)).await.expect(422);
        page.contains(says);
        if !bad.is_empty() {
            page.contains(bad);
        }
    }
    assert_eq!(s.state(FIRST).await, OpinionState::Pending);
    s.decide(&s.mod1, FIRST, &redact("我是【已隐去】，电话【已隐去】，支持第二条。")).await.expect(303);
    let shown = s.published().await;
    assert_eq!(shown[0]["text"], "我是【已隐去】，电话【已隐去】，支持第二条。");
    assert_eq!(s.row(FIRST).await.text, "我是张三，电话13800001234，支持第二条。", "the original is kept");
    let state = s.site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    state.contains("隐去个人信息后公开").contains("13800001234").contains("公开的文字");
}

#[tokio::test]
async fn a_rejection_needs_two_moderators() {
    let s = Story::new().await;
    let code = s.send("买健身卡请找我").await;
    let reject = [("action", "reject"), ("reject_code", "advertising")];
    s.decide(&s.mod1, FIRST, &[("action", "reject")]).await.expect(422).contains("请选择原因");
    s.decide(&s.mod1, FIRST, &reject).await.expect(303);
    assert_eq!(s.state(FIRST).await, OpinionState::AwaitingSecond);
    // Nothing is told before the second moderator has spoken.
    let state = s.site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    state.contains("待审核").lacks("商业广告").lacks("复核");
    assert_eq!(s.site.guest().get(&format!("/api/v1/receipts/{code}")).await.json()["state"], "pending");
    assert_eq!(s.mails().await.len(), 1, "only the receipt");

    let second = format!("/desk/review/{FIRST}/second");
    let revision = s.row(FIRST).await.revision.to_string();
    let confirm = [("confirm", "yes"), ("revision", revision.as_str())];
    s.mod1
        .get(&format!("/desk/review/{FIRST}"))
        .await
        .expect(200)
        .contains("须由另一位审核员进行")
        .lacks("同意，不予受理");
    s.mod1.post(&second, &confirm).await.expect(403);
    s.mod2.get("/desk/review?state=awaiting_second").await.expect(200).contains(FIRST).contains("待复核");
    s.mod2
        .get(&format!("/desk/review/{FIRST}"))
        .await
        .expect(200)
        .contains("属于商业广告")
        .contains("测试-mod1");
    s.mod2.post(&second, &[("confirm", "yes"), ("revision", "1")]).await.expect(412);
    s.mod2.post(&second, &confirm).await.expect(303);
    assert_eq!(s.state(FIRST).await, OpinionState::Rejected);
    let state = s.site.guest().get(&format!("/receipts/{code}")).await.expect(200);
    state.contains("不予受理").contains("属于商业广告").lacks("测试-mod");
    assert_eq!(s.mails().await.len(), 2);
    assert_eq!(s.audits("opinion.review_second").await, [json!({"confirm": true, "code": "advertising"})]);
    let counts = opinion::counts(s.site.app.db.read(), s.open.consultation).await.unwrap();
    assert_eq!((counts.received(), counts.counted()), (1, 0), "kept, but not counted");
    assert!(opinion::counted_ids(s.site.app.db.read(), s.open.consultation).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_second_moderator_may_overrule() {
    let s = Story::new().await;
    s.send("我反对").await;
    let reject = [("action", "reject"), ("reject_code", "off_topic")];
    s.decide(&s.mod1, FIRST, &reject).await.expect(303);
    let api = s.site.api("mod2").await;
    let revision = s.row(FIRST).await.revision;
    let no = json!({ "revision": revision, "confirm": false });
    let done =
        api.json("POST", &format!("/api/v1/review/{FIRST}/second"), no.clone()).await.expect(200).json();
    assert_eq!(done["state"], "pending");
    api.json("POST", &format!("/api/v1/review/{FIRST}/second"), no).await.expect(412);
    s.mod1.get("/desk/inbox").await.contains("复核未同意不予受理");
    s.decide(&s.mod2, FIRST, PUBLISH).await.expect(303);
    assert_eq!(s.published().await.len(), 1);
    s.mod1.get(&format!("/desk/review/{FIRST}")).await.expect(200).contains("复核不同意：测试-mod2");
}

#[tokio::test]
async fn a_machine_proves_repetition_and_emptiness() {
    let s = Story::new().await;
    let reject = |code| [("action", "reject"), ("reject_code", code)];
    s.send("请延长开放时间！").await;
    s.send("请延长开放时间").await;
    s.send_as("请延长开放时间", json!({ "contact": "other@example.invalid" })).await;
    s.send_as("……！？", json!({ "contact": "" })).await;
    s.send_as("不是空的", json!({ "contact": "" })).await;
    // Somebody else's equal words, and the first of one's own, are no repetition.
    s.decide(&s.mod1, "2026-001-1-000003", &reject("exact_duplicate")).await.expect(303);
    assert_eq!(s.state("2026-001-1-000003").await, OpinionState::AwaitingSecond);
    s.decide(&s.mod1, FIRST, &reject("exact_duplicate")).await.expect(303);
    assert_eq!(s.state(FIRST).await, OpinionState::AwaitingSecond);
    s.mod1.get(&format!("/desk/review/{SECOND}")).await.expect(200).contains("系统已核实");
    s.decide(&s.mod1, SECOND, &reject("exact_duplicate")).await.expect(303);
    assert_eq!(s.state(SECOND).await, OpinionState::Rejected);
    s.decide(&s.mod1, "2026-001-1-000004", &reject("empty")).await.expect(303);
    assert_eq!(s.state("2026-001-1-000004").await, OpinionState::Rejected);
    s.decide(&s.mod1, "2026-001-1-000005", &reject("empty")).await.expect(303);
    assert_eq!(s.state("2026-001-1-000005").await, OpinionState::AwaitingSecond);
}

#[tokio::test]
async fn what_the_author_hides_stays_hidden_and_counted() {
    let s = Story::new().await;
    let code = s.send_as("只给工作人员看", json!({ "show_as": "hidden" })).await;
    s.mod1
        .get(&format!("/desk/review/{FIRST}"))
        .await
        .expect(200)
        .contains("按作者意愿不公开")
        .lacks("name=\"public_text\"");
    s.decide(&s.mod1, FIRST, PUBLISH).await.expect(303);
    let row = s.row(FIRST).await;
    assert_eq!((row.state, row.public_text, row.published_at), (OpinionState::Withheld, None, None));
    assert!(s.published().await.is_empty());
    s.site
        .guest()
        .get(&format!("/receipts/{code}"))
        .await
        .expect(200)
        .contains("作者选择不公开")
        .contains("计入");
    let counts = opinion::counts(s.site.app.db.read(), s.open.consultation).await.unwrap();
    assert_eq!(counts.counted(), 1);
}

#[tokio::test]
async fn nobody_reviews_what_they_took_down_or_their_own_decision() {
    let s = Story::new().await;
    let call = json!({ "text": "来电希望降价", "person_kind": "individual", "show_as": "anonymous",
        "channel": "phone", "received_on": "2026-03-02" });
    let recorded = "/api/v1/consultations/2026-001-1/recorded-opinions";
    s.site.api("mod1").await.json("POST", recorded, call).await.expect(201);
    let page = s.mod1.get(&format!("/desk/review/{FIRST}")).await.expect(200);
    page.contains("本人录入的意见须由其他审核员审核").lacks("data-key=\"p\"");
    let publish = [("action", "publish"), ("revision", "1")];
    s.mod1.post(&format!("/desk/review/{FIRST}"), &publish).await.expect(403);
    s.mod1.get("/desk/review").await.expect(200).contains("本人录入");
    s.mod2.post(&format!("/desk/review/{FIRST}"), &publish).await.expect(303);
    assert_eq!(s.published().await[0]["channel"], "phone");

    let both = s.site.staff("both", s.open.department, &[Role::Owner, Role::Moderator]).await;
    fixture::consultation(&s.site, "2026-002", s.open.department, both).await;
    let opinion =
        json!({ "text": "对别的草案", "person_kind": "other", "show_as": "named", "consent": true });
    s.site.guest().json("POST", "/api/v1/consultations/2026-002-1/opinions", opinion).await.expect(201);
    let api = s.site.api("both").await;
    let review = "/api/v1/review/2026-002-1-000001";
    let answer = api.json("POST", review, json!({ "revision": 1, "action": "publish" })).await.expect(403);
    answer.contains("本人承办的决策");
    assert_eq!(api.get(review).await.expect(200).json()["may_review"], false);
}

#[tokio::test]
async fn a_returned_opinion_is_revised_and_published() {
    let s = Story::new().await;
    let code = s.send("王处长的手机是13800001234，打给他").await;
    let person = s.site.guest();
    let no_note = [("action", "return"), ("return_code", "personal_data")];
    s.decide(&s.mod1, FIRST, &no_note).await.expect(422).contains("为什么、怎样修改");
    let back =
        [("action", "return"), ("return_code", "personal_data"), ("return_text", "请删去他人的手机号")];
    s.decide(&s.mod1, FIRST, &back).await.expect(303);
    let path = format!("/receipts/{code}");
    let page = person.get(&path).await.expect(200);
    page.contains("退回修改").contains("请删去他人的手机号").contains("重新提交").contains("13800001234");
    // An old browser proves by its Referer that the form came from here.
    assert_eq!(page.headers.get(header::REFERRER_POLICY).unwrap(), "same-origin");
    let mails = s.mails().await;
    assert_eq!(mails.len(), 2);

    let revise = format!("{path}/revise");
    person
        .post(&revise, &[("text", "王处长的手机是13800001234，打给他")])
        .await
        .expect(422)
        .contains("没有变化");
    person.post(&revise, &[("text", "")]).await.expect(422).contains("请填写意见内容");
    person.post(&revise, &[("text", "坏\u{0}字")]).await.expect(422).contains("控制字符");
    s.site.at("2026-03-05", 10, 0).await;
    let done = person.post(&revise, &[("text", "建议公布值班电话")]).await.expect(303);
    assert_eq!(done.location(), format!("{path}?done=resubmitted"));
    person.post(&revise, &[("text", "建议公布值班电话")]).await.expect(303);
    let late = person.post(&revise, &[("text", "又改一次，别丢了")]).await.expect(409);
    late.contains("又改一次，别丢了").contains("现在不需要修改");
    assert_eq!(s.state(FIRST).await, OpinionState::Pending);
    let state = person.get(&path).await.expect(200);
    state.contains("您修改后的文字").contains("建议公布值班电话").contains("王处长").contains("最迟 3月9日");

    s.site.sign_in("mod1").await;
    let mod1 = s.site.sign_in("mod1").await;
    let case = mod1.get(&format!("/desk/review/{FIRST}")).await.expect(200);
    case.contains("建议公布值班电话").contains("最初提交的文字").contains("请删去他人的手机号");
    mod1.get("/desk/review").await.expect(200).contains("建议公布值班电话").lacks("王处长");
    s.decide(&mod1, FIRST, PUBLISH).await.expect(303);
    assert_eq!(s.published().await[0]["text"], "建议公布值班电话");
    assert_eq!(s.row(FIRST).await.text, "王处长的手机是13800001234，打给他");
}

#[tokio::test]
async fn a_decision_on_what_has_changed_is_refused_with_the_text_kept() {
    let s = Story::new().await;
    s.send("电话13800001234，支持").await;
    let form = [("revision", "1"), ("action", "publish_redacted"), ("public_text", "电话【已隐去】，支持")];
    s.decide(&s.mod2, FIRST, &[("action", "withhold"), ("withhold_code", "insult")]).await.expect(303);
    let page = s.mod1.post(&format!("/desk/review/{FIRST}"), &form).await.expect(412);
    page.contains("内容已被他人修改").contains("电话【已隐去】，支持").contains("含有侮辱");
    assert_eq!(s.state(FIRST).await, OpinionState::Withheld);
    let api = s.site.api("mod1").await;
    let stale = json!({ "revision": 1, "action": "publish" });
    assert_eq!(
        api.json("POST", &format!("/api/v1/review/{FIRST}"), stale).await.expect(412).json()["code"],
        "stale"
    );
    let again = json!({ "revision": 2, "action": "publish" });
    api.json("POST", &format!("/api/v1/review/{FIRST}"), again).await.expect(409);
    for (field, value) in [("action", "delete"), ("revision", "x"), ("revision", "")] {
        let mut wrong = form;
        wrong.iter_mut().find(|(f, _)| *f == field).unwrap().1 = value;
        s.mod1.post(&format!("/desk/review/{FIRST}"), &wrong).await.expect(422);
    }
}

#[tokio::test]
async fn equal_opinions_are_decided_together() {
    let s = Story::new().await;
    for n in 0..4 {
        let contact = json!({ "contact": format!("p{n}@example.invalid"), "show_as": if n == 3 { "hidden" } else { "named" } });
        s.send_as("坚决反对收费！", contact).await;
    }
    s.send("另一件事").await;
    let page = s.mod1.get(&format!("/desk/review/{FIRST}/equal")).await.expect(200);
    page.contains("一并审核 4 条相同的意见").lacks("另一件事");
    s.mod1.get("/desk/review").await.expect(200).contains("相同 4 条");
    let path = format!("/desk/review/{FIRST}/equal");
    s.mod1.post(&path, &[("action", "publish")]).await.expect(422).contains("请选择 1 至 100 条意见");
    let mixed =
        [("action", "publish"), ("opinions", "2026-001-1-000001:1"), ("opinions", "2026-001-1-000005:1")];
    s.mod1.post(&path, &mixed).await.expect(422).contains("内容并不相同");
    s.mod1
        .post(&path, &[("action", "withhold"), ("opinions", "2026-001-1-000001:1")])
        .await
        .expect(422)
        .contains("请选择原因");
    // One was decided elsewhere in the meantime.
    s.decide(&s.mod2, SECOND, &[("action", "withhold"), ("withhold_code", "insult")]).await.expect(303);
    let all = [
        ("action", "publish"),
        ("opinions", "2026-001-1-000001:1"),
        ("opinions", "2026-001-1-000002:1"),
        ("opinions", "2026-001-1-000003:1"),
        ("opinions", "2026-001-1-000004:1"),
    ];
    let done = s.mod1.post(&path, &all).await.expect(409);
    done.contains("已审核 3 条，1 条没有处理").contains(SECOND);
    assert_eq!(s.state(FIRST).await, OpinionState::Published);
    assert_eq!(s.state(SECOND).await, OpinionState::Withheld);
    assert_eq!(s.state("2026-001-1-000004").await, OpinionState::Withheld, "hidden by its author");
    assert_eq!(s.published().await.len(), 2);
    assert_eq!(s.audits("opinion.review").await.len(), 4, "each has its own record");

    for n in 5..7 {
        s.send_as("买卡找我", json!({ "contact": format!("p{n}@example.invalid") })).await;
    }
    let api = s.site.api("mod1").await;
    let body = json!({ "action": "reject", "reason_code": "advertising", "opinions": [
        { "number": "2026-001-1-000006", "revision": 1 }, { "number": "2026-001-1-000007", "revision": 9 } ] });
    let results = api.json("POST", "/api/v1/review/2026-001-1-000006/equal", body).await.expect(200).json();
    assert_eq!(results[0], json!({ "number": "2026-001-1-000006", "state": "awaiting_second" }));
    assert_eq!(results[1], json!({ "number": "2026-001-1-000007", "problem": "stale" }));
}

#[tokio::test]
async fn a_slip_is_taken_back_within_a_minute() {
    let s = Story::new().await;
    s.send("手滑").await;
    s.send("下一条").await;
    s.decide(&s.mod1, FIRST, PUBLISH).await.expect(303);
    s.mod1.get("/desk/review").await.expect(200).contains("一分钟内可撤回").contains("data-key=\"u\"");
    let undo = format!("/desk/review/{FIRST}/undo");
    s.mod2.post(&undo, &[]).await.expect(409);
    s.mod1.post(&undo, &[]).await.expect(303);
    assert_eq!(s.state(FIRST).await, OpinionState::Pending);
    assert!(s.published().await.is_empty());
    s.mod1.get("/desk/review").await.expect(200).contains("2 条等待处理").lacks("一分钟内可撤回");
    s.mod1.post(&undo, &[]).await.expect(409);

    s.decide(&s.mod1, SECOND, PUBLISH).await.expect(303);
    s.site.clock.advance(chrono::TimeDelta::seconds(61));
    let late = s.mod1.post(&format!("/desk/review/{SECOND}/undo"), &[]).await.expect(409);
    late.contains("一分钟内");
    assert_eq!(s.state(SECOND).await, OpinionState::Published);
    // The duty that was reopened still reminds.
    s.site.at("2026-03-05", 9, 0).await;
    let mod1 = s.site.sign_in("mod1").await;
    mod1.get("/desk/inbox").await.expect(200).contains("审核意见");
    mod1.get("/desk/review").await.expect(200).contains("已逾期");
}

#[tokio::test]
async fn markup_stays_text_on_the_desk() {
    let s = Story::new().await;
    let nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>13800001234";
    s.send_as(nasty, json!({ "show_as": "named", "name": "<b>粗</b>" })).await;
    let back = [("action", "return"), ("return_code", "unclear"), ("return_text", "<i>改</i>")];
    for page in
        ["/desk/review".to_owned(), format!("/desk/review/{FIRST}"), format!("/desk/review/{FIRST}/equal")]
    {
        s.mod1.get(&page).await.expect(200).lacks("<script>alert").lacks("<img src=x").lacks("<b>粗");
    }
    s.decide(&s.mod1, FIRST, &back).await.expect(303);
    s.mod1.get(&format!("/desk/review/{FIRST}")).await.expect(200).lacks("<i>改").contains("&lt;i&gt;改");
}

#[tokio::test]
async fn the_filter_is_never_lost() {
    let s = Story::new().await;
    let (one, three) = (s.open.articles[0], s.open.articles[2]);
    s.send_as("甲", json!({ "clause_id": one })).await;
    s.send_as("乙", json!({ "clause_id": three })).await;
    s.send_as("丙", json!({ "clause_id": one })).await;
    let filter = format!("consultation=2026-001-1&clause={one}");
    let queue = s.mod1.get(&format!("/desk/review?{filter}")).await.expect(200);
    queue.contains("甲").contains("丙").lacks("乙");
    let page = s.mod1.get(&format!("/desk/review/{FIRST}?{filter}")).await.expect(200);
    let back = page.input("back").unwrap();
    assert_eq!(back, filter);
    let next = s.decide(&s.mod1, FIRST, &[("action", "publish"), ("back", &back)]).await.expect(303);
    assert_eq!(next.location(), format!("/desk/review/2026-001-1-000003?{filter}&done=reviewed"));
    let end =
        s.decide(&s.mod1, "2026-001-1-000003", &[("action", "publish"), ("back", &back)]).await.expect(303);
    assert_eq!(end.location(), format!("/desk/review?{filter}&done=reviewed"));
    let english = s.mod1.get("/desk/review?lang=en").await.expect(200);
    english.contains("Review of opinions").contains("1 waiting");
    s.mod1.get(&format!("/desk/review/{SECOND}")).await.expect(200).contains("Publish").contains("Skip");
}
