//! Where an opinion stands: the whole way, the reason for each decision on it, and what its author can do.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use super::{FIELD_APPEAL, FIELD_BODY, FIELD_KEY, Proposal, QuotedClause, When, proposal};
use crate::attachment::{AttachedFile, attached_files};
use crate::label::matter;
use crate::{
    component::{TimelineStep, alert, card, page_head, timeline},
    consultation::{Span, clause_quote, opinion_text},
    form::{Field, FormState, csrf, error_summary, hidden, submit, textarea},
    label::{OpinionState, Outcome, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct OpinionStateView {
    pub code: String,
    /// 受理编号
    pub number: String,
    pub consultation_title: String,
    pub consultation: Href,
    pub clause: Option<QuotedClause>,
    pub received: When,
    pub state: OpinionState,
    pub steps: Vec<TimelineStep>,
    pub files: Vec<AttachedFile>,
    /// What was received, never changed.
    pub original: String,
    /// The text that counts now told apart, where it proposes other words.
    pub proposal: Option<Proposal>,
    /// The author's last revision.
    pub revised: Option<String>,
    /// Why something was not taken, and what was typed, kept for the author to copy.
    pub kept: Option<(String, String)>,
    pub slip: Href,
    /// What everybody sees, where it differs from the original.
    pub public_text: Option<Vec<Span>>,
    /// Its place on the consultation's page, once published.
    pub published: Option<Href>,
    pub review: Option<ReviewReason>,
    pub outcome: Option<OpinionOutcome>,
    pub revision: Option<Revision>,
    pub appeal: Option<Appeal>,
    pub appealed: Option<Appealed>,
    pub withdrawal: Option<Withdrawal>,
}

/// The form to take it back.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    pub action: Href,
    pub csrf: String,
    /// Whether everybody sees it now.
    pub published: bool,
}

/// Why it was withheld, returned or rejected.
#[derive(Clone, Debug)]
pub struct ReviewReason {
    /// `含有他人个人信息`
    pub reason: String,
    pub note: String,
    pub at: NaiveDateTime,
}

#[derive(Clone, Debug)]
pub struct OpinionOutcome {
    pub outcome: Outcome,
    pub reason: String,
    /// The topic it was grouped into.
    pub topic: Option<String>,
    /// The clause of the final text that changed.
    pub final_clause: Option<(String, Href)>,
    pub summary: Option<Href>,
}

/// The form for an opinion that was returned.
#[derive(Clone, Debug)]
pub struct Revision {
    pub action: Href,
    pub csrf: String,
    pub idempotency_key: String,
    pub state: FormState,
    pub max_characters: usize,
    pub until: Option<NaiveDate>,
}

/// The form to object to a review.
#[derive(Clone, Debug)]
pub struct Appeal {
    pub action: Href,
    pub csrf: String,
    pub state: FormState,
    pub max_characters: usize,
    pub until: NaiveDate,
}

/// An objection that was made, and what became of it.
#[derive(Clone, Debug)]
pub struct Appealed {
    pub on: NaiveDate,
    pub reason: String,
    /// `None` while it waits.
    pub decided: Option<AppealDecision>,
    /// Decided by, while it waits.
    pub due: Option<NaiveDate>,
}

#[derive(Clone, Debug)]
pub struct AppealDecision {
    pub overturned: bool,
    pub on: NaiveDate,
    pub answer: String,
}

#[must_use]
pub fn opinion_state(frame: &Frame<'_>, view: &OpinionStateView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("意见办理情况", "State of your opinion");
    let errors = view.revision.as_ref().map(|r| &r.state).filter(|s| s.has_errors());
    let errors = errors.or_else(|| view.appeal.as_ref().map(|a| &a.state).filter(|s| s.has_errors()));
    let body = html! {
        (page_head(title, html! {
            (view.state.badge(lang))
            span { (lang.t("查询码 ", "code ")) span.code { (view.code) } }
            span { (lang.t("受理编号 ", "number ")) (view.number) }
            span { (lang.t("收到于 ", "received ")) (view.received.text(lang)) }
            a.no-print href=(view.slip) { (lang.t("回执", "Receipt")) }
        }))
        @if let Some(state) = errors { (error_summary(lang, state)) }
        div.side-by-side {
            div.stack {
                @if let Some((why, text)) = &view.kept { (kept(lang, why, text)) }
                (told(lang, view))
                (result(lang, view))
                @if let Some(r) = &view.revision { (revise(lang, r)) }
                (texts(lang, view))
                @if let Some(a) = &view.appeal { (appeal(lang, a)) }
                @if let Some(a) = &view.appealed { (appealed(lang, a)) }
                @if let Some(w) = &view.withdrawal { (withdrawal(lang, w)) }
            }
            aside { (card(lang.t("办理进程", "The way"), html! { (timeline(lang, &view.steps)) (crate::mail::link(lang, &view.code)) })) }
        }
    };
    let trail = [
        Crumb::link(lang.t("查询回执", "Look up a receipt"), path::LOOKUP),
        Crumb::here(lang.t("办理情况", "State")),
    ];
    page(&frame, &title_of(errors, lang, title), &trail, body)
}

fn title_of(errors: Option<&FormState>, lang: Lang, title: &str) -> String {
    errors.map_or_else(|| title.to_owned(), |state| state.title(lang, title))
}

fn kept(lang: Lang, why: &str, text: &str) -> Markup {
    html! {
        @if text.is_empty() {
            (alert(Tone::Warn, why, html! {}))
        } @else {
            (alert(Tone::Warn, why, html! { p { (lang.t("您写的文字保留在下面，可以复制。", "What you wrote is kept below to copy.")) } }))
            section.card {
                label for="kept" { (lang.t("您写的文字", "Your text")) }
                textarea #kept rows="6" readonly { "\n" (text) }
            }
        }
    }
}

/// The state in a sentence: what it means for the author.
fn told(lang: Lang, view: &OpinionStateView) -> Markup {
    let text = match view.state {
        OpinionState::Received | OpinionState::Pending => lang.t(
            "已经登记，正在等待审核。公开与否都会在这里说明原因。",
            "Registered and waiting for review. The result and its reason will be told here.",
        ),
        OpinionState::Published => {
            lang.t("审核通过，已在征集页面公开。", "It passed the review and is published.")
        }
        OpinionState::Redacted => lang.t(
            "已在征集页面公开；其中的个人信息已隐去，原文保留在下面，同样用于办理。",
            "It is published with personal data removed; the original below is what we work with.",
        ),
        OpinionState::Withheld => lang.t(
            "不在页面上公开，但已计入并与其他意见同样办理。",
            "Not shown on the page, but counted and dealt with like the others.",
        ),
        OpinionState::Returned => lang.t(
            "需要您修改后重新提交，查询码不变。",
            "Please revise it and send it again; the code stays the same.",
        ),
        OpinionState::Rejected => {
            lang.t("没有受理，原因如下。", "It was not accepted, for the reason below.")
        }
        OpinionState::Withdrawn => lang.t(
            "已按您的要求撤回，不再公开，也不再计入办理。可以重新提交意见。",
            "Taken back as you asked; it is neither shown nor counted any more. You may send another one.",
        ),
        OpinionState::Merged => lang.t(
            "已与内容相近的意见归并，一并研究答复。",
            "It was grouped with similar ones and will be answered with them.",
        ),
        OpinionState::Forwarded => {
            lang.t("已转交有关部门办理。", "It was passed on to the department in charge.")
        }
        OpinionState::Answered => {
            lang.t("已经研究并作出处理，结果如下。", "It was studied; the result is below.")
        }
    };
    let tone = match view.state.tone() {
        Tone::Warn => Tone::Warn,
        Tone::Good => Tone::Good,
        Tone::Info | Tone::Plain => Tone::Info,
    };
    alert(
        tone,
        view.state.word(lang),
        html! {
            p { (text) @if let Some(href) = &view.published { " " a href=(href) { (lang.t("在征集页面查看", "See it there")) } } }
            @if let Some(r) = &view.review {
                p lang=[lang.content()] { strong { "原因：" (r.reason) } @if !r.note.is_empty() { "。" (r.note) } }
                p.small { (lang.date_time(r.at)) }
            }
        },
    )
}

fn result(lang: Lang, view: &OpinionStateView) -> Markup {
    html! {
        @if let Some(o) = &view.outcome {
            section.card.result {
                h2.card-title { (lang.t("采纳情况", "What became of it")) " " (o.outcome.badge(lang)) }
                div lang=[lang.content()] {
                    @if let Some(topic) = &o.topic { p.soft { "归入：" (topic) } }
                    p { (o.reason) }
                    @if let Some((label, href)) = &o.final_clause { p { "体现在正式文本：" a href=(href) { (label) } } }
                }
                @if let Some(href) = &o.summary { p { a href=(href) { (lang.t("查看全部采纳情况", "See the whole summary")) } } }
            }
        }
    }
}

fn texts(lang: Lang, view: &OpinionStateView) -> Markup {
    html! {
        section.card {
            h2.card-title { (lang.t("您提交的原文", "What you sent")) }
            p.small { (lang.t("针对 ", "on ")) a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } }
            @if let Some(c) = &view.clause { (clause_quote(lang, &c.label, &c.lines)) }
            (own_words(lang, &view.original, view.proposal.as_ref().filter(|_| view.revised.is_none())))
            @if let Some(text) = &view.revised {
                h3.block-title { (lang.t("您修改后的文字", "Your revision")) }
                (own_words(lang, text, view.proposal.as_ref()))
            }
            @if let Some(spans) = &view.public_text {
                h3.block-title { (lang.t("公开的文字", "What everybody sees")) }
                div.own-words lang=[lang.content()] { (opinion_text(spans, lang)) }
            }
            @if !view.files.is_empty() {
                h3.block-title { (lang.t("附件", "Attachments")) }
                (attached_files(lang, &view.files))
            }
        }
    }
}

