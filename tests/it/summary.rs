//! The adoption summary: the gate, four eyes, publishing, corrections, what the authors and the public see.

use entity::enums::{Channel, DutyKind, OpinionState, Role, StepKind};
use jianyan::duty::{self, Standing};
use jianyan::topic::{self, Target};
use jianyan::{decision, summary};
use serde_json::{Value, json};

use crate::harness::{Site, at};
use crate::summary_fixture::{Case, Said, consultation_row, said};

mod after;
mod pages;

fn no() -> Value {
    json!({})
}

const REASON: &str = "场馆夜间维护与安保经费不足，暂不具备条件。";

/// Three opinions grouped into one topic that is not adopted, one answered on its own, one rejected.
async fn answered(case: &Case) -> Vec<String> {
    let owner = case.site.api("owner").await;
    let numbers = case
        .hear_all(&[
            Said { contact: Some("a@example.invalid"), ..said("请全天开放") },
            Said { contact: Some("b@example.invalid"), lang: "en", ..said("希望二十四小时开放") },
            Said { contact: Some("13800001234"), channel: Channel::Letter, ..said("夜里也开") },
            Said {
                state: OpinionState::Withheld, contact: Some("a@example.invalid"), ..said("隐秘的话")
            },
            Said { state: OpinionState::Rejected, contact: Some("z@example.invalid"), ..said("广告") },
        ])
        .await;
    let topic = case.topic(&owner, "全天开放", &numbers[..3]).await;
    let body = json!({ "outcome": "not_adopted", "reason": REASON });
    owner.json("PUT", &format!("/api/v1/topics/{topic}/response"), body).await.expect(200);
    let body = json!({ "outcome": "adopted", "reason": "已改" });
    owner.json("PUT", &format!("/api/v1/opinions/{}/response", numbers[3]), body).await.expect(200);
    numbers
}

async fn standing(case: &Case, kind: DutyKind, subject: uuid::Uuid) -> Standing {
    let app = &case.site.app;
    let duties = duty::of_subject(app.db.read(), subject).await.unwrap();
    let found = duties.iter().find(|d| d.kind == kind).unwrap();
    duty::standing(&app.calendar(), found, app.today())
}

#[tokio::test]
async fn from_the_responses_to_the_public() {
    let case = Case::new().await;
    let numbers = answered(&case).await;
    case.step(StepKind::Hearing, "2026-01-20", "场馆、居民代表 26 人参加。").await;
    case.issue("2026-02-26").await;
    case.published().await;

    let answer = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200);
    let got = answer.json();
    assert_eq!(got["title"], "关于《示例市公共体育场馆开放管理办法》公众意见建议收集和采纳情况");
    let f = &got["figures"];
    let n = |key: &str| f[key].as_u64().unwrap();
    assert_eq!(n("received"), n("published") + n("not_shown") + n("rejected") + n("pending"));
    assert_eq!((n("received"), n("counted"), n("rejected"), n("people")), (5, 4, 1, 4));
    assert_eq!((n("adopted"), n("not_adopted"), n("unanswered")), (1, 3, 0));
    let rows = got["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|r| r["opinions"].as_u64().unwrap()).sum::<u64>(), n("counted"));
    assert_eq!(rows[0]["source"], "个人 3 条（本平台 2 条、来信 1 条）");
    assert_eq!((rows[0]["concentrated"].as_bool(), rows[0]["reason"].as_str()), (Some(true), Some(REASON)));
    let overview = got["overview"].as_str().unwrap();
    assert!(
        overview.contains("较为集中的意见未予采纳的原因") && overview.contains(REASON.trim_end_matches('。'))
    );
    assert!(got["participation"].as_str().unwrap().contains("26 人参加"));
    assert_eq!(got["punctual"], "in_time");
    // What is not shown, and who said it, stays inside.
    answer.lacks("隐秘的话").lacks("张三丰").lacks("example.invalid\"");

    let steps = decision::steps(case.site.app.db.read(), case.decision).await.unwrap();
    assert_eq!(steps.iter().filter(|s| s.kind == StepKind::Summary).count(), 1);
    assert!(matches!(
        standing(&case, DutyKind::AdoptionSummary, case.decision.0).await,
        Standing::DoneInTime { .. }
    ));
    let outcome = topic::outcome_of(case.site.app.db.read(), case.opinion(&numbers[0]).await).await.unwrap();
    let outcome = outcome.unwrap();
    assert_eq!((outcome.reason.as_str(), outcome.topic.as_deref()), (REASON, Some("全天开放")));
    let rejected = case.opinion(&numbers[4]).await;
    assert_eq!(topic::outcome_of(case.site.app.db.read(), rejected).await.unwrap(), None);
}

