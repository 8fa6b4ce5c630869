//! The form of a session.

use maud::{Markup, html};

use crate::{
    component::page_head,
    form::{Choice, Field, FormState, csrf, error_summary, hidden, select, submit, text_field, textarea},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

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
                    input type="text" name={ "person-" (g.key) } placeholder=(lang.t("出席人和职务", "who speaks, and the office held")) value=(state.value(&format!("person-{}", g.key)))
                        aria-label={ (g.name) (lang.t("的出席人", ": who speaks")) };
                }
            }
        }
    }
}
