//! The owner's pages of a consultation: writing it, the list of what is missing, publishing, extending,
//! correcting.

use maud::{Markup, html};

use super::document::{DecisionRef, back};
use crate::{
    component::{
        Column, Fact, Pager, Table, alert, card, days_left, definition_list, page_head, pager, paragraphs,
        plain, table,
    },
    consultation::{Channels, Extension, channel_facts},
    form::{
        Choice, Field, FormState, csrf, date_field, error_summary, hidden, radios, select, submit,
        text_field, textarea,
    },
    icon::{Icon, icon},
    identity::Asks,
    label::{ConsultationState, Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

#[derive(Clone, Debug)]
pub struct ConsultationRow {
    pub code: String,
    pub title: String,
    pub href: Href,
    /// None: not published.
    pub state: Option<ConsultationState>,
    pub opens: chrono::NaiveDate,
    pub closes: chrono::NaiveDate,
    pub days_left: i64,
}

#[derive(Clone, Debug, Default)]
pub struct ConsultationsView {
    pub rows: Vec<ConsultationRow>,
    pub pager: Pager,
}

#[must_use]
pub fn consultations(frame: &Frame<'_>, side: &[SideItem], view: &ConsultationsView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("征求意见", "Consultations");
    let body = html! {
        (page_head(title, html! {}))
        @if view.rows.is_empty() {
            (crate::component::empty_state(
                lang.t("本单位还没有征求意见", "No consultations of your department yet"),
                lang.t("先在决策事项中录入草案和起草说明，再发起公开征求意见。", "Write draft and explanation of a decision first, then prepare its consultation."),
                Some((lang.t("决策事项", "Decisions"), Href::from("/desk/decisions"))),
            ))
        } @else { (rows(lang, &view.rows)) }
        (pager(lang, &view.pager))
    };
    desk(frame, title, side, body)
}

fn rows(lang: Lang, rows: &[ConsultationRow]) -> Markup {
    table(&Table {
        caption: lang.t("征求意见", "Consultations").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::tight(lang.t("编号", "Code")),
            Column::text(lang.t("名称", "Title")),
            Column::tight(lang.t("状态", "State")),
            Column::tight(lang.t("期限", "Period")),
        ],
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    html! { (r.code) },
                    html! { a href=(r.href) lang=[lang.content()] { (r.title) } },
                    html! { (state_badge(lang, r.state)) },
                    html! { (lang.date(r.opens)) " – " (lang.date(r.closes)) },
                ]
            })
            .collect(),
        row_head: Some(1),
    })
}

fn state_badge(lang: Lang, state: Option<ConsultationState>) -> Markup {
    match state {
        Some(state) => state.badge(lang),
        None => badge(Tone::Info, Icon::Ring, lang.t("未发布", "Not published")),
    }
}

#[derive(Clone, Debug)]
pub struct ConsultationFormView {
    pub decision: DecisionRef,
    pub state: FormState,
    pub csrf: String,
    pub action: Href,
    pub back: Href,
    /// The draft that is asked about: its name and page.
    pub draft: (String, Href),
    pub least_days: u32,
    pub is_new: bool,
}