#[tokio::test]
async fn publishing_is_refused_with_the_exact_difference() {
    let case = Case::new().await;
    answered(&case).await;
    case.issue("2026-02-26").await;
    case.approved().await;
    let late = case.hear_all(&[said("甲"), said("乙"), said("丙")]).await;
    let owner = case.site.api("owner").await;
    let answer = owner.json("POST", &case.api("summary/publish"), no()).await.expect(422);
    answer
        .contains(&format!("还有 3 条意见未答复：{}、{}、{}", late[0], late[1], late[2]))
        .contains("重大行政决策程序暂行条例第18条");
    let gate = owner.get(&case.api("summary/gate")).await.expect(200).json();
    assert_eq!((gate["may_submit"].as_bool(), gate["may_publish"].as_bool()), (Some(false), Some(false)));
    let check = gate["checks"].as_array().unwrap().iter().find(|c| c["key"] == "answered").unwrap();
    assert_eq!(check["links"][0]["opinion"], late[0].as_str());
    case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(404);
    assert_eq!(consultation_row(&case).await.result_published_at, None);
}

#[tokio::test]
async fn a_pending_review_stops_it() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let number = case.hear(Said { state: OpinionState::Pending, ..said("待审") }).await;
    case.issue("2026-02-26").await;
    let body = json!({ "outcome": "adopted" });
    owner.json("PUT", &format!("/api/v1/opinions/{number}/response"), body).await.expect(200);
    owner.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    let answer = owner.json("POST", &case.api("summary/submit"), no()).await.expect(422);
    answer.contains(&format!("还有 1 条意见未审核：{number}"));
}

#[tokio::test]
async fn nothing_received_is_told_well() {
    let case = Case::new().await;
    case.issue("2026-02-26").await;
    case.published().await;
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert!(got["overview"].as_str().unwrap().starts_with("征求意见期间，通过各种途径均未收到意见建议"));
    assert_eq!((got["figures"]["received"].as_u64(), &got["rows"]), (Some(0), &json!([])));
}

#[tokio::test]
async fn an_adopted_opinion_names_its_clause_once_there_is_a_final_text() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    let number = case.hear(said("延长")).await;
    let path = format!("/api/v1/opinions/{number}/response");
    owner.json("PUT", &path, json!({ "outcome": "adopted" })).await.expect(200);
    case.issue("2026-02-26").await;
    let finals = case.final_text().await;
    owner.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    let answer = owner.json("POST", &case.api("summary/submit"), no()).await.expect(422);
    answer.contains(&format!("还有 1 项采纳没有指明正式文本的条款：{number}"));
    let body = json!({ "outcome": "adopted", "final_clause_id": finals[1] });
    owner.json("PUT", &path, body).await.expect(200);
    case.published().await;
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert_eq!(got["rows"][0]["final_clause"], "第二条");
}

#[tokio::test]
async fn not_before_the_decision_is_issued_but_also_when_it_was_withdrawn() {
    let case = Case::new().await;
    case.approved().await;
    let owner = case.site.api("owner").await;
    let answer = owner.json("POST", &case.api("summary/publish"), no()).await.expect(422);
    answer.contains("决策尚未出台");
    case.step(StepKind::Withdrawn, "2026-02-27", "上位法修订。").await;
    case.published().await;
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert!(got["participation"].as_str().unwrap().contains("草案未形成正式决策，原因：上位法修订"));
}

#[tokio::test]
async fn four_eyes() {
    let case = Case::new().await;
    let (owner, head) = (case.site.api("owner").await, case.site.api("head").await);
    head.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    // Nothing to approve yet.
    head.json("POST", &case.api("summary/approve"), no()).await.expect(409);
    owner.json("POST", &case.api("summary/approve"), no()).await.expect(403);
    head.json("POST", &case.api("summary/submit"), no()).await.expect(200);
    let answer = head.json("POST", &case.api("summary/approve"), no()).await.expect(409);
    answer.contains("送审人不能审批");
    owner.json("POST", &case.api("summary/submit"), no()).await.expect(200);
    head.json("POST", &case.api("summary/approve"), json!({ "hash": "another" })).await.expect(412);
    head.json("POST", &case.api("summary/approve"), no()).await.expect(200);
}

#[tokio::test]
async fn a_head_alone_may_approve() {
    let site = Site::new().await;
    let department = site.department("solo", "档案室").await;
    let case = Case::on(site).await;
    // The only owner of the department leaves; the head remains.
    let write = case.site.app.write().await.unwrap();
    let mut row: entity::staff::ActiveModel =
        jianyan::account::find_staff(&*write, case.owner).await.unwrap().into();
    row.department_id = sea_orm::Set(department);
    sea_orm::ActiveModelTrait::update(row, &*write).await.unwrap();
    write.commit().await.unwrap();
    let head = case.site.api("head").await;
    head.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    head.json("POST", &case.api("summary/submit"), no()).await.expect(200);
    head.json("POST", &case.api("summary/approve"), no()).await.expect(200);
}

