//! The desk of the message board: the trays by due day, and one message with what may be done to it.

use chrono::NaiveDateTime;
use maud::{Markup, html};

pub mod pages;

use super::review::{Due, Piece, due, pieces};
use crate::{
    component::{Fact, Pager, Tab, card, definition_list, empty_state, page_head, pager, paragraphs, tabs},
    form::{
        Choice, Field, FormState, checkbox, csrf, error_summary, radios, select, submit, text_field, textarea,
    },
    label::MessageState,
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

pub const FIELD_DEPARTMENT: &str = "department";
pub const FIELD_REASON: &str = "reason";
pub const FIELD_NOTE: &str = "note";
pub const FIELD_EXTENSION: &str = "extension";
pub const FIELD_ANSWER: &str = "answer";
/// `yes`
pub const FIELD_PUBLISH: &str = "publish";
pub const FIELD_PUBLIC_TITLE: &str = "public_title";
pub const FIELD_PUBLIC_TEXT: &str = "public_text";
pub const FIELD_TAKE_DOWN: &str = "take_down";
pub const FIELD_FOLLOW_UP: &str = "follow_up_answer";

#[derive(Clone, Debug)]
pub struct TrayView {
    pub side: Vec<SideItem>,
    pub trays: Vec<Tab>,
    pub items: Vec<TrayItem>,
    pub pager: Pager,
    /// Which pages take messages, for who decides it.
    pub pages: Option<Href>,
}

#[derive(Clone, Debug)]
pub struct TrayItem {
    pub number: String,
    pub href: Href,
    pub kind: String,
    pub state: MessageState,
    pub due: Option<Due>,
    pub received: NaiveDateTime,
    pub title: String,
    pub text: String,
    pub department: String,
    /// Title of the page under which it was left.
    pub page: Option<String>,
    pub extended: bool,
}

#[derive(Clone, Debug)]
pub struct CaseView {
    pub side: Vec<SideItem>,
    pub number: String,
    pub kind: String,
    pub state: MessageState,
    pub due: Option<Due>,
    pub title: Vec<Piece>,
    pub text: Vec<Piece>,
    /// What was noticed, and how often.
    pub findings: Vec<String>,
    pub received: NaiveDateTime,
    /// Title and address of the page under which it was left.
    pub page: Option<(String, Href)>,
    pub addressed_to: Option<String>,
    pub department: Option<String>,
    pub name_masked: Option<String>,
    pub contact_masked: Option<String>,
    pub may_publish: bool,
    pub decided: Option<NaiveDateTime>,
    /// Why it was not accepted.
    pub reason: Option<(String, String)>,
    pub extension: Option<String>,
    pub answer: Option<String>,
    pub answered: Option<NaiveDateTime>,
    pub published: Option<Href>,
    pub satisfaction: Option<String>,
    pub follow_up: Option<String>,
    pub follow_up_answer: Option<String>,
    pub form: FormState,
    /// What was typed for an act that is no longer possible.
    pub kept: Option<String>,
    pub acts: Acts,
}

/// What this person may do here now.
#[derive(Clone, Debug, Default)]
pub struct Acts {
    pub csrf: String,
    /// `/desk/messages/LY2026-000001`
    pub base: String,
    pub departments: Vec<Choice>,
    pub reasons: Vec<Choice>,
    pub decide: bool,
    pub route: bool,
    /// Working days that are added.
    pub extend: Option<i64>,
    pub answer: bool,
    pub publish: bool,
    pub take_down: bool,
    pub follow_up: bool,
    /// The author's words with what was noticed taken out, to begin with.
    pub suggested_title: String,
    pub suggested_text: String,
    pub longest_note: usize,
    pub longest_answer: usize,
}

#[must_use]
pub fn trays(frame: &Frame<'_>, view: &TrayView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("留言办理", "Messages");
    let body = html! {
        (page_head(title, html! { span { (lang.t("按期限排列，最急的在前", "By due day, the most urgent first")) } }))
        @if let Some(href) = &view.pages { p.actions { a.button href=(href) { (lang.t("页面留言设置", "Messages under pages")) } } }
        (tabs(lang.t("留言", "Messages"), &view.trays))
        @if view.items.is_empty() {
            (empty_state(lang.t("这里没有留言", "No messages here"), lang.t("新的留言会出现在待受理中。", "New messages appear among those to be accepted."), None))
        } @else {
            ol.queue { @for item in &view.items { (row(lang, item)) } }
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, &view.side, body)
}

fn row(lang: Lang, item: &TrayItem) -> Markup {
    html! {
        li.item data-item {
            p.item-top {
                a.item-number href=(item.href) { (item.number) }
                span.flag { (item.kind) }
                (item.state.badge(lang))
                @if let Some(d) = &item.due { (due(lang, d)) }
                @if item.extended { span.flag { (lang.t("已延期", "extended")) } }
                span.soft { (lang.date_time(item.received)) }
            }
            p.item-words lang=[lang.content()] { strong { (item.title) } " " (item.text) }
            @if !item.department.is_empty() || item.page.is_some() {
                p.item-facts lang=[lang.content()] {
                    @if !item.department.is_empty() { span { (item.department) } }
                    @if let Some(page) = &item.page { span { "留言页面：" (page) } }
                }
            }
        }
    }
}

#[must_use]
pub fn case(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let lang = frame.lang;
    let title = format!("{} {}", lang.t("留言", "Message"), view.number);
    let body = html! {
        (page_head(&title, html! {
            (view.state.badge(lang))
            span { (view.kind) }
            @if let Some(d) = &view.due { (due(lang, d)) }
        }))
        (error_summary(lang, &view.form))
        div.side-by-side {
            div.stack {
                @if let Some(text) = &view.kept {
                    section.card { label for="kept" { (lang.t("您写的文字，可以复制", "Your text, to copy")) } textarea #kept rows="6" readonly { "\n" (text) } }
                }
                (words(lang, view))
                (answered(lang, view))
                (acts(lang, view))
            }
            aside { (card(lang.t("留言信息", "About it"), facts(lang, view))) }
        }
    };
    desk(frame, &view.form.title(lang, &title), &view.side, body)
}

fn words(lang: Lang, view: &CaseView) -> Markup {
    html! {
        section.card {
            h2.card-title lang=[lang.content()] { (pieces(&view.title)) }
            div.own-words lang=[lang.content()] { p { (pieces(&view.text)) } }
            @if !view.findings.is_empty() {
                p { (lang.t("系统提示：", "Noticed: ")) @for f in &view.findings { span.flag.flag-warn { (f) } " " } }
            }
        }
    }
}

fn answered(lang: Lang, view: &CaseView) -> Markup {
    html! {
        @if let Some((reason, note)) = &view.reason {
            section.card { h2.card-title { (lang.t("不予受理", "Not accepted")) } p { (reason) } @if !note.is_empty() { p lang=[lang.content()] { (note) } } }
        }
        @if let Some(text) = &view.answer {
            section.card.result {
                h2.card-title { (lang.t("答复", "The answer")) }
                div lang=[lang.content()] { (paragraphs(text)) }
                @if let Some(href) = &view.published { p.small { a href=(href) { (lang.t("已在留言板公开", "Public on the board")) } } }
                @else { p.small { (lang.t("没有公开，只有留言人看到", "Not public; only its author sees it")) } }
            }
        }
        @if let Some(text) = &view.follow_up {
            section.card {
                h2.card-title { (lang.t("追问", "The further question")) }
                div.own-words lang=[lang.content()] { p { (text) } }
                @if let Some(answer) = &view.follow_up_answer {
                    h3.block-title { (lang.t("对追问的答复", "Its answer")) }
                    div lang=[lang.content()] { (paragraphs(answer)) }
                }
            }
        }
    }
}

fn facts(lang: Lang, view: &CaseView) -> Markup {
    let own = |text: &str| html! { span lang=[lang.content()] { (text) } };
    let consent = if view.may_publish {
        lang.t("同意隐去姓名后公开", "agreed, name masked")
    } else {
        lang.t("不同意公开", "not agreed")
    };
    let mut facts = vec![
        Fact::text(lang.t("收到", "Received"), &lang.date_time(view.received)),
        Fact::text(lang.t("公开", "Publication"), consent),
    ];
    if let Some((title, href)) = &view.page {
        let to = html! { a href=(href) lang=[lang.content()] { (title) } };
        facts.push(Fact::new(lang.t("留言页面", "Left under"), to));
    }
    let named = [
        (lang.t("写给", "Addressed to"), &view.addressed_to),
        (lang.t("承办单位", "Department"), &view.department),
        (lang.t("称呼", "Name"), &view.name_masked),
        (lang.t("邮箱", "E-mail"), &view.contact_masked),
        (lang.t("延期原因", "Why it takes longer"), &view.extension),
        (lang.t("留言人评价", "The author says"), &view.satisfaction),
    ];
    for (label, value) in named {
        if let Some(value) = value {
            facts.push(Fact::new(label, own(value)));
        }
    }
    let decided = if view.state == MessageState::Rejected {
        lang.t("不予受理", "Not accepted")
    } else {
        lang.t("受理", "Accepted")
    };
    let dates = [(decided, view.decided), (lang.t("答复", "Answered"), view.answered)];
    facts.extend(dates.iter().filter_map(|(l, at)| Some(Fact::text(*l, &lang.date_time((*at)?)))));
    definition_list(&facts)
}

fn acts(lang: Lang, view: &CaseView) -> Markup {
    let (a, state) = (&view.acts, &view.form);
    html! {
        @if a.decide { (accept(lang, a, state)) (reject(lang, a, state)) }
        @if a.answer { (answer(lang, view)) }
        @if let Some(days) = a.extend { (extend(lang, a, state, days)) }
        @if a.route { (route(lang, a, state)) }
        @if a.follow_up {
            (simple(lang, a, state, &Simple {
                act: "follow-up", field: FIELD_FOLLOW_UP, open: true, longest: a.longest_answer,
                title: lang.t("答复追问", "Answer the further question"),
                label: lang.t("答复内容", "The answer"),
                hint: lang.t("只有留言人看到。", "Only its author sees it."),
                button: lang.t("提交答复", "Answer"),
            }))
        }
        @if a.publish { (publish(lang, a, state)) }
        @if a.take_down {
            (simple(lang, a, state, &Simple {
                act: "take-down", field: FIELD_TAKE_DOWN, open: false, longest: a.longest_note,
                title: lang.t("撤下公开的问答", "Take it from the board"),
                label: lang.t("原因", "Reason"),
                hint: lang.t("留言人会看到；问答仍在留言人的查询页上。", "Its author is told; question and answer stay on the author's page."),
                button: lang.t("撤下", "Take down"),
            }))
        }
    }
}

fn accept(lang: Lang, a: &Acts, state: &FormState) -> Markup {
    html! {
        form.card method="post" action={ (a.base) "/accept" } novalidate {
            (csrf(&a.csrf))
            h2.card-title { (lang.t("受理并转办", "Accept and pass on")) }
            (select(lang, state, &Field::new(FIELD_DEPARTMENT, lang.t("承办单位", "Department")).required(), &a.departments))
            div.actions { (submit(lang.t("受理", "Accept"))) }
        }
    }
}

fn reject(lang: Lang, a: &Acts, state: &FormState) -> Markup {
    let open =
        [FIELD_REASON, FIELD_NOTE].iter().any(|f| state.error(f).is_some() || !state.value(f).is_empty());
    html! {
        details.card.act open[open] {
            summary { (lang.t("不予受理", "Do not accept")) }
            form method="post" action={ (a.base) "/reject" } novalidate {
                (csrf(&a.csrf))
                (radios(lang, state, &Field::new(FIELD_REASON, lang.t("原因", "Reason")).required(), &a.reasons))
                (textarea(lang, state, &Field::new(FIELD_NOTE, lang.t("告诉留言人", "What the author is told")).rows(3).max(a.longest_note)
                    .hint(lang.t("不属于本机关职责、属于信访事项、内容不清楚或其他原因的，必须写明应当怎样办。", "Where it is not ours, a petition, unclear or another reason, say what to do."))))
                div.actions { button.button type="submit" data-once { (lang.t("不予受理", "Do not accept")) } }
            }
        }
    }
}

fn route(lang: Lang, a: &Acts, state: &FormState) -> Markup {
    html! {
        details.card.act open[state.error(FIELD_DEPARTMENT).is_some()] {
            summary { (lang.t("改由其他单位办理", "Pass on to another department")) }
            form method="post" action={ (a.base) "/route" } novalidate {
                (csrf(&a.csrf))
                (select(lang, state, &Field::new(FIELD_DEPARTMENT, lang.t("承办单位", "Department")).required(), &a.departments))
                p.small { (lang.t("答复期限不变。", "The time for the answer runs on.")) }
                div.actions { button.button type="submit" data-once { (lang.t("转办", "Pass on")) } }
            }
        }
    }
}

fn extend(lang: Lang, a: &Acts, state: &FormState, days: i64) -> Markup {
    let label = lang.t("延期原因", "Reason");
    let hint = match lang {
        Lang::Zh => format!("只能延期一次，增加 {days} 个工作日；留言人会看到原因。"),
        Lang::En => format!("Once, by {days} working days; its author reads the reason."),
    };
    simple(
        lang,
        a,
        state,
        &Simple {
            act: "extend",
            field: FIELD_EXTENSION,
            open: false,
            longest: a.longest_note,
            title: lang.t("情况复杂，延期答复", "Complex: extend the time"),
            label,
            hint: &hint,
            button: lang.t("延期", "Extend"),
        },
    )
}

struct Simple<'a> {
    act: &'a str,
    field: &'a str,
    /// Whether it is what one comes for.
    open: bool,
    longest: usize,
    title: &'a str,
    label: &'a str,
    hint: &'a str,
    button: &'a str,
}

/// A form with one text.
fn simple(lang: Lang, a: &Acts, state: &FormState, s: &Simple<'_>) -> Markup {
    let touched = state.error(s.field).is_some() || !state.value(s.field).is_empty();
    html! {
        details.card.act open[s.open || touched] {
            summary { (s.title) }
            form method="post" action={ (a.base) "/" (s.act) } novalidate {
                (csrf(&a.csrf))
                (textarea(lang, state, &Field::new(s.field, s.label).required().rows(4).max(s.longest).hint(s.hint)))
                div.actions { button type="submit" class={ "button" @if s.open { " primary" } } data-once { (s.button) } }
            }
        }
    }
}

fn answer(lang: Lang, view: &CaseView) -> Markup {
    let (a, state) = (&view.acts, &view.form);
    html! {
        form.card method="post" action={ (a.base) "/answer" } novalidate {
            (csrf(&a.csrf))
            h2.card-title { (lang.t("答复", "Answer")) }
            (textarea(lang, state, &Field::new(FIELD_ANSWER, lang.t("答复内容", "The answer")).required().rows(8).max(a.longest_answer)))
            @if view.may_publish {
                (checkbox(lang, state, &Field::new(FIELD_PUBLISH, ""), html! { (lang.t("在留言板公开问答，姓名隐去", "Publish question and answer on the board, name masked")) }))
                (public_words(lang, a, state))
            } @else {
                p.soft { (lang.t("留言人不同意公开，答复只有留言人看到。", "Its author did not agree to publication; only the author sees the answer.")) }
            }
            div.actions { (submit(lang.t("提交答复", "Answer"))) }
        }
    }
}

fn publish(lang: Lang, a: &Acts, state: &FormState) -> Markup {
    let touched = [FIELD_PUBLIC_TITLE, FIELD_PUBLIC_TEXT].iter().any(|f| state.error(f).is_some());
    html! {
        details.card.act open[touched] {
            summary { (lang.t("在留言板公开问答", "Publish on the board")) }
            form method="post" action={ (a.base) "/publish" } novalidate {
                (csrf(&a.csrf))
                (public_words(lang, a, state))
                div.actions { button.button type="submit" data-once { (lang.t("公开", "Publish")) } }
            }
        }
    }
}

/// The author's words as they will be read: begun with what was noticed taken out.
fn public_words(lang: Lang, a: &Acts, state: &FormState) -> Markup {
    let mut filled = state.clone();
    for (field, suggested) in
        [(FIELD_PUBLIC_TITLE, &a.suggested_title), (FIELD_PUBLIC_TEXT, &a.suggested_text)]
    {
        if filled.value(field).is_empty() {
            filled.values.insert(field.to_owned(), vec![suggested.clone()]);
        }
    }
    let hint = lang.t(
        "把要隐去的文字换成【已隐去】，其余一字不改；原文保留。",
        "Put 【已隐去】 in place of what is removed; change nothing else. The original is kept.",
    );
    html! {
        (text_field(lang, &filled, &Field::new(FIELD_PUBLIC_TITLE, lang.t("公开的标题", "Title as published"))))
        (textarea(lang, &filled, &Field::new(FIELD_PUBLIC_TEXT, lang.t("公开的留言", "Message as published")).rows(5).hint(hint)))
    }
}
