//! The gates of the procedure (重大行政决策程序暂行条例, 国令713): pure, given the facts of one decision. A bureau
//! follows the regulation by reference (Art. 42), so a step may be recorded as not applicable with a reason
//! that is published; the public consultation may not, except where the matter is not to be disclosed by law
//! (Art. 14).

use std::borrow::Cow;

use chrono::{Datelike as _, NaiveDate};
use entity::enums::StepKind;
use entity::id::ConsultationId;
use entity::step::Model as Step;

use super::words::step_words;
use crate::problem::Problem;

/// The window of a published consultation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub id: ConsultationId,
    pub code: String,
    pub opens_on: NaiveDate,
    pub closes_on: NaiveDate,
}

impl Window {
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.opens_on <= today && today <= self.closes_on
    }
}

/// What the gates look at.
#[derive(Clone, Debug)]
pub struct Facts {
    pub today: NaiveDate,
    pub year: i32,
    pub steps: Vec<Step>,
    /// Published consultations.
    pub consultations: Vec<Window>,
    /// Counted opinions without a response, or not yet reviewed.
    pub undecided: u64,
    pub not_disclosed: bool,
    pub promulgated_on: Option<NaiveDate>,
}

impl Facts {
    /// The last day on which a step of this kind happened.
    pub fn done(&self, kind: StepKind) -> Option<NaiveDate> {
        self.steps.iter().filter(|s| s.kind == kind).filter_map(|s| s.happened_on).max()
    }

    pub fn is_skipped(&self, kind: StepKind) -> bool {
        self.steps.iter().any(|s| s.kind == kind && s.skipped_reason.is_some())
    }

    /// Done, or recorded as not applicable with its reason.
    pub fn is_settled(&self, kind: StepKind) -> bool {
        self.done(kind).is_some() || self.is_skipped(kind)
    }

    pub fn is_withdrawn(&self) -> bool {
        self.done(StepKind::Withdrawn).is_some()
    }

    /// A consultation that is open or announced.
    fn unfinished(&self) -> Option<&Window> {
        self.consultations.iter().find(|w| self.today <= w.closes_on)
    }

    fn last_close(&self) -> Option<NaiveDate> {
        self.consultations.iter().map(|w| w.closes_on).max()
    }
}

/// Steps that staff record themselves; the others follow from acts of their own.
pub const BY_HAND: &[StepKind] = &[
    StepKind::Draft,
    StepKind::Hearing,
    StepKind::ExpertReview,
    StepKind::RiskAssessment,
    StepKind::FairCompetition,
    StepKind::LegalityReview,
    StepKind::CollectiveDiscussion,
    StepKind::Decided,
    StepKind::Interpretation,
    StepKind::Evaluation,
];

/// Steps that may be recorded as not applicable.
pub const SKIPPABLE: &[StepKind] = &[
    StepKind::Hearing,
    StepKind::ExpertReview,
    StepKind::RiskAssessment,
    StepKind::FairCompetition,
    StepKind::LegalityReview,
    StepKind::CollectiveDiscussion,
    StepKind::Interpretation,
    StepKind::Evaluation,
];

