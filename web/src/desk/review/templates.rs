//! The moderators' templates of reasons.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::Side;
use crate::{
    component::{card, empty_state, page_head},
    form::{Choice, Field, FormState, csrf, error_summary, hidden, radios, submit, text_field, textarea},
    lang::Lang,
    layout::{Frame, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct TemplatesView {
    pub side: Side,
    pub rows: Vec<TemplateRow>,
    pub actions: Vec<Choice>,
    /// Where the form is sent.
    pub target: Href,
    /// The form changes a template; otherwise it adds one.
    pub changes: bool,
    /// Fields `action`, `name`, `text`.
    pub form: FormState,
    pub csrf: String,
}

#[derive(Clone, Debug)]
pub struct TemplateRow {
    pub action: &'static str,
    pub name: String,
    pub text: String,
    pub changed: NaiveDate,
    pub by: String,
    pub edit: Href,
    pub remove: Href,
}

#[must_use]
pub fn templates(frame: &Frame<'_>, view: &TemplatesView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("理由模板", "Templates of reasons");
    let body = html! {
        p.back { a href="/desk/review" { (lang.t("← 意见审核", "← Review of opinions")) } }
        (page_head(title, html! {
            span { (lang.t("审核时常用的说明，全体审核员共用；修改模板不影响已发出的说明。", "Words that moderators use often, shared by all of them. Changing a template changes nothing that was sent.")) }
        }))
        (error_summary(lang, &view.form))
        @if view.rows.is_empty() {
            (empty_state(lang.t("还没有模板", "No template yet"), lang.t("在下面写第一条。", "Write the first one below."), None))
        }
        @for r in &view.rows { (row(lang, view, r)) }
        (edit(lang, view))
    };
    desk(frame, title, &view.side, body)
}

fn row(lang: Lang, view: &TemplatesView, r: &TemplateRow) -> Markup {
    html! {
        article.card.section {
            h2.card-title lang=[lang.content()] { (r.name) " " span.flag { (r.action) } }
            p.prose lang=[lang.content()] { (r.text) }
            p.small.soft { (r.changed.format("%Y-%m-%d")) " " (r.by) }
            div.actions {
                a.button href=(r.edit) { (lang.t("修改", "Change")) }
                form.inline method="post" action=(r.remove) {
                    (csrf(&view.csrf))
                    button.button type="submit" data-confirm=(lang.t("删去这条模板？", "Remove this template?")) { (lang.t("删去", "Remove")) }
                }
            }
        }
    }
}

fn edit(lang: Lang, view: &TemplatesView) -> Markup {
    let title = if view.changes {
        lang.t("修改模板", "Change a template")
    } else {
        lang.t("新增模板", "A new template")
    };
    let name = Field::new("name", lang.t("名称", "Name"))
        .required()
        .max(30)
        .hint(lang.t("审核员按名称选用，例如“请隐去电话”。", "Moderators choose it by its name."));
    let text =
        Field::new("text", lang.t("告知作者的说明", "Words to the author")).required().rows(4).max(500);
    let form = html! {
        form method="post" action=(view.target) novalidate {
            (csrf(&view.csrf))
            @if view.changes {
                (hidden("action", view.form.value("action")))
            } @else {
                (radios(lang, &view.form, &Field::new("action", lang.t("用于", "For")).required(), &view.actions))
            }
            (text_field(lang, &view.form, &name))
            (textarea(lang, &view.form, &text))
            div.actions {
                (submit(if view.changes { lang.t("保存", "Save") } else { lang.t("新增", "Add") }))
                @if view.changes { a href="/desk/templates" { (lang.t("取消", "Cancel")) } }
            }
        }
    };
    html! { div.section id="template" { (card(title, form)) } }
}
