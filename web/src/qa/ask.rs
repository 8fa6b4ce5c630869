//! The form of asking.

use maud::{Markup, html};

use super::{FIELD_AGREE, FIELD_CONTACT, FIELD_KEY, FIELD_NAME, FIELD_TEXT, FIELD_TRAP};
use crate::{
    component::{alert, card, page_head},
    form::{Field, FormState, checkbox, csrf, error_summary, hidden, submit, text_field, textarea},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct AskView {
    pub csrf: String,
    pub idempotency_key: String,
    pub state: FormState,
    pub title: String,
    pub session: Href,
    pub action: Href,
    pub when: String,
    pub guests: Vec<String>,
    pub longest: usize,
    /// Working days for what the session leaves open.
    pub days: i64,
    /// Why nothing can be asked now.
    pub closed: Option<String>,
}

#[must_use]
pub fn ask(frame: &Frame<'_>, view: &AskView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Messages, no_index: true, ..frame.clone() };
    let title = lang.t("我要提问", "Ask a question");
    let body = html! {
        (page_head(title, html! { p { a href=(view.session) lang=[lang.content()] { (view.title) } " · " (view.when) } }))
        div.side-by-side.form-page {
            aside { (beforehand(lang, view)) }
            div {
                (error_summary(lang, &view.state))
                @match &view.closed {
                    Some(why) => { (alert(Tone::Warn, why, html! { p { a href=(view.session) { (lang.t("回到本场", "Back to the session")) } } })) (kept(lang, view)) }
                    None => { (form(lang, view)) }
                }
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("网络问政", "Online Q&A"), path::QA),
        Crumb::link(lang.t("本场问答", "This session"), view.session.as_str()),
        Crumb::here(title),
    ];
    page(&frame, &view.state.title(lang, title), &trail, body)
}

/// What was typed too late, to copy.
fn kept(lang: Lang, view: &AskView) -> Markup {
    let text = view.state.value(FIELD_TEXT);
    html! {
        @if !text.is_empty() {
            section.card { label for="kept" { (lang.t("您写的文字，可以复制", "Your text, to copy")) } textarea #kept rows="6" readonly { "\n" (text) } }
        }
    }
}

fn form(lang: Lang, view: &AskView) -> Markup {
    let state = &view.state;
    html! {
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (hidden(FIELD_KEY, &view.idempotency_key))
            div.sr aria-hidden="true" {
                label for="f-website" { (lang.t("请不要填写此栏", "Leave this empty")) }
                input #f-website type="text" name=(FIELD_TRAP) value="" tabindex="-1" autocomplete="off";
            }
            (textarea(lang, state, &Field::new(FIELD_TEXT, lang.t("问题", "Your question")).required().rows(6).max(view.longest)
                .hint(lang.t("一事一问。请勿填写身份证号、住址、他人姓名等个人信息。", "One matter a question. Please leave out ID numbers, addresses and other people's names."))))
            (text_field(lang, state, &Field::new(FIELD_NAME, lang.t("称呼", "Name")).autocomplete("name")
                .hint(lang.t("可以不填；公开时只显示为 张*。", "Optional; shown as 张* at most."))))
            (text_field(lang, state, &Field::new(FIELD_CONTACT, lang.t("电子邮箱", "E-mail")).autocomplete("email").kind("email")
                .hint(lang.t("可以不填；填写后公开、答复时通知您。加密保存，不公开。", "Optional; with it you are told of review and answer. Stored encrypted, never shown."))))
            (checkbox(lang, state, &Field::new(FIELD_AGREE, "").required(), html! {
                (lang.t("我已阅读", "I have read the ")) a href=(path::NOTICE) { (lang.t("《留言须知》", "rules and privacy notice")) }
                (lang.t("，同意公开提问（姓名隐去）。", " and agree that my question is published, my name masked."))
            }))
            div.actions {
                (submit(lang.t("提交", "Send")))
                a.button href=(view.session) { (lang.t("返回", "Back")) }
            }
        }
    }
}

fn beforehand(lang: Lang, view: &AskView) -> Markup {
    card(
        lang.t("提交之前", "Before you send"),
        html! {
            ul.beforehand {
                li { (lang.t("参加单位：", "At the table: ")) span lang=[lang.content()] { (view.guests.join("、")) } }
                li { (lang.t("提问经审核后公开；未采用的，告诉您原因。", "Questions are reviewed before they are published; if yours is not, you are told why.")) }
                li { (match lang {
                    Lang::Zh => format!("未能当场答复的，在结束后 {} 个工作日内答复。", view.days),
                    Lang::En => format!("What is left open is answered within {} after the end.", lang.working_days(view.days)),
                }) }
                li { (lang.t("信访事项不在这里办理。", "Petitions (信访) are not dealt with here.")) }
                li { (lang.t("提交后当场给出查询码。", "You get a lookup code at once.")) }
            }
        },
    )
}