/// Whether a step may be recorded for this day.
///
/// # Errors
/// `invalid` for a date or kind out of order; `conflict`; `against_rule` with the article.
pub fn may_record(facts: &Facts, kind: StepKind, on: NaiveDate) -> Result<(), Problem> {
    if !BY_HAND.contains(&kind) {
        return Err(not_by_hand(kind));
    }
    still_running(facts)?;
    plausible(facts, on, "happened_on")?;
    if facts.is_skipped(kind) {
        return Err(Problem::conflict(
            "该环节已登记为不适用；如需登记，请先撤销不适用的登记",
            "The step is recorded as not applicable; take that record back first",
        ));
    }
    let same_day = facts.steps.iter().any(|s| s.kind == kind && s.happened_on == Some(on));
    if same_day || (kind == StepKind::Decided && facts.done(kind).is_some()) {
        return Err(Problem::conflict("该环节已经登记过", "The step is already recorded"));
    }
    match kind {
        StepKind::CollectiveDiscussion => may_discuss(facts, on)?,
        StepKind::Decided => after_discussion(facts, on, "happened_on")?,
        StepKind::Interpretation | StepKind::Evaluation => {
            let issued = facts.promulgated_on.ok_or_else(|| {
                Problem::conflict(
                    "决策出台后才能登记政策解读和决策后评估",
                    "Interpretation and evaluation follow the decision's issue",
                )
            })?;
            not_before(on, issued, StepKind::Promulgated, "happened_on")?;
        }
        _ => {}
    }
    let before_issue = !matches!(kind, StepKind::Interpretation | StepKind::Evaluation);
    match facts.promulgated_on {
        Some(issued) if before_issue && on > issued => Err(Problem::invalid(
            "happened_on",
            "决策已经出台，该环节的日期不能晚于出台日期",
            "The decision has been issued; this step cannot be later",
        )),
        _ => Ok(()),
    }
}

/// Whether a step may be recorded as not applicable.
///
/// # Errors
/// `conflict`; `against_rule` with the article.
pub fn may_skip(facts: &Facts, kind: StepKind) -> Result<(), Problem> {
    if kind == StepKind::Consultation {
        return Err(Problem::against_rule(
            "公开征求意见不能登记为不适用；依法不予公开的决策事项，请登记法律依据（重大行政决策程序暂行条例第十四条）",
            "A public consultation cannot be left out; where the matter is not to be disclosed by law, record \
             the legal basis (State Council Order 713, Art. 14)",
        ));
    }
    if !SKIPPABLE.contains(&kind) {
        return Err(Problem::invalid(
            "kind",
            "该环节不能登记为不适用",
            "This step cannot be recorded as not applicable",
        ));
    }
    still_running(facts)?;
    if facts.is_settled(kind) {
        return Err(Problem::conflict("该环节已经登记过", "The step is already recorded"));
    }
    Ok(())
}

/// Whether a recorded step may be taken back: nothing that relied on it may be left hanging.
///
/// # Errors
/// `conflict`; `invalid` for steps that follow from acts of their own.
pub fn may_take_back(facts: &Facts, step: &Step) -> Result<(), Problem> {
    if !BY_HAND.contains(&step.kind) {
        return Err(not_by_hand(step.kind));
    }
    still_running(facts)?;
    let rest =
        Facts { steps: facts.steps.iter().filter(|s| s.id != step.id).cloned().collect(), ..facts.clone() };
    let discussed = rest.is_settled(StepKind::CollectiveDiscussion);
    let issued = facts.promulgated_on.is_some();
    let relied_on = match step.kind {
        StepKind::LegalityReview => {
            (rest.done(StepKind::CollectiveDiscussion).is_some() || issued) && !rest.is_settled(step.kind)
        }
        StepKind::CollectiveDiscussion => (rest.done(StepKind::Decided).is_some() || issued) && !discussed,
        _ => false,
    };
    if relied_on {
        return Err(Problem::conflict(
            "后续环节以该环节为前提，不能撤销",
            "Later steps rely on this one; it cannot be taken back",
        ));
    }
    Ok(())
}

/// Whether the decision may be issued on this day.
///
/// # Errors
/// `invalid` for a date out of order; `conflict`; `against_rule` with the article.
pub fn may_promulgate(facts: &Facts, on: NaiveDate) -> Result<(), Problem> {
    if facts.promulgated_on.is_some() {
        return Err(Problem::conflict("该决策已经出台", "The decision has already been issued"));
    }
    still_running(facts)?;
    plausible(facts, on, "promulgated_on")?;
    consulted(facts)?;
    if let Some(closed) = facts.last_close().filter(|closed| on <= *closed) {
        return Err(before_close(closed, "promulgated_on"));
    }
    reviewed(facts)?;
    if facts.is_skipped(StepKind::CollectiveDiscussion) {
        opinions_decided(facts)?;
    }
    after_discussion(facts, on, "promulgated_on")?;
    match facts.done(StepKind::Decided) {
        Some(decided) => not_before(on, decided, StepKind::Decided, "promulgated_on"),
        None => Ok(()),
    }
}

