//! One question on the desk, with what may be done to it.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::{FIELD_ANSWER, FIELD_DEPARTMENT, FIELD_NOTE, FIELD_PUBLIC_TEXT, FIELD_REASON};
use crate::{
    component::{Fact, card, definition_list, page_head, paragraphs},
    desk::review::{Due, Piece, due, pieces},
    form::{Choice, Field, FormState, csrf, error_summary, radios, select, submit, textarea},
    label::QuestionState,
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct QuestionCaseView {
    pub number: String,
    pub session: String,
    pub session_page: Href,
    pub state: QuestionState,
    pub due: Option<Due>,
    pub text: Vec<Piece>,
    /// What was noticed, and how often.
    pub findings: Vec<String>,
    pub received: NaiveDateTime,
    pub name_masked: Option<String>,
    pub contact_masked: Option<String>,
    pub department: Option<String>,
    pub public_text: Option<String>,
    pub public: Option<Href>,
    pub reason: Option<(String, String)>,
    pub answer: Option<String>,
    pub answered: Option<NaiveDateTime>,
    pub acts: QuestionActs,
    pub form: FormState,
    /// What was typed for an act that is no longer possible.
    pub kept: Option<String>,
}

/// What this person may do here now.
#[derive(Clone, Debug, Default)]
pub struct QuestionActs {
    pub csrf: String,
    /// `/desk/qa/Q2026-001/questions/7`
    pub base: String,
    /// The departments at the table.
    pub departments: Vec<Choice>,
    pub reasons: Vec<Choice>,
    pub publish: bool,
    pub reject: bool,
    pub take_down: bool,
    pub route: bool,
    pub answer: bool,
    /// The author's words with what was noticed taken out, to begin with.
    pub suggested: String,
    pub longest_note: usize,
    pub longest_answer: usize,
}

#[must_use]
pub fn question(frame: &Frame<'_>, side: &[SideItem], view: &QuestionCaseView) -> Markup {
    let lang = frame.lang;
    let title = format!("{} {}", lang.t("提问", "Question"), view.number);
    let body = html! {
        (page_head(&title, html! {
            (view.state.badge(lang))
            @if let Some(d) = &view.due { (due(lang, d)) }
            a href=(view.session_page) lang=[lang.content()] { (view.session) }
        }))
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                @if let Some(text) = &view.kept {
                    section.card { label for="kept" { (lang.t("您写的文字，可以复制", "Your text, to copy")) } textarea #kept rows="6" readonly { "\n" (text) } }
                }
                section.card {
                    h2.card-title { (lang.t("提问原文", "As it was asked")) }
                    div.own-words lang=[lang.content()] { p { (pieces(&view.text)) } }
                    @if !view.findings.is_empty() {
                        p { (lang.t("系统提示：", "Noticed: ")) @for f in &view.findings { span.flag.flag-warn { (f) } " " } }
                    }
                }
                (decided(lang, view))
                (question_acts(lang, view))
            }
            aside { (card(lang.t("提问信息", "About it"), question_facts(lang, view))) }
        }
    };
    desk(frame, &view.form.title(lang, &title), side, body)
}

fn decided(lang: Lang, view: &QuestionCaseView) -> Markup {
    html! {
        @if let Some((reason, note)) = &view.reason {
            section.card { h2.card-title { (lang.t("未采用", "Not taken up")) } p { (reason) } @if !note.is_empty() { p lang=[lang.content()] { (note) } } }
        }
        @if let Some(text) = &view.public_text {
            section.card {
                h2.card-title { (lang.t("公开的提问", "As it is published")) }
                div.own-words lang=[lang.content()] { p { (text) } }
                @if let Some(href) = &view.public { p.small { a href=(href) { (lang.t("在公众页面查看", "See it on the public page")) } } }
            }
        }
        @if let Some(text) = &view.answer {
            section.card.result { h2.card-title { (lang.t("答复", "The answer")) } div lang=[lang.content()] { (paragraphs(text)) } }
        }
    }
}

fn question_facts(lang: Lang, view: &QuestionCaseView) -> Markup {
    let mut facts = vec![Fact::text(lang.t("收到", "Received"), &lang.date_time(view.received))];
    let named = [
        (lang.t("称呼", "Name"), &view.name_masked),
        (lang.t("邮箱", "E-mail"), &view.contact_masked),
        (lang.t("答复单位", "Department"), &view.department),
    ];
    for (label, value) in named {
        if let Some(value) = value {
            facts.push(Fact::new(label, html! { span lang=[lang.content()] { (value) } }));
        }
    }
    if let Some(at) = view.answered {
        facts.push(Fact::text(lang.t("答复", "Answered"), &lang.date_time(at)));
    }
    definition_list(&facts)
}

