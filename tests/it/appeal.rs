//! Appeals of authors against reviews.

use entity::enums::{DutyKind, DutyState, OpinionState, Role};
use jianyan::actor::Actor;
use jianyan::opinion;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::fixture;
use crate::harness::{Answer, Person, Site};
use crate::summary_fixture::{Case, Said, said};

const API: &str = "/api/v1/consultations/2026-001-1/opinions";
const NUMBER: &str = "2026-001-1-000001";

struct Story {
    site: Site,
    mod1: Person,
    mod2: Person,
    mod3: Person,
    /// The lookup code of the author.
    code: String,
}

impl Story {
    /// An opinion that the first moderator withheld on 3 March.
    async fn withheld() -> Self {
        let site = Site::new().await;
        let open = fixture::open(&site).await;
        site.staff("mod3", open.department, &[Role::Moderator]).await;
        let body = json!({ "text": "门口停车太乱", "name": "张三丰", "contact": "zhang@example.invalid",
            "person_kind": "individual", "show_as": "masked", "consent": true });
        let receipt = site.guest().json("POST", API, body).await.expect(201).json();
        let code = receipt["lookup_code"].as_str().unwrap().to_owned();
        site.at("2026-03-03", 10, 0).await;
        let [mod1, mod2, mod3] = moderators(&site).await;
        let s = Self { site, mod1, mod2, mod3, code };
        s.review(&s.mod1, &[("action", "withhold"), ("withhold_code", "off_topic")]).await.expect(303);
        s
    }

    async fn review(&self, person: &Person, more: &[(&str, &str)]) -> Answer {
        let opinion = opinion::by_number(self.site.app.db.read(), NUMBER).await.unwrap();
        let revision = opinion.revision.to_string();
        let mut fields = vec![("revision", revision.as_str())];
        fields.extend(more);
        person.post(&format!("/desk/review/{NUMBER}"), &fields).await
    }

    async fn page(&self) -> Answer {
        self.site.guest().get(&format!("/receipts/{}", self.code)).await.expect(200)
    }

    async fn object(&self, reason: &str) -> Answer {
        self.site.guest().post(&format!("/receipts/{}/appeal", self.code), &[("reason", reason)]).await
    }

    async fn decide(&self, person: &Person, overturn: &str, answer: &str) -> Answer {
        let path = format!("/desk/review/{NUMBER}/appeal");
        person.post(&path, &[("overturn", overturn), ("answer", answer)]).await
    }

    async fn state(&self) -> OpinionState {
        opinion::by_number(self.site.app.db.read(), NUMBER).await.unwrap().state
    }

    async fn duty(&self, kind: DutyKind) -> entity::duty::Model {
        let all = entity::duty::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.into_iter().find(|d| d.kind == kind).unwrap()
    }

    /// Titles of all that people were told.
    async fn told(&self) -> Vec<String> {
        let all = entity::notice::Entity::find().all(self.site.app.db.read()).await.unwrap();
        all.into_iter().map(|n| n.title).collect()
    }
}

async fn moderators(site: &Site) -> [Person; 3] {
    [site.sign_in("mod1").await, site.sign_in("mod2").await, site.sign_in("mod3").await]
}