#[tokio::test]
async fn what_changed_after_submission_has_to_be_submitted_again() {
    let case = Case::new().await;
    let numbers = answered(&case).await;
    case.issue("2026-02-26").await;
    let (owner, head) = (case.site.api("owner").await, case.site.api("head").await);
    owner.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    owner.json("POST", &case.api("summary/submit"), no()).await.expect(200);
    let path = format!("/api/v1/opinions/{}/response", numbers[3]);
    owner.json("PUT", &path, json!({ "outcome": "adopted", "reason": "又改" })).await.expect(200);
    head.json("POST", &case.api("summary/approve"), no()).await.expect(409).contains("重新送审");
    case.approved().await;
    owner.json("PUT", &path, json!({ "outcome": "adopted", "reason": "再改" })).await.expect(200);
    owner.json("POST", &case.api("summary/publish"), no()).await.expect(409).contains("重新送审");
    // A text that was edited takes the approval back too.
    case.approved().await;
    owner.json("PATCH", &case.api("summary"), json!({ "overview": "另写。" })).await.expect(200);
    owner.json("POST", &case.api("summary/publish"), no()).await.expect(409).contains("审批");
}

#[tokio::test]
async fn generating_again_keeps_what_was_written_by_hand() {
    let case = Case::new().await;
    let owner = case.site.api("owner").await;
    owner.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    let edited = json!({ "participation": "我们这样听取意见。" });
    let draft = owner.json("PATCH", &case.api("summary"), edited).await.expect(200).json();
    assert_eq!(
        (draft["participation_edited"].as_bool(), draft["overview_edited"].as_bool()),
        (Some(true), Some(false))
    );
    answered(&case).await;
    let draft = owner.json("POST", &case.api("summary/generate"), no()).await.expect(200).json();
    assert_eq!(draft["participation"], "我们这样听取意见。");
    assert!(draft["overview"].as_str().unwrap().contains("意见建议 5 条"));
    let all = json!({ "overwrite": true });
    let draft = owner.json("POST", &case.api("summary/generate"), all).await.expect(200).json();
    assert!(draft["participation"].as_str().unwrap().starts_with("群众体育处"));
    // Somebody else's change in between is not written over.
    let stale = json!({ "overview": "乙", "revision": 1 });
    owner.json("PATCH", &case.api("summary"), stale).await.expect(412);
    owner.json("PATCH", &case.api("summary"), json!({ "overview": "\u{202e}乙" })).await.expect(422);
    owner.json("PATCH", &case.api("summary"), json!({ "overview": "" })).await.expect(400);
}

#[tokio::test]
async fn the_head_sends_it_back_with_a_reason() {
    let case = Case::new().await;
    let (owner, head) = (case.site.api("owner").await, case.site.api("head").await);
    owner.json("POST", &case.api("summary/generate"), no()).await.expect(200);
    let back = json!({ "reason": "请补充座谈会情况" });
    head.json("POST", &case.api("summary/return"), back.clone()).await.expect(409);
    owner.json("POST", &case.api("summary/submit"), no()).await.expect(200);
    owner.json("POST", &case.api("summary/return"), back.clone()).await.expect(403);
    head.json("POST", &case.api("summary/return"), json!({ "reason": " " })).await.expect(422);
    let draft = head.json("POST", &case.api("summary/return"), back).await.expect(200).json();
    assert_eq!((&draft["state"], &draft["returned_reason"]), (&json!("draft"), &json!("请补充座谈会情况")));
    case.site.work().await;
    assert!(case.site.mails().iter().any(|m| m.contains("owner@example.invalid")));
}

#[tokio::test]
async fn late_is_called_late() {
    let case = Case::new().await;
    answered(&case).await;
    // Ten working days after 10 February 2026, over the Spring Festival.
    case.issue("2026-02-10").await;
    let duties = duty::of_subject(case.site.app.db.read(), case.decision.0).await.unwrap();
    let due = duties[0].due_on;
    case.approved().await;
    let next = due.succ_opt().unwrap();
    case.site.clock.set(at(&next.to_string(), 9, 0));
    let listed = case.site.guest().get("/api/v1/summaries").await.expect(200).json();
    assert_eq!(listed["items"][0]["punctual"], "overdue");
    let owner = case.site.api("owner").await;
    owner.json("POST", &case.api("summary/publish"), no()).await.expect(200);
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert_eq!((&got["punctual"], &got["due_on"]), (&json!("late"), &json!(due.to_string())));
    assert!(matches!(
        standing(&case, DutyKind::AdoptionSummary, case.decision.0).await,
        Standing::DoneLate { .. }
    ));
}