fn own_words(lang: Lang, text: &str, told_apart: Option<&Proposal>) -> Markup {
    html! { div.own-words { @match told_apart { Some(p) => (proposal(lang, p)), None => p { (text) } } } }
}

fn revise(lang: Lang, r: &Revision) -> Markup {
    html! {
        form.card method="post" action=(r.action) novalidate {
            h2.card-title { (lang.t("修改后重新提交", "Revise and send again")) }
            (csrf(&r.csrf))
            (hidden(FIELD_KEY, &r.idempotency_key))
            @if let Some(day) = r.until { p.soft { (lang.t("请在 ", "Until ")) (lang.deadline(day)) (lang.t(" 前提交。", ".")) } }
            (textarea(lang, &r.state, &Field::new(FIELD_BODY, lang.t("意见内容", "Your opinion")).required().max(r.max_characters)))
            div.actions { (submit(lang.t("重新提交", "Send again"))) }
        }
    }
}

fn appeal(lang: Lang, a: &Appeal) -> Markup {
    html! {
        details.card.appeal open[a.state.has_errors()] {
            summary { (lang.t("对审核结果有异议？可以申诉", "Do you object to this review?")) }
            form method="post" action=(a.action) novalidate {
                (csrf(&a.csrf))
                p.soft { (lang.t("可以申诉一次，请在 ", "You can object once, until ")) (lang.deadline(a.until)) (lang.t(" 前提交。", ".")) }
                (textarea(lang, &a.state, &Field::new(FIELD_APPEAL, lang.t("申诉理由", "Why you object")).required().rows(4).max(a.max_characters)
                    .hint(lang.t("由另一位审核员复核，结果会在这里告知。", "Another moderator will look at it; the result appears here."))))
                div.actions { (submit(lang.t("提交申诉", "Send"))) }
            }
        }
    }
}

