//! The receipt of a message and where it stands, for who holds its lookup code.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use super::{FIELD_QUESTION, FIELD_SATISFACTION};
use crate::{
    component::{
        Fact, SlipHead, TimelineStep, alert, card, definition_list, page_head, paragraphs, slip, stamp,
        timeline, what_next,
    },
    form::{Choice, Field, FormState, csrf, error_summary, radios, submit, textarea},
    label::{MessageState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct MessageReceiptView {
    /// With dashes: `7K3M-Q9TX-2HDV-0ABC`
    pub code: String,
    pub number: String,
    pub kind: String,
    pub title: String,
    pub received: NaiveDateTime,
    pub answer_by: NaiveDate,
    pub contact_masked: Option<String>,
    pub may_publish: bool,
    /// Title and address of the page under which it was left.
    pub page: Option<(String, Href)>,
    pub steps: Vec<TimelineStep>,
    pub state_page: Href,
    /// The receipt as a text file.
    pub download: Href,
}

#[derive(Clone, Debug)]
pub struct MessageStateView {
    pub code: String,
    pub number: String,
    pub kind: String,
    pub state: MessageState,
    pub title: String,
    pub text: String,
    pub received: NaiveDateTime,
    /// Title and address of the page under which it was left.
    pub page: Option<(String, Href)>,
    pub answer_by: NaiveDate,
    /// 答复部门
    pub department: Option<String>,
    pub steps: Vec<TimelineStep>,
    /// Why it was not accepted.
    pub reason: Option<(String, String)>,
    /// Why it takes longer.
    pub extension: Option<String>,
    pub answer: Option<String>,
    /// Its place on the board.
    pub published: Option<Href>,
    pub slip: Href,
    /// What the author said of the answer.
    pub satisfaction: Option<String>,
    pub vote: Option<Vote>,
    pub follow_up: Option<String>,
    pub follow_up_answer: Option<String>,
    pub follow_up_by: Option<NaiveDate>,
    pub ask: Option<Ask>,
    /// Why something was not taken, and what was typed, kept for the author to copy.
    pub kept: Option<(String, String)>,
}

/// The form that rates the answer.
#[derive(Clone, Debug)]
pub struct Vote {
    pub action: Href,
    pub csrf: String,
    pub choices: Vec<Choice>,
    pub state: FormState,
}

/// The form that asks once more.
#[derive(Clone, Debug)]
pub struct Ask {
    pub action: Href,
    pub csrf: String,
    pub state: FormState,
    pub until: NaiveDate,
    pub days: i64,
    pub longest: usize,
}

#[must_use]
pub fn message_receipt(frame: &Frame<'_>, view: &MessageReceiptView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("您的留言已登记", "Your message is registered");
    let publish = if view.may_publish {
        lang.t("同意隐去姓名后公开", "may be published, name masked")
    } else {
        lang.t("不公开", "not published")
    };
    let mut facts = vec![
        Fact::text(lang.t("类别", "Kind"), &view.kind),
        Fact::new(lang.t("标题", "Title"), html! { span lang=[lang.content()] { (view.title) } }),
        Fact::text(lang.t("受理编号", "Number"), &view.number),
        Fact::text(lang.t("收到时间", "Received"), &lang.date_time(view.received)),
        Fact::text(lang.t("答复期限", "Answered by"), &lang.deadline(view.answer_by)),
        Fact::text(lang.t("公开", "Publication"), publish),
    ];
    if let Some((title, href)) = &view.page {
        let to = html! { a href=(href) lang=[lang.content()] { (title) } };
        facts.push(Fact::new(lang.t("留言页面", "Left under"), to));
    }
    if let Some(contact) = &view.contact_masked {
        facts.push(Fact::text(lang.t("电子邮箱", "E-mail"), contact));
    }
    let head = SlipHead {
        kind: lang.t("留言回执", "receipt"),
        title,
        stamp: stamp(Tone::Warn, "已登记"),
        code: &view.code,
        keep: lang.t(
            "请妥善保存，凭它查看受理和答复、评价和追问。",
            "Keep it: it is the key to the answer, to rate it and to ask once more.",
        ),
        links: html! { a href=(view.download) download { (lang.t("下载回执", "Download")) } },
    };
    let body = html! {
        (definition_list(&facts))
        (what_next(lang, &view.steps))
        p.actions.no-print {
            a.button.primary href=(view.state_page) { (lang.t("查看办理情况", "See its state")) }
            a.button href=(path::MESSAGES) { (lang.t("回到留言板", "Back to the board")) }
        }
    };
    let body = slip(&frame, &head, body);
    page(&frame, title, &[Crumb::here(lang.t("留言回执", "Receipt"))], body)
}

#[must_use]
pub fn message_state(frame: &Frame<'_>, view: &MessageStateView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("留言办理情况", "State of your message");
    let states = [view.ask.as_ref().map(|a| &a.state), view.vote.as_ref().map(|v| &v.state)];
    let errors = states.into_iter().flatten().find(|s| s.has_errors());
    let body = html! {
        (page_head(title, html! {
            (view.state.badge(lang))
            span { (lang.t("查询码 ", "code ")) span.code { (view.code) } }
            span { (lang.t("受理编号 ", "number ")) (view.number) }
            span { (lang.t("收到于 ", "received ")) (lang.date_time(view.received)) }
            a.no-print href=(view.slip) { (lang.t("回执", "Receipt")) }
        }))
        @if let Some(state) = errors { (error_summary(lang, state)) }
        div.side-by-side {
            div.stack {
                @if let Some((why, text)) = &view.kept { (kept(lang, why, text)) }
                (told(lang, view))
                (answer(lang, view))
                (follow_up(lang, view))
                section.card {
                    h2.card-title { (lang.t("您的留言", "Your message")) }
                    p.small { (view.kind) }
                    @if let Some((title, href)) = &view.page { p.small { (lang.t("留言页面：", "Left under: ")) a href=(href) lang=[lang.content()] { (title) } } }
                    p { strong { (view.title) } }
                    div.own-words { p { (view.text) } }
                }
            }
            aside { (card(lang.t("办理进程", "The way"), html! { (timeline(lang, &view.steps)) (crate::mail::link(lang, &view.code)) })) }
        }
    };
    let trail = [
        Crumb::link(lang.t("查询回执", "Look up a receipt"), path::LOOKUP),
        Crumb::here(lang.t("留言办理情况", "State of the message")),
    ];
    let head = errors.map_or_else(|| title.to_owned(), |state| state.title(lang, title));
    page(&frame, &head, &trail, body)
}

fn kept(lang: Lang, why: &str, text: &str) -> Markup {
    html! {
        (alert(Tone::Warn, why, html! {}))
        @if !text.is_empty() {
            section.card {
                label for="kept" { (lang.t("您写的文字，可以复制", "Your text, to copy")) }
                textarea #kept rows="6" readonly { "\n" (text) }
            }
        }
    }
}

fn told(lang: Lang, view: &MessageStateView) -> Markup {
    let until = lang.deadline(view.answer_by);
    let text = match (view.state, lang) {
        (MessageState::Pending, Lang::Zh) => {
            format!("已经登记，等待受理。受理后在 {until} 前答复；不予受理的，会告诉您原因。")
        }
        (MessageState::Pending, Lang::En) => {
            format!(
                "Registered. Once accepted it is answered by {until}; if it is not, you will be told why."
            )
        }
        (MessageState::Accepted, Lang::Zh) => format!("已经受理，在 {until} 前答复。"),
        (MessageState::Accepted, Lang::En) => format!("Accepted; it is answered by {until}."),
        (MessageState::Answered, _) => {
            lang.t("已经答复，内容如下。", "It was answered, see below.").to_owned()
        }
        (MessageState::Rejected, _) => {
            lang.t("没有受理，原因如下。", "It was not accepted, for the reason below.").to_owned()
        }
    };
    let tone = match view.state {
        MessageState::Rejected => Tone::Warn,
        MessageState::Answered => Tone::Good,
        MessageState::Pending | MessageState::Accepted => Tone::Info,
    };
    let body = html! {
        p { (text) @if let Some(href) = &view.published { " " a href=(href) { (lang.t("在留言板查看", "See it on the board")) } } }
        @if let Some(d) = &view.department { p { (lang.t("承办单位：", "Department: ")) span lang=[lang.content()] { (d) } } }
        @if let Some((reason, note)) = &view.reason {
            p { strong { (lang.t("原因：", "Reason: ")) (reason) } @if !note.is_empty() { span lang=[lang.content()] { "。" (note) } } }
        }
        @if let Some(why) = &view.extension {
            p { (lang.t("情况复杂，已延期一次。原因：", "It needs more time, for this reason: ")) span lang=[lang.content()] { (why) } }
        }
    };
    alert(tone, view.state.word(lang), body)
}

fn answer(lang: Lang, view: &MessageStateView) -> Markup {
    html! {
        @if let Some(text) = &view.answer {
            section.card.result {
                h2.card-title { (lang.t("答复", "The answer")) }
                div lang=[lang.content()] { (paragraphs(text)) }
                @if let Some(word) = &view.satisfaction { p.soft { (lang.t("您的评价：", "You said: ")) (word) } }
            }
        }
        @if let Some(v) = &view.vote {
            form.card method="post" action=(v.action) novalidate {
                (csrf(&v.csrf))
                div.choices-row { (radios(lang, &v.state, &Field::new(FIELD_SATISFACTION, lang.t("您对答复满意吗？", "Does the answer satisfy you?")).required(), &v.choices)) }
                div.actions { (submit(lang.t("提交评价", "Send"))) }
            }
        }
    }
}

fn follow_up(lang: Lang, view: &MessageStateView) -> Markup {
    html! {
        @if let Some(text) = &view.follow_up {
            section.card {
                h2.card-title { (lang.t("您的追问", "Your further question")) }
                div.own-words { p { (text) } }
                @if let Some(answer) = &view.follow_up_answer {
                    h3.block-title { (lang.t("答复", "The answer")) }
                    div lang=[lang.content()] { (paragraphs(answer)) }
                } @else if let Some(day) = view.follow_up_by {
                    p.soft { (lang.t("等待答复，最迟 ", "To be answered by ")) (lang.deadline(day)) }
                }
            }
        }
        @if let Some(a) = &view.ask {
            details.card.appeal open[a.state.has_errors()] {
                summary { (lang.t("还有疑问？可以追问一次", "Anything left open? You may ask once more")) }
                form method="post" action=(a.action) novalidate {
                    (csrf(&a.csrf))
                    p.soft { (lang.t("请在 ", "Until ")) (lang.deadline(a.until)) (lang.t(" 前提出，", "; answered within ")) (lang.working_days(a.days)) (lang.t("内答复，不公开。", ", not published.")) }
                    (textarea(lang, &a.state, &Field::new(FIELD_QUESTION, lang.t("追问内容", "Your question")).required().rows(4).max(a.longest)))
                    div.actions { (submit(lang.t("提交追问", "Ask"))) }
                }
            }
        }
    }
}
