//! The desk of online questions and answers: the sessions, one session with its questions, one question with what may
//! be done to it, and the form of a session.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use super::review::{Due, Piece, due, pieces};
use crate::{
    component::{
        Column, Fact, Pager, Tab, Table, card, definition_list, empty_state, page_head, pager, paragraphs,
        table, tabs,
    },
    form::{
        Choice, Field, FormState, csrf, error_summary, hidden, radios, select, submit, text_field, textarea,
    },
    label::{QaState, QuestionState},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    path,
};

pub const FIELD_DEPARTMENT: &str = "department";
pub const FIELD_PUBLIC_TEXT: &str = "public_text";
pub const FIELD_REASON: &str = "reason";
pub const FIELD_NOTE: &str = "note";
pub const FIELD_ANSWER: &str = "answer";
/// Why a session is called off.
pub const FIELD_CANCEL: &str = "reason";

#[derive(Clone, Debug)]
pub struct QaRow {
    pub code: String,
    pub title: String,
    pub href: Href,
    pub state: QaState,
    pub department: String,
    pub begins: NaiveDateTime,
    pub pending: u64,
    pub open: u64,
    pub answered: u64,
}

#[derive(Clone, Debug)]
pub struct QaDeskListView {
    pub rows: Vec<QaRow>,
    pub pager: Pager,
    pub may_create: bool,
}

#[must_use]
pub fn sessions(frame: &Frame<'_>, side: &[SideItem], view: &QaDeskListView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("网络问政", "Online questions and answers");
    let new = format!("{}/new", path::DESK_QA);
    let body = html! {
        (page_head(title, html! {
            @if view.may_create { a.button.primary href=(new) { (lang.t("筹备一场", "Prepare a session")) } }
        }))
        @if view.rows.is_empty() {
            (empty_state(lang.t("还没有网络问政", "No sessions yet"), lang.t("公布主题、参加单位和时间，会前会中征集问题，审核后由参加单位答复。", "Announce theme, departments and times; questions come before and during it and are answered after review."), None))
        } @else {
            (rows(lang, &view.rows))
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn rows(lang: Lang, rows: &[QaRow]) -> Markup {
    let row = |r: &QaRow| {
        vec![
            html! { a href=(r.href) lang=[lang.content()] { (r.title) } p.small { (r.code) } },
            html! { span lang=[lang.content()] { (r.department) } },
            html! { (lang.date_time(r.begins)) },
            html! { (r.pending) },
            html! { (r.open) },
            html! { (r.answered) },
            html! { (r.state.badge(lang)) },
        ]
    };
    table(&Table {
        caption: lang.t("场次", "Sessions").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("场次", "Session")),
            Column::text(lang.t("主办", "Held by")),
            Column::tight(lang.t("时间", "Time")),
            Column::number(lang.t("待审核", "To review")),
            Column::number(lang.t("待答复", "To answer")),
            Column::number(lang.t("已答复", "Answered")),
            Column::tight(lang.t("状态", "State")),
        ],
        rows: rows.iter().map(row).collect(),
        row_head: Some(0),
    })
}

/// A question in a tray.
#[derive(Clone, Debug)]
pub struct QaItem {
    pub number: i32,
    pub href: Href,
    pub state: QuestionState,
    pub received: NaiveDateTime,
    pub text: String,
    pub department: String,
}

#[derive(Clone, Debug)]
pub struct QaDeskView {
    pub code: String,
    pub title: String,
    pub state: QaState,
    pub when: String,
    pub opens: String,
    pub department: String,
    pub theme: String,
    pub guests: Vec<String>,
    pub cancelled: Option<String>,
    pub trays: Vec<Tab>,
    pub items: Vec<QaItem>,
    pub public: Option<Href>,
    /// Where it is edited, published, thrown away, called off; what is not possible is not there.
    pub edit: Option<Href>,
    pub publish: Option<Href>,
    pub discard: Option<Href>,
    pub cancel: Option<Href>,
    pub csrf: String,
    pub form: FormState,
}

#[must_use]
pub fn session(frame: &Frame<'_>, side: &[SideItem], view: &QaDeskView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        (page_head(&view.title, html! {
            (view.state.badge(lang)) span { (view.code) } span { (view.when) }
            @if let Some(href) = &view.public { a href=(href) { (lang.t("公众页面", "Public page")) } }
        }))
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                (tabs(lang.t("提问", "Questions"), &view.trays))
                @if view.items.is_empty() {
                    (empty_state(lang.t("这里没有提问", "No questions here"), "", None))
                } @else {
                    ol.queue { @for item in &view.items { (row(lang, item)) } }
                }
            }
            aside {
                (card(lang.t("本场", "The session"), facts(lang, view)))
                (acts(lang, view))
            }
        }
    };
    desk(frame, &view.form.title(lang, &view.title), side, body)
}

fn row(lang: Lang, item: &QaItem) -> Markup {
    html! {
        li.item data-item {
            p.item-top {
                a.item-number href=(item.href) { (match lang { Lang::Zh => format!("第 {} 号", item.number), Lang::En => format!("No. {}", item.number) }) }
                (item.state.badge(lang))
                span.soft { (lang.date_time(item.received)) }
            }
            p.item-words lang=[lang.content()] { (item.text) }
            @if !item.department.is_empty() { p.item-facts lang=[lang.content()] { span { (item.department) } } }
        }
    }
}