#[must_use]
pub fn consultation_form(frame: &Frame<'_>, side: &[SideItem], view: &ConsultationFormView) -> Markup {
    let lang = frame.lang;
    let title = if view.is_new {
        lang.t("发起公开征求意见", "Prepare a consultation")
    } else {
        lang.t("修改征求意见", "Change the consultation")
    };
    let body = html! {
        (back(lang, &view.decision))
        (page_head(title, html! {
            p { (lang.t("草案：", "Draft: ")) a href=(view.draft.1) lang=[lang.content()] { (view.draft.0) } }
        }))
        (error_summary(lang, &view.state))
        form.card method="post" action=(view.action) {
            (csrf(&view.csrf))
            (hidden("revision", view.state.value("revision")))
            (text_field(lang, &view.state, &Field::new("title", lang.t("公告标题", "Title of the notice")).required()))
            (textarea(lang, &view.state, &Field::new("notice", lang.t("征集公告", "Notice")).rows(7).max(20_000).required()))
            (textarea(lang, &view.state, &Field::new("plain", lang.t("通俗解读", "In plain words")).rows(6).max(3000)
                .hint(lang.t("用老百姓的话说清楚改了什么、和谁有关、想听哪方面的意见；显示在草案之上。以“- ”开头的行显示为列表。", "What changes, for whom, and what you would like to hear; shown above the draft. Lines that begin with “- ” become a list."))))
            (window_fields(lang, view))
            (channel_fields(lang, &view.state))
            (identity_field(lang, &view.state))
            div.form-acts {
                (submit(lang.t("保存，查看发布前检查", "Save and see the check list")))
                a.button href=(view.back) { (lang.t("取消", "Cancel")) }
            }
        }
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn window_fields(lang: Lang, view: &ConsultationFormView) -> Markup {
    let hint = match lang {
        Lang::Zh => format!(
            "开始当日不计入；少于 {} 日的，须填写并公布缩短期限的原因（《重大行政决策程序暂行条例》第十五条）。截止日 24:00 结束。",
            view.least_days
        ),
        Lang::En => format!(
            "The first day does not count; fewer than {} days need a published reason (Provisional Regulations, Art. 15). It ends at 24:00 of the last day.",
            view.least_days
        ),
    };
    html! {
        fieldset.group {
            legend { (lang.t("期限", "Period")) }
            p.hint { (hint) }
            div.field-row {
                (date_field(lang, &view.state, &Field::new("opens_on", lang.t("开始日期", "First day")).required()))
                (date_field(lang, &view.state, &Field::new("closes_on", lang.t("截止日期", "Last day")).required()))
            }
            (textarea(lang, &view.state, &Field::new("short_reason", lang.t("缩短期限的原因", "Why it is shorter")).rows(2).max(1000)
                .hint(lang.t("仅在期限不足时填写，随公告公布。", "Only for a shorter period; published with the notice."))))
        }
    }
}

fn channel_fields(lang: Lang, state: &FormState) -> Markup {
    html! {
        fieldset.group {
            legend { (lang.t("提意见的方式", "Ways to speak")) }
            p.hint { (lang.t("除本网站外，至少再提供一种方式。", "At least one way beside this site.")) }
            (text_field(lang, state, &Field::new("address", lang.t("信函地址", "Address for letters"))))
            div.field-row {
                (text_field(lang, state, &Field::new("postcode", lang.t("邮政编码", "Postcode")).short().inputmode("numeric")))
                (text_field(lang, state, &Field::new("phone", lang.t("联系电话", "Telephone")).kind("tel")))
            }
            div.field-row {
                (text_field(lang, state, &Field::new("email", lang.t("电子邮箱", "E-mail")).kind("email")))
                (text_field(lang, state, &Field::new("contact_name", lang.t("联系人", "Contact"))))
            }
        }
    }
}

/// What is verified of who speaks: the least that the matter needs.
fn identity_field(lang: Lang, state: &FormState) -> Markup {
    let choices = [
        Choice::new("none", lang.t("不核验", "Nothing is verified"))
            .note(lang.t("任何人都可以直接提交", "anybody may send an opinion")),
        Choice::new("contact", lang.t("核验手机号码或电子邮箱", "A mobile number or e-mail address")).note(
            lang.t(
                "提交前用一次性验证码核验；后台实名、前台自愿",
                "by a one-time code before it is sent; shown only as the author chooses",
            ),
        ),
        Choice::new("oidc", lang.t("统一身份认证", "Sign-in at an identity provider")).note(lang.t(
            "提交前到认证平台登录，联系方式以平台核验的为准；须由管理员配置认证平台",
            "people sign in there before sending, and the contact is the one it has verified; an administrator sets it up",
        )),
    ];
    let field = Field::new("identity", lang.t("在线提交时的身份核验", "Identity of who speaks online"))
        .required()
        .hint(lang.t(
            "页面上会写明要求和原因。来信、来电等其他方式不受影响。",
            "Page and form say so and why. Letters and calls are not affected.",
        ));
    radios(lang, state, &field, &choices)
}

/// A line of the list before publication.
#[derive(Clone, Debug)]
pub struct CheckItem {
    pub weight: CheckWeight,
    pub text: String,
    /// Where it is mended.
    pub href: Option<Href>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckWeight {
    Fine,
    Note,
    Missing,
}

#[derive(Clone, Debug)]
pub struct ConsultationDeskView {
    pub decision: DecisionRef,
    pub code: String,
    pub title: String,
    /// None: not published.
    pub state: Option<ConsultationState>,
    pub opens: chrono::NaiveDate,
    pub closes: chrono::NaiveDate,
    pub days_left: i64,
    /// How the last day was counted.
    pub counted: String,
    pub notice: String,
    pub plain: String,
    pub short_reason: Option<String>,
    pub channels: Channels,
    /// What is verified before an opinion is taken online.
    pub asks: Asks,
    pub extensions: Vec<Extension>,
    /// The texts it is about: kind, name, page.
    pub texts: Vec<(String, String, Href)>,
    /// Before publication.
    pub checks: Vec<CheckItem>,
    pub may_publish: bool,
    /// Unpublished new versions that may correct a text: value and name.
    pub corrections: Vec<(String, String)>,
    pub running: bool,
    /// Whether this person runs it; those who only read are offered nothing to change.
    pub runs: bool,
    /// Where the owner's further work is: label and address.
    pub work: Vec<(String, Href)>,
    pub questionnaire: Href,
    pub public: Href,
    pub csrf: String,
    pub state_of_form: FormState,
}

#[must_use]
pub fn consultation(frame: &Frame<'_>, side: &[SideItem], view: &ConsultationDeskView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        (back(lang, &view.decision))
        div.page-head {
            h1 lang=[lang.content()] { (view.title) }
            div.page-sub {
                (state_badge(lang, view.state))
                span { (view.code) }
                span { (lang.period(view.opens, view.closes)) }
                @if view.running { (days_left(lang, view.days_left)) }
            }
        }
        (error_summary(lang, &view.state_of_form))
        div.side-by-side {
            div.stack {
                @if view.state.is_none() { (before(lang, view)) } @else { (work(lang, view)) }
                (content(lang, view))
            }
            aside { (acts(lang, view)) }
        }
    };
    desk(frame, &view.state_of_form.title(lang, &view.title), side, body)
}

fn before(lang: Lang, view: &ConsultationDeskView) -> Markup {
    html! {
        (card(lang.t("发布前检查", "Before publication"), html! {
            ul.checklist {
                @for item in &view.checks {
                    @let (class, mark, word) = match item.weight {
                        CheckWeight::Fine => ("fine", Icon::Check, lang.t("已具备", "there")),
                        CheckWeight::Note => ("noted", Icon::Dot, lang.t("请留意", "note")),
                        CheckWeight::Missing => ("missing", Icon::Cross, lang.t("缺少", "missing")),
                    };
                    li class=(class) {
                        (icon(mark))
                        span {
                            span.sr { (word) "：" } (item.text)
                            @if let Some(href) = &item.href { " " a href=(href) { (lang.t("去处理", "mend it")) } }
                        }
                    }
                }
            }
            @if view.may_publish && view.runs {
                form.form-acts method="post" action={ "/desk/consultations/" (view.code) "/publish" } {
                    (csrf(&view.csrf))
                    (submit(lang.t("发布", "Publish")))
                    span.small { (lang.t("发布后草案、说明和依据不能再修改，期限只能延长。", "Afterwards the texts cannot be changed and the period can only be extended.")) }
                }
            } @else if !view.may_publish {
                p.small { (lang.t("补齐以上缺少的内容后才能发布。", "It can be published once nothing is missing.")) }
            }
        }))
    }
}

fn work(lang: Lang, view: &ConsultationDeskView) -> Markup {
    html! {
        @if !view.work.is_empty() {
            (card(lang.t("办理", "Your work"), html! {
                div.form-acts { @for (label, href) in &view.work { a.button href=(href) { (label) } } }
            }))
        }
        @for e in &view.extensions {
            (alert(Tone::Info, lang.t("期限已延长", "Extended"), html! {
                p { (lang.date(e.announced)) "：" (lang.date(e.from)) " → " (lang.deadline(e.to)) " " span lang=[lang.content()] { (e.reason) } }
            }))
        }
        @if view.running && view.runs { (extend_form(lang, view)) (correct_form(lang, view)) }
    }
}

fn extend_form(lang: Lang, view: &ConsultationDeskView) -> Markup {
    let state = &view.state_of_form;
    html! {
        section.card #extend {
            h2.card-title { (lang.t("延长期限", "Extend")) }
            form method="post" action={ "/desk/consultations/" (view.code) "/extend" } {
                (csrf(&view.csrf))
                (date_field(lang, state, &Field::new("new_closes_on", lang.t("新的截止日期", "New last day")).required()))
                (textarea(lang, state, &Field::new("reason", lang.t("原因", "Reason")).rows(2).max(500).required()
                    .hint(lang.t("随公告公布。", "Published."))))
                div.form-acts { (submit(lang.t("延长", "Extend"))) }
            }
        }
    }
}

fn correct_form(lang: Lang, view: &ConsultationDeskView) -> Markup {
    let state = &view.state_of_form;
    let choices: Vec<Choice> =
        view.corrections.iter().map(|(value, name)| Choice::new(value.as_str(), name.as_str())).collect();
    html! {
        section.card #correct {
            h2.card-title { (lang.t("更正文本", "Correct a text")) }
            @if choices.is_empty() {
                p.small {
                    (lang.t("发现错误时，先", "To correct a mistake, first "))
                    a href={ (view.decision.href) "/documents" } { (lang.t("新增一个版本", "add a version")) }
                    (lang.t("，再回到这里连同更正说明一起公布。原版本仍可查看，已提出的意见随条款保留。", ", then publish it here with a notice. The old version stays readable and opinions stay with their clauses."))
                }
            } @else {
                form method="post" action={ "/desk/consultations/" (view.code) "/correct" } {
                    (csrf(&view.csrf))
                    (select(lang, state, &Field::new("document_id", lang.t("新版本", "New version")).required(), &choices))
                    (textarea(lang, state, &Field::new("notice", lang.t("更正说明", "Notice of correction")).rows(2).max(1000).required()))
                    div.form-acts { (submit(lang.t("公布更正", "Publish the correction"))) }
                }
            }
        }
    }
}

