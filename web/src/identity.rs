//! Who speaks: the page where a one-time code is asked for and typed, and the consent text.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{alert, card, page_head, paragraphs},
    form::{Choice, Field, FormState, csrf, error_summary, hidden, radios, submit, text_field},
    label::{Tone, matter},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    oidc::{ProviderChoice, STEP_PREFIX, sign_in_with},
    path,
};

pub const FIELD_CONTACT: &str = "contact";
/// The six digits.
pub const FIELD_CODE: &str = "contact_code";
/// What binds the code to the form.
pub const FIELD_TICKET: &str = "contact_ticket";
/// Where the code went, masked; only shown again.
pub const FIELD_SENT_TO: &str = "contact_sent_to";
/// `code` asks for a code, `edit` goes back to the form; anything else sends.
pub const FIELD_STEP: &str = "step";
/// `over` or `under` fourteen.
pub const FIELD_AGE: &str = "age";
/// Name of the guardian who agrees.
pub const FIELD_GUARDIAN: &str = "guardian";
/// The version of the consent text that the form shows.
pub const FIELD_CONSENT_VERSION: &str = "consent_version";

/// The ticket of a visit to a provider.
pub const FIELD_VISIT: &str = "visit_ticket";

/// What is asked of who speaks online.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asks {
    #[default]
    Nothing,
    /// A contact, proved by a code.
    Contact,
    /// A contact that a provider (统一身份认证) has verified.
    Provider,
}

/// A provider has vouched for the contact.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// What people know the provider by.
    pub by: String,
    /// Masked.
    pub contact: String,
    pub ticket: String,
}

/// A code that is on its way.
#[derive(Clone, Debug)]
pub struct Sent {
    /// `138****1234`
    pub to: String,
    pub by_mail: bool,
}

/// What is sent with the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    Opinion,
    Questionnaire,
}

impl Sending {
    fn back(self, lang: Lang) -> &'static str {
        match self {
            Self::Opinion => lang.t("返回修改意见", "Back to the text"),
            Self::Questionnaire => lang.t("返回修改问卷", "Back to the questionnaire"),
        }
    }

    fn send(self, lang: Lang) -> &'static str {
        match self {
            Self::Opinion => lang.t("提交意见", "Send"),
            Self::Questionnaire => lang.t("提交问卷", "Send"),
        }
    }

    fn sent(self, lang: Lang) -> &'static str {
        match self {
            Self::Opinion => lang.t("将要提交的意见", "What you are going to send"),
            Self::Questionnaire => lang.t("将要提交的问卷", "What you are going to send"),
        }
    }
}

/// Between writing and sending: the contact is proved. What was written is carried along unseen.
#[derive(Clone, Debug)]
pub struct ProofView {
    pub sending: Sending,
    pub consultation_title: String,
    pub consultation: Href,
    pub action: Href,
    pub csrf: String,
    /// Fields of the form, in their order.
    pub carried: Vec<(String, String)>,
    /// The contact, the code, and what is wrong with them.
    pub state: FormState,
    pub ticket: String,
    pub sent: Option<Sent>,
    pub vouched: Option<Vouched>,
    /// Who vouches for residents.
    pub providers: Vec<ProviderChoice>,
    /// A code proves the contact as well.
    pub by_code: bool,
    /// What is going to be sent.
    pub text: String,
    /// Who agrees for somebody under fourteen.
    pub guardian: Option<String>,
}