fn withdrawal(lang: Lang, w: &Withdrawal) -> Markup {
    html! {
        details.card.appeal {
            summary { (lang.t("撤回这条意见", "Take this opinion back")) }
            form method="post" action=(w.action) {
                (csrf(&w.csrf))
                p.soft {
                    @if w.published { (lang.t("撤回后不再公开展示，", "It will no longer be shown, ")) }
                    (lang.t("不再计入办理和答复，撤回不能取消。需要时可以重新提交意见。", "it will not be counted or answered, and this cannot be undone. You may send another opinion."))
                }
                div.actions { (submit(lang.t("确认撤回", "Take it back"))) }
            }
        }
    }
}

fn appealed(lang: Lang, a: &Appealed) -> Markup {
    html! {
        section.card {
            h2.card-title { (lang.t("您的申诉", "Your appeal")) }
            p.small { (lang.t("提交于 ", "Sent on ")) (lang.date(a.on)) }
            div.own-words { p { (a.reason) } }
            @match &a.decided {
                None => p.soft {
                    (lang.t("等待另一位审核员复核", "Waits for another moderator"))
                    @if let Some(due) = a.due { (lang.t("，最迟 ", ", by ")) (lang.deadline(due)) }
                },
                Some(d) => {
                    h3.block-title { @if d.overturned { (lang.t("申诉成立：原决定已撤销，重新审核", "Granted: the decision was set aside, and your opinion is reviewed again")) } @else { (lang.t("维持原审核决定", "The decision stands")) } }
                    p lang=[lang.content()] { (d.answer) }
                    p.small { (lang.date(d.on)) }
                },
            }
        }
    }
}
