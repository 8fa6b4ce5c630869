//! Opinions on several clauses in one go: write, check, sent.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use super::FIELD_KEY;
use super::form::{consent, contact, kind, name, showing};
use crate::identity::FIELD_CONSENT_VERSION;
use crate::{
    component::{SlipHead, alert, countdown, empty_state, page_head, slip},
    consultation::{ClauseLine, clause_quote},
    form::{Field, FormState, csrf, error_summary, hidden, textarea},
    label::{OpinionState, Tone, matter},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

/// The name of the box for a clause by its id, or of that for the whole draft.
#[must_use]
pub fn field_of(clause: Option<&str>) -> String {
    format!("text.{}", clause.unwrap_or("all"))
}

/// A clause with its box.
#[derive(Clone, Debug)]
pub struct SeveralClause {
    pub id: String,
    /// `第八条`
    pub label: String,
    /// The first words, to know it by.
    pub begins: String,
    pub lines: Vec<ClauseLine>,
}

#[derive(Clone, Debug)]
pub struct SeveralView {
    pub consultation_title: String,
    pub consultation: Href,
    pub closes: NaiveDate,
    pub days_left: i64,
    pub clauses: Vec<SeveralClause>,
    pub action: Href,
    pub csrf: String,
    pub idempotency_key: String,
    pub state: FormState,
    pub max_characters: usize,
    pub most: usize,
    pub contact_required: bool,
    /// Version of the consent text.
    pub consent_version: i32,
}

/// What was written, once more before it is sent.
#[derive(Clone, Debug)]
pub struct SeveralCheckView {
    pub consultation_title: String,
    pub action: Href,
    pub csrf: String,
    /// Label and text of each part.
    pub parts: Vec<(String, String)>,
    /// What else was told: label and words.
    pub person: Vec<(String, String)>,
    /// Everything that was typed, to be sent on.
    pub typed: Vec<(String, String)>,
}

fn frame_of<'a>(frame: &Frame<'a>) -> Frame<'a> {
    Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() }
}

/// The three steps, with the one that is on the page.
fn steps(lang: Lang, at: usize) -> Markup {
    let names = [lang.t("填写", "Write"), lang.t("核对", "Check"), lang.t("完成", "Sent")];
    html! {
        ol.form-steps aria-label=(lang.t("步骤", "Steps")) {
            @for (i, name) in names.iter().enumerate() {
                li aria-current=[(i == at).then_some("step")] { (i + 1) " " (name) }
            }
        }
    }
}

