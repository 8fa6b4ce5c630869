//! The forms of a decision's desk, each on a page of its own with the way back.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    component::{DayLine, alert, card, duty_days, page_head},
    form::{
        Choice, Field, FormState, csrf, date_field, error_summary, hidden, select, submit, text_field,
        textarea,
    },
    label::Tone,
    lang::{Lang, iso},
    layout::{Frame, SideItem, desk},
    link::Href,
};

/// The frame of every form here: title, what it is about, the form, and back.
struct Sheet<'a> {
    title: &'a str,
    /// Code and title of the decision; may be empty.
    about: &'a str,
    action: &'a Href,
    back: &'a Href,
    csrf: &'a str,
    state: &'a FormState,
    submit: &'a str,
}

fn sheet(frame: &Frame<'_>, side: &[SideItem], s: &Sheet<'_>, above: Markup, fields: Markup) -> Markup {
    let lang = frame.lang;
    let body = html! {
        (page_head(s.title, html! { @if !s.about.is_empty() { span lang=[lang.content()] { (s.about) } } }))
        (error_summary(lang, s.state))
        (above)
        form.card method="post" action=(s.action) novalidate {
            (csrf(s.csrf))
            (fields)
            div.actions { (submit(s.submit)) " " a.button href=(s.back) { (lang.t("取消", "Cancel")) } }
        }
    };
    desk(frame, &s.state.title(lang, s.title), side, body)
}

/// The dossier, new or to be edited. Fields `title`, `kind`, `department_id`, `owner_id`, `summary`, `basis`,
/// and `year` for a new one.
#[derive(Clone, Debug)]
pub struct DossierForm {
    pub csrf: String,
    pub state: FormState,
    pub action: Href,
    pub back: Href,
    pub about: String,
    pub is_new: bool,
    /// Of the dossier that the form was filled from.
    pub revision: i32,
    pub kinds: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub owners: Vec<Choice>,
}

#[must_use]
pub fn dossier_form(frame: &Frame<'_>, side: &[SideItem], form: &DossierForm) -> Markup {
    let (lang, state) = (frame.lang, &form.state);
    let title = if form.is_new {
        lang.t("新建决策事项", "New decision")
    } else {
        lang.t("修改档案", "Edit the dossier")
    };
    let s = Sheet {
        title,
        about: &form.about,
        action: &form.action,
        back: &form.back,
        csrf: &form.csrf,
        state,
        submit: lang.t("保存", "Save"),
    };
    let fields = html! {
        @if !form.is_new { (hidden("revision", &form.revision.to_string())) }
        (text_field(lang, state, &Field::new("title", lang.t("决策事项名称", "Title")).required().max(200)))
        div.form-row {
            (select(lang, state, &Field::new("kind", lang.t("决策类别", "Kind")).required(), &form.kinds))
            @if form.is_new { (text_field(lang, state, &Field::new("year", lang.t("年度", "Year")).required().short().inputmode("numeric"))) }
            (select(lang, state, &Field::new("department_id", lang.t("承办单位", "Department")).required(), &form.departments))
            (select(lang, state, &Field::new("owner_id", lang.t("经办人", "Owner")).hint(lang.t("应为承办单位的决策承办人；在办时限随之移交。", "A decision owner of the department; open time limits go along.")), &form.owners))
        }
        (textarea(lang, state, &Field::new("summary", lang.t("通俗说明", "In plain words")).hint(lang.t("写给市民：要决定什么，影响谁，何时。公开后显示在事项页面最上方。", "For residents: what is decided, whom it concerns, when. Shown first on the public page.")).max(2000).rows(5)))
        (textarea(lang, state, &Field::new("basis", lang.t("决策依据", "Basis")).hint(lang.t("法律、法规、规章、文件的名称和条款。", "Laws and documents with their articles.")).max(2000).rows(4)))
    };
    sheet(frame, side, &s, html! {}, fields)
}

/// A step to record. Fields `kind`, `happened_on`, `note`, `document_id`.
#[derive(Clone, Debug)]
pub struct StepForm {
    pub csrf: String,
    pub state: FormState,
    pub action: Href,
    pub back: Href,
    pub about: String,
    pub kinds: Vec<Choice>,
    pub documents: Vec<Choice>,
    /// What the law asks of the chosen step; may be empty.
    pub rule: String,
}

