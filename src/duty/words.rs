//! What duties and their stages are called.

use entity::enums::DutyKind;

use super::plan;
use crate::problem::{Words, words};

pub fn kind_words(kind: DutyKind) -> Words {
    match kind {
        DutyKind::AdoptionSummary => words("公布意见采纳情况", "Publish the adoption summary"),
        DutyKind::ConsultationCloses => words("征求意见截止", "Consultation closes"),
        DutyKind::OpinionReview => words("审核意见", "Review an opinion"),
        DutyKind::ConsultationResult => words("公布征求意见结果", "Publish the result of the consultation"),
    }
}

pub fn stage_words(stage: &str) -> Words {
    if let Some(days) = plan::overdue_days(stage) {
        return words(format!("已逾期 {days} 个工作日"), format!("{days} working day(s) overdue"));
    }
    if let Some(days) = stage.strip_prefix("left_") {
        return words(format!("还剩 {days} 个工作日"), format!("{days} working day(s) left"));
    }
    match stage {
        plan::ASSIGNED => words("新的时限任务", "A new duty"),
        plan::DUE_TODAY => words("今天到期", "Due today"),
        other => words(other.to_owned(), other.to_owned()),
    }
}