#[must_use]
pub fn proof(frame: &Frame<'_>, view: &ProofView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Consultations, no_index: true, ..frame.clone() };
    let title = if view.by_code {
        lang.t("核验联系方式", "Verify your contact")
    } else {
        lang.t("统一身份认证", "Sign in at an identity provider")
    };
    let body = html! {
        (page_head(title, html! {
            span lang=[lang.content()] { (matter(&view.consultation_title)) }
            span { (lang.t("第 2 步，共 2 步", "step 2 of 2")) }
        }))
        div.side-by-side.form-page {
            aside { @match &view.guardian { Some(name) => (why_guardian(lang, name, view.by_code)), None => (why(lang, view.sending, view.by_code)) } }
            div {
                (error_summary(lang, &view.state))
                form.card.opinion-form method="post" action=(view.action) novalidate {
                    (csrf(&view.csrf))
                    @for (name, value) in &view.carried { (hidden(name, value)) }
                    @if let Some(sent) = view.sent.as_ref().filter(|_| view.vouched.is_none()) { (hidden(FIELD_TICKET, &view.ticket)) (hidden(FIELD_SENT_TO, &sent.to)) }
                    @match (&view.vouched, &view.sent) {
                        (Some(vouched), _) => (confirm(lang, vouched)),
                        (None, Some(sent)) => (enter(lang, view, sent)),
                        (None, None) => (ask(lang, view)),
                    }
                }
                (card(view.sending.sent(lang), html! {
                    blockquote.quote { (paragraphs(&view.text)) }
                }))
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("意见征集", "Consultations"), path::CONSULTATIONS),
        Crumb { label: view.consultation_title.clone(), href: Some(view.consultation.clone()) },
        Crumb::here(title),
    ];
    page(&frame, &view.state.title(lang, title), &trail, body)
}

fn contact_field(lang: Lang, state: &FormState) -> Markup {
    let field = Field::new(FIELD_CONTACT, lang.t("手机号码或电子邮箱", "Mobile number or e-mail"))
        .required()
        .autocomplete("email")
        .hint(lang.t(
            "验证码会发到这里；加密保存，不公开。",
            "The code is sent there; stored encrypted, never shown.",
        ));
    text_field(lang, state, &field)
}

fn step_button(class: &str, step: &str, label: &str) -> Markup {
    html! { button class=(class) type="submit" name=(FIELD_STEP) value=(step) { (label) } }
}

fn ask(lang: Lang, view: &ProofView) -> Markup {
    let edit = step_button("button", "edit", view.sending.back(lang));
    if !view.by_code {
        return html! {
            @if view.providers.is_empty() {
                (alert(Tone::Warn, lang.t("统一身份认证暂时不可用", "No identity provider is available"), html! {
                    p { (lang.t("请稍后再试，或者来信、来电、到现场提出，同样登记、同样办理。", "Please try again later, or write, call or come by: it counts the same.")) }
                }))
            } @else {
                p { (lang.t("请选择认证平台登录；登录后会自动返回本页，已填写的内容会保留。", "Choose where to sign in; you come back here by yourself, and what you wrote is kept.")) }
            }
            div.actions {
                (providers(lang, view, "button primary"))
                (edit)
            }
        };
    }
    html! {
        (contact_field(lang, &view.state))
        div.actions {
            (step_button("button primary", "code", lang.t("发送验证码", "Send the code")))
            (edit)
        }
        @if !view.providers.is_empty() {
            div.form-section {
                h2 { (lang.t("不想收验证码？", "Rather no code?")) }
                p.small { (lang.t("也可以用统一身份认证核验，以平台核验的联系方式为准。", "Sign in at an identity provider instead; the contact is then the one that it has verified.")) }
                div.actions { (providers(lang, view, "button")) }
            }
        }
    }
}

fn providers(lang: Lang, view: &ProofView, class: &str) -> Markup {
    html! {
        @for provider in &view.providers {
            (step_button(class, &format!("{STEP_PREFIX}{}", provider.key), &sign_in_with(lang, &provider.name)))
        }
    }
}

fn confirm(lang: Lang, vouched: &Vouched) -> Markup {
    html! {
        (hidden(FIELD_VISIT, &vouched.ticket))
        (alert(Tone::Good, "", html! {
            p {
                (match lang {
                    Lang::Zh => format!("{}已核验您的身份，联系方式 ", vouched.by),
                    Lang::En => format!("{} has vouched for you; contact ", vouched.by),
                })
                strong { (vouched.contact) } (lang.t("。", "."))
            }
        }))
        p.small { (lang.t("请在 30 分钟内提交。", "Please send it within 30 minutes.")) }
        div.actions {
            (submit(lang.t("提交意见", "Send")))
            (step_button("button", "edit", lang.t("返回修改意见", "Back to the text")))
        }
    }
}

fn enter(lang: Lang, view: &ProofView, sent: &Sent) -> Markup {
    let field =
        Field::new(FIELD_CODE, lang.t("验证码", "Code"))
            .required()
            .short()
            .inputmode("numeric")
            .autocomplete("one-time-code")
            .hint(lang.t(
                "6 位数字，10 分钟内有效，可以试 5 次。",
                "Six digits, good for ten minutes and five tries.",
            ));
    html! {
        (alert(Tone::Info, "", html! {
            p {
                @if sent.by_mail { (lang.t("验证码已发往邮箱 ", "A code was sent by e-mail to ")) }
                @else { (lang.t("验证码已用短信发往 ", "A code was sent by text message to ")) }
                strong { (sent.to) } (lang.t("。", "."))
            }
        }))
        (text_field(lang, &view.state, &field))
        div.actions { (submit(view.sending.send(lang))) }
        div.form-section {
            h2 { (lang.t("没有收到？", "Nothing came?")) }
            p.small { (lang.t("请查看垃圾邮件或短信拦截，一分钟后可以重新发送；只有最新一次的验证码有效。", "Look among the spam; after a minute you may ask again. Only the newest code counts.")) }
            (contact_field(lang, &view.state))
            div.actions {
                (step_button("button", "code", lang.t("重新发送验证码", "Send another code")))
                (step_button("button", "edit", view.sending.back(lang)))
            }
        }
    }
}

fn why_guardian(lang: Lang, name: &str, by_code: bool) -> Markup {
    card(
        lang.t("监护人同意", "A guardian's consent"),
        html! {
            ul.beforehand {
                li { (lang.t("未满十四周岁的，处理其个人信息须经父母或者其他监护人同意（《个人信息保护法》第三十一条）。", "For children under fourteen a parent or guardian must agree (Personal Information Protection Law, Article 31).")) }
                @if by_code {
                    li { (lang.t("请监护人", "Let the guardian, ")) strong { (name) } (lang.t("用自己的手机号码或电子邮箱接收验证码并填写，填写即表示已阅读同意书并同意提交。", ", receive the code on their own phone or mailbox and type it: that says that they read the consent text and agree.")) }
                } @else {
                    li { (lang.t("请监护人", "Let the guardian, ")) strong { (name) } (lang.t("用本人的统一身份认证登录，登录即表示已阅读同意书并同意提交。", ", sign in at the provider themselves: that says that they read the consent text and agree.")) }
                }
                li { (lang.t("监护人姓名和联系方式加密保存，不公开；可以随时要求删除。", "Name and contact of the guardian are stored encrypted, never shown, and erased when asked.")) }
            }
        },
    )
}

/// Fourteen or older, or a guardian agrees.
#[must_use]
pub fn age_fields(lang: Lang, state: &FormState) -> Markup {
    let choices = [
        Choice::new("over", lang.t("我已满 14 周岁", "I am 14 or older")),
        Choice::new("under", lang.t("我未满 14 周岁，监护人同意", "I am under 14, and my guardian agrees"))
            .note(lang.t(
                "上面请填监护人的手机号或邮箱，下一步由监护人核验",
                "give your guardian's phone or e-mail above; they verify it in the next step",
            )),
    ];
    let name =
        Field::new(FIELD_GUARDIAN, lang.t("监护人姓名", "Guardian's name")).hint(lang.t(
            "未满 14 周岁时填写；加密保存，不公开。",
            "If you are under 14; stored encrypted, never shown.",
        ));
    html! {
        (radios(lang, state, &Field::new(FIELD_AGE, lang.t("年龄", "Age")).required(), &choices))
        (text_field(lang, state, &name))
    }
}

fn why(lang: Lang, sending: Sending, by_code: bool) -> Markup {
    card(
        lang.t("为什么要核验", "Why this is asked"),
        html! {
            ul.beforehand {
                @if by_code {
                    li { (lang.t("本次征求意见要求“后台实名、前台自愿”：核验手机号码或电子邮箱由您本人使用，防止冒名和重复计数。", "This consultation verifies that the number or address is yours, so that nobody speaks in your name or is counted twice.")) }
                } @else {
                    li { (lang.t("本次征求意见要求“后台实名、前台自愿”：由认证平台核验您的身份，防止冒名和重复计数。本网站只取得平台核验的联系方式，不取得密码。", "This consultation asks an identity provider to vouch for you, so that nobody speaks in your name or is counted twice. This site learns the contact that it has verified, and no password.")) }
                }
                @match sending {
                    Sending::Opinion => li { (lang.t("公开时仍按您选择的方式显示，联系方式不公开。", "Shown is only what you chose; the contact never is.")) },
                    Sending::Questionnaire => li { (lang.t("号码或邮箱只用来防止重复填写，不随答卷保存，也不公开。", "Number or address only keep it to one answer each; they are not stored with the answers and never shown.")) },
                }
                li { (lang.t("不便核验的，可以来信、来电或者到现场提出，同样登记、同样办理。", "If this does not suit you, write, call or come by: it counts the same.")) }
            }
        },
    )
}

/// One version of the consent text.
#[derive(Clone, Debug)]
pub struct ConsentView {
    pub version: i32,
    pub text: String,
    pub published: Option<NaiveDateTime>,
    /// All versions, the newest first.
    pub versions: Vec<i32>,
}

#[must_use]
pub fn consent(frame: &Frame<'_>, view: &ConsentView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("个人信息处理告知同意书", "Consent to the use of personal data");
    let newest = view.versions.first().is_none_or(|v| *v == view.version);
    let body = html! {
        div.narrow.text {
            (page_head(title, html! {
                span { (version_word(lang, view.version)) }
                @if let Some(at) = view.published { span { (lang.date_time(at)) } }
            }))
            @if !newest {
                (alert(Tone::Info, lang.t("这是以前的版本", "An earlier version"), html! {
                    p { a href=(path::CONSENT) { (lang.t("查看现行版本", "See the one in force")) } }
                }))
            }
            (paragraphs(&view.text))
            p { a href=(path::NOTICE) { (lang.t("留言须知与个人信息保护", "Rules for opinions and personal data")) } }
            @if view.versions.len() > 1 {
                section.section #versions {
                    h2 { (lang.t("各个版本", "All versions")) }
                    ul.text-list { @for v in &view.versions { li { a href={ (path::CONSENT) "/" (v) } { (version_word(lang, *v)) } } } }
                }
            }
        }
    };
    page(frame, title, &[Crumb::here(title)], body)
}

#[must_use]
pub fn version_word(lang: Lang, version: i32) -> String {
    match lang {
        Lang::Zh => format!("第 {version} 版"),
        Lang::En => format!("version {version}"),
    }
}

/// The consent of a form: the rules, and the version of the text that is agreed to.
#[must_use]
pub fn consent_words(lang: Lang, version: i32) -> Markup {
    html! {
        (lang.t("我已阅读", "I have read the "))
        a href=(path::NOTICE) { (lang.t("《留言须知》", "rules and privacy notice")) }
        (lang.t("和", " and the "))
        a href={ (path::CONSENT) "/" (version) } { (lang.t("《个人信息处理同意书》", "consent text")) }
        (match lang {
            Lang::Zh => format!("（第 {version} 版）"),
            Lang::En => format!(" (version {version})"),
        })
    }
}