#[must_use]
pub fn step_form(frame: &Frame<'_>, side: &[SideItem], form: &StepForm) -> Markup {
    let (lang, state) = (frame.lang, &form.state);
    let s = Sheet {
        title: lang.t("登记环节", "Record a step"),
        about: &form.about,
        action: &form.action,
        back: &form.back,
        csrf: &form.csrf,
        state,
        submit: lang.t("登记", "Record"),
    };
    let fields = html! {
        div.form-row {
            (select(lang, state, &Field::new("kind", lang.t("环节", "Step")).required(), &form.kinds))
            (date_field(lang, state, &Field::new("happened_on", lang.t("日期", "Date")).required().hint(lang.t("不晚于今天，如 2026-03-02", "not in the future, like 2026-03-02"))))
        }
        (textarea(lang, state, &Field::new("note", lang.t("说明", "Note")).hint(lang.t("随时间线公开，例如参加人、结论。", "Published with the timeline.")).max(1000).rows(4)))
        @if form.documents.len() > 1 {
            (select(lang, state, &Field::new("document_id", lang.t("相关文件", "Document")), &form.documents))
        }
    };
    sheet(frame, side, &s, rule(lang, &form.rule), fields)
}

fn rule(lang: Lang, text: &str) -> Markup {
    html! { @if !text.is_empty() { (alert(Tone::Info, lang.t("程序要求", "What the procedure asks"), html! { p { (text) } })) } }
}

/// A step that does not apply. Fields `kind`, `reason`.
#[derive(Clone, Debug)]
pub struct SkipForm {
    pub csrf: String,
    pub state: FormState,
    pub action: Href,
    pub back: Href,
    pub about: String,
    pub kinds: Vec<Choice>,
}

#[must_use]
pub fn skip_form(frame: &Frame<'_>, side: &[SideItem], form: &SkipForm) -> Markup {
    let (lang, state) = (frame.lang, &form.state);
    let s = Sheet {
        title: lang.t("登记环节不适用", "Record a step as not applicable"),
        about: &form.about,
        action: &form.action,
        back: &form.back,
        csrf: &form.csrf,
        state,
        submit: lang.t("登记为不适用", "Record"),
    };
    let fields = html! {
        (select(lang, state, &Field::new("kind", lang.t("环节", "Step")).required(), &form.kinds))
        (textarea(lang, state, &Field::new("reason", lang.t("不适用的理由", "Why it does not apply")).required().hint(lang.t("理由随时间线向社会公开。", "The reason is published with the timeline.")).max(1000).rows(4)))
    };
    sheet(frame, side, &s, html! {}, fields)
}

/// One text with its reason: stopping the matter, the legal basis for not disclosing it.
#[derive(Clone, Debug)]
pub struct ReasonForm {
    pub csrf: String,
    pub state: FormState,
    pub action: Href,
    pub back: Href,
    pub about: String,
    pub title: String,
    pub lead: String,
    pub field: &'static str,
    pub label: String,
    pub hint: String,
    pub max: usize,
    pub required: bool,
    pub submit: String,
}

#[must_use]
pub fn reason_form(frame: &Frame<'_>, side: &[SideItem], form: &ReasonForm) -> Markup {
    let (lang, state) = (frame.lang, &form.state);
    let s = Sheet {
        title: &form.title,
        about: &form.about,
        action: &form.action,
        back: &form.back,
        csrf: &form.csrf,
        state,
        submit: &form.submit,
    };
    let field = Field::new(form.field, &form.label).hint(&form.hint).required_if(form.required).max(form.max);
    let lead = html! { (alert(Tone::Info, "", html! { p { (form.lead) } })) };
    sheet(frame, side, &s, lead, textarea(lang, state, &field.rows(5)))
}

/// When the adoption summary would be due.
#[derive(Clone, Debug)]
pub struct WhenDue {
    pub due: NaiveDate,
    pub working_days: u32,
    pub provisional: bool,
    pub days: Vec<DayLine>,
}