#[must_use]
pub fn several(frame: &Frame<'_>, view: &SeveralView) -> Markup {
    let lang = frame.lang;
    let frame = frame_of(frame);
    let title = lang.t("一次对多条提意见", "Speak on several clauses at once");
    let body = html! {
        (page_head(title, html! {
            span lang=[lang.content()] { (matter(&view.consultation_title)) }
            (countdown(lang, view.days_left, view.closes))
        }))
        (steps(lang, 0))
        div.narrow {
            (error_summary(lang, &view.state))
            p.soft { (match lang {
                Lang::Zh => format!("点开条款，在下面写意见；写了哪几条就提交哪几条（一次最多 {} 条）。只留一次姓名和联系方式，给一个查询码；每一条分别登记编号、审核、答复。", view.most),
                Lang::En => format!("Open a clause and write below it; only those you write on are sent, {} at most. You give name and contact once and get one code; each opinion is numbered, reviewed and answered for itself.", view.most),
            }) }
            form.card.opinion-form method="post" action=(view.action) novalidate {
                (csrf(&view.csrf))
                (hidden(FIELD_KEY, &view.idempotency_key))
                (hidden(FIELD_CONSENT_VERSION, &view.consent_version.to_string()))
                (boxes(lang, view))
                div.form-section {
                    h2 { (lang.t("您是谁", "Who you are")) }
                    (kind(lang, &view.state))
                    (name(lang, &view.state, false))
                    (contact(lang, &view.state, view.contact_required, false))
                    p.small { (lang.t("未满十四周岁的，请在草案页面逐条提意见，由监护人同意。", "Under fourteen: please speak on one clause at a time, with a guardian's consent.")) }
                }
                div.form-section { (showing(lang, &view.state)) }
                div.form-section {
                    (consent(lang, &view.state, view.consent_version))
                    div.actions {
                        button.button.primary type="submit" name="act" value="check" { (lang.t("下一步：核对", "Next: check")) }
                        a.button href=(view.consultation) { (lang.t("返回草案", "Back to the draft")) }
                    }
                }
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb { label: view.consultation_title.clone(), href: Some(view.consultation.clone()) },
        Crumb::here(title),
    ];
    page(&frame, &view.state.title(lang, title), &trail, body)
}

fn boxes(lang: Lang, view: &SeveralView) -> Markup {
    let all = field_of(None);
    html! {
        div.several {
            @if view.clauses.is_empty() {
                (empty_state(lang.t("草案没有分条，请对全文提意见", "The draft has no clauses; speak on the whole"), "", None))
            }
            @for c in &view.clauses {
                @let field = field_of(Some(&c.id));
                @let open = !view.state.value(&field).is_empty() || view.state.error(&field).is_some();
                details.several-clause open[open] {
                    summary lang=[lang.content()] { strong { (c.label) } " " span.soft { (c.begins) } }
                    (clause_quote(lang, &c.label, &c.lines))
                    (textarea(lang, &view.state, &Field::new(&field, &on(lang, &c.label)).rows(4).max(view.max_characters)))
                }
            }
            @let open = !view.state.value(&all).is_empty() || view.state.error(&all).is_some();
            details.several-clause open[open] {
                summary { strong { (lang.t("全文", "The whole draft")) } }
                (textarea(lang, &view.state, &Field::new(&all, lang.t("对全文的意见", "On the whole draft")).rows(4).max(view.max_characters)))
            }
        }
    }
}

fn on(lang: Lang, label: &str) -> String {
    match lang {
        Lang::Zh => format!("对{label}的意见"),
        Lang::En => format!("On {label}"),
    }
}

#[must_use]
pub fn several_check(frame: &Frame<'_>, view: &SeveralCheckView) -> Markup {
    let lang = frame.lang;
    let frame = frame_of(frame);
    let title = match lang {
        Lang::Zh => format!("核对您的 {} 条意见", view.parts.len()),
        Lang::En => format!("Check your {} opinions", view.parts.len()),
    };
    let body = html! {
        (page_head(&title, html! { span lang=[lang.content()] { (matter(&view.consultation_title)) } }))
        (steps(lang, 1))
        div.narrow {
            (alert(Tone::Info, lang.t("还没有提交", "Not sent yet"), html! { p { (lang.t("请核对，然后在下面提交。", "Please check, then send below.")) } }))
            @for (label, text) in &view.parts {
                section.card lang=[lang.content()] {
                    h2.card-title { (label) }
                    div.own-words { p { (text) } }
                }
            }
            form.card method="post" action=(view.action) {
                (csrf(&view.csrf))
                @for (name, value) in &view.typed { (hidden(name, value)) }
                dl.facts { @for (label, words) in &view.person { div { dt { (label) } dd { (words) } } } }
                div.actions {
                    button.button.primary type="submit" name="act" value="send" data-once { (lang.t("提交", "Send")) }
                    button.button type="submit" name="act" value="edit" { (lang.t("返回修改", "Change something")) }
                }
            }
        }
    };
    page(
        &frame,
        &title,
        &[Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS), Crumb::here(title.as_str())],
        body,
    )
}

/// An opinion of a submission.
#[derive(Clone, Debug)]
pub struct SubmissionPart {
    pub number: String,
    /// The clause; none for the whole draft.
    pub label: Option<String>,
    pub text: String,
    pub state: OpinionState,
    /// Its own page: there it can be revised, objected to, taken back.
    pub href: Href,
}

#[derive(Clone, Debug)]
pub struct SubmissionView {
    pub code: String,
    pub consultation_title: String,
    pub consultation: Href,
    pub received: NaiveDateTime,
    pub parts: Vec<SubmissionPart>,
}

#[must_use]
pub fn submission(frame: &Frame<'_>, view: &SubmissionView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = match lang {
        Lang::Zh => format!("您的 {} 条意见已登记", view.parts.len()),
        Lang::En => format!("Your {} opinions are registered", view.parts.len()),
    };
    let head = SlipHead {
        kind: lang.t("意见回执", "receipt"),
        title: &title,
        stamp: html! {},
        code: &view.code,
        keep: lang.t(
            "请妥善保存，凭它查看每一条的审核、办理和采纳结果。",
            "Keep it: it is the key to review, progress and result of each.",
        ),
        links: html! {},
    };
    let body = html! {
        p { a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) } " · " (lang.date_time(view.received)) }
        section.slip-part {
            h2 { (lang.t("您的意见", "Your opinions")) }
            @for p in &view.parts { (part(lang, p)) }
        }
        p.actions.no-print { a.button href=(view.consultation) { (lang.t("回到草案", "Back to the draft")) } }
    };
    let body = slip(&frame, &head, body);
    page(&frame, &title, &[Crumb::here(lang.t("意见回执", "Receipt"))], body)
}

fn part(lang: Lang, p: &SubmissionPart) -> Markup {
    html! {
        div.submission-part {
            p.item-top {
                strong lang=[lang.content()] { (p.label.as_deref().unwrap_or(lang.t("全文", "The whole draft"))) }
                (p.state.badge(lang))
                span.mono { (p.number) }
            }
            div.own-words { p { (p.text) } }
            p.no-print { a href=(p.href) { (lang.t("办理情况、修改、撤回", "Its state; revise or take back")) } }
        }
    }
}
