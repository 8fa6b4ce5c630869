//! What must be true before a summary is submitted and before it is published, each with the exact
//! difference. Pure.

use entity::enums::Outcome;
use entity::id::TopicId;

use super::generate::Ending;
use crate::problem::{Problem, Words, words};
use crate::topic::{CONCENTRATED_REASON, Figures, TopicStats, Undecided, is_concentrated};

/// From which step on a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    Submit,
    Publish,
}

/// Where to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// An opinion by its number.
    Opinion(String),
    Topic(TopicId, String),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Stable name.
    pub key: &'static str,
    pub needed: Needed,
    pub ok: bool,
    /// How it stands, with numbers.
    pub words: Words,
    pub links: Vec<Link>,
}

/// What the gate looks at.
pub(super) struct Facts<'a> {
    pub closed: bool,
    pub figures: &'a Figures,
    /// Opinions that the lines of the table answer.
    pub in_table: u64,
    pub pending: &'a Undecided,
    pub appealed: &'a Undecided,
    pub undecided: &'a Undecided,
    pub topics: &'a [TopicStats],
    pub least: u32,
    /// Whether a final text cut into clauses exists.
    pub final_text: bool,
    /// Opinions adopted on their own without a clause of it.
    pub without_clause: &'a Undecided,
    pub ending: &'a Ending,
}

fn check(key: &'static str, needed: Needed, ok: bool, good: Words, bad: Words) -> Check {
    Check { key, needed, ok, words: if ok { good } else { bad }, links: Vec::new() }
}

/// All conditions, in the order in which one meets them.
pub(super) fn checks(f: &Facts<'_>) -> Vec<Check> {
    vec![closed(f), reviewed(f), appeals(f), answered(f), concentrated(f), clauses(f), sums(f), ended(f)]
}

fn closed(f: &Facts<'_>) -> Check {
    check(
        "closed",
        Needed::Submit,
        f.closed,
        words("征求意见已截止", "The consultation is closed"),
        words("征求意见尚未截止", "The consultation is not closed yet"),
    )
}

/// The numbers of a list, and that there are more.
fn told(list: &Undecided) -> (String, String) {
    let more = list.count > list.numbers.len() as u64;
    let (zh, en) = if more { (" 等", " …") } else { ("", "") };
    (format!("{}{zh}", list.numbers.join("、")), format!("{}{en}", list.numbers.join(", ")))
}

fn opinions(list: &Undecided) -> Vec<Link> {
    list.numbers.iter().cloned().map(Link::Opinion).collect()
}

fn reviewed(f: &Facts<'_>) -> Check {
    let (zh, en) = told(f.pending);
    let n = f.pending.count;
    Check {
        links: opinions(f.pending),
        ..check(
            "reviewed",
            Needed::Submit,
            n == 0,
            words("全部意见均已审核", "Every opinion was reviewed"),
            words(format!("还有 {n} 条意见未审核：{zh}"), format!("{n} opinion(s) wait for review: {en}")),
        )
    }
}

/// A granted appeal would move what is counted.
fn appeals(f: &Facts<'_>) -> Check {
    let (zh, en) = told(f.appealed);
    let n = f.appealed.count;
    Check {
        links: opinions(f.appealed),
        ..check(
            "appeals",
            Needed::Submit,
            n == 0,
            words("没有待复核的申诉", "No appeal waits"),
            words(format!("还有 {n} 件申诉待复核：{zh}"), format!("{n} appeal(s) wait to be decided: {en}")),
        )
    }
}

fn answered(f: &Facts<'_>) -> Check {
    let (zh, en) = told(f.undecided);
    let (n, all) = (f.undecided.count, f.figures.counted());
    Check {
        links: opinions(f.undecided),
        ..check(
            "answered",
            Needed::Submit,
            n == 0,
            words(
                format!("计入办理的 {all} 条意见均已答复"),
                format!("All {all} counted opinions are answered"),
            ),
            words(format!("还有 {n} 条意见未答复：{zh}"), format!("{n} opinion(s) are not answered: {en}")),
        )
    }
}

/// A concentrated topic is answered as a topic, and not adopting it has a reason.
fn concentrated(f: &Facts<'_>) -> Check {
    let lacking: Vec<&TopicStats> = f
        .topics
        .iter()
        .filter(|t| is_concentrated(t.people, f.least))
        .filter(|t| match &t.response {
            None => true,
            Some(r) => r.outcome == Outcome::NotAdopted && r.reason.chars().count() < CONCENTRATED_REASON,
        })
        .collect();
    let n = lacking.len();
    let names = lacking.iter().map(|t| format!("“{}”（{} 人）", t.topic.title, t.people));
    let zh = names.collect::<Vec<_>>().join("、");
    Check {
        links: lacking.iter().map(|t| Link::Topic(t.topic.id, t.topic.title.clone())).collect(),
        ..check(
            "concentrated",
            Needed::Submit,
            n == 0,
            words(
                "较为集中的意见均有答复，未采纳的已说明原因",
                "What many asked for is answered with reasons",
            ),
            words(
                format!("还有 {n} 个较为集中的主题没有答复，或未采纳而未说明原因：{zh}"),
                format!(
                    "{n} topic(s) raised by many have no answer, or were not adopted without a reason: {zh}"
                ),
            ),
        )
    }
}

