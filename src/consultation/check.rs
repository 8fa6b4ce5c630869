//! What a consultation needs before it may be published, as a list that says what is missing. Pure.

use std::borrow::Cow;

use chrono::NaiveDate;
use entity::consultation::Model;
use entity::enums::{IdentityLevel, StepKind};

use super::days;
use crate::calendar::civil;
use crate::problem::{Code, Problem, Words, words};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Fine,
    /// Worth a thought, but no hindrance.
    Note,
    /// Stands against publication.
    Missing,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub weight: Weight,
    /// The field of the form, or the kind of document, where it is mended.
    pub field: &'static str,
    pub words: Words,
    /// A rule of law is behind it.
    pub law: bool,
}

/// What the list looks at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub consultation: &'a Model,
    pub today: NaiveDate,
    /// Calendar days that need no reason.
    pub least_days: u32,
    /// Whether the last day is a working day.
    pub closes_on_working_day: bool,
    /// Title and number of units of the draft.
    pub draft: (&'a str, i32, usize),
    /// Whether there is an explanation, with text or a file.
    pub explanation: bool,
    pub basis: bool,
    /// Steps that the decision has gone through.
    pub steps: &'a [StepKind],
    pub not_disclosed: bool,
    /// Code of another consultation of the decision that has not closed.
    pub running: Option<&'a str>,
    /// Whether the settings know a provider (统一身份认证) that vouches for residents.
    pub provider: bool,
}

fn item(
    weight: Weight,
    field: &'static str,
    zh: impl Into<Cow<'static, str>>,
    en: impl Into<Cow<'static, str>>,
) -> Item {
    Item { weight, field, words: words(zh, en), law: false }
}

fn by_law(item: Item) -> Item {
    Item { law: true, ..item }
}

/// The list in the order of the form.
pub fn check_list(facts: &Facts<'_>) -> Vec<Item> {
    let mut items = gates(facts);
    items.extend(texts(facts));
    items.extend(window(facts));
    items.extend(identity(facts));
    items.push(channels(facts.consultation));
    items
}

/// Nobody could speak where the provider that has to vouch for them is not there.
fn identity(facts: &Facts<'_>) -> Option<Item> {
    let missing = facts.consultation.identity == IdentityLevel::Oidc && !facts.provider;
    missing.then(|| {
        item(
            Weight::Missing,
            "identity",
            "选择了统一身份认证，但本系统还没有配置供市民使用的认证平台，市民将无法在线提交；请改选其他方式，或者请管理员配置",
            "A sign-in at an identity provider is asked for, but none for residents is set up, so nobody could speak \
             online; choose another way, or ask an administrator to set one up",
        )
    })
}

/// What forbids any consultation of this decision now.
fn gates(facts: &Facts<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    if facts.not_disclosed {
        items.push(item(
            Weight::Missing,
            "decision",
            "该事项登记为依法不予公开",
            "The decision is recorded as not to be disclosed by law",
        ));
    }
    if facts.steps.contains(&StepKind::Withdrawn) {
        items.push(item(Weight::Missing, "decision", "该事项已经终止", "The decision was withdrawn"));
    }
    if facts.steps.contains(&StepKind::Promulgated) {
        items.push(item(Weight::Missing, "decision", "决策已经出台", "The decision is issued already"));
    }
    if let Some(code) = facts.running {
        items.push(item(
            Weight::Missing,
            "decision",
            format!("该事项的征求意见 {code} 尚未结束"),
            format!("Consultation {code} of this decision has not closed"),
        ));
    }
    items
}

fn texts(facts: &Facts<'_>) -> Vec<Item> {
    let (title, version, units) = facts.draft;
    let draft = if units == 0 {
        by_law(item(
            Weight::Missing,
            "draft",
            "草案没有正文，不能逐条提意见；请补充正文",
            "The draft has no text that people could speak on; add it",
        ))
    } else {
        item(
            Weight::Fine,
            "draft",
            format!("草案：《{}》第 {version} 版，{units} 处可逐条提意见", title.trim_matches(['《', '》'])),
            format!("Draft: version {version}, {units} parts open to opinions"),
        )
    };
    let explanation = if facts.explanation {
        item(
            Weight::Fine,
            "explanation",
            "起草说明已录入，随草案公布",
            "Explanation written; published with the draft",
        )
    } else {
        by_law(item(
            Weight::Missing,
            "explanation",
            "缺少起草说明：决策草案应当与其说明等材料一并公布（《重大行政决策程序暂行条例》第十五条）",
            "No explanation: a draft is published together with its explanation (Provisional Regulations on Major Administrative Decisions, Art. 15)",
        ))
    };
    let basis = if facts.basis {
        item(Weight::Fine, "basis", "决策依据已录入，随草案公布", "Basis written; published with the draft")
    } else {
        item(Weight::Note, "basis", "没有单独的决策依据，建议补充", "No separate basis; better to add one")
    };
    vec![draft, explanation, basis]
}

