//! Where a summary is written, submitted, approved and published: what is still missing first, then the
//! texts.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{DutyLine, Part, PartTone, alert, card, duty, numbers, page_head, paragraphs},
    form::{Field, FormState, csrf, error_summary, hidden, submit, text_field, textarea},
    icon::{Icon, icon},
    label::{Outcome, Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

mod acts;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not generated yet.
    None,
    Draft,
    Submitted,
    Approved,
    Published,
}

impl Phase {
    fn badge(self, lang: Lang) -> Markup {
        let (tone, mark, zh, en) = match self {
            Self::None => (Tone::Plain, Icon::Ring, "尚未生成", "Not begun"),
            Self::Draft => (Tone::Info, Icon::Half, "起草中", "Draft"),
            Self::Submitted => (Tone::Info, Icon::Clock, "待审批", "Waits for approval"),
            Self::Approved => (Tone::Good, Icon::Check, "已审批，待公布", "Approved"),
            Self::Published => (Tone::Good, Icon::Check, "已公布", "Published"),
        };
        badge(tone, mark, lang.t(zh, en))
    }
}

/// What this person may do now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct May {
    pub write: bool,
    pub submit: bool,
    pub approve: bool,
    pub send_back: bool,
    pub publish: bool,
    pub correct: bool,
    pub withdraw: bool,
}

/// A condition of the gate.
#[derive(Clone, Debug)]
pub struct CheckLine {
    pub ok: bool,
    /// Stops only the publishing, not the submission.
    pub publish_only: bool,
    pub text: String,
    pub links: Vec<(String, Href)>,
}

#[derive(Clone, Debug)]
pub struct SummaryDeskView {
    pub side: Vec<SideItem>,
    pub csrf: String,
    pub title: String,
    /// Address of this page; forms post below it.
    pub base: String,
    pub consultation: Href,
    pub decision: Href,
    pub opinions: Option<Href>,
    pub public: Option<Href>,
    pub preview: Option<Href>,
    pub phase: Phase,
    pub may: May,
    pub checks: Vec<CheckLine>,
    pub duty: Option<DutyLine>,
    /// Who did what, when: submitted, approved, published.
    pub trail: Vec<(String, String, NaiveDateTime)>,
    pub returned_reason: Option<String>,
    pub correction_reason: Option<String>,
    /// The overview does not hold today's numbers: the sentence that does.
    pub stale: Option<String>,
    pub participation: String,
    pub overview: String,
    pub participation_edited: bool,
    pub overview_edited: bool,
    pub revision: i32,
    /// What was submitted, sent back with the approval.
    pub hash: String,
    pub by_outcome: Vec<(Outcome, u64)>,
    pub received: u64,
    pub rejected: u64,
    pub withdrawn: u64,
    /// Fields `participation`, `overview`, `reason`.
    pub state: FormState,
}

#[must_use]
pub fn summary(frame: &Frame<'_>, view: &SummaryDeskView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("意见采纳情况", "Adoption summary");
    let body = html! {
        (page_head(title, html! {
            (view.phase.badge(lang))
            a href=(view.consultation) lang=[lang.content()] { (view.title) }
            a href=(view.decision) { (lang.t("决策工作台", "The decision's desk")) }
            @if let Some(href) = &view.opinions { a href=(href) { (lang.t("归并与答复", "Group and answer")) } }
            @if let Some(href) = &view.public { a href=(href) { (lang.t("公开页面", "The public page")) } }
        }))
        (error_summary(lang, &view.state))
        (told(lang, view))
        div.work {
            div {
                (gate(lang, view))
                (texts(lang, view))
            }
            aside {
                (acts::acts(lang, view))
                @if let Some(line) = &view.duty { (card(lang.t("公布期限", "The deadline"), duty(lang, line))) }
                (figures(lang, view))
                (trail(lang, view))
            }
        }
    };
    desk(frame, &view.state.title(lang, title), &view.side, body)
}

/// What the head, or a correction, asks for.
fn told(lang: Lang, view: &SummaryDeskView) -> Markup {
    html! {
        @if let Some(reason) = &view.returned_reason {
            (alert(Tone::Warn, lang.t("负责人退回修改", "Sent back by the head"), html! { div lang=[lang.content()] { (paragraphs(reason)) } }))
        }
        @if let Some(reason) = &view.correction_reason {
            (alert(Tone::Info, lang.t("正在更正已公布的采纳情况", "A correction is being written"), html! {
                div lang=[lang.content()] { (paragraphs(reason)) }
                p { (lang.t("公布之前，公众看到的仍是原来的版本。", "Until it is published the public reads the former version.")) }
            }))
        }
    }
}

