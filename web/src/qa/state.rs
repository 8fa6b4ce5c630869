//! The receipt of a question and where it stands, for who holds its lookup code.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{
        Fact, SlipHead, TimelineStep, alert, card, definition_list, page_head, paragraphs, slip, stamp,
        timeline, what_next,
    },
    label::{QuestionState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct QuestionReceiptView {
    /// With dashes: `7K3M-Q9TX-2HDV-0ABC`
    pub code: String,
    pub number: String,
    pub session: String,
    pub session_page: Href,
    pub when: String,
    pub received: NaiveDateTime,
    pub contact_masked: Option<String>,
    pub steps: Vec<TimelineStep>,
    pub state_page: Href,
}

#[derive(Clone, Debug)]
pub struct QuestionStateView {
    pub code: String,
    pub number: String,
    pub state: QuestionState,
    pub session: String,
    pub session_page: Href,
    /// The session was called off, and why.
    pub cancelled: Option<String>,
    pub text: String,
    pub received: NaiveDateTime,
    pub department: Option<String>,
    pub steps: Vec<TimelineStep>,
    /// Why it was not published.
    pub reason: Option<(String, String)>,
    pub answer: Option<String>,
    /// Last day for the answer, where the session left it open.
    pub answer_by: Option<NaiveDate>,
    /// Its place in the session.
    pub published: Option<Href>,
    pub slip: Href,
}

#[must_use]
pub fn question_receipt(frame: &Frame<'_>, view: &QuestionReceiptView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("您的提问已登记", "Your question is registered");
    let mut facts = vec![
        Fact::new(
            lang.t("场次", "Session"),
            html! { a href=(view.session_page) lang=[lang.content()] { (view.session) } },
        ),
        Fact::text(lang.t("在线答复", "Live"), &view.when),
        Fact::text(lang.t("编号", "Number"), &view.number),
        Fact::text(lang.t("收到时间", "Received"), &lang.date_time(view.received)),
    ];
    if let Some(contact) = &view.contact_masked {
        facts.push(Fact::text(lang.t("电子邮箱", "E-mail"), contact));
    }
    let head = SlipHead {
        kind: lang.t("提问回执", "receipt"),
        title,
        stamp: stamp(Tone::Warn, "已登记"),
        code: &view.code,
        keep: lang.t("请妥善保存，凭它查看审核和答复。", "Keep it: it is the key to review and answer."),
        links: html! {},
    };
    let body = html! {
        (definition_list(&facts))
        (what_next(lang, &view.steps))
        p.actions.no-print {
            a.button.primary href=(view.state_page) { (lang.t("查看办理情况", "See its state")) }
            a.button href=(view.session_page) { (lang.t("回到本场", "Back to the session")) }
        }
    };
    let body = slip(&frame, &head, body);
    page(&frame, title, &[Crumb::here(lang.t("提问回执", "Receipt"))], body)
}

#[must_use]
pub fn question_state(frame: &Frame<'_>, view: &QuestionStateView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("提问办理情况", "State of your question");
    let body = html! {
        (page_head(title, html! {
            (view.state.badge(lang))
            span { (lang.t("查询码 ", "code ")) span.code { (view.code) } }
            span { (lang.t("编号 ", "number ")) (view.number) }
            span { (lang.t("收到于 ", "received ")) (lang.date_time(view.received)) }
            a.no-print href=(view.slip) { (lang.t("回执", "Receipt")) }
        }))
        div.side-by-side {
            div.stack {
                (told(lang, view))
                @if let Some(text) = &view.answer {
                    section.card.result {
                        h2.card-title { (lang.t("答复", "The answer")) }
                        @if let Some(d) = &view.department { p.small lang=[lang.content()] { (d) } }
                        div lang=[lang.content()] { (paragraphs(text)) }
                    }
                }
                section.card {
                    h2.card-title { (lang.t("您的提问", "Your question")) }
                    p { (lang.t("场次：", "Session: ")) a href=(view.session_page) lang=[lang.content()] { (view.session) } }
                    div.own-words { p { (view.text) } }
                }
            }
            aside { (card(lang.t("办理进程", "The way"), timeline(lang, &view.steps))) }
        }
    };
    let trail = [
        Crumb::link(lang.t("查询回执", "Look up a receipt"), path::LOOKUP),
        Crumb::here(lang.t("提问办理情况", "State of the question")),
    ];
    page(&frame, title, &trail, body)
}

fn told(lang: Lang, view: &QuestionStateView) -> Markup {
    if let Some(reason) = &view.cancelled {
        let body = html! {
            p lang=[lang.content()] { (reason) }
            p { a href=(path::MESSAGES_NEW) { (lang.t("可以到留言板提出", "You may ask on the message board")) } }
        };
        return alert(Tone::Warn, lang.t("本场网络问政已取消", "The session is cancelled"), body);
    }
    let (tone, text) = match view.state {
        QuestionState::Pending => {
            (Tone::Info, lang.t("已经登记，等待审核。", "Registered; it waits for review."))
        }
        QuestionState::Published => {
            (Tone::Info, lang.t("已经公开，等待答复。", "It is public and waits for its answer."))
        }
        QuestionState::Answered => {
            (Tone::Good, lang.t("已经答复，内容如下。", "It was answered, see below."))
        }
        QuestionState::Rejected => {
            (Tone::Warn, lang.t("没有采用，原因如下。", "It was not taken up, for the reason below."))
        }
    };
    let body = html! {
        p { (text) @if let Some(href) = &view.published { " " a href=(href) { (lang.t("在本场问答中查看", "See it in the session")) } } }
        @if let (Some(d), None) = (&view.department, &view.answer) { p { (lang.t("答复单位：", "Department: ")) span lang=[lang.content()] { (d) } } }
        @if let Some(day) = view.answer_by { p { (lang.t("最迟答复：", "Answered by: ")) (lang.deadline(day)) } }
        @if let Some((reason, note)) = &view.reason {
            p { strong { (lang.t("原因：", "Reason: ")) (reason) } @if !note.is_empty() { span lang=[lang.content()] { "。" (note) } } }
        }
    };
    alert(tone, view.state.word(lang), body)
}
