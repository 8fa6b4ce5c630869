//! The form of a questionnaire. What becomes of the answers is said before anything is typed.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{filled_in, no_sample};
use crate::{
    component::{alert, card, countdown, page_head, paragraphs},
    form::{
        Choice, Field, FormState, Group, checkbox, csrf, error_summary, group, hidden, submit, text_field,
        textarea,
    },
    identity::{FIELD_CONSENT_VERSION, consent_words},
    label::{Tone, matter},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

pub const FIELD_AGREE: &str = "consent";
pub const FIELD_KEY: &str = "key";
/// The revision of the questionnaire that is shown.
pub const FIELD_REVISION: &str = "revision";

/// A question with the field that takes its answer.
#[derive(Clone, Debug)]
pub struct QuestionView {
    pub field: String,
    /// Its place, from 1.
    pub place: usize,
    pub text: String,
    pub hint: String,
    pub required: bool,
    pub asked: Asked,
}

#[derive(Clone, Debug)]
pub enum Asked {
    /// One choice, or one mark; of a scale all marks stand in a row.
    One {
        choices: Vec<Choice>,
        row: bool,
        other: Option<OtherField>,
    },
    Many {
        choices: Vec<Choice>,
        least: i32,
        most: i32,
        other: Option<OtherField>,
    },
    Text {
        longest: usize,
    },
}

/// Words beside 其他.
#[derive(Clone, Debug)]
pub struct OtherField {
    pub field: String,
    pub longest: usize,
}

#[derive(Clone, Debug)]
pub struct QuestionnaireView {
    pub consultation_title: String,
    pub consultation: Href,
    pub title: String,
    pub intro: String,
    pub closes: NaiveDate,
    pub days_left: i64,
    pub questions: Vec<QuestionView>,
    pub action: Href,
    pub csrf: String,
    pub idempotency_key: String,
    pub revision: i32,
    pub consent_version: i32,
    /// A contact is proved in a second step.
    pub verified: bool,
    pub open_results: bool,
    pub opinion: Href,
    pub state: FormState,
}

#[must_use]
pub fn questionnaire(frame: &Frame<'_>, view: &QuestionnaireView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let body = html! {
        (page_head(lang.t("问卷调查", "Questionnaire"), html! {
            span lang=[lang.content()] { (matter(&view.consultation_title)) }
            (countdown(lang, view.days_left, view.closes))
        }))
        div.side-by-side.form-page {
            aside { (beforehand(lang, view)) }
            div {
                (error_summary(lang, &view.state))
                form.card.opinion-form method="post" action=(view.action) novalidate {
                    (csrf(&view.csrf))
                    (hidden(FIELD_KEY, &view.idempotency_key))
                    (hidden(FIELD_REVISION, &view.revision.to_string()))
                    (hidden(FIELD_CONSENT_VERSION, &view.consent_version.to_string()))
                    div lang=[lang.content()] { h2.card-title { (view.title) } (paragraphs(&view.intro)) }
                    (questions(lang, &view.state, &view.questions))
                    div.form-section { (consent(lang, view)) (acts(lang, view)) }
                }
            }
        }
    };
    page(&frame, &view.state.title(lang, lang.t("问卷调查", "Questionnaire")), &trail(lang, view), body)
}

fn trail(lang: Lang, view: &QuestionnaireView) -> [Crumb; 3] {
    [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb { label: view.consultation_title.clone(), href: Some(view.consultation.clone()) },
        Crumb::here(lang.t("问卷调查", "Questionnaire")),
    ]
}

/// The questions with their fields; also for a preview.
#[must_use]
pub fn questions(lang: Lang, state: &FormState, all: &[QuestionView]) -> Markup {
    html! { @for q in all { div.survey-question { (one(lang, state, q)) } } }
}

fn one(lang: Lang, state: &FormState, q: &QuestionView) -> Markup {
    let label = format!("{}. {}", q.place, q.text);
    let content = lang.content();
    let mut field = Field::new(&q.field, &label).required_if(q.required);
    let hint = match &q.asked {
        Asked::Many { least, most, .. } => joined(&q.hint, &how_many(lang, *least, *most)),
        _ => q.hint.clone(),
    };
    if !hint.is_empty() {
        field = field.hint(&hint);
    }
    match &q.asked {
        Asked::One { choices, row, other } => {
            let of =
                Group { kind: "radio", choices, content, after: other_field(lang, state, other.as_ref()) };
            html! { div class=[row.then_some("choices-row")] { (group(lang, state, &field, &of)) } }
        }
        Asked::Many { choices, other, .. } => {
            let of =
                Group { kind: "checkbox", choices, content, after: other_field(lang, state, other.as_ref()) };
            group(lang, state, &field, &of)
        }
        Asked::Text { longest } => textarea(lang, state, &field.rows(4).max(*longest)),
    }
}

fn joined(a: &str, b: &str) -> String {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.to_owned(),
        (_, true) => a.to_owned(),
        _ => format!("{a} {b}"),
    }
}

fn how_many(lang: Lang, least: i32, most: i32) -> String {
    match lang {
        Lang::Zh if least == most => format!("请选 {least} 项。"),
        Lang::Zh if least <= 1 => format!("可多选，最多 {most} 项。"),
        Lang::Zh => format!("请选 {least} 至 {most} 项。"),
        Lang::En if least == most => format!("Choose {least}."),
        Lang::En if least <= 1 => format!("Choose up to {most}."),
        Lang::En => format!("Choose {least} to {most}."),
    }
}