fn facts(lang: Lang, view: &QaDeskView) -> Markup {
    html! {
        (definition_list(&[
            Fact::new(lang.t("主办", "Held by"), html! { span lang=[lang.content()] { (view.department) } }),
            Fact::text(lang.t("征集问题", "Questions from"), &view.opens),
            Fact::text(lang.t("在线答复", "Live"), &view.when),
            Fact::new(lang.t("参加单位", "At the table"), html! { ul.text-list { @for g in &view.guests { li lang=[lang.content()] { (g) } } } }),
        ]))
        @if let Some(reason) = &view.cancelled { p lang=[lang.content()] { strong { (lang.t("取消原因：", "Cancelled: ")) } (reason) } }
        details { summary { (lang.t("主题", "Theme")) } div lang=[lang.content()] { (paragraphs(&view.theme)) } }
    }
}

fn acts(lang: Lang, view: &QaDeskView) -> Markup {
    html! {
        @if view.publish.is_some() || view.edit.is_some() {
            section.card {
                h2.card-title { (lang.t("办理", "What you may do")) }
                div.actions {
                    @if let Some(href) = &view.publish {
                        form method="post" action=(href) { (csrf(&view.csrf)) (submit(lang.t("发布", "Publish"))) }
                    }
                    @if let Some(href) = &view.edit { a.button href=(href) { (lang.t("修改", "Edit")) } }
                    @if let Some(href) = &view.discard {
                        form method="post" action=(href) { (csrf(&view.csrf)) button.button type="submit" data-once data-confirm=(lang.t("删除这份草稿？", "Discard this draft?")) { (lang.t("删除草稿", "Discard")) } }
                    }
                }
            }
        }
        @if let Some(href) = &view.cancel {
            details.card.act open[view.form.error(FIELD_CANCEL).is_some()] {
                summary { (lang.t("取消本场", "Call it off")) }
                form method="post" action=(href) novalidate {
                    (csrf(&view.csrf))
                    (textarea(lang, &view.form, &Field::new(FIELD_CANCEL, lang.t("原因", "Reason")).required().rows(3).max(500)
                        .hint(lang.t("公开，并通知提问人。", "Published; who asked is told."))))
                    div.actions { button.button type="submit" data-once { (lang.t("取消本场", "Call it off")) } }
                }
            }
        }
    }
}

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

/// A department that may sit at the table.
#[derive(Clone, Debug)]
pub struct GuestChoice {
    /// Its key, and the name of its field.
    pub key: String,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct QaFormView {
    pub is_new: bool,
    pub is_public: bool,
    pub departments: Vec<Choice>,
    pub guests: Vec<GuestChoice>,
    pub action: Href,
    pub back: Href,
    pub csrf: String,
    pub state: FormState,
}

#[must_use]
pub fn form(frame: &Frame<'_>, side: &[SideItem], view: &QaFormView) -> Markup {
    let (lang, state) = (frame.lang, &view.state);
    let title = if view.is_new {
        lang.t("筹备网络问政", "Prepare a session")
    } else {
        lang.t("修改网络问政", "Edit the session")
    };
    let body = html! {
        (page_head(title, html! {}))
        (error_summary(lang, state))
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (hidden("revision", state.value("revision")))
            (text_field(lang, state, &Field::new("title", lang.t("标题", "Title")).required().max(120)))
            (textarea(lang, state, &Field::new("theme", lang.t("主题介绍", "What it is about")).required().rows(6).max(10_000)))
            @if view.is_public { (hidden("department", state.value("department"))) }
            @else { (select(lang, state, &Field::new("department", lang.t("主办单位", "Held by")).required(), &view.departments)) }
            (moment(lang, state, "opens_at", lang.t("开始征集问题", "Questions from"), lang.t("留空则立即开始。", "Left empty: at once."), false))
            (moment(lang, state, "begins_at", lang.t("在线答复开始", "Live from"), lang.t("北京时间。", "Beijing time."), true))
            (moment(lang, state, "ends_at", lang.t("在线答复结束", "Live until"), lang.t("到这时停止接受提问。", "Questions are taken until then."), true))
            (guests(lang, view))
            div.actions { (submit(lang.t("保存", "Save"))) a.button href=(view.back) { (lang.t("返回", "Back")) } }
        }
    };
    desk(frame, &state.title(lang, title), side, body)
}

fn moment(lang: Lang, state: &FormState, name: &str, label: &str, hint: &str, required: bool) -> Markup {
    let field = Field::new(name, label).kind("datetime-local").hint(hint).required_if(required);
    text_field(lang, state, &Field { short: true, ..field })
}

fn guests(lang: Lang, view: &QaFormView) -> Markup {
    let state = &view.state;
    html! {
        fieldset.field #f-guests {
            legend { (lang.t("参加单位", "Departments at the table")) " " span.must { (lang.t("必填", "required")) } }
            p.hint { (lang.t("勾选参加的单位，可以写明出席人和职务。", "Tick who takes part; you may name who speaks, with the office held.")) }
            @if let Some(error) = state.error("guests") { p.field-error { (error) } }
            @for g in &view.guests {
                div.guest {
                    label.check {
                        input type="checkbox" name="guests" value=(g.key) checked[state.has("guests", &g.key)];
                        span lang=[lang.content()] { (g.name) }
                    }
                    input type="text" name={ "person-" (g.key) } value=(state.value(&format!("person-{}", g.key)))
                        aria-label={ (g.name) (lang.t("的出席人", ": who speaks")) };
                }
            }
        }
    }
}
