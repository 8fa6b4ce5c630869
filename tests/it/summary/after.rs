//! After publication: the authors are told, corrections, a summary taken from the public.

use entity::enums::{DutyKind, StepKind};
use jianyan::duty::Standing;
use jianyan::{decision, summary, topic};
use serde_json::json;

use super::{answered, no, standing};
use crate::summary_fixture::{Case, Said, said};

#[tokio::test]
async fn each_author_is_told_once() {
    let case = Case::new().await;
    answered(&case).await;
    case.issue("2026-02-26").await;
    case.published().await;
    case.site.work().await;
    case.site.work().await;
    let mails = case.site.mails();
    let to = |address: &str| mails.iter().filter(|m| m.contains(&format!("To: {address}"))).count();
    assert_eq!((to("a@example.invalid"), to("b@example.invalid"), to("z@example.invalid")), (1, 1, 0));
    let notices = sea_orm::EntityTrait::find();
    let notices: Vec<entity::notice::Model> =
        sea_orm::Select::<entity::notice::Entity>::all(notices, case.site.app.db.read()).await.unwrap();
    let mine: Vec<_> = notices.iter().filter(|n| n.stage == "outcome:1").collect();
    assert_eq!(mine.len(), 2);
    // Both opinions of one person in one letter, in Chinese; the other in English.
    let a = mine.iter().find(|n| n.body.contains("000004")).unwrap();
    assert!(a.body.contains("000001：未采纳") && a.body.contains("000004：采纳"), "{}", a.body);
    assert!(mine.iter().any(|n| n.body.contains("000002: not adopted")));
}

#[tokio::test]
async fn many_authors_are_told_in_batches_and_a_batch_may_run_twice() {
    let case = Case::new().await;
    let contacts: Vec<String> = (0..230).map(|i| format!("p{i}@example.invalid")).collect();
    let all: Vec<Said<'_>> = contacts.iter().map(|c| Said { contact: Some(c), ..said("延长") }).collect();
    let numbers = case.hear_all(&all).await;
    let owner = case.site.api("owner").await;
    let topic = case.topic(&owner, "延长", &numbers).await;
    let body = json!({ "outcome": "adopted" });
    owner.json("PUT", &format!("/api/v1/topics/{topic}/response"), body).await.expect(200);
    case.issue("2026-02-26").await;
    case.published().await;
    let row = summary::store::of_consultation(case.site.app.db.read(), case.consultation).await.unwrap();
    let first = json!({ "summary": row.unwrap().id, "version": 1, "after": "" });
    summary::tell(&case.site.app, &first).await.unwrap();
    case.site.work().await;
    assert_eq!(case.site.mails().iter().filter(|m| m.contains("To: p")).count(), 230);
}

#[tokio::test]
async fn a_correction_is_a_new_version_and_nothing_changes_before() {
    let case = Case::new().await;
    let numbers = answered(&case).await;
    case.issue("2026-02-26").await;
    case.published().await;
    case.site.work().await;
    let owner = case.site.api("owner").await;
    let path = format!("/api/v1/opinions/{}/response", numbers[3]);
    let changed = json!({ "outcome": "explained", "reason": "更正后的理由" });
    // Published answers stand.
    owner.json("PUT", &path, changed.clone()).await.expect(409).contains("发起更正");
    owner.json("PATCH", &case.api("summary"), json!({ "overview": "改" })).await.expect(409);
    owner.json("POST", &case.api("summary/publish"), no()).await.expect(409);
    owner.json("POST", &case.api("summary/correct"), json!({ "reason": "误" })).await.expect(422);
    let reason = json!({ "reason": "第四条意见的处理结果填写有误" });
    owner.json("POST", &case.api("summary/correct"), reason).await.expect(200);
    owner.json("PUT", &path, changed).await.expect(200);
    owner.json("DELETE", &path, no()).await.expect(409);
    owner.json("POST", &case.api("ungroup"), json!({ "opinions": [numbers[0]] })).await.expect(409);
    // Meanwhile everybody reads what was published.
    let db = case.site.app.db.read();
    let opinion = case.opinion(&numbers[3]).await;
    assert_eq!(topic::outcome_of(db, opinion).await.unwrap().unwrap().reason, "已改");
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert_eq!((got["version"].as_i64(), got["figures"]["explained"].as_u64()), (Some(1), Some(0)));
    case.published().await;
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert_eq!((got["version"].as_i64(), got["figures"]["explained"].as_u64()), (Some(2), Some(1)));
    assert_eq!(got["corrections"][0]["reason"], "第四条意见的处理结果填写有误");
    assert_eq!(topic::outcome_of(db, opinion).await.unwrap().unwrap().reason, "更正后的理由");
    // Only those whose answer changed hear of it.
    case.site.work().await;
    let told = case.site.mails();
    let to = |address: &str| told.iter().filter(|m| m.contains(&format!("To: {address}"))).count();
    assert_eq!((to("a@example.invalid"), to("b@example.invalid")), (2, 1));
    let steps = decision::steps(db, case.decision).await.unwrap();
    assert_eq!(steps.iter().filter(|s| s.kind == StepKind::Summary).count(), 1);
}

#[tokio::test]
async fn withdrawing_leaves_a_tombstone_and_opens_the_duties_again() {
    let case = Case::new().await;
    let numbers = answered(&case).await;
    case.issue("2026-02-26").await;
    case.published().await;
    let reason = json!({ "reason": "误公布了他人信息" });
    case.site
        .api("owner")
        .await
        .json("POST", &case.api("summary/withdraw"), reason.clone())
        .await
        .expect(403);
    case.site.api("head").await.json("POST", &case.api("summary/withdraw"), reason).await.expect(200);
    case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(404);
    let db = case.site.app.db.read();
    assert_eq!(topic::outcome_of(db, case.opinion(&numbers[0]).await).await.unwrap(), None);
    let duty = standing(&case, DutyKind::AdoptionSummary, case.decision.0).await;
    assert!(!matches!(duty, Standing::DoneInTime { .. } | Standing::DoneLate { .. }), "{duty:?}");
    case.published().await;
    let got = case.site.guest().get("/api/v1/summaries/2026-007-1").await.expect(200).json();
    assert_eq!(got["version"].as_i64(), Some(2));
}
