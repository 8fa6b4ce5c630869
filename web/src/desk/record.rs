//! Taking down what came by letter, e-mail, telephone, at a meeting or a visit.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    attachment::{ACCEPTED, KeptFile, kept_files},
    component::page_head,
    form::{
        Choice, Field, FormState, csrf, date_field, error_summary, file_field, radios, select, submit,
        text_field, textarea,
    },
    label::matter,
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    opinion::{FIELD_BODY, FIELD_CLAUSE, FIELD_CONTACT, FIELD_FILES, FIELD_KIND, FIELD_NAME, FIELD_SHOWING},
};

#[derive(Clone, Debug)]
pub struct RecordView {
    pub side: Vec<SideItem>,
    pub consultation_title: String,
    pub consultation: Href,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    pub action: Href,
    pub csrf: String,
    pub state: FormState,
    pub channels: Vec<Choice>,
    /// The clauses one can speak on; the whole draft is offered before them.
    pub clauses: Vec<Choice>,
    pub max_characters: usize,
    pub review_days: i64,
    /// What may be attached, in words; `None` leaves the field out.
    pub files_rule: Option<String>,
    pub kept: Vec<KeptFile>,
}

#[must_use]
pub fn record(frame: &Frame<'_>, view: &RecordView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("录入线下意见", "Take down an opinion");
    let body = html! {
        (page_head(title, html! {
            a href=(view.consultation) lang=[lang.content()] { (matter(&view.consultation_title)) }
            span { (lang.t("征集期 ", "open ")) (lang.period(view.opens, view.closes)) }
        }))
        (error_summary(lang, &view.state))
        form.card method="post" action=(view.action) enctype=[view.files_rule.is_some().then_some("multipart/form-data")] novalidate {
            (csrf(&view.csrf))
            (source(lang, view))
            (words(lang, view))
            (scans(lang, view))
            (person(lang, view))
            div.actions {
                (submit(lang.t("登记并出具回执", "Register and give a receipt")))
                a.button href=(view.consultation) { (lang.t("返回", "Back")) }
            }
        }
    };
    desk(frame, &view.state.title(lang, title), &view.side, body)
}

fn source(lang: Lang, view: &RecordView) -> Markup {
    let day = Field::new("received_on", lang.t("收到日期", "Received on"))
        .required()
        .hint(lang.t("来信以邮戳为准", "Letters by postmark"));
    let channel = Field::new("channel", lang.t("意见来源", "How it came")).required();
    html! {
        div.form-row {
            (select(lang, &view.state, &channel, &view.channels))
            (date_field(lang, &view.state, &day))
        }
    }
}

fn words(lang: Lang, view: &RecordView) -> Markup {
    let mut clauses = vec![Choice::new("", lang.t("全文", "The whole draft"))];
    clauses.extend(view.clauses.iter().cloned());
    let text = Field::new(FIELD_BODY, lang.t("意见内容", "The opinion"))
        .required()
        .rows(7)
        .max(view.max_characters)
        .hint(lang.t(
            "按原话录入；一封信里的几件事分开录入。需要隐去的由审核员处理。",
            "In the person's own words; one matter each. What must be removed is the moderator's task.",
        ));
    html! {
        (select(lang, &view.state, &Field::new(FIELD_CLAUSE, lang.t("针对", "On")), &clauses))
        (textarea(lang, &view.state, &text))
    }
}

fn scans(lang: Lang, view: &RecordView) -> Markup {
    html! {
        @if let Some(rule) = &view.files_rule {
            (file_field(lang, &view.state, &Field::new(FIELD_FILES, lang.t("来信扫描件、照片", "Scan of the letter, photographs")).hint(rule), ACCEPTED, true))
            (kept_files(lang, &view.kept))
        }
    }
}

fn person(lang: Lang, view: &RecordView) -> Markup {
    let kinds = [
        Choice::new("individual", lang.t("个人", "Individual")),
        Choice::new("company", lang.t("企业", "Company")),
        Choice::new("organisation", lang.t("社会组织", "Organisation")),
        Choice::new("other", lang.t("其他", "Other")),
    ];
    let showing = [
        Choice::new("masked", lang.t("公开，隐去姓名", "Shown, name masked")),
        Choice::new(
            "named",
            lang.t(
                "公开，显示姓名或单位（须本人明确同意）",
                "Shown with the name (only with express consent)",
            ),
        ),
        Choice::new("anonymous", lang.t("公开，匿名", "Shown anonymously")),
        Choice::new("hidden", lang.t("不公开", "Not shown")),
    ];
    let contact = Field::new(FIELD_CONTACT, lang.t("手机号或电子邮箱", "Phone or e-mail"))
        .autocomplete("off")
        .hint(lang.t(
            "有电子邮箱的，系统会发送回执和办理通知",
            "With an e-mail address the receipt and notices are sent",
        ));
    html! {
        div.form-row {
            (text_field(lang, &view.state, &Field::new(FIELD_NAME, lang.t("姓名或单位", "Name or organisation")).autocomplete("off")))
            (text_field(lang, &view.state, &contact))
        }
        div.choices-row { (radios(lang, &view.state, &Field::new(FIELD_KIND, lang.t("身份类别", "Speaks as")).required(), &kinds)) }
        div.choices-row { (radios(lang, &view.state, &Field::new(FIELD_SHOWING, lang.t("本人选择的公开方式", "How it may be shown, by the person's choice")).required(), &showing)) }
    }
}