/// Everything that still stands against issuing the decision today, for the page that prepares it.
pub fn open_gates(facts: &Facts) -> Vec<Problem> {
    let discussed = after_discussion(facts, facts.today, "promulgated_on");
    let opinions =
        if facts.done(StepKind::CollectiveDiscussion).is_some() { Ok(()) } else { opinions_decided(facts) };
    [still_running(facts), consulted(facts), opinions, reviewed(facts), discussed]
        .into_iter()
        .filter_map(Result::err)
        .collect()
}

/// Whether the procedure may be stopped (终止).
///
/// # Errors
/// `conflict`.
pub fn may_withdraw(facts: &Facts) -> Result<(), Problem> {
    still_running(facts)?;
    if facts.promulgated_on.is_some() {
        return Err(Problem::conflict(
            "决策已经出台，不能终止程序（重大行政决策程序暂行条例第三十七条：决策不得随意变更或者停止执行）",
            "The decision has been issued and cannot be stopped here (State Council Order 713, Art. 37)",
        ));
    }
    match facts.unfinished() {
        Some(w) => Err(Problem::conflict(
            format!("公开征求意见 {} 尚未截止，请在截止后终止", w.code),
            format!("Consultation {} has not closed yet; stop the matter after it closed", w.code),
        )),
        None => Ok(()),
    }
}

/// Whether the matter may be recorded as not to be disclosed by law.
///
/// # Errors
/// `conflict`.
pub fn may_mark_not_disclosed(facts: &Facts) -> Result<(), Problem> {
    still_running(facts)?;
    if facts.promulgated_on.is_some() {
        return Err(Problem::conflict("该决策已经出台", "The decision has already been issued"));
    }
    if !facts.consultations.is_empty() {
        return Err(Problem::conflict(
            "该事项已经公开征求意见，不能再登记为依法不予公开",
            "The matter was already put out for public consultation",
        ));
    }
    Ok(())
}

/// No discussion while the public may still speak or is still without an answer (Art. 15, 18), nor before
/// the legality review (Art. 25).
fn may_discuss(facts: &Facts, on: NaiveDate) -> Result<(), Problem> {
    if let Some(w) = facts.unfinished() {
        return Err(Problem::against_rule(
            format!(
                "公开征求意见 {} 尚未截止，决策草案不得提交集体讨论（重大行政决策程序暂行条例第十五条）",
                w.code
            ),
            format!(
                "Consultation {} has not closed; the draft cannot be discussed yet (State Council Order 713, \
                 Art. 15)",
                w.code
            ),
        ));
    }
    if let Some(closed) = facts.last_close().filter(|closed| on <= *closed) {
        return Err(before_close(closed, "happened_on"));
    }
    opinions_decided(facts)?;
    reviewed(facts)?;
    match facts.done(StepKind::LegalityReview) {
        Some(reviewed) => not_before(on, reviewed, StepKind::LegalityReview, "happened_on"),
        None => Ok(()),
    }
}

fn opinions_decided(facts: &Facts) -> Result<(), Problem> {
    if facts.undecided == 0 {
        return Ok(());
    }
    let n = facts.undecided;
    Err(Problem::against_rule(
        format!(
            "还有 {n} 条意见没有研究处理结果，决策草案不得提交集体讨论（重大行政决策程序暂行条例第十八条：应当对各方面\
             提出的意见进行归纳整理、研究论证）"
        ),
        format!(
            "{n} opinion(s) have no outcome yet; they must be studied before the draft is discussed (State \
             Council Order 713, Art. 18)"
        ),
    ))
}

