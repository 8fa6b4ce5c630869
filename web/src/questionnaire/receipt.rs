//! The receipt of an answer: its code, and what was kept.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Fact, definition_list, lookup_code, stamp},
    label::Tone,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

/// A question and what was answered; of a question that was left out nothing.
#[derive(Clone, Debug)]
pub struct AnswerLine {
    pub question: String,
    pub answers: Vec<String>,
    pub text: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// With dashes.
    pub code: String,
    pub consultation_title: String,
    pub consultation: Href,
    pub title: String,
    pub received: NaiveDateTime,
    pub lines: Vec<AnswerLine>,
    /// Something was taken out of a text.
    pub masked: bool,
    pub results: Option<Href>,
}

#[must_use]
pub fn receipt(frame: &Frame<'_>, view: &ReceiptView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("您的问卷已收到", "Your answers were received");
    let facts = [
        Fact::new(
            lang.t("征集事项", "Consultation"),
            html! { a href=(view.consultation) lang=[lang.content()] { (view.consultation_title) } },
        ),
        Fact::new(lang.t("问卷", "Questionnaire"), html! { span lang=[lang.content()] { (view.title) } }),
        Fact::text(lang.t("收到时间", "Received"), &lang.date_time(view.received)),
    ];
    let body = html! {
        div.slip {
            div.slip-head {
                div {
                    p.slip-kind { (frame.site.name) " · " (lang.t("问卷回执", "receipt")) }
                    h1 { (title) }
                }
                (stamp(Tone::Warn, "已登记"))
            }
            p.slip-code-label #code-label { (lang.t("查询码", "Code")) }
            (lookup_code(&view.code))
            p.slip-acts {
                span { (lang.t("凭它可以再次查看本页。", "It opens this page again.")) }
                button.link type="button" hidden data-act="copy" data-copy=(view.code) data-done=(lang.t("已复制", "Copied")) { (lang.t("复制", "Copy")) }
                button.link type="button" hidden data-act="print" { (lang.t("打印", "Print")) }
            }
            (definition_list(&facts))
            section.slip-part {
                h2 { (lang.t("您的回答", "Your answers")) }
                @if view.masked {
                    p.small { (lang.t("文字中疑似个人信息的内容已隐去，没有保存。", "What looked like personal data was removed from your words and not stored.")) }
                }
                dl.survey-answers lang=[lang.content()] {
                    @for line in &view.lines { div { dt { (line.question) } dd { (said(lang, line)) } } }
                }
            }
            p.actions.no-print {
                @if let Some(href) = &view.results { a.button.primary href=(href) { (lang.t("查看问卷结果", "See the results")) } }
                a.button href=(view.consultation) { (lang.t("回到征集页面", "Back to the consultation")) }
            }
        }
    };
    page(&frame, title, &[Crumb::here(lang.t("问卷回执", "Receipt"))], body)
}

fn said(lang: crate::lang::Lang, line: &AnswerLine) -> Markup {
    html! {
        @if line.answers.is_empty() && line.text.is_none() {
            span.soft lang=(lang.html_tag()) { (lang.t("未回答", "not answered")) }
        }
        (line.answers.join("、"))
        @if let Some(text) = &line.text { @if !line.answers.is_empty() { "：" } (text) }
    }
}