#[tokio::test]
async fn an_appeal_is_decided_by_somebody_else_and_the_opinion_reviewed_again_by_others() {
    let mut s = Story::withheld().await;
    s.page().await.contains("可以申诉").contains("2026年3月18日");
    s.object("停车就是第二条说的开放条件").await.expect(303);
    s.page()
        .await
        .contains("您的申诉")
        .contains("停车就是第二条")
        .contains("等待另一位审核员复核")
        .lacks("mod1");
    let duty = s.duty(DutyKind::Appeal).await;
    assert_eq!(duty.due_on.to_string(), "2026-03-10", "five working days after Tuesday, 3 March");

    // Moderators are told, the list has it, and who decided the review is barred from the appeal.
    s.site.at("2026-03-04", 9, 1).await;
    let assigned = format!("【新的时限任务】复核申诉：{NUMBER}");
    assert_eq!(s.told().await.iter().filter(|t| **t == assigned).count(), 3, "each moderator once");
    [s.mod1, s.mod2, s.mod3] = moderators(&s.site).await;
    s.mod2.get("/desk/appeals").await.expect(200).contains(NUMBER).contains("停车就是第二条");
    s.mod1.get(&format!("/desk/review/{NUMBER}")).await.contains("本人参与过原审核").lacks("复核结论");
    s.decide(&s.mod1, "no", "维持").await.expect(403);
    assert_eq!(s.duty(DutyKind::Appeal).await.state, DutyState::Open);

    // An answer is needed; what was chosen and typed comes back.
    s.decide(&s.mod2, "yes", " ").await.expect(422).contains("请写明理由");
    s.decide(&s.mod2, "", "停车确属开放条件").await.expect(422).contains("停车确属开放条件");
    let done = s.decide(&s.mod2, "yes", "停车确属开放条件，原决定撤销。").await.expect(303);
    assert_eq!(done.location(), format!("/desk/review/{NUMBER}?done=appeal_decided"));
    assert_eq!(s.state().await, OpinionState::Pending);
    assert_eq!(s.duty(DutyKind::Appeal).await.state, DutyState::Done);
    let again = s.duty(DutyKind::OpinionReview).await;
    assert_eq!((again.state, again.due_on.to_string()), (DutyState::Open, "2026-03-06".into()));
    s.decide(&s.mod3, "no", "第二次").await.expect(409);

    // The first moderator may not review it again; another one does.
    s.review(&s.mod1, &[("action", "withhold"), ("withhold_code", "off_topic")]).await.expect(403);
    s.review(&s.mod3, &[("action", "publish")]).await.expect(303);
    assert_eq!(s.state().await, OpinionState::Published);
    s.page().await.contains("申诉成立").contains("停车确属开放条件").lacks("可以申诉");
    assert!(s.told().await.iter().any(|t| t.contains("原审核决定已撤销")));
    s.object("再来一次").await.expect(409).contains("再来一次");
}

#[tokio::test]
async fn a_review_that_stands_stays_as_it_is() {
    let s = Story::withheld().await;
    let path = format!("/api/v1/receipts/{}/appeal", s.code);
    let reason = |text: &str| json!({ "reason": text });
    s.site.guest().json("POST", &path, reason("")).await.expect(422);
    s.site.guest().json("POST", &path, reason(&"长".repeat(1001))).await.expect(422);
    s.site.guest().json("POST", &path, json!({ "reason": "a", "more": 1 })).await.expect(400);
    let sent = s.site.guest().json("POST", &path, reason("不同意")).await.expect(200).json();
    assert_eq!(
        (&sent["appeal"]["state"], &sent["appeal"]["decide_by"]),
        (&json!("open"), &json!("2026-03-10"))
    );
    // The same again is the same; another one is one too many.
    s.site.guest().json("POST", &path, reason("不同意")).await.expect(200);
    s.site.guest().json("POST", &path, reason("还是不同意")).await.expect(409);
    // The slip of a finger can no longer be taken back: its author has spoken.
    s.mod1.post(&format!("/desk/review/{NUMBER}/undo"), &[]).await.expect(409);

    let api = s.site.api("mod2").await;
    let waiting = api.get("/api/v1/review-appeals").await.expect(200).json();
    assert_eq!(
        (waiting[0]["number"].as_str(), waiting[0]["reason"].as_str()),
        (Some(NUMBER), Some("不同意"))
    );
    s.site.guest().get("/api/v1/review-appeals").await.expect(401);
    s.site.api("owner").await.get("/api/v1/review-appeals").await.expect(403);
    let decide = format!("/api/v1/review/{NUMBER}/appeal");
    let word = json!({ "overturn": false, "answer": "与草案无关，已转办。" });
    let done: Value = api.json("POST", &decide, word).await.expect(200).json();
    assert_eq!(done["state"], "upheld");
    assert_eq!(s.state().await, OpinionState::Withheld);
    s.page().await.contains("维持原审核决定").contains("已转办");
    assert!(s.told().await.iter().any(|t| t.contains("维持原审核决定")));
    assert!(api.get("/api/v1/review-appeals").await.json().as_array().unwrap().is_empty());
    s.mod3.get("/desk/appeals").await.contains("没有等待复核的申诉");
}

