//! Which steps an entry foresees, and which do not apply to it and why.

use entity::catalogue_entry::Model as Entry;
use entity::enums::StepKind;
use serde::{Deserialize, Serialize};

use crate::decision::SKIPPABLE;
use crate::problem::Problem;
use crate::text;

const LONGEST: usize = 500;

/// The steps that an entry speaks of, in the order of the procedure.
pub const KINDS: &[StepKind] = &[
    StepKind::Consultation,
    StepKind::Hearing,
    StepKind::ExpertReview,
    StepKind::RiskAssessment,
    StepKind::FairCompetition,
    StepKind::LegalityReview,
    StepKind::CollectiveDiscussion,
    StepKind::Interpretation,
    StepKind::Evaluation,
];

/// One step of the plan; a step that is not named is still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreseen {
    pub kind: StepKind,
    pub foreseen: bool,
    /// Why it does not apply.
    #[serde(default)]
    pub reason: String,
}

/// The plan of an entry.
pub fn foreseen(entry: &Entry) -> Vec<Foreseen> {
    serde_json::from_value(entry.steps.clone()).unwrap_or_default()
}

/// The plan put in order and checked: no step twice, a reason for what does not apply, and the public
/// consultation always possible.
pub(super) fn check(steps: &[Foreseen]) -> Result<Vec<Foreseen>, Problem> {
    let mut plan = Vec::new();
    for kind in KINDS {
        let mut named = steps.iter().filter(|s| s.kind == *kind);
        let Some(step) = named.next() else { continue };
        let field = format!("step_{kind}");
        if named.next().is_some() {
            return Err(Problem::invalid(field, "同一环节只能填写一次", "A step may be named once"));
        }
        if step.foreseen {
            plan.push(Foreseen { kind: *kind, foreseen: true, reason: String::new() });
            continue;
        }
        if !SKIPPABLE.contains(kind) {
            return Err(Problem::invalid(
                field,
                "公开征求意见不能填为不适用；依法不予公开的，请在决策事项中登记法律依据",
                "The public consultation cannot be left out",
            ));
        }
        let reason = step.reason.trim();
        let field = format!("reason_{kind}");
        if reason.chars().count() < 5 || reason.chars().count() > LONGEST {
            return Err(Problem::invalid(
                field,
                format!("请写明不适用的理由（5 至 {LONGEST} 字），理由随目录公布"),
                format!("Say why it does not apply (5 to {LONGEST} characters); it will be published"),
            ));
        }
        text::one_line(reason).map_err(|_| {
            Problem::invalid(field, "请写在一行内，不含控制字符", "One line, without control characters")
        })?;
        plan.push(Foreseen { kind: *kind, foreseen: false, reason: reason.to_owned() });
    }
    if let Some(other) = steps.iter().find(|s| !KINDS.contains(&s.kind)) {
        return Err(Problem::invalid(
            format!("step_{}", other.kind),
            "目录中不填写该环节",
            "The catalogue does not speak of this step",
        ));
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: StepKind, foreseen: bool, reason: &str) -> Foreseen {
        Foreseen { kind, foreseen, reason: reason.into() }
    }

    #[test]
    fn a_plan_is_ordered_and_reasons_are_asked_for() {
        let plan = check(&[
            step(StepKind::RiskAssessment, false, " 经研判不涉及社会稳定风险 "),
            step(StepKind::Consultation, true, "多余的话"),
        ])
        .unwrap();
        assert_eq!(
            plan,
            [
                step(StepKind::Consultation, true, ""),
                step(StepKind::RiskAssessment, false, "经研判不涉及社会稳定风险")
            ]
        );
        for bad in [
            vec![step(StepKind::RiskAssessment, false, "不需要")],
            vec![step(StepKind::RiskAssessment, false, "两行\n的理由不行")],
            vec![step(StepKind::Consultation, false, "不想征求公众的意见")],
            vec![step(StepKind::Hearing, true, ""), step(StepKind::Hearing, true, "")],
            vec![step(StepKind::Promulgated, true, "")],
        ] {
            assert!(check(&bad).is_err(), "{bad:?}");
        }
    }
}
