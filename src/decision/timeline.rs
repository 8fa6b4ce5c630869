//! The whole way of a decision (全过程时间线) as people read it: what happened, what was left out and why, what is
//! still to come. Pure.

use chrono::NaiveDate;
use entity::enums::StepKind;
use entity::id::DocumentId;
use entity::step::Model as Step;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub kind: StepKind,
    pub when: When,
    /// What is said of it, or why it does not apply.
    pub note: String,
    pub document_id: Option<DocumentId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Done(NaiveDate),
    /// Announced for a later day.
    Announced(NaiveDate),
    Skipped,
    ToCome,
}

/// What the timeline is drawn from.
#[derive(Clone, Debug, Default)]
pub struct Way<'a> {
    pub steps: &'a [Step],
    /// Steps the catalogue foresees.
    pub foreseen: Vec<StepKind>,
    /// Steps the catalogue leaves out, with the reason.
    pub left_out: Vec<(StepKind, String)>,
    /// Where the matter is not to be disclosed by law.
    pub not_disclosed_basis: Option<&'a str>,
    /// Whether an adoption summary will be due or is.
    pub consulted: bool,
    pub today: NaiveDate,
}

/// Steps that every decision takes, in the order of the procedure.
const EVERY: &[StepKind] = &[
    StepKind::Draft,
    StepKind::Consultation,
    StepKind::LegalityReview,
    StepKind::CollectiveDiscussion,
    StepKind::Promulgated,
    StepKind::Summary,
];

/// Done steps by their day; what was left out stands where it would have been; then what is to come.
pub fn timeline(way: &Way<'_>) -> Vec<Moment> {
    let mut line: Vec<Moment> = way.steps.iter().filter_map(|s| done(s, way.today)).collect();
    let happened = |kind: StepKind| way.steps.iter().any(|s| s.kind == kind && s.happened_on.is_some());
    for (kind, note) in left_out(way) {
        if happened(kind) || line.iter().any(|m| m.kind == kind) {
            continue;
        }
        let at = line.iter().position(|m| m.kind > kind).unwrap_or(line.len());
        line.insert(at, Moment { kind, when: When::Skipped, note, document_id: None });
    }
    if happened(StepKind::Withdrawn) {
        return line;
    }
    let issued = happened(StepKind::Promulgated);
    let to_come = StepKind::ALL.iter().copied().filter(|kind| {
        let planned = EVERY.contains(kind) || way.foreseen.contains(kind);
        let never = match kind {
            StepKind::Summary => !way.consulted && way.not_disclosed_basis.is_some(),
            // A draft that was never recorded must have been there once the public was asked.
            StepKind::Draft => way.steps.iter().any(|s| s.happened_on.is_some() && s.kind > *kind),
            _ => false,
        };
        planned
            && !never
            && !line.iter().any(|m| m.kind == *kind)
            && (!issued || *kind > StepKind::Promulgated)
    });
    let to_come: Vec<Moment> = to_come
        .map(|kind| Moment { kind, when: When::ToCome, note: String::new(), document_id: None })
        .collect();
    line.extend(to_come);
    line
}

fn done(step: &Step, today: NaiveDate) -> Option<Moment> {
    let on = step.happened_on?;
    let when = if on <= today { When::Done(on) } else { When::Announced(on) };
    Some(Moment { kind: step.kind, when, note: step.note.clone(), document_id: step.document_id })
}

/// What the dossier records as not applicable comes before what the catalogue said of it.
fn left_out(way: &Way<'_>) -> Vec<(StepKind, String)> {
    let recorded = way.steps.iter().filter_map(|s| Some((s.kind, s.skipped_reason.clone()?)));
    let secret = way.not_disclosed_basis.map(|b| (StepKind::Consultation, format!("依法不予公开：{b}")));
    let mut all: Vec<(StepKind, String)> =
        recorded.chain(secret).chain(way.left_out.iter().cloned()).collect();
    all.sort_by_key(|(kind, _)| *kind);
    all
}

#[cfg(test)]
mod tests {
    use entity::id::{DecisionId, StepId};
    use uuid::Uuid;

    use super::*;

    fn step(kind: StepKind, on: Option<&str>) -> Step {
        Step {
            id: StepId(Uuid::nil()),
            decision_id: DecisionId(Uuid::nil()),
            kind,
            happened_on: on.map(|d| d.parse().unwrap()),
            note: String::new(),
            skipped_reason: on.is_none().then(|| "经研判不需要".to_owned()),
            document_id: None,
            recorded_by: None,
            created_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn kinds(line: &[Moment]) -> Vec<&'static str> {
        line.iter().map(|m| m.kind.as_str()).collect()
    }

    #[test]
    fn done_by_day_left_out_in_place_then_what_is_to_come() {
        use StepKind as K;
        let steps = [
            step(K::Listed, Some("2026-01-05")),
            step(K::ExpertReview, Some("2026-02-01")),
            step(K::Consultation, Some("2026-02-10")),
            step(K::RiskAssessment, None),
        ];
        let way = Way {
            steps: &steps,
            foreseen: vec![K::Interpretation, K::Consultation],
            left_out: vec![(K::Hearing, "没有较大分歧".into()), (K::RiskAssessment, "别的理由".into())],
            not_disclosed_basis: None,
            consulted: true,
            today: "2026-03-02".parse().unwrap(),
        };
        let line = timeline(&way);
        assert_eq!(
            kinds(&line),
            [
                "listed",
                "hearing",
                "expert_review",
                "consultation",
                "risk_assessment",
                "legality_review",
                "collective_discussion",
                "promulgated",
                "summary",
                "interpretation"
            ]
        );
        assert_eq!(line[4].note, "经研判不需要");
    }

    #[test]
    fn nothing_is_to_come_that_cannot_come_any_more() {
        use StepKind as K;
        let issued = [step(K::Promulgated, Some("2026-02-10"))];
        let today = "2026-03-02".parse().unwrap();
        let way = Way { steps: &issued, consulted: true, today, ..Way::default() };
        assert_eq!(kinds(&timeline(&way)), ["promulgated", "summary"]);
        let secret = Way { not_disclosed_basis: Some("条例第十四条"), consulted: false, ..way };
        assert_eq!(kinds(&timeline(&secret)), ["consultation", "promulgated"]);
        let stopped = [step(K::Draft, Some("2026-02-01")), step(K::Withdrawn, Some("2026-02-10"))];
        assert_eq!(
            kinds(&timeline(&Way { steps: &stopped, today, ..Way::default() })),
            ["draft", "withdrawn"]
        );
    }

    #[test]
    fn an_announced_step_is_not_done() {
        let steps = [step(StepKind::Consultation, Some("2026-03-09"))];
        let way = Way { steps: &steps, today: "2026-03-02".parse().unwrap(), ..Way::default() };
        assert_eq!(timeline(&way)[0].when, When::Announced("2026-03-09".parse().unwrap()));
    }
}