#[tokio::test]
async fn the_decisions_duty_waits_for_its_last_consultation() {
    let case = Case::new().await;
    case.second().await;
    case.issue("2026-02-26").await;
    case.published().await;
    let own = standing(&case, DutyKind::ConsultationResult, case.consultation.0).await;
    assert!(matches!(own, Standing::DoneInTime { .. } | Standing::DoneLate { .. }), "{own:?}");
    let decision = standing(&case, DutyKind::AdoptionSummary, case.decision.0).await;
    assert!(matches!(decision, Standing::OnTime { .. } | Standing::DueSoon { .. }), "{decision:?}");
    let (owner, head) = (case.site.api("owner").await, case.site.api("head").await);
    let path = |p: &str| format!("/api/v1/consultations/2026-007-2/summary/{p}");
    owner.json("POST", &path("generate"), no()).await.expect(200);
    owner.json("POST", &path("submit"), no()).await.expect(200);
    head.json("POST", &path("approve"), no()).await.expect(200);
    owner.json("POST", &path("publish"), no()).await.expect(200);
    let decision = standing(&case, DutyKind::AdoptionSummary, case.decision.0).await;
    assert!(matches!(decision, Standing::DoneInTime { .. }), "{decision:?}");
}

#[tokio::test]
async fn a_response_that_races_with_publishing_is_either_in_or_refused() {
    for round in 0..4 {
        let case = Case::new().await;
        let numbers = answered(&case).await;
        case.issue("2026-02-26").await;
        case.approved().await;
        let owner = case.site.actor(case.owner).await;
        let opinion = case.opinion(&numbers[3]).await;
        let change = topic::Answer {
            outcome: entity::enums::Outcome::Explained,
            reason: format!("第 {round} 次"),
            final_clause_id: None,
        };
        let app = &case.site.app;
        let (published, changed) = tokio::join!(
            summary::publish(app, &owner, case.consultation),
            topic::respond(app, &owner, Target::Opinion(opinion), &change),
        );
        assert_ne!(published.is_ok(), changed.is_ok(), "{published:?} {changed:?}");
        let outcome = topic::outcome_of(app.db.read(), opinion).await.unwrap();
        assert_eq!(outcome.map(|o| o.reason), published.is_ok().then(|| "已改".to_owned()));
    }
}

#[tokio::test]
async fn publishing_twice_at_once_publishes_once() {
    let case = Case::new().await;
    answered(&case).await;
    case.issue("2026-02-26").await;
    case.approved().await;
    let owner = case.site.actor(case.owner).await;
    let app = &case.site.app;
    let (one, two) = tokio::join!(
        summary::publish(app, &owner, case.consultation),
        summary::publish(app, &owner, case.consultation),
    );
    assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn who_may_read_and_publish() {
    let case = Case::new().await;
    case.issue("2026-02-26").await;
    let other = case.site.department("office", "办公室").await;
    case.site.staff("stranger", other, &[Role::Owner]).await;
    case.site.staff("disclosure", other, &[Role::Disclosure]).await;
    case.site.staff("supervisor", other, &[Role::Supervisor]).await;
    case.site.staff("admin", case.department, &[Role::Admin, Role::Moderator]).await;
    case.approved().await;
    for (login, read, publish) in
        [("stranger", 403, 403), ("admin", 403, 403), ("supervisor", 200, 403), ("disclosure", 200, 200)]
    {
        let who = case.site.api(login).await;
        who.get(&case.api("summary")).await.expect(read);
        who.get(&case.api("summary/gate")).await.expect(read);
        who.json("POST", &case.api("summary/generate"), no()).await.expect(403);
        who.json("POST", &case.api("summary/submit"), no()).await.expect(403);
        who.json("PATCH", &case.api("summary"), json!({ "overview": "x" })).await.expect(403);
        who.json("POST", &case.api("summary/approve"), no()).await.expect(403);
        who.json("POST", &case.api("summary/publish"), no()).await.expect(publish);
    }
    case.site.guest().get(&case.api("summary")).await.expect(401);
    case.site.guest().get("/api/v1/summaries/2026-007-9").await.expect(404);
    case.site.guest().get("/api/v1/summaries/%00").await.expect(404);
}

#[tokio::test]
async fn not_while_the_window_is_open() {
    let case = Case::new().await;
    case.site.clock.set(at("2026-01-31", 23, 59));
    let owner = case.site.api("owner").await;
    owner.json("POST", &case.api("summary/generate"), no()).await.expect(409).contains("尚未截止");
    // Sorting and answering may begin with the first opinion.
    let number = case.hear(said("延长")).await;
    case.topic(&owner, "延长", &[number]).await;
}
