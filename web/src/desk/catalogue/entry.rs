//! The form of one entry.

use maud::{Markup, html};

use crate::{
    component::page_head,
    form::{Choice, Field, FormState, csrf, error_summary, hidden, select, submit, text_field, textarea},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

/// Fields `title`, `kind`, `department_id`, `basis`, `planned_time`, and for each step `step_{kind}`
/// (`yes`, `no` or empty) with `reason_{kind}`.
#[derive(Clone, Debug)]
pub struct EntryForm {
    pub csrf: String,
    pub state: FormState,
    pub action: Href,
    pub back: Href,
    /// The catalogue.
    pub about: String,
    /// The code of the decision that was picked; empty for a new one.
    pub decision: String,
    /// Decisions that can be picked, for a new entry.
    pub pick: Vec<Choice>,
    pub is_new: bool,
    pub kinds: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub plan: Vec<PlanRow>,
}

#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Name of the step in fields.
    pub kind: &'static str,
    pub title: String,
    /// Whether it may be left out.
    pub optional: bool,
}

#[must_use]
pub fn entry_form(frame: &Frame<'_>, side: &[SideItem], form: &EntryForm) -> Markup {
    let (lang, state) = (frame.lang, &form.state);
    let title = if form.is_new {
        lang.t("添加事项", "Add an entry")
    } else {
        lang.t("修改事项", "Edit the entry")
    };
    let body = html! {
        (page_head(title, html! { span lang=[lang.content()] { (form.about) } }))
        (error_summary(lang, state))
        @if form.is_new && form.pick.len() > 1 { (pick(lang, form)) }
        form.card method="post" action=(form.action) novalidate {
            (csrf(&form.csrf))
            (hidden("decision", &form.decision))
            (text_field(lang, state, &Field::new("title", lang.t("决策事项名称", "Title")).required().max(200)))
            div.form-row {
                (select(lang, state, &Field::new("kind", lang.t("决策类别", "Kind")).required(), &form.kinds))
                (select(lang, state, &Field::new("department_id", lang.t("承办单位", "Department")).required(), &form.departments))
                (text_field(lang, state, &Field::new("planned_time", lang.t("计划完成时间", "Planned")).required().short().hint(lang.t("如 第四季度、12月底前", "like 第四季度"))))
            }
            (textarea(lang, state, &Field::new("basis", lang.t("决策依据", "Basis")).max(2000).rows(3)))
            (plan(lang, form))
            div.actions { (submit(lang.t("保存", "Save"))) " " a.button href=(form.back) { (lang.t("取消", "Cancel")) } }
        }
    };
    desk(frame, &state.title(lang, title), side, body)
}

/// A decision that exists fills the form below.
fn pick(lang: Lang, form: &EntryForm) -> Markup {
    let chosen = FormState::default().with("decision", &form.decision);
    html! {
        form.filters method="get" {
            (select(lang, &chosen, &Field::new("decision", lang.t("已有的决策事项", "A decision that exists")), &form.pick))
            button.button type="submit" { (lang.t("填入", "Fill in")) }
        }
    }
}

fn plan(lang: Lang, form: &EntryForm) -> Markup {
    let choices = |optional: bool| {
        let mut choices =
            vec![Choice::new("", lang.t("待定", "open")), Choice::new("yes", lang.t("拟开展", "foreseen"))];
        if optional {
            choices.push(Choice::new("no", lang.t("不适用", "not applicable")));
        }
        choices
    };
    html! {
        fieldset.form-section {
            legend { strong { (lang.t("程序环节", "Steps")) } }
            p.hint { (lang.t("选“不适用”的，应当写明理由，理由随目录公布。", "What does not apply needs a reason, which is published.")) }
            @for row in &form.plan {
                @let (step, reason) = (format!("step_{}", row.kind), format!("reason_{}", row.kind));
                div.form-row.plan-row {
                    (select(lang, &form.state, &Field::new(&step, &row.title), &choices(row.optional)))
                    @if row.optional {
                        (text_field(lang, &form.state, &Field::new(&reason, lang.t("不适用的理由", "Why it does not apply"))))
                    }
                }
            }
        }
    }
}