fn content(lang: Lang, view: &ConsultationDeskView) -> Markup {
    let mut facts = vec![Fact::text(lang.t("期限", "Period"), &view.counted)];
    if let Some(reason) = &view.short_reason {
        facts.push(Fact::text(lang.t("缩短期限的原因", "Why it is shorter"), reason));
    }
    for (kind, name, href) in &view.texts {
        facts.push(Fact::new(kind, html! { a href=(href) lang=[lang.content()] { (name) } }));
    }
    html! {
        (card(lang.t("公告内容", "The notice"), html! {
            div.prose lang=[lang.content()] { (paragraphs(&view.notice)) }
            @if !view.plain.is_empty() {
                h3.block-title { (lang.t("通俗解读", "In plain words")) }
                div.prose lang=[lang.content()] { (plain(&view.plain)) }
            }
            (definition_list(&facts))
            (channel_facts(lang, &view.channels))
            @match view.asks {
                Asks::Nothing => {},
                Asks::Contact => p.small { (lang.t("在线提交须先核验手机号码或电子邮箱。", "Online, a mobile number or e-mail address is verified first.")) },
                Asks::Provider => p.small { (lang.t("在线提交须先通过统一身份认证。", "Online, people sign in at an identity provider first.")) },
            }
        }))
    }
}

fn acts(lang: Lang, view: &ConsultationDeskView) -> Markup {
    html! {
        (card(lang.t("操作", "Acts"), html! {
            div.stack-acts {
                @if view.state.is_none() {
                    @if view.runs {
                        a.button href={ "/desk/consultations/" (view.code) "/edit" } { (lang.t("修改", "Change")) }
                    }
                    a.button href=(view.public) { (lang.t("预览公开页面", "Preview the public page")) }
                    @if view.runs {
                        form method="post" action={ "/desk/consultations/" (view.code) "/discard" } {
                            (csrf(&view.csrf))
                            button.button type="submit" { (lang.t("删除草稿", "Discard")) }
                        }
                    }
                } @else {
                    a.button href=(view.public) { (lang.t("公开页面", "Public page")) }
                }
                a.button href={ (view.decision.href) "/documents" } { (lang.t("草案、说明和依据", "Documents")) }
                a.button href=(view.questionnaire) { (lang.t("问卷调查", "Questionnaire")) }
            }
        }))
    }
}