fn reviewed(facts: &Facts) -> Result<(), Problem> {
    if facts.is_settled(StepKind::LegalityReview) {
        return Ok(());
    }
    Err(Problem::against_rule(
        "决策草案未经合法性审查，不得提交集体讨论（重大行政决策程序暂行条例第二十五条）",
        "A draft without legality review may not be discussed (State Council Order 713, Art. 25)",
    ))
}

fn after_discussion(facts: &Facts, on: NaiveDate, field: &'static str) -> Result<(), Problem> {
    if !facts.is_settled(StepKind::CollectiveDiscussion) {
        return Err(Problem::against_rule(
            "决策应当在集体讨论的基础上作出（重大行政决策程序暂行条例第三十条）",
            "A decision is taken on the basis of a collective discussion (State Council Order 713, Art. 30)",
        ));
    }
    match facts.done(StepKind::CollectiveDiscussion) {
        Some(discussed) => not_before(on, discussed, StepKind::CollectiveDiscussion, field),
        None => Ok(()),
    }
}

/// At least one closed consultation, and none that goes on, unless the law forbids disclosure.
fn consulted(facts: &Facts) -> Result<(), Problem> {
    if let Some(w) = facts.unfinished() {
        return Err(Problem::against_rule(
            format!("公开征求意见 {} 尚未截止，决策不得出台（重大行政决策程序暂行条例第十五条）", w.code),
            format!(
                "Consultation {} has not closed; the decision cannot be issued (State Council Order 713, Art. 15)",
                w.code
            ),
        ));
    }
    if facts.not_disclosed || !facts.consultations.is_empty() {
        return Ok(());
    }
    Err(Problem::against_rule(
        "没有公开征求意见，决策不得出台；依法不予公开的，应当登记法律依据（重大行政决策程序暂行条例第十四条、第十五条）",
        "The decision was never put out for public consultation; where it is not to be disclosed by law, record \
         the legal basis (State Council Order 713, Art. 14 and 15)",
    ))
}

fn still_running(facts: &Facts) -> Result<(), Problem> {
    if facts.is_withdrawn() {
        return Err(Problem::conflict("该事项已经终止", "The matter was stopped"));
    }
    Ok(())
}

/// Not in the future, and not so long before the decision's year that it must be a slip.
fn plausible(facts: &Facts, on: NaiveDate, field: &'static str) -> Result<(), Problem> {
    if on > facts.today {
        return Err(Problem::invalid(field, "日期不能晚于今天", "The date cannot be in the future"));
    }
    if on.year() < facts.year - 10 {
        return Err(Problem::invalid(field, "日期过早，请核对年份", "The date is too early; check the year"));
    }
    Ok(())
}

fn not_before(on: NaiveDate, other: NaiveDate, kind: StepKind, field: &'static str) -> Result<(), Problem> {
    if on >= other {
        return Ok(());
    }
    let name = step_words(kind);
    Err(Problem::invalid(
        field,
        format!("日期不能早于“{}”（{other}）", name.zh),
        format!("Cannot be earlier than “{}” ({other})", name.en),
    ))
}

fn before_close(closed: NaiveDate, field: &'static str) -> Problem {
    Problem::invalid(
        field,
        format!("日期应当晚于公开征求意见的截止日（{closed}）"),
        format!("Must be after the consultation closed ({closed})"),
    )
}

fn not_by_hand(kind: StepKind) -> Problem {
    let (zh, en): (Cow<'static, str>, Cow<'static, str>) = match kind {
        StepKind::Listed => {
            ("列入目录由公布决策事项目录产生".into(), "Follows from publishing the catalogue".into())
        }
        StepKind::Consultation => {
            ("公开征求意见由发布征集公告产生".into(), "Follows from publishing a consultation".into())
        }
        StepKind::Summary => {
            ("采纳情况由公布采纳情况产生".into(), "Follows from publishing the adoption summary".into())
        }
        StepKind::Promulgated => ("请用“决策出台”办理".into(), "Use the promulgation".into()),
        _ => ("请用“终止”办理".into(), "Use the withdrawal".into()),
    };
    Problem::invalid("kind", zh, en)
}

#[cfg(test)]
mod tests;
