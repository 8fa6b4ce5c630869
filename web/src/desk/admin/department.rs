//! Departments: the list, and the form of one.

use maud::{Markup, html};

use crate::{
    component::{Column, Table, page_head, table},
    form::{Choice, Field, FormState, csrf, error_summary, select, submit, text_field},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct DepartmentRow {
    pub name: String,
    pub key: String,
    /// How deep in the tree, from 0.
    pub depth: usize,
    pub head: String,
    pub staff: usize,
    pub phone: String,
    pub email: String,
    pub href: Href,
}

#[must_use]
pub fn departments(frame: &Frame<'_>, side: &[SideItem], rows: &[DepartmentRow]) -> Markup {
    let lang = frame.lang;
    let title = lang.t("单位", "Departments");
    let body = html! {
        (page_head(title, html! { a.button.primary href="/desk/admin/departments/new" { (lang.t("新增单位", "Add a department")) } }))
        div.card { (list(lang, title, rows)) }
    };
    desk(frame, title, side, body)
}

fn list(lang: Lang, title: &str, rows: &[DepartmentRow]) -> Markup {
    let cells = |d: &DepartmentRow| {
        vec![
            html! { span class={ "depth-" (d.depth.min(4)) } { a href=(d.href) lang=[lang.content()] { (d.name) } } },
            html! { code { (d.key) } },
            html! {
                @if d.head.is_empty() { span.late { (lang.t("未指定", "none")) } } @else { span lang=[lang.content()] { (d.head) } }
            },
            html! { (d.staff) },
            html! { (d.phone) @if !d.email.is_empty() { p.small { (d.email) } } },
        ]
    };
    table(&Table {
        caption: title.to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("名称", "Name")),
            Column::tight(lang.t("代号", "Key")),
            Column::text(lang.t("负责人", "Head")),
            Column::number(lang.t("人员", "Staff")),
            Column::text(lang.t("公众联系方式", "How the public reaches it")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

#[derive(Clone, Debug)]
pub struct DepartmentForm {
    /// Fields `key`, `name`, `short_name`, `parent_id`, `head_id`, `address`, `postcode`, `email`, `phone`.
    pub state: FormState,
    pub parents: Vec<Choice>,
    pub heads: Vec<Choice>,
    pub action: Href,
    /// The name as it is; empty for a new one.
    pub name: String,
    pub csrf: String,
}

#[must_use]
pub fn department(frame: &Frame<'_>, side: &[SideItem], view: &DepartmentForm) -> Markup {
    let (lang, state) = (frame.lang, &view.state);
    let title = if view.name.is_empty() { lang.t("新增单位", "Add a department") } else { &view.name };
    let body = html! {
        p.back { a href="/desk/admin/departments" { (lang.t("← 全部单位", "← All departments")) } }
        (page_head(title, html! {}))
        (error_summary(lang, state))
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            div.form-row {
                (text_field(lang, state, &Field::new("name", lang.t("名称", "Name")).required()))
                (text_field(lang, state, &Field::new("short_name", lang.t("简称", "Short name")).required()))
            }
            @if view.name.is_empty() {
                (text_field(lang, state, &Field::new("key", lang.t("代号", "Key")).required().short()
                    .hint(lang.t("用于网址，建立后不能更改；小写字母、数字和 - _", "Part of addresses and fixed for good: lower-case letters, digits, - and _"))))
            }
            div.form-row {
                (select(lang, state, &Field::new("parent_id", lang.t("上级单位", "Belongs to")), &view.parents))
                (select(lang, state, &Field::new("head_id", lang.t("负责人", "Head"))
                    .hint(lang.t("审批采纳情况；时限逾期第一个工作日起收到提醒", "Approves summaries; told from the first overdue working day")), &view.heads))
            }
            (contact(lang, state))
            div.actions { (submit(lang.t("保存", "Save"))) a.button href="/desk/admin/departments" { (lang.t("取消", "Cancel")) } }
        }
    };
    desk(frame, &state.title(lang, title), side, body)
}

fn contact(lang: Lang, state: &FormState) -> Markup {
    html! {
        div.form-section {
            h2 { (lang.t("公众联系方式", "How the public reaches it")) }
            p.hint { (lang.t("印在征集公告上。", "Printed on every notice of a consultation.")) }
            (text_field(lang, state, &Field::new("address", lang.t("信函地址", "Postal address"))))
            div.form-row {
                (text_field(lang, state, &Field::new("postcode", lang.t("邮政编码", "Postcode")).short()))
                (text_field(lang, state, &Field::new("phone", lang.t("电话", "Telephone")).short()))
                (text_field(lang, state, &Field::new("email", lang.t("电子邮箱", "E-mail")).kind("email")))
            }
        }
    }
}