#[tokio::test]
async fn nothing_to_object_to_and_too_late() {
    let s = Story::withheld().await;
    s.site.at("2026-03-18", 23, 59).await;
    s.page().await.contains("可以申诉");
    s.site.at("2026-03-19", 0, 1).await;
    s.page().await.lacks("可以申诉");
    s.object("太晚了").await.expect(409).contains("太晚了");

    // Published as written, and not shown by the author's own wish.
    for (show_as, action) in [("masked", "publish"), ("hidden", "publish")] {
        let body = json!({ "text": format!("第{show_as}条"), "person_kind": "individual", "show_as": show_as,
            "consent": true });
        let receipt = s.site.guest().json("POST", API, body).await.expect(201).json();
        let (code, number) = (receipt["lookup_code"].as_str().unwrap(), receipt["number"].as_str().unwrap());
        let fields = [("revision", "1"), ("action", action)];
        s.mod1.post(&format!("/desk/review/{number}"), &fields).await.expect(303);
        let path = format!("/receipts/{code}/appeal");
        s.site.guest().post(&path, &[("reason", "不服")]).await.expect(409);
    }
    let unknown = "/receipts/0000-0000-0000-0000/appeal";
    s.site.guest().post(unknown, &[("reason", "不服")]).await.expect(404);
}

#[tokio::test]
async fn everybody_sees_how_opinions_were_handled_and_it_adds_up() {
    let s = Story::withheld().await;
    let figures =
        async || s.site.guest().get("/api/v1/consultations/2026-001-1/fairness").await.expect(200).json();
    // One case of a reason is not named while the consultation is open.
    let f = figures().await;
    assert_eq!(
        f["counts"],
        json!({"received": 1, "published": 0, "pending": 0, "withheld": 1, "rejected": 0, "withdrawn": 0})
    );
    assert_eq!(f["not_shown"], json!([{ "counted": true, "opinions": 1 }]));

    s.object("不同意").await.expect(303);
    for (i, action) in ["off_topic", "off_topic", "insult", "publish", ""].into_iter().enumerate() {
        let body = json!({ "text": format!("第{i}条意见"), "person_kind": "company", "show_as": "anonymous",
            "consent": true });
        let receipt = s.site.guest().json("POST", API, body).await.expect(201).json();
        let path = format!("/desk/review/{}", receipt["number"].as_str().unwrap());
        match action {
            "" => continue,
            "publish" => s.mod1.post(&path, &[("revision", "1"), ("action", "publish")]).await.expect(303),
            code => {
                let fields = [("revision", "1"), ("action", "withhold"), ("withhold_code", code)];
                s.mod1.post(&path, &fields).await.expect(303)
            }
        };
    }
    let f = figures().await;
    let reasons = json!([
        { "reason_code": "off_topic", "counted": true, "opinions": 3 },
        { "counted": true, "opinions": 1 },
    ]);
    assert_eq!(f["not_shown"], reasons, "the one insult is not named yet");
    assert_eq!(
        f["counts"],
        json!({"received": 6, "published": 1, "pending": 1, "withheld": 4, "rejected": 0, "withdrawn": 0})
    );
    assert_eq!(
        (&f["channels"], &f["redacted"]),
        (&json!([{ "channel": "site", "counts": f["counts"] }]), &json!(0))
    );
    assert_eq!(f["appeals"], json!({ "open": 1, "upheld": 0, "overturned": 0 }));
    let page = s.site.guest().get("/consultations/2026-001-1/fairness").await.expect(200);
    page.contains("其他原因").contains("等待复核").lacks("侮辱");
    s.site.guest().get("/consultations/2026-001-1").await.contains("/consultations/2026-001-1/fairness");

    // After a granted appeal the opinion waits again, and the figures follow.
    s.decide(&s.mod2, "yes", "成立").await.expect(303);
    let f = figures().await;
    assert_eq!((&f["counts"]["withheld"], &f["counts"]["pending"]), (&json!(3), &json!(2)));
    assert_eq!(f["not_shown"], json!([{ "counted": true, "opinions": 3 }]));
    assert_eq!(f["appeals"]["overturned"], 1);

    // Closed, every reason is named.
    s.site.at("2026-04-02", 9, 0).await;
    let f = figures().await;
    let named: Vec<_> = f["not_shown"].as_array().unwrap().iter().map(|r| &r["reason_code"]).collect();
    assert_eq!(named, [&json!("insult"), &json!("off_topic")]);
    s.site.guest().get("/consultations/2026-001-9/fairness").await.expect(404);
    s.site.guest().get("/api/v1/consultations/2026-001-9/fairness").await.expect(404);
}