fn gate(lang: Lang, view: &SummaryDeskView) -> Markup {
    let open = view.checks.iter().filter(|c| !c.ok).count();
    let title = match (open, lang) {
        (0, Lang::Zh) => "公布条件：全部具备".to_owned(),
        (0, Lang::En) => "Conditions: all met".to_owned(),
        (n, Lang::Zh) => format!("公布条件：还差 {n} 项"),
        (n, Lang::En) => format!("Conditions: {n} not met"),
    };
    card(
        &title,
        html! {
            ul.checklist {
                @for c in &view.checks {
                    li class=[(!c.ok).then_some(if c.publish_only { "noted" } else { "missing" })] {
                        (icon(if c.ok { Icon::Check } else { Icon::Bang }))
                        div {
                            p {
                                span.sr { (if c.ok { lang.t("具备：", "met: ") } else { lang.t("未具备：", "not met: ") }) }
                                (c.text)
                                @if !c.ok && c.publish_only { span.small.soft { (lang.t("（不影响送审）", " (does not stop the submission)")) } }
                            }
                            @if !c.links.is_empty() {
                                p.check-links { @for (label, href) in &c.links { a href=(href) lang=[lang.content()] { (label) } } }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn texts(lang: Lang, view: &SummaryDeskView) -> Markup {
    html! {
        @if view.phase == Phase::None {
            (card(lang.t("正文", "Text"), html! {
                p.soft { (lang.t("征求意见截止后，由系统根据答复生成正文，再作修改。", "After the end the text is generated from the answers, then edited.")) }
            }))
        } @else if view.may.write {
            (editor(lang, view))
        } @else {
            (card("一、履行公众参与程序总体情况", html! { div.prose lang=[lang.content()] { (paragraphs(&view.participation)) } }))
            (card("二、意见建议收集和采纳情况", html! { div.prose lang=[lang.content()] { (paragraphs(&view.overview)) } }))
        }
    }
}

fn editor(lang: Lang, view: &SummaryDeskView) -> Markup {
    let kept = lang.t("已手工修改，重新生成时保留。", "Edited by hand; kept when generated again.");
    let auto = lang.t("由系统生成，数字随答复更新。", "Generated; its numbers follow the answers.");
    let hint = |edited: bool| if edited { kept } else { auto };
    let parts = [
        ("participation", "一、履行公众参与程序总体情况", view.participation_edited, 9),
        ("overview", "二、意见建议收集和采纳情况", view.overview_edited, 12),
    ];
    let body = html! {
        @if let Some(sentence) = &view.stale {
            (alert(Tone::Warn, lang.t("第二部分的数字与当前统计不一致", "The second part does not hold today's numbers"), html! {
                p lang=[lang.content()] { (sentence) }
            }))
        }
        form method="post" action=(view.base) novalidate {
            (csrf(&view.csrf))
            (hidden("revision", &view.revision.to_string()))
            @for (name, label, edited, rows) in parts {
                (textarea(lang, &view.state, &Field::new(name, label).required().rows(rows).max(20000).hint(hint(edited))))
            }
            div.actions {
                (submit(lang.t("保存正文", "Save the text")))
                @if let Some(href) = &view.preview { a.button href=(href) { (lang.t("预览", "Preview")) } }
            }
            @if matches!(view.phase, Phase::Submitted | Phase::Approved) {
                p.small { (lang.t("保存后需要重新送审。", "After saving it has to be submitted again.")) }
            }
        }
    };
    card(lang.t("正文", "Text"), body)
}

fn figures(lang: Lang, view: &SummaryDeskView) -> Markup {
    const TONES: [PartTone; 4] = [PartTone::Strong, PartTone::Middle, PartTone::Light, PartTone::Pale];
    let parts: Vec<Part> =
        view.by_outcome.iter().zip(TONES).map(|((o, n), tone)| Part::new(o.word(lang), *n, tone)).collect();
    let title = lang.t("处理结果", "Outcomes");
    let received = match lang {
        Lang::Zh => format!(
            "收到 {} 条，其中不予受理 {} 条，作者撤回 {} 条",
            view.received, view.rejected, view.withdrawn
        ),
        Lang::En => format!(
            "{} received, {} of them rejected, {} withdrawn by their authors",
            view.received, view.rejected, view.withdrawn
        ),
    };
    card(
        title,
        html! {
            p.small { (received) }
            (numbers(title, lang.t("已答复", "Answered"), &parts))
        },
    )
}

fn trail(lang: Lang, view: &SummaryDeskView) -> Markup {
    html! {
        @if !view.trail.is_empty() {
            (card(lang.t("经过", "History"), html! {
                ul.plain-list {
                    @for (what, who, at) in &view.trail {
                        li { (what) " " span lang=[lang.content()] { (who) } " " span.small { (lang.date_time(*at)) } }
                    }
                }
            }))
        }
    }
}

/// A line for a reason, used by sending back, correcting and withdrawing.
fn reason(lang: Lang, view: &SummaryDeskView, label: &str) -> Markup {
    text_field(lang, &view.state, &Field::new("reason", label).required())
}
