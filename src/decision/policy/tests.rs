use chrono::NaiveDate;
use entity::enums::StepKind as K;
use entity::id::{ConsultationId, DecisionId, StepId};
use entity::step::Model as Step;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn step(n: u128, kind: K, on: Option<&str>) -> Step {
    Step {
        id: StepId(Uuid::from_u128(n)),
        decision_id: DecisionId(Uuid::nil()),
        kind,
        happened_on: on.map(day),
        note: String::new(),
        skipped_reason: on.is_none().then(|| "经研判不需要".to_owned()),
        document_id: None,
        recorded_by: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// Monday 2026-06-01, a consultation that closed on 2026-05-10, all opinions answered.
fn facts(steps: &[(K, Option<&str>)]) -> Facts {
    Facts {
        today: day("2026-06-01"),
        year: 2026,
        steps: steps.iter().enumerate().map(|(n, (kind, on))| step(n as u128, *kind, *on)).collect(),
        consultations: vec![window("2026-04-10", "2026-05-10")],
        undecided: 0,
        not_disclosed: false,
        promulgated_on: None,
    }
}

fn window(opens: &str, closes: &str) -> Window {
    let id = ConsultationId(Uuid::nil());
    Window { id, code: "2026-001-1".into(), opens_on: day(opens), closes_on: day(closes) }
}

/// The words of a refusal, "ok" where there is none.
fn said(result: Result<(), Problem>) -> String {
    result.map_or_else(
        |p| match (&p.detail, p.fields.first()) {
            (Some(detail), _) => format!("{}: {}", p.code.as_str(), detail.zh),
            (None, Some(field)) => format!("{} {}: {}", p.code.as_str(), field.field, field.message.zh),
            (None, None) => p.code.as_str().to_owned(),
        },
        |()| "ok".to_owned(),
    )
}

const REVIEWED: &[(K, Option<&str>)] = &[(K::LegalityReview, Some("2026-05-20"))];
const DISCUSSED: &[(K, Option<&str>)] =
    &[(K::LegalityReview, Some("2026-05-20")), (K::CollectiveDiscussion, Some("2026-05-25"))];

#[test]
fn a_discussion_waits_for_the_public_the_answers_and_the_lawyers() {
    let discuss = |f: &Facts, on: &str| said(may_record(f, K::CollectiveDiscussion, day(on)));
    let ready = facts(REVIEWED);
    assert_eq!(discuss(&ready, "2026-05-25"), "ok");

    let open = Facts { consultations: vec![window("2026-05-20", "2026-06-01")], ..ready.clone() };
    assert!(discuss(&open, "2026-05-25").contains("第十五条"));
    let announced = Facts { consultations: vec![window("2026-06-10", "2026-07-20")], ..ready.clone() };
    assert!(discuss(&announced, "2026-05-25").contains("第十五条"));
    let undecided = Facts { undecided: 3, ..ready.clone() };
    assert!(discuss(&undecided, "2026-05-25").contains("3 条意见"));
    assert!(discuss(&facts(&[]), "2026-05-25").contains("第二十五条"));
    assert_eq!(discuss(&facts(&[(K::LegalityReview, None)]), "2026-05-25"), "ok");

    assert!(discuss(&ready, "2026-05-10").starts_with("invalid happened_on"));
    assert!(discuss(&ready, "2026-05-19").contains("合法性审查"));
    assert!(discuss(&ready, "2026-06-02").contains("不能晚于今天"));
}

#[test]
fn a_decision_is_issued_only_after_consultation_and_discussion() {
    let issue = |f: &Facts, on: &str| said(may_promulgate(f, day(on)));
    let ready = facts(DISCUSSED);
    assert_eq!(issue(&ready, "2026-06-01"), "ok");
    assert!(open_gates(&ready).is_empty());

    let never = Facts { consultations: vec![], ..ready.clone() };
    assert!(issue(&never, "2026-06-01").contains("第十五条"));
    assert_eq!(open_gates(&never).len(), 1);
    assert_eq!(issue(&Facts { not_disclosed: true, ..never }, "2026-06-01"), "ok");
    let second = Facts {
        consultations: vec![window("2026-04-10", "2026-05-10"), window("2026-05-26", "2026-06-30")],
        ..ready.clone()
    };
    assert!(issue(&second, "2026-06-01").contains("尚未截止"));

    assert!(issue(&facts(REVIEWED), "2026-06-01").contains("第三十条"));
    assert!(issue(&facts(&[]), "2026-06-01").contains("第二十五条"));
    assert!(issue(&ready, "2026-06-02").starts_with("invalid promulgated_on"));
    assert!(issue(&ready, "2026-05-24").contains("集体讨论"));
    assert!(
        issue(&Facts { promulgated_on: Some(day("2026-05-30")), ..ready.clone() }, "2026-06-01")
            .starts_with("conflict")
    );

    // Leaving the discussion out does not leave the opinions out.
    let skipped = facts(&[(K::LegalityReview, Some("2026-05-20")), (K::CollectiveDiscussion, None)]);
    assert_eq!(issue(&skipped, "2026-06-01"), "ok");
    assert!(issue(&Facts { undecided: 1, ..skipped.clone() }, "2026-06-01").contains("第十八条"));
    assert!(issue(&skipped, "2026-05-10").starts_with("invalid promulgated_on"));
}

#[test]
fn steps_keep_their_order() {
    let record = |f: &Facts, kind, on: &str| said(may_record(f, kind, day(on)));
    assert!(record(&facts(REVIEWED), K::Decided, "2026-05-30").contains("第三十条"));
    assert!(record(&facts(DISCUSSED), K::Decided, "2026-05-24").contains("集体讨论"));
    assert_eq!(record(&facts(DISCUSSED), K::Decided, "2026-05-25"), "ok");
    assert!(record(&facts(DISCUSSED), K::Interpretation, "2026-05-30").starts_with("conflict"));
    let issued = Facts { promulgated_on: Some(day("2026-05-28")), ..facts(DISCUSSED) };
    assert_eq!(record(&issued, K::Interpretation, "2026-05-28"), "ok");
    assert!(record(&issued, K::Interpretation, "2026-05-27").contains("决策出台"));
    // Late paperwork is welcome, a review after the fact is not.
    assert_eq!(record(&issued, K::ExpertReview, "2026-05-12"), "ok");
    assert!(record(&issued, K::ExpertReview, "2026-05-29").contains("不能晚于出台日期"));
    assert!(record(&facts(&[]), K::Draft, "2006-01-01").contains("过早"));
    assert!(
        record(&facts(&[(K::Draft, Some("2026-03-01"))]), K::Draft, "2026-03-01").starts_with("conflict")
    );
    assert_eq!(record(&facts(&[(K::Draft, Some("2026-03-01"))]), K::Draft, "2026-03-05"), "ok");
    for kind in [K::Listed, K::Consultation, K::Summary, K::Promulgated, K::Withdrawn] {
        assert!(record(&facts(&[]), kind, "2026-05-01").starts_with("invalid kind"), "{kind}");
    }
}

#[test]
fn what_does_not_apply_is_recorded_once_and_never_for_the_public() {
    let skip = |f: &Facts, kind| said(may_skip(f, kind));
    assert_eq!(skip(&facts(&[]), K::Hearing), "ok");
    assert!(skip(&facts(&[]), K::Consultation).contains("第十四条"));
    for kind in [K::Listed, K::Draft, K::Decided, K::Promulgated, K::Summary, K::Withdrawn] {
        assert!(skip(&facts(&[]), kind).starts_with("invalid kind"), "{kind}");
    }
    assert!(skip(&facts(&[(K::Hearing, None)]), K::Hearing).starts_with("conflict"));
    assert!(skip(&facts(&[(K::Hearing, Some("2026-05-01"))]), K::Hearing).starts_with("conflict"));
    let skipped = facts(&[(K::Hearing, None)]);
    assert!(said(may_record(&skipped, K::Hearing, day("2026-05-01"))).contains("先撤销"));
}

#[test]
fn nothing_is_taken_back_that_others_rely_on() {
    let back = |f: &Facts, n: usize| said(may_take_back(f, &f.steps[n]));
    let f = facts(DISCUSSED);
    assert!(back(&f, 0).starts_with("conflict"));
    assert_eq!(back(&f, 1), "ok");
    let decided = facts(&[DISCUSSED[0], DISCUSSED[1], (K::Decided, Some("2026-05-26"))]);
    assert!(back(&decided, 1).starts_with("conflict"));
    assert_eq!(back(&decided, 2), "ok");
    // A second discussion carries the decision as well.
    let twice = facts(&[DISCUSSED[0], DISCUSSED[1], (K::CollectiveDiscussion, Some("2026-05-26"))]);
    assert_eq!(back(&twice, 1), "ok");
    assert!(back(&facts(&[(K::Listed, Some("2026-01-05"))]), 0).starts_with("invalid kind"));
    let issued = Facts { promulgated_on: Some(day("2026-05-30")), ..facts(DISCUSSED) };
    assert!(back(&issued, 1).starts_with("conflict"));
}

#[test]
fn a_matter_stops_only_before_it_is_issued_and_not_under_the_public() {
    assert_eq!(said(may_withdraw(&facts(&[]))), "ok");
    let open = Facts { consultations: vec![window("2026-05-20", "2026-06-20")], ..facts(&[]) };
    assert!(said(may_withdraw(&open)).contains("尚未截止"));
    let issued = Facts { promulgated_on: Some(day("2026-05-30")), ..facts(DISCUSSED) };
    assert!(said(may_withdraw(&issued)).contains("第三十七条"));
    let stopped = facts(&[(K::Withdrawn, Some("2026-05-01"))]);
    for refused in [
        may_withdraw(&stopped),
        may_record(&stopped, K::Draft, day("2026-05-02")),
        may_skip(&stopped, K::Hearing),
        may_promulgate(&stopped, day("2026-06-01")),
        may_mark_not_disclosed(&stopped),
    ] {
        assert_eq!(said(refused), "conflict: 该事项已经终止");
    }
}

#[test]
fn what_was_public_cannot_become_secret() {
    assert!(said(may_mark_not_disclosed(&facts(&[]))).contains("已经公开征求意见"));
    assert_eq!(said(may_mark_not_disclosed(&Facts { consultations: vec![], ..facts(&[]) })), "ok");
}
