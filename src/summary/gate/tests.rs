//! The conditions, one by one.

use chrono::{DateTime, NaiveDate};
use entity::id::{ConsultationId, ResponseId, StaffId};
use uuid::Uuid;

use super::*;
use crate::topic::Outcomes;

fn topic(people: u64, answer: Option<(Outcome, &str)>) -> TopicStats {
    let id = Uuid::from_u128(1);
    TopicStats {
        topic: entity::topic::Model {
            id: TopicId(id),
            consultation_id: ConsultationId(id),
            title: "延长开放".into(),
            gist: String::new(),
            position: 0,
            people: i64::try_from(people).unwrap(),
            created_by: StaffId(id),
            created_at: DateTime::default(),
        },
        opinions: people,
        following: people,
        people,
        response: answer.map(|(outcome, reason)| entity::response::Model {
            id: ResponseId(id),
            consultation_id: ConsultationId(id),
            topic_id: Some(TopicId(id)),
            opinion_id: None,
            outcome,
            reason: reason.into(),
            final_clause_id: None,
            public_outcome: None,
            public_reason: None,
            public_clause_id: None,
            public_version: None,
            created_by: StaffId(id),
            created_at: DateTime::default(),
            updated_at: DateTime::default(),
        }),
    }
}

struct Case {
    figures: Figures,
    pending: Undecided,
    undecided: Undecided,
    topics: Vec<TopicStats>,
    final_text: bool,
    ending: Ending,
}

fn good() -> Case {
    let on = NaiveDate::from_ymd_opt(2026, 5, 6).unwrap();
    Case {
        figures: Figures::default(),
        pending: Undecided::default(),
        undecided: Undecided::default(),
        topics: vec![],
        final_text: false,
        ending: Ending::Promulgated { on, doc_number: None },
    }
}

fn run(case: &Case) -> Vec<Check> {
    checks(&Facts {
        closed: true,
        figures: &case.figures,
        in_table: 0,
        pending: &case.pending,
        appealed: &Undecided::default(),
        undecided: &case.undecided,
        topics: &case.topics,
        least: 3,
        final_text: case.final_text,
        without_clause: &Undecided::default(),
        ending: &case.ending,
    })
}

fn failing(case: &Case) -> Vec<&'static str> {
    run(case).iter().filter(|c| !c.ok).map(|c| c.key).collect()
}

#[test]
fn nothing_received_and_issued_may_be_published() {
    let checks = run(&good());
    assert!(require(&checks, Needed::Publish).is_ok(), "{checks:?}");
}

#[test]
fn what_is_missing_is_told_exactly() {
    let numbers: Vec<String> = (1..=3).map(|n| format!("2026-007-1-{n:06}")).collect();
    let case = Case {
        undecided: Undecided { count: 3, numbers: numbers.clone() },
        figures: Figures {
            received: 3,
            published: 3,
            unanswered: 3,
            by_channel: vec![(entity::enums::Channel::Site, 3)],
            by_kind: vec![(entity::enums::PersonKind::Individual, 3)],
            outcomes: Outcomes::default(),
            ..Figures::default()
        },
        ..good()
    };
    let checks = run(&case);
    let problem = require(&checks, Needed::Submit).unwrap_err();
    let detail = problem.detail.unwrap();
    assert!(
        detail.zh.contains("还有 3 条意见未答复：2026-007-1-000001、2026-007-1-000002、2026-007-1-000003"),
        "{}",
        detail.zh
    );
    let answered = checks.iter().find(|c| c.key == "answered").unwrap();
    assert_eq!(answered.links.len(), 3);
    let more = told(&Undecided { count: 40, numbers });
    assert!(more.0.ends_with("000003 等"), "{}", more.0);
}

#[test]
fn a_decision_not_yet_issued_may_be_submitted_but_not_published() {
    let case = Case { ending: Ending::Open, ..good() };
    assert_eq!(failing(&case), ["ended"]);
    assert!(require(&run(&case), Needed::Submit).is_ok());
    assert!(require(&run(&case), Needed::Publish).is_err());
}

#[test]
fn concentrated_topics() {
    let enough = "维护需要稳定经费，难以持续。";
    for (people, answer, ok) in [
        (2, Some((Outcome::NotAdopted, "不行")), true),
        (2, None, true),
        (3, Some((Outcome::NotAdopted, "不行")), false),
        (3, Some((Outcome::NotAdopted, enough)), true),
        (3, Some((Outcome::Adopted, "")), true),
        (3, None, false),
    ] {
        let case = Case { topics: vec![topic(people, answer)], ..good() };
        assert_eq!(!failing(&case).contains(&"concentrated"), ok, "{people} {answer:?}");
    }
}

#[test]
fn adopted_names_a_clause_once_there_is_a_final_text() {
    let topics = vec![topic(1, Some((Outcome::Adopted, "")))];
    let early = Case { topics: topics.clone(), ..good() };
    assert!(!failing(&early).contains(&"clauses"));
    assert!(run(&early).iter().any(|c| c.words.zh.contains("届时还有 1 项")));
    assert!(failing(&Case { topics, final_text: true, ..good() }).contains(&"clauses"));
}