fn clauses(f: &Facts<'_>) -> Check {
    let adopted = |t: &&TopicStats| {
        t.opinions > 0
            && t.response.as_ref().is_some_and(|r| {
                matches!(r.outcome, Outcome::Adopted | Outcome::PartlyAdopted) && r.final_clause_id.is_none()
            })
    };
    let topics: Vec<&TopicStats> = f.topics.iter().filter(adopted).collect();
    let n = topics.len() as u64 + f.without_clause.count;
    let mut names: Vec<String> = topics.iter().map(|t| format!("“{}”", t.topic.title)).collect();
    names.extend(f.without_clause.numbers.iter().cloned());
    let list = names.join("、");
    let mut links: Vec<Link> =
        topics.iter().map(|t| Link::Topic(t.topic.id, t.topic.title.clone())).collect();
    links.extend(opinions(f.without_clause));
    let ok = n == 0 || !f.final_text;
    let good = if f.final_text || n == 0 {
        words("采纳的意见均指明了正式文本的条款", "Every adopted opinion names its clause of the final text")
    } else {
        words(
            format!("正式文本尚未录入；届时还有 {n} 项采纳需指明条款"),
            format!("There is no final text yet; {n} adopted item(s) will have to name a clause of it"),
        )
    };
    Check {
        links,
        ..check(
            "clauses",
            Needed::Submit,
            ok,
            good,
            words(
                format!("还有 {n} 项采纳没有指明正式文本的条款：{list}"),
                format!("{n} adopted item(s) name no clause of the final text: {list}"),
            ),
        )
    }
}

/// received = published + not shown + rejected + withdrawn + pending; counted = outcomes + unanswered = the table's rows.
fn sums(f: &Facts<'_>) -> Check {
    let n = f.figures;
    let rows = f.in_table;
    let difference = format!(
        "收到 {}，公开 {} + 不予公开 {} + 不予受理 {} + 作者撤回 {} + 待审核 {}；计入办理 {}，汇总表 {rows}",
        n.received,
        n.published,
        n.not_shown,
        n.rejected,
        n.withdrawn,
        n.pending,
        n.counted()
    );
    let en = format!(
        "received {}, published {} + not shown {} + rejected {} + withdrawn {} + pending {}; counted {}, in the table {rows}",
        n.received,
        n.published,
        n.not_shown,
        n.rejected,
        n.withdrawn,
        n.pending,
        n.counted()
    );
    check(
        "sums",
        Needed::Submit,
        n.add_up() && rows == n.counted(),
        words(format!("数字相符：{difference}"), format!("The numbers agree: {en}")),
        words(
            format!("数字不符，请稍后重试：{difference}"),
            format!("The numbers do not agree, try again: {en}"),
        ),
    )
}

fn ended(f: &Facts<'_>) -> Check {
    let good = match f.ending {
        Ending::Withdrawn { .. } => words("决策事项已终止", "The decision was withdrawn"),
        Ending::Promulgated { .. } | Ending::Open => words("决策已出台", "The decision was issued"),
    };
    check(
        "ended",
        Needed::Publish,
        *f.ending != Ending::Open,
        good,
        words("决策尚未出台", "The decision has not been issued yet"),
    )
}

/// Refuses while any condition up to `step` does not hold, and says each difference.
///
/// # Errors
/// `against_rule`.
pub(super) fn require(checks: &[Check], step: Needed) -> Result<(), Problem> {
    let open: Vec<&Check> = checks.iter().filter(|c| !c.ok && c.needed <= step).collect();
    if open.is_empty() {
        return Ok(());
    }
    let zh: Vec<&str> = open.iter().map(|c| c.words.zh.as_ref()).collect();
    let en: Vec<&str> = open.iter().map(|c| c.words.en.as_ref()).collect();
    let (verb_zh, verb_en) = match step {
        Needed::Submit => ("送审", "submitted"),
        Needed::Publish => ("公布", "published"),
    };
    Err(Problem::against_rule(
        format!(
            "还不能{verb_zh}（重大行政决策程序暂行条例第18条、政务公开工作要点计划表二第5项）：{}",
            zh.join("；")
        ),
        format!(
            "It cannot be {verb_en} yet (State Council Order 713, Art. 18; annual plan of open government, table II-5): {}",
            en.join("; ")
        ),
    ))
}

#[cfg(test)]
mod tests;
