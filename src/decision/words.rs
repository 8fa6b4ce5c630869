//! What kinds of decisions and their steps are called.

use entity::enums::{DecisionKind, StepKind};

use crate::problem::{Words, words};

pub fn kind_words(kind: DecisionKind) -> Words {
    match kind {
        DecisionKind::PublicMeasure => words("重大公共政策和措施", "Public policy or measure"),
        DecisionKind::Plan => words("重要规划", "Plan"),
        DecisionKind::ConstructionProject => words("重大公共建设项目", "Public construction project"),
        DecisionKind::Resource => words("重要资源开发利用和保护", "Use and protection of resources"),
        DecisionKind::Other => words("其他重大事项", "Other major matter"),
    }
}

pub fn step_words(kind: StepKind) -> Words {
    match kind {
        StepKind::Listed => words("列入目录", "Listed in the catalogue"),
        StepKind::Draft => words("拟订草案", "Drafting"),
        StepKind::Consultation => words("公开征求意见", "Public consultation"),
        StepKind::Hearing => words("听证、座谈", "Hearing or seminar"),
        StepKind::ExpertReview => words("专家论证", "Expert review"),
        StepKind::RiskAssessment => words("风险评估", "Risk assessment"),
        StepKind::FairCompetition => words("公平竞争审查", "Fair competition review"),
        StepKind::LegalityReview => words("合法性审查", "Legality review"),
        StepKind::CollectiveDiscussion => words("集体讨论", "Collective discussion"),
        StepKind::Decided => words("作出决定", "Decision taken"),
        StepKind::Promulgated => words("决策出台", "Decision issued"),
        StepKind::Summary => words("公布意见采纳情况", "Adoption summary published"),
        StepKind::Interpretation => words("政策解读", "Interpretation"),
        StepKind::Evaluation => words("决策后评估", "Evaluation"),
        StepKind::Withdrawn => words("终止", "Stopped"),
    }
}
