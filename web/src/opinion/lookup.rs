//! The form that takes a lookup code. It posts: a code is a key and must not stay in logs and histories.

use maud::{Markup, html};

use super::FIELD_CODE;
use crate::{
    component::page_head,
    form::{Field, FormState, csrf, error_summary, submit, text_field},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    path,
};

#[derive(Clone, Debug, Default)]
pub struct LookupView {
    pub csrf: String,
    pub state: FormState,
}

/// The code field, also on the home page.
#[must_use]
pub fn lookup_fields(lang: Lang, state: &FormState) -> Markup {
    let field = Field::new(FIELD_CODE, lang.t("查询码", "Code"))
        .required()
        .hint(lang.t(
            "例如 7K3M-Q9TX-2HDV-0ABC，不分大小写",
            "For example 7K3M-Q9TX-2HDV-0ABC, upper or lower case",
        ))
        .autocomplete("off");
    text_field(lang, state, &field)
}

#[must_use]
pub fn lookup(frame: &Frame<'_>, view: &LookupView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, ..frame.clone() };
    let title = lang.t("查询回执", "Look up a receipt");
    let body = html! {
        div.narrow {
            (page_head(title, html! { p { (lang.t("凭回执上的查询码，查看审核、办理和采纳结果。", "With the code on your receipt, see review, progress and result.")) } }))
            (error_summary(lang, &view.state))
            form.card.code-form method="post" action=(path::LOOKUP) novalidate {
                (csrf(&view.csrf))
                (lookup_fields(lang, &view.state))
                div.actions { (submit(lang.t("查询", "Look up"))) }
            }
            section.section {
                h2.block-title { (lang.t("找不到查询码？", "Lost the code?")) }
                p { (lang.t("如果提交时留了手机号或电子邮箱，通知里有您的查询码；已公开的意见也可以在相应征集页面上查看。没有留联系方式的，为保护您的信息，工作人员也无法凭姓名代查。",
                    "If you left a contact, the code is in our message; published opinions are on the consultation's page. Without a contact, staff cannot look it up by name, to protect you.")) }
            }
        }
    };
    page(&frame, &view.state.title(lang, title), &[Crumb::here(title)], body)
}