fn other_field(lang: Lang, state: &FormState, other: Option<&OtherField>) -> Markup {
    html! {
        @if let Some(o) = other {
            (text_field(lang, state, &Field::new(&o.field, lang.t("“其他”是指", "“Other” means")).max(o.longest)))
        }
    }
}

fn consent(lang: Lang, view: &QuestionnaireView) -> Markup {
    checkbox(
        lang,
        &view.state,
        &Field::new(FIELD_AGREE, "").required(),
        html! {
            (consent_words(lang, view.consent_version))
            (lang.t(
                "；本人已满十四周岁，未满十四周岁的由监护人代为填写。",
                "; I am 14 or older, or I answer as the guardian of a child under 14.",
            ))
        },
    )
}

fn acts(lang: Lang, view: &QuestionnaireView) -> Markup {
    html! {
        div.actions {
            @if view.verified { (submit(lang.t("下一步：核验联系方式", "Next: verify your contact"))) }
            @else { (submit(lang.t("提交问卷", "Send"))) }
            a.button href=(view.consultation) { (lang.t("返回", "Back")) }
        }
    }
}

fn beforehand(lang: Lang, view: &QuestionnaireView) -> Markup {
    card(
        lang.t("填写之前", "Before you answer"),
        html! {
            ul.beforehand {
                li { (lang.t("不用注册，不填姓名；每人填写一次，提交后不能修改。", "No account, no name. Each person answers once, and what is sent cannot be changed.")) }
                @if view.verified {
                    li { (lang.t("本次征集要求核验手机号码或电子邮箱，只用来防止重复填写：号码本身不随答卷保存。", "A mobile number or e-mail address is verified so that nobody answers twice; it is not stored with your answers.")) }
                } @else {
                    li { (lang.t("用浏览器中的一个标记防止重复填写，它不说明您是谁。", "A mark in your browser keeps it to one answer; it does not tell who you are.")) }
                }
                li {
                    @if view.open_results { (lang.t("选择题的统计结果随时公布；", "Figures of the choices are public at any time; ")) }
                    @else { (lang.t("选择题的统计结果在征集截止后公布；", "Figures of the choices are published after the end; ")) }
                    (lang.t("文字回答只供承办人员参考，不公开，疑似个人信息会先行隐去。", "what you write is for the staff alone, never published, and what looks like personal data is removed first."))
                }
                li {
                    (lang.t("想让意见公开并得到逐条答复，请", "To be read and answered in public, "))
                    a href=(view.opinion) { (lang.t("直接提意见", "give an opinion")) } (lang.t("。", "."))
                }
                li { (no_sample(lang)) }
            }
        },
    )
}

/// Why there is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Opens on a later day.
    Announced,
    Closed,
    /// Filled in from this browser.
    Answered,
    /// Staff read it and do not answer.
    Staff,
}

#[derive(Clone, Debug)]
pub struct StandingView {
    pub standing: Standing,
    pub consultation_title: String,
    pub consultation: Href,
    pub title: String,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    pub responses: u64,
    pub results: Option<Href>,
    pub opinion: Option<Href>,
    /// What was typed before the end came: question and answer.
    pub typed: Vec<(String, String)>,
    /// To be read only.
    pub questions: Vec<QuestionView>,
}

#[must_use]
pub fn standing(frame: &Frame<'_>, view: &StandingView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = lang.t("问卷调查", "Questionnaire");
    let told = match view.standing {
        Standing::Announced => match lang {
            Lang::Zh => format!("{} 开始填写。", lang.date(view.opens)),
            Lang::En => format!("It opens on {}.", lang.date(view.opens)),
        },
        Standing::Closed => match lang {
            Lang::Zh => format!("问卷已于 {} 截止。", lang.deadline(view.closes)),
            Lang::En => format!("It closed on {}.", lang.deadline(view.closes)),
        },
        Standing::Answered => lang
            .t(
                "这个浏览器已经填写过，每人填写一次；回答已计入。",
                "This browser has answered already; each person answers once, and the answers are counted.",
            )
            .to_owned(),
        Standing::Staff => lang
            .t(
                "问卷面向公众，工作人员登录时只能查看。",
                "The questionnaire is for the public; staff who are signed in only read it.",
            )
            .to_owned(),
    };
    let body = html! {
        div.narrow {
            (page_head(title, html! { a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } }))
            section.card {
                h2.card-title lang=[lang.content()] { (view.title) }
                (alert(Tone::Info, "", html! { p { (told) } }))
                p { (filled_in(lang, view.responses)) (lang.t("。", ".")) }
                p.actions {
                    @if let Some(href) = &view.results { a.button.primary href=(href) { (lang.t("查看问卷结果", "See the results")) } }
                    @if let Some(href) = &view.opinion { a.button href=(href) { (lang.t("我要提意见", "Give an opinion")) } }
                    a.button href=(view.consultation) { (lang.t("返回", "Back")) }
                }
            }
            @if !view.typed.is_empty() {
                (card(lang.t("您刚才填写的内容（没有提交）", "What you had written (not sent)"), html! {
                    dl.survey-answers lang=[lang.content()] { @for (q, a) in &view.typed { div { dt { (q) } dd { (a) } } } }
                }))
            }
            @if !view.questions.is_empty() {
                section.card { fieldset.plain disabled { legend.sr { (lang.t("题目", "Questions")) } (questions(lang, &FormState::default(), &view.questions)) } }
            }
        }
    };
    let trail = [Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS), Crumb::here(title)];
    page(&frame, title, &trail, body)
}
