//! The opinion form. It says beforehand what it asks and why, what is shown and how long it is kept.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{
    FIELD_AGREE, FIELD_BODY, FIELD_CLAUSE, FIELD_CONTACT, FIELD_FILES, FIELD_KEY, FIELD_KIND, FIELD_NAME,
    FIELD_SHOWING, FIELD_WORDING, QuotedClause,
};
use crate::label::matter;
use crate::{
    attachment::{ACCEPTED, KeptFile, kept_files},
    component::{card, countdown, page_head},
    consultation::clause_quote,
    form::{
        Choice, Field, FormState, checkbox, csrf, error_summary, file_field, hidden, radios, submit,
        text_field, textarea,
    },
    identity::{Asks, FIELD_CONSENT_VERSION, FIELD_VISIT, age_fields, consent_words},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct OpinionFormView {
    pub consultation_title: String,
    pub consultation: Href,
    pub closes: NaiveDate,
    pub days_left: i64,
    /// `None` for the whole draft.
    pub clause: Option<QuotedClause>,
    pub action: Href,
    pub csrf: String,
    pub idempotency_key: String,
    pub state: FormState,
    pub max_characters: usize,
    /// Opinions a minute from one network address.
    pub per_minute: u32,
    /// By setting of the consultation.
    pub name_required: bool,
    pub contact_required: bool,
    /// What is proved in a second step.
    pub asks: Asks,
    /// Version of the consent text.
    pub consent_version: i32,
    /// Files are allowed, with the rule in words; `None` leaves the field out.
    pub files_rule: Option<String>,
    /// Files that were taken already, when the form is shown again.
    pub kept: Vec<KeptFile>,
    /// Working days within which it is reviewed.
    pub review_days: i64,
    /// Working days after the decision within which the answer is published.
    pub summary_days: i64,
    /// How long contacts are kept, in words; from the settings.
    pub retention: String,
}

#[must_use]
pub fn opinion_form(frame: &Frame<'_>, view: &OpinionFormView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = match (&view.clause, lang) {
        (Some(c), Lang::Zh) => format!("对{}提意见", c.label),
        (Some(c), Lang::En) => format!("Your opinion on {}", c.label),
        (None, _) => lang.t("我要提意见", "Give your opinion").to_owned(),
    };
    let body = html! {
        (page_head(&title, html! {
            span lang=[lang.content()] { (matter(&view.consultation_title)) }
            (countdown(lang, view.days_left, view.closes))
        }))
        // What must be known beforehand comes first in the source, so a phone shows it before the form.
        div.side-by-side.form-page {
            aside { (beforehand(lang, view)) }
            div {
                (error_summary(lang, &view.state))
                @if let Some(c) = &view.clause { (quoted(lang, c)) }
                (the_form(lang, view))
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb { label: view.consultation_title.clone(), href: Some(view.consultation.clone()) },
        Crumb::here(title.clone()),
    ];
    page(&frame, &view.state.title(lang, &title), &trail, body)
}

fn quoted(lang: Lang, c: &QuotedClause) -> Markup {
    html! {
        (clause_quote(lang, &c.label, &c.lines))
        p.small.quote-link { a href=(c.href) { (lang.t("在草案中查看上下文", "See it in the draft")) } }
    }
}

fn the_form(lang: Lang, view: &OpinionFormView) -> Markup {
    let state = &view.state;
    let multipart = view.files_rule.is_some().then_some("multipart/form-data");
    html! {
        form.card.opinion-form method="post" action=(view.action) enctype=[multipart] novalidate {
            (csrf(&view.csrf))
            (hidden(FIELD_KEY, &view.idempotency_key))
            (hidden(FIELD_CONSENT_VERSION, &view.consent_version.to_string()))
            // Who was vouched for and goes back to the text need not go to the provider again.
            @if !state.value(FIELD_VISIT).is_empty() { (hidden(FIELD_VISIT, state.value(FIELD_VISIT))) }
            @if let Some(c) = &view.clause { (hidden(FIELD_CLAUSE, &c.id)) }
            (words(lang, view))
            @if let Some(c) = &view.clause { (wording(lang, view, c)) }
            div.form-section {
                h2 { (lang.t("您是谁", "Who you are")) }
                (kind(lang, state))
                (name(lang, state, view.name_required))
                @if view.asks == Asks::Provider { (hidden(FIELD_CONTACT, "")) (contact_by_provider(lang)) }
                @else { (contact(lang, state, view.contact_required, view.asks == Asks::Contact)) }
                (age_fields(lang, state))
            }
            div.form-section { (showing(lang, state)) }
            div.form-section {
                (consent(lang, state, view.consent_version))
                div.actions {
                    @if view.asks == Asks::Contact { (submit(lang.t("下一步：核验联系方式", "Next: verify your contact"))) }
                    @else if view.asks == Asks::Provider { (submit(lang.t("下一步：统一身份认证", "Next: sign in"))) }
                    @else { (submit(lang.t("提交意见", "Send"))) }
                    a.button href=(view.consultation) { (lang.t("返回草案", "Back to the draft")) }
                }
            }
        }
    }
}

pub(super) fn consent(lang: Lang, state: &FormState, version: i32) -> Markup {
    checkbox(
        lang,
        state,
        &Field::new(FIELD_AGREE, "").required(),
        html! {
            (consent_words(lang, version))
            (lang.t("，同意为办理本意见使用以上信息。", " and agree that the above is used to deal with this opinion."))
        },
    )
}

fn words(lang: Lang, view: &OpinionFormView) -> Markup {
    let hint = lang.t(
        "一事一议，说明理由更容易被采纳。请勿填写身份证号、住址、他人姓名等个人信息。",
        "One matter at a time; reasons help. Please leave out ID numbers, addresses and other people's names.",
    );
    let field = Field::new(FIELD_BODY, lang.t("意见内容", "Your opinion"))
        .required()
        .max(view.max_characters)
        .rows(7)
        .hint(hint);
    html! {
        (textarea(lang, &view.state, &field))
        @if let Some(rule) = &view.files_rule {
            (file_field(lang, &view.state, &Field::new(FIELD_FILES, lang.t("附件", "Files")).hint(rule), ACCEPTED, true))
            (kept_files(lang, &view.kept))
        }
    }
}

/// The words of the clause to write into, folded: who leaves them as they are proposes nothing.
fn wording(lang: Lang, view: &OpinionFormView, c: &QuotedClause) -> Markup {
    let typed = view.state.value(FIELD_WORDING);
    let changed = !typed.is_empty() && typed != c.text;
    let filled;
    let state = if typed.is_empty() {
        filled = FormState { errors: view.state.errors.clone(), ..FormState::default() }
            .with(FIELD_WORDING, c.text.as_str());
        &filled
    } else {
        &view.state
    };
    let field = Field::new(FIELD_WORDING, lang.t("建议的条文", "The clause as you would have it"))
        .max(view.max_characters)
        .rows(8)
        .hint(lang.t(
            "已填入草案原文，请直接在上面改；公开时会标出您改了哪些字。不改动就不算提出修改文字；建议整条删去的，请写在意见内容里。",
            "It begins with the words of the draft: change them here. What you changed is marked when it is shown. Left as it is, nothing is proposed; to drop the clause, say so in your opinion.",
        ));
    html! {
        details.wording open[changed || state.error(FIELD_WORDING).is_some()] {
            summary { (lang.t("直接修改这一条的文字（选填）", "Propose other words for this clause (optional)")) }
            (textarea(lang, state, &field))
            p.small { (lang.t("提出了修改文字的，意见内容可以不写。", "With other words proposed, the opinion itself may be left empty.")) }
        }
    }
}

pub(super) fn kind(lang: Lang, state: &FormState) -> Markup {
    let choices = [
        Choice::new("individual", lang.t("个人", "Individual")),
        Choice::new("company", lang.t("企业", "Company")),
        Choice::new("organisation", lang.t("社会组织", "Organisation")),
        Choice::new("other", lang.t("其他", "Other")),
    ];
    html! { div.choices-row { (radios(lang, state, &Field::new(FIELD_KIND, lang.t("身份类别", "You speak as")).required(), &choices)) } }
}

pub(super) fn name(lang: Lang, state: &FormState, required: bool) -> Markup {
    let hint = lang.t("单位请写全称；怎样显示由您在下面选择。", "How it is shown you choose below.");
    let field = Field::new(FIELD_NAME, lang.t("姓名或单位", "Name or organisation"))
        .required_if(required)
        .autocomplete("name")
        .hint(hint);
    text_field(lang, state, &field)
}

pub(super) fn contact(lang: Lang, state: &FormState, required: bool, verified: bool) -> Markup {
    let hint = if verified {
        lang.t(
            "下一步会向这里发送验证码；用于核验身份、办理和通知，加密保存，不公开。",
            "A code is sent there in the next step; used to verify you and for this matter, stored encrypted, never shown.",
        )
    } else if required {
        lang.t(
            "按规定需核实身份，只用于办理和通知，加密保存，不公开。",
            "Needed to verify you; used only for this matter, stored encrypted, never shown.",
        )
    } else {
        lang.t(
            "留电子邮箱可收到办理进展通知，留手机号便于承办部门了解情况；加密保存，不公开。",
            "With an e-mail address you are told of progress; stored encrypted, never shown.",
        )
    };
    let field = Field::new(FIELD_CONTACT, lang.t("手机号或电子邮箱", "Mobile or e-mail"))
        .required_if(required || verified)
        .autocomplete("email")
        .hint(hint);
    text_field(lang, state, &field)
}

/// The contact comes from the provider.
fn contact_by_provider(lang: Lang) -> Markup {
    html! {
        p.small { (lang.t(
            "联系方式以下一步认证平台核验的手机号码或电子邮箱为准，用于核验身份、办理和通知，加密保存，不公开。",
            "Your contact is the phone number or e-mail address that the identity provider has verified; used to verify you and for this matter, stored encrypted, never shown.",
        )) }
    }
}

pub(super) fn showing(lang: Lang, state: &FormState) -> Markup {
    let choices = [
        Choice::new("masked", lang.t("公开，隐去姓名", "Show it, name masked"))
            .note(lang.t("显示为 张*；单位只显示首字", "shown as 张*")),
        Choice::new("named", lang.t("公开，显示姓名或单位", "Show it with my name"))
            .note(lang.t("按您填写的显示", "as you wrote it")),
        Choice::new("anonymous", lang.t("公开，匿名", "Show it anonymously"))
            .note(lang.t("显示为 匿名", "shown as anonymous")),
        Choice::new("hidden", lang.t("不公开", "Do not show it")).note(
            lang.t("只有承办人员看到，同样登记、同样办理", "seen by staff only, dealt with all the same"),
        ),
    ];
    let field = Field::new(FIELD_SHOWING, lang.t("意见怎样公开", "How it may be shown")).required();
    radios(lang, state, &field, &choices)
}

/// Told before anything is typed.
fn beforehand(lang: Lang, view: &OpinionFormView) -> Markup {
    card(
        lang.t("提交之前", "Before you send"),
        html! {
            ul.beforehand {
                li { (match lang {
                    Lang::Zh => format!("最多 {} 字；同一网络地址每分钟最多提交 {} 条。", view.max_characters, view.per_minute),
                    Lang::En => format!("At most {} characters, and {} opinions a minute from one network address.", view.max_characters, view.per_minute),
                }) }
                @if view.asks == Asks::Provider {
                    li { (lang.t("本次征集要求通过统一身份认证（后台实名、前台自愿）：填写后到认证平台登录，再回来提交，已填写的内容会保留；联系方式不公开，姓名是否显示由您选择。", "This consultation asks you to sign in at an identity provider: you write, sign in there, come back and send; what you wrote is kept. Your contact is never shown; whether your name is, you choose.")) }
                }
                @if view.asks == Asks::Contact {
                    li { (lang.t("本次征集要求核验手机号码或电子邮箱（后台实名、前台自愿）：防止冒名和重复计数；联系方式不公开，姓名是否显示由您选择。", "A mobile number or e-mail address is verified, so that nobody speaks in your name or is counted twice. It is never shown; whether your name is, you choose.")) }
                }
                li { (lang.t("提交后立即给出查询码，", "You get a code at once; "))
                    (match lang {
                        Lang::Zh => format!("{} 个工作日内完成审核。", view.review_days),
                        Lang::En => format!("the review takes at most {}.", lang.working_days(view.review_days)),
                    })
                }
                li { (lang.t("不公开展示不等于不考虑：每条意见都计入并办理。", "Not shown does not mean not considered: every opinion is counted and dealt with.")) }
                li { (match lang {
                    Lang::Zh => format!("采纳情况在决策出台后 {} 个工作日内公布。", view.summary_days),
                    Lang::En => format!("The answer is published within {} of the decision.", lang.working_days(view.summary_days)),
                }) }
                @if !view.retention.is_empty() { li lang=[lang.content()] { (view.retention) } }
            }
        },
    )
}