#[tokio::test]
async fn the_answer_waits_for_appeals_and_then_moves_nothing_any_more() {
    let case = Case::new().await;
    let site = &case.site;
    site.staff("mod1", case.department, &[Role::Moderator]).await;
    site.staff("mod2", case.department, &[Role::Moderator]).await;
    site.staff("mod3", case.department, &[Role::Moderator]).await;
    let number = case.hear(Said { state: OpinionState::Pending, ..said("停车太乱") }).await;
    let id = case.opinion(&number).await;
    let [mod1, mod2, mod3] = moderators(site).await;
    let withhold = [("revision", "1"), ("action", "withhold"), ("withhold_code", "off_topic")];
    let review = format!("/desk/review/{number}");
    mod1.post(&review, &withhold).await.expect(303);
    let author = Actor::guest();
    opinion::appeal::appeal(&site.app, &author, id, "不服").await.unwrap();

    let owner = site.api("owner").await;
    let answer = json!({ "outcome": "adopted" });
    owner.json("PUT", &format!("/api/v1/opinions/{number}/response"), answer).await.expect(200);
    case.issue("2026-02-26").await;
    owner.json("POST", &case.api("summary/generate"), json!({})).await.expect(200);
    owner
        .json("POST", &case.api("summary/submit"), json!({}))
        .await
        .expect(422)
        .contains(&format!("还有 1 件申诉待复核：{number}"));
    let word = |overturn: &'static str| [("overturn", overturn), ("answer", "再看一次")];
    mod2.post(&format!("{review}/appeal"), &word("yes")).await.expect(303);
    owner.json("POST", &case.api("summary/submit"), json!({})).await.expect(422).contains("未审核");
    let again = [("revision", "3"), ("action", "withhold"), ("withhold_code", "off_topic")];
    mod3.post(&review, &again).await.expect(303);
    let other = case.hear(Said { state: OpinionState::Pending, ..said("另一条") }).await;
    owner
        .json("PUT", &format!("/api/v1/opinions/{other}/response"), json!({ "outcome": "adopted" }))
        .await
        .expect(200);
    mod3.post(&format!("/desk/review/{other}"), &withhold).await.expect(303);
    case.published().await;

    // The minute for taking a review back is not over, but the published numbers count it.
    mod3.post(&format!("/desk/review/{other}/undo"), &[]).await.expect(409).contains("采纳情况已经公布");
    let figures = site.guest().get("/api/v1/consultations/2026-007-1/fairness").await.expect(200).json();
    assert_eq!((&figures["counts"]["withheld"], &figures["counts"]["pending"]), (&json!(2), &json!(0)));
}

#[tokio::test]
async fn what_is_read_at_one_moment_agrees_whatever_is_done_meanwhile() {
    let s = Story::withheld().await;
    let id = opinion::by_number(s.site.app.db.read(), NUMBER).await.unwrap().consultation_id;
    let moment = s.site.app.db.moment().await.unwrap();
    let before = opinion::counts(&moment, id).await.unwrap();
    assert_eq!(before.withheld, 1);
    s.object("不同意").await.expect(303);
    s.decide(&s.mod2, "yes", "成立").await.expect(303);
    assert_eq!(opinion::counts(&moment, id).await.unwrap(), before);
    moment.rollback().await.unwrap();
    assert_eq!(opinion::counts(s.site.app.db.read(), id).await.unwrap().withheld, 0);
}