fn window(facts: &Facts<'_>) -> Vec<Item> {
    let c = facts.consultation;
    let mut items = Vec::new();
    if c.opens_on < facts.today {
        items.push(item(
            Weight::Missing,
            "opens_on",
            format!("开始日期 {} 已过，请改为今天或以后", civil::zh_date(c.opens_on)),
            format!("The first day {} is past; choose today or later", civil::en_date(c.opens_on)),
        ));
    }
    items.push(length(facts));
    if !facts.closes_on_working_day {
        items.push(item(
            Weight::Note,
            "closes_on",
            "截止日不是工作日，来电和现场方式不便；可以改为其后的第一个工作日（民法典第二百零三条）",
            "The last day is no working day, which is hard on callers; the first working day after it would be better (Civil Code Art. 203)",
        ));
    }
    items
}

fn length(facts: &Facts<'_>) -> Item {
    let c = facts.consultation;
    let n = days(c.opens_on, c.closes_on);
    let least = i64::from(facts.least_days);
    if n >= least {
        return item(
            Weight::Fine,
            "closes_on",
            format!("期限 {n} 日，{} 截止", civil::zh_deadline(c.closes_on)),
            format!("{n} days, until {}", civil::en_deadline(c.closes_on)),
        );
    }
    if c.short_reason.is_some() {
        return by_law(item(
            Weight::Note,
            "short_reason",
            format!("期限 {n} 日，少于 {least} 日，将公布缩短期限的原因"),
            format!("{n} days, fewer than {least}; the reason will be published"),
        ));
    }
    by_law(item(
        Weight::Missing,
        "short_reason",
        format!(
            "期限 {n} 日，少于 {least} 日：公开征求意见的期限一般不少于{least}日；因情况紧急等原因需要缩短期限的，公开征求意见时应当予以说明（《重大行政决策程序暂行条例》第十五条）。请延长期限或者填写缩短期限的原因"
        ),
        format!(
            "{n} days are fewer than {least}: a shorter period needs a published reason (Provisional Regulations on Major Administrative Decisions, Art. 15). Choose a later last day or give the reason"
        ),
    ))
}

fn channels(c: &Model) -> Item {
    let named = [
        (!c.address.is_empty(), "来信", "letter"),
        (!c.email.is_empty(), "电子邮件", "e-mail"),
        (!c.phone.is_empty(), "电话", "phone"),
    ];
    let given: Vec<_> = named.iter().filter(|(given, ..)| *given).collect();
    if given.is_empty() {
        return item(
            Weight::Missing,
            "address",
            "请至少填写一种网站以外的方式：信函地址、电子邮箱或电话",
            "Give at least one way beside this site: an address, an e-mail address or a telephone number",
        );
    }
    let zh: Vec<&str> = given.iter().map(|(_, zh, _)| *zh).collect();
    let en: Vec<&str> = given.iter().map(|(_, _, en)| *en).collect();
    item(
        Weight::Fine,
        "address",
        format!("方式：本网站、{}", zh.join("、")),
        format!("Ways: this site, {}", en.join(", ")),
    )
}

/// The problem of a list with something missing.
///
/// # Errors
/// `against_rule` where a rule of law stands behind it, else `invalid`.
pub fn demand(items: &[Item]) -> Result<(), Problem> {
    let missing: Vec<&Item> = items.iter().filter(|i| i.weight == Weight::Missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let code = if missing.iter().any(|i| i.law) { Code::AgainstRule } else { Code::Invalid };
    let join = |of: fn(&Item) -> &str, by| missing.iter().map(|i| of(i)).collect::<Vec<_>>().join(by);
    let mut problem = Problem::new(code).because(join(|i| &i.words.zh, "；"), join(|i| &i.words.en, "; "));
    for i in missing {
        problem = problem.field(i.field, i.words.zh.clone(), i.words.en.clone());
    }
    Err(problem)
}