/// Issuing the decision. Fields `doc_number`, `promulgated_on`, `final_document_id`, `note`.
#[derive(Clone, Debug)]
pub struct IssueForm {
    pub csrf: String,
    pub state: FormState,
    pub action: Href,
    pub back: Href,
    pub about: String,
    /// What stands against it.
    pub gates: Vec<String>,
    /// None where nobody was asked, so that no summary will be due.
    pub when_due: Option<WhenDue>,
    pub final_documents: Vec<Choice>,
}

#[must_use]
pub fn issue_form(frame: &Frame<'_>, side: &[SideItem], form: &IssueForm) -> Markup {
    let (lang, state) = (frame.lang, &form.state);
    let title = lang.t("决策出台", "Issue the decision");
    let body = html! {
        (page_head(title, html! { span lang=[lang.content()] { (form.about) } }))
        (error_summary(lang, state))
        @if !form.gates.is_empty() {
            (alert(Tone::Warn, lang.t("现在还不能出台", "It cannot be issued yet"), html! { ul { @for gate in &form.gates { li { (gate) } } } }))
        }
        form.two-panes method="post" action=(form.action) novalidate {
            div.card {
                (csrf(&form.csrf))
                (issue_fields(lang, state, form))
                div.actions {
                    button.button.primary type="submit" name="act" value="issue" data-once disabled[!form.gates.is_empty()] { (lang.t("确认出台", "Issue")) }
                    " "
                    button.button type="submit" name="act" value="count" { (lang.t("按所填日期重新计算期限", "Count again for this date")) }
                    " "
                    a.button href=(form.back) { (lang.t("取消", "Cancel")) }
                }
            }
            (when_due(lang, form))
        }
    };
    desk(frame, &state.title(lang, title), side, body)
}

fn issue_fields(lang: Lang, state: &FormState, form: &IssueForm) -> Markup {
    html! {
        (text_field(lang, state, &Field::new("doc_number", lang.t("发文字号", "Document number")).required().short().hint(lang.t("如 沪体规〔2020〕1号；括号可用 [ ] 代替", "like 沪体规〔2020〕1号; [ ] will do for the brackets"))))
        (date_field(lang, state, &Field::new("promulgated_on", lang.t("出台日期", "Issued on")).required().hint(lang.t("不晚于今天；当日不计入期限", "not in the future; the day itself does not count"))))
        @if form.final_documents.len() > 1 {
            (select(lang, state, &Field::new("final_document_id", lang.t("正式文本", "Final text")), &form.final_documents))
        }
        (textarea(lang, state, &Field::new("note", lang.t("说明", "Note")).hint(lang.t("随时间线公开", "published with the timeline")).max(1000).rows(3)))
    }
}

/// The due day before anything is sent, and how it was counted: nobody should be surprised by it.
fn when_due(lang: Lang, form: &IssueForm) -> Markup {
    html! {
        @match &form.when_due {
            Some(w) => {
                (hidden("seen_due", &iso(w.due)))
                (card(lang.t("公布意见采纳情况的期限", "When the adoption summary is due"), html! {
                    p.duty-when { strong { time datetime=(iso(w.due)) { (lang.deadline(w.due)) } } }
                    p.small { (match lang {
                        Lang::Zh => format!("决策出台后 {} 个工作日内，出台当日不计入（政务公开工作要点表二第5项）。确认出台后开始计时并提醒。", w.working_days),
                        Lang::En => format!("{} working days after the issue, that day not counted (annual plan, table II-5). Reminders begin once you confirm.", w.working_days),
                    }) }
                    @if w.provisional { p.small { (lang.t("下一年度放假安排公布前，此日期为暂定。", "Provisional until next year's holidays are announced.")) } }
                    (duty_days(lang, &w.days))
                }))
            },
            None => (card(lang.t("公布意见采纳情况的期限", "When the adoption summary is due"), html! {
                p { (lang.t("本事项没有公开征求意见，出台后不产生公布采纳情况的期限。", "The public was not asked, so no summary will be due.")) }
            })),
        }
    }
}
