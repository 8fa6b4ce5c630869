//! Where a decision stands for the public: derived from its steps and its open consultation, never stored.

use chrono::NaiveDate;
use entity::enums::StepKind;
use entity::step::Model as Step;

use crate::problem::{Words, words};

/// Where a decision stands (目前进展).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, poem_openapi::Enum)]
#[oai(rename = "DecisionStatus", rename_all = "snake_case")]
pub enum Status {
    /// 尚未列入目录
    Preparing,
    /// 已列入目录
    Listed,
    /// 草案拟订中
    Drafting,
    /// 征求意见中
    Consulting,
    /// 征求意见已结束，研究论证
    Studying,
    /// 合法性审查
    Reviewing,
    /// 已经集体讨论
    Discussed,
    /// 已作出决定
    Decided,
    /// 已出台，待公布采纳情况
    Promulgated,
    /// 已公布采纳情况
    Answered,
    /// 已评估
    Evaluated,
    /// 已终止
    Withdrawn,
}

/// What makes a decision stand somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test {
    /// Any of these steps happened.
    Any(&'static [StepKind]),
    /// Both steps happened.
    Both(StepKind, StepKind),
    /// A consultation is open today.
    Open,
    Always,
}

/// From the furthest to the first: the first test that holds says where the decision stands. The store
/// builds its filter from the same table, so that list and page never disagree.
pub(super) const LADDER: &[(Status, Test)] = &[
    (Status::Withdrawn, Test::Any(&[StepKind::Withdrawn])),
    (Status::Evaluated, Test::Both(StepKind::Evaluation, StepKind::Promulgated)),
    // A summary published before the decision was issued answers the consultation, not the decision.
    (Status::Answered, Test::Both(StepKind::Summary, StepKind::Promulgated)),
    (Status::Promulgated, Test::Any(&[StepKind::Promulgated])),
    (Status::Decided, Test::Any(&[StepKind::Decided])),
    (Status::Discussed, Test::Any(&[StepKind::CollectiveDiscussion])),
    (Status::Consulting, Test::Open),
    (Status::Reviewing, Test::Any(&[StepKind::LegalityReview])),
    (Status::Studying, Test::Any(&[StepKind::Consultation])),
    (
        Status::Drafting,
        Test::Any(&[
            StepKind::Draft,
            StepKind::Hearing,
            StepKind::ExpertReview,
            StepKind::RiskAssessment,
            StepKind::FairCompetition,
        ]),
    ),
    (Status::Listed, Test::Any(&[StepKind::Listed])),
    (Status::Preparing, Test::Always),
];

/// Where a decision stands on `today`. A step dated later has not happened yet.
pub fn status(steps: &[Step], consultation_open: bool, today: NaiveDate) -> Status {
    let happened =
        |kind: StepKind| steps.iter().any(|s| s.kind == kind && s.happened_on.is_some_and(|on| on <= today));
    let holds = |test: Test| match test {
        Test::Any(kinds) => kinds.iter().any(|k| happened(*k)),
        Test::Both(a, b) => happened(a) && happened(b),
        Test::Open => consultation_open,
        Test::Always => true,
    };
    LADDER.iter().find(|(_, test)| holds(*test)).map_or(Status::Preparing, |(status, _)| *status)
}

impl Status {
    pub const ALL: &'static [Self] = &[
        Self::Preparing,
        Self::Listed,
        Self::Drafting,
        Self::Consulting,
        Self::Studying,
        Self::Reviewing,
        Self::Discussed,
        Self::Decided,
        Self::Promulgated,
        Self::Answered,
        Self::Evaluated,
        Self::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Listed => "listed",
            Self::Drafting => "drafting",
            Self::Consulting => "consulting",
            Self::Studying => "studying",
            Self::Reviewing => "reviewing",
            Self::Discussed => "discussed",
            Self::Decided => "decided",
            Self::Promulgated => "promulgated",
            Self::Answered => "answered",
            Self::Evaluated => "evaluated",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.as_str() == text)
    }

    pub fn words(self) -> Words {
        match self {
            Self::Preparing => words("尚未列入目录", "Not yet listed"),
            Self::Listed => words("已列入目录", "Listed"),
            Self::Drafting => words("草案拟订中", "Being drafted"),
            Self::Consulting => words("征求意见中", "Open for opinions"),
            Self::Studying => words("征求意见已结束，研究论证中", "Consultation closed, under study"),
            Self::Reviewing => words("已作合法性审查", "Reviewed for legality"),
            Self::Discussed => words("已经集体讨论", "Discussed"),
            Self::Decided => words("已作出决定", "Decided"),
            Self::Promulgated => words("已出台", "Issued"),
            Self::Answered => words("已出台，采纳情况已公布", "Issued and answered"),
            Self::Evaluated => words("已作决策后评估", "Evaluated"),
            Self::Withdrawn => words("已终止", "Stopped"),
        }
    }

    /// Whether nothing more is expected of the procedure.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Answered | Self::Evaluated | Self::Withdrawn)
    }
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
            skipped_reason: on.is_none().then(|| "不适用".to_owned()),
            document_id: None,
            recorded_by: None,
            created_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_furthest_step_says_where_it_stands() {
        use StepKind as K;
        let today = "2026-03-02".parse().unwrap();
        let past = Some("2026-03-01");
        type Case<'a> = (&'a [(StepKind, Option<&'a str>)], bool, Status);
        let cases: &[Case<'_>] = &[
            (&[], false, Status::Preparing),
            (&[(K::Listed, past)], false, Status::Listed),
            (&[(K::Listed, past), (K::Draft, past)], false, Status::Drafting),
            (&[(K::Consultation, past)], true, Status::Consulting),
            (&[(K::Consultation, past), (K::ExpertReview, past)], true, Status::Consulting),
            (&[(K::Consultation, past), (K::ExpertReview, past)], false, Status::Studying),
            // Announced for a later day.
            (&[(K::Draft, past), (K::Consultation, Some("2026-03-09"))], false, Status::Drafting),
            // Recorded as not applicable is not the same as done.
            (&[(K::Consultation, past), (K::LegalityReview, None)], false, Status::Studying),
            (&[(K::LegalityReview, past)], false, Status::Reviewing),
            (&[(K::LegalityReview, past), (K::CollectiveDiscussion, past)], false, Status::Discussed),
            (&[(K::Decided, past)], false, Status::Decided),
            (&[(K::Consultation, past), (K::Summary, past)], false, Status::Studying),
            (&[(K::Promulgated, past), (K::Interpretation, past)], false, Status::Promulgated),
            (&[(K::Promulgated, past), (K::Summary, past)], false, Status::Answered),
            (&[(K::Promulgated, past), (K::Evaluation, past)], false, Status::Evaluated),
            (&[(K::Draft, past), (K::Withdrawn, past)], true, Status::Withdrawn),
        ];
        for (steps, open, expected) in cases {
            let rows: Vec<Step> = steps.iter().map(|(k, on)| step(*k, *on)).collect();
            assert_eq!(status(&rows, *open, today), *expected, "{steps:?}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for s in Status::ALL {
            assert_eq!(Status::parse(s.as_str()), Some(*s));
        }
        assert_eq!(LADDER.len(), Status::ALL.len());
    }
}