fn question_acts(lang: Lang, view: &QuestionCaseView) -> Markup {
    let (a, state) = (&view.acts, &view.form);
    html! {
        @if a.publish { (publish(lang, a, state)) }
        @if a.answer { (answer(lang, view)) }
        @if a.route {
            details.card.act open[state.error(FIELD_DEPARTMENT).is_some()] {
                summary { (lang.t("改由其他单位答复", "Give it to another department")) }
                form method="post" action={ (a.base) "/route" } novalidate {
                    (csrf(&a.csrf))
                    (select(lang, state, &Field::new(FIELD_DEPARTMENT, lang.t("答复单位", "Department")).required(), &a.departments))
                    div.actions { button.button type="submit" data-once { (lang.t("转办", "Pass on")) } }
                }
            }
        }
        @if a.reject || a.take_down { (reject(lang, a, state)) }
    }
}

fn publish(lang: Lang, a: &QuestionActs, state: &FormState) -> Markup {
    let mut filled = state.clone();
    if filled.value(FIELD_PUBLIC_TEXT).is_empty() {
        filled.values.insert(FIELD_PUBLIC_TEXT.to_owned(), vec![a.suggested.clone()]);
    }
    html! {
        form.card method="post" action={ (a.base) "/publish" } novalidate {
            (csrf(&a.csrf))
            h2.card-title { (lang.t("公开并交参加单位答复", "Publish and give to a department")) }
            (textarea(lang, &filled, &Field::new(FIELD_PUBLIC_TEXT, lang.t("公开的提问", "As it will be read")).required().rows(4)
                .hint(lang.t("把要隐去的文字换成【已隐去】，其余一字不改；原文保留。", "Put 【已隐去】 in place of what is removed; change nothing else. The original is kept."))))
            (select(lang, state, &Field::new(FIELD_DEPARTMENT, lang.t("答复单位", "Department")).required(), &a.departments))
            div.actions { (submit(lang.t("公开", "Publish"))) }
        }
    }
}

fn reject(lang: Lang, a: &QuestionActs, state: &FormState) -> Markup {
    let open =
        [FIELD_REASON, FIELD_NOTE].iter().any(|f| state.error(f).is_some() || !state.value(f).is_empty());
    let word =
        if a.take_down { lang.t("撤下", "Take it down") } else { lang.t("不采用", "Do not take it up") };
    html! {
        details.card.act open[open] {
            summary { (word) }
            form method="post" action={ (a.base) "/reject" } novalidate {
                (csrf(&a.csrf))
                (radios(lang, state, &Field::new(FIELD_REASON, lang.t("原因", "Reason")).required(), &a.reasons))
                (textarea(lang, state, &Field::new(FIELD_NOTE, lang.t("告诉提问人", "What the author is told")).rows(3).max(a.longest_note)
                    .hint(lang.t("不属于职责、属于信访事项、内容不清楚或其他原因的，必须写明应当怎样办。", "Where it is not ours, a petition, unclear or another reason, say what to do."))))
                div.actions { button.button type="submit" data-once { (word) } }
            }
        }
    }
}

fn answer(lang: Lang, view: &QuestionCaseView) -> Markup {
    let (a, mut state) = (&view.acts, view.form.clone());
    let corrects = view.answer.as_deref();
    if let Some(text) = corrects.filter(|_| state.value(FIELD_ANSWER).is_empty()) {
        state.values.insert(FIELD_ANSWER.to_owned(), vec![text.to_owned()]);
    }
    let title = if corrects.is_some() {
        lang.t("更正答复", "Correct the answer")
    } else {
        lang.t("答复", "Answer")
    };
    html! {
        details.card.act open[corrects.is_none() || state.error(FIELD_ANSWER).is_some()] {
            summary { (title) }
            form method="post" action={ (a.base) "/answer" } novalidate {
                (csrf(&a.csrf))
                (textarea(lang, &state, &Field::new(FIELD_ANSWER, lang.t("答复内容", "The answer")).required().rows(8).max(a.longest_answer)
                    .hint(lang.t("提交后立即公开。", "Public at once."))))
                div.actions { (submit(lang.t("提交答复", "Answer"))) }
            }
        }
    }
}
