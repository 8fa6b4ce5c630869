//! How decisions are put into words and choices for the pages of every feature.

use entity::decision::Model;
use entity::enums::{DecisionKind, DutyKind, DutyState, StepKind};
use web::form::Choice;
use web::lang::Lang;

use super::policy::Facts;
use super::{Status, kind_words, step_words};
use crate::http::lang_words;

pub fn kind_choices(lang: Lang) -> Vec<Choice> {
    DecisionKind::ALL.iter().map(|k| Choice::new(k.as_str(), lang_words(lang, &kind_words(*k)))).collect()
}

pub fn step_choices(lang: Lang, kinds: impl IntoIterator<Item = StepKind>) -> Vec<Choice> {
    kinds.into_iter().map(|k| Choice::new(k.as_str(), lang_words(lang, &step_words(k)))).collect()
}

pub fn status_choices(lang: Lang) -> Vec<Choice> {
    Status::ALL.iter().map(|s| Choice::new(s.as_str(), lang_words(lang, &s.words()))).collect()
}

/// `2026-001　制定《……》`
pub fn about(decision: &Model) -> String {
    format!("{}　{}", decision.code, decision.title)
}

/// What is to be done next, in a few words.
pub fn next_words(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::Preparing => lang.t("列入决策事项目录", "list it in the catalogue"),
        Status::Listed => lang.t("拟订草案", "draft the text"),
        Status::Drafting => lang.t("公开征求意见", "open a consultation"),
        Status::Consulting => lang.t("审核、归并意见", "review and group opinions"),
        Status::Studying => lang.t("研究意见，送合法性审查", "answer opinions, legality review"),
        Status::Reviewing => lang.t("集体讨论", "collective discussion"),
        Status::Discussed | Status::Decided => lang.t("决策出台", "issue the decision"),
        Status::Promulgated => lang.t("公布意见采纳情况", "publish the adoption summary"),
        Status::Answered => lang.t("政策解读、决策后评估", "interpretation, evaluation"),
        Status::Evaluated | Status::Withdrawn => lang.t("无", "nothing"),
    }
}

/// What the procedure asks of a step, for the form that records it.
pub fn rule_of(lang: Lang, kind: StepKind) -> &'static str {
    match kind {
        StepKind::LegalityReview => lang.t(
            "送请合法性审查应当保证必要的审查时间，一般不少于 7 个工作日（重大行政决策程序暂行条例第二十六条）。",
            "Give the reviewers time: as a rule seven working days (State Council Order 713, Art. 26).",
        ),
        StepKind::CollectiveDiscussion => lang.t(
            "公开征求意见已截止、每条意见都有处理结果、已作合法性审查之后，才能提交集体讨论（重大行政决策程序暂行条例第十五条、第十八条、第二十五条）。",
            "Only after the consultation closed, every opinion has its outcome and legality was reviewed (State Council Order 713, Art. 15, 18, 25).",
        ),
        StepKind::Decided => lang.t(
            "行政首长在集体讨论的基础上作出决定；出台前按照规定向同级党委请示报告（重大行政决策程序暂行条例第三十条、第三十一条）。",
            "Decided on the basis of the discussion (State Council Order 713, Art. 30, 31).",
        ),
        StepKind::ExpertReview => lang.t(
            "专家应当独立开展论证，提出的书面意见应当签名或者盖章（重大行政决策程序暂行条例第十九条）。",
            "Experts work independently and sign their opinion (State Council Order 713, Art. 19).",
        ),
        StepKind::Hearing => lang.t(
            "听证会应当公开举行；听证会材料应当于召开听证会 7 日前送达听证参加人（重大行政决策程序暂行条例第十六条、第十七条）。",
            "Hearings are public; the papers reach participants seven days before (State Council Order 713, Art. 16, 17).",
        ),
        _ => "",
    }
}

/// Whether a duty is told to the public on the dossier.
pub fn is_public_duty(kind: DutyKind, state: DutyState) -> bool {
    kind != DutyKind::OpinionReview && state != DutyState::Cancelled
}

/// The gates still closed, each in a sentence.
pub fn gate_words(lang: Lang, facts: &Facts) -> Vec<String> {
    let gates = super::policy::open_gates(facts);
    gates.iter().filter_map(|p| p.detail.as_ref()).map(|w| lang_words(lang, w)).collect()
}
