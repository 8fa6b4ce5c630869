//! Staff sign-in, and the forms behind one-time links: the first administrator, an invited person's password.

use maud::{Markup, html};

use crate::{
    component::{alert, page_head},
    form::{Field, FormState, error_summary_sign_in, hidden, submit, text_field},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    oidc::{ProviderChoice, sign_in_with},
    path,
};

#[derive(Clone, Debug, Default)]
pub struct SignInView {
    /// Fields `login` and `password`.
    pub state: FormState,
    /// Where to go afterwards, sent back as `next`.
    pub next: String,
    /// Who vouches for staff beside the password.
    pub providers: Vec<ProviderChoice>,
    /// After signing out: the provider by which one had signed in, and where to sign out there.
    pub sign_out: Option<(String, Href)>,
}

#[derive(Clone, Debug, Default)]
pub struct SetUpView {
    /// The secret of the link, sent back as `token`.
    pub token: String,
    /// Fields `bureau`, `name`, `login`, `email`, `password`, `password_again`.
    pub state: FormState,
    /// The least length of a password.
    pub password_min: usize,
}

#[derive(Clone, Debug, Default)]
pub struct InvitationView {
    pub token: String,
    pub login: String,
    /// Fields `password`, `password_again`.
    pub state: FormState,
    pub password_min: usize,
}

fn sheet(frame: &Frame<'_>, state: &FormState, title: &str, lead: &str, form: Markup) -> Markup {
    let frame = Frame { nav: Nav::None, no_index: true, ..frame.clone() };
    let body = html! {
        div.sign-in {
            (page_head(title, html! { p { (lead) } }))
            (error_summary_sign_in(frame.lang, state))
            (form)
        }
    };
    page(&frame, &state.title(frame.lang, title), &[Crumb::here(title)], body)
}

#[must_use]
pub fn sign_in(frame: &Frame<'_>, view: &SignInView) -> Markup {
    let lang = frame.lang;
    let form = html! {
        @if let Some((name, href)) = &view.sign_out { (sign_out_there(lang, name, href)) }
        form.card method="post" action=(path::SIGN_IN) novalidate {
            (hidden("next", &view.next))
            (text_field(lang, &view.state, &Field::new("login", lang.t("登录名", "Login")).required().autocomplete("username")))
            (text_field(lang, &view.state, &Field::new("password", lang.t("密码", "Password")).required().kind("password").autocomplete("current-password")))
            div.actions { (submit(lang.t("登录", "Sign in"))) }
            p.small { (lang.t("忘记密码，请联系本单位管理员。市民提意见不需要登录。", "If you forgot the password, ask your administrator. Residents need no login.")) }
        }
        @for provider in &view.providers {
            form.card method="post" action={ (path::SIGN_IN) "/with/" (provider.key) } {
                (hidden("next", &view.next))
                p.small { (lang.t("须先用密码登录，在“我的账号”中关联。", "Link your account first: sign in by password, then under My account.")) }
                div.actions { button.button type="submit" { (sign_in_with(lang, &provider.name)) } }
            }
        }
    };
    sheet(
        frame,
        &view.state,
        lang.t("工作人员登录", "Staff sign-in"),
        lang.t("供本单位工作人员使用。", "For staff of this body."),
        form,
    )
}

/// Signing out here leaves the provider's own session as it is; on a shared computer that matters.
#[must_use]
pub fn sign_out_there(lang: Lang, name: &str, href: &Href) -> Markup {
    let (title, label) = match lang {
        Lang::Zh => (format!("您在{name}仍是登录状态"), format!("同时退出{name}")),
        Lang::En => (format!("You are still signed in at {name}"), format!("Sign out of {name} as well")),
    };
    alert(
        Tone::Info,
        &title,
        html! {
            p { (lang.t("使用公共电脑的，请一并退出。", "Do so on a shared computer.")) }
            p { a.button href=(href) rel="noreferrer" { (label) } }
        },
    )
}

/// The second step: the code of the app, or one on paper.
#[must_use]
pub fn code(frame: &Frame<'_>, view: &SignInView) -> Markup {
    let lang = frame.lang;
    let hint = lang.t(
        "手机应用显示的 6 位数字；手机不在身边时可填一个恢复码。",
        "The six digits that your app shows; without it, one of your recovery codes.",
    );
    let field = Field::new("code", lang.t("验证码", "Code")).required().short().hint(hint);
    let form = html! {
        form.card method="post" action=(path::SIGN_IN_CODE) novalidate {
            (hidden("next", &view.next))
            (text_field(lang, &view.state, &field.autocomplete("one-time-code")))
            div.actions { (submit(lang.t("登录", "Sign in"))) a href=(path::SIGN_IN) { (lang.t("重新登录", "Start again")) } }
            p.small { (lang.t("手机和恢复码都丢失，请联系管理员重置。", "If you lost both the app and the codes, ask an administrator for a reset.")) }
        }
    };
    sheet(
        frame,
        &view.state,
        lang.t("两步验证", "Two-step sign-in"),
        lang.t("身份已核对，还需要验证码。", "The first step is done; a code is needed as well."),
        form,
    )
}

/// Stands for a moment between a link on another site and the desk.
#[must_use]
pub fn lead_on(frame: &Frame<'_>, to: &str) -> Markup {
    let lang = frame.lang;
    let go =
        html! { div.card { p { a.button.primary href=(to) { (lang.t("进入工作台", "Go to the desk")) } } } };
    let lead = lang.t("正在打开工作台……", "Opening the desk …");
    sheet(frame, &FormState::default(), lang.t("工作台", "Desk"), lead, go)
}

#[must_use]
pub fn set_up(frame: &Frame<'_>, view: &SetUpView) -> Markup {
    let lang = frame.lang;
    let state = &view.state;
    let bureau = Field::new("bureau", lang.t("本单位名称", "Name of the body"))
        .required()
        .autocomplete("organization");
    let bureau = bureau.hint(lang.t("例如：示例市体育局", "for example 示例市体育局"));
    let login = Field::new("login", lang.t("登录名", "Login")).required().autocomplete("username");
    let login = login.hint(lang.t("小写字母、数字和 . - _", "lower-case letters, digits and . - _"));
    let form = html! {
        form.card method="post" action=(path::SET_UP) novalidate {
            (hidden("token", &view.token))
            (text_field(lang, state, &bureau))
            (text_field(lang, state, &Field::new("name", lang.t("管理员姓名", "Administrator's name")).required().autocomplete("name")))
            (text_field(lang, state, &Field::new("email", lang.t("电子邮箱", "E-mail")).required().kind("email").autocomplete("email")))
            (text_field(lang, state, &login))
            (passwords(lang, state, view.password_min))
            div.actions { (submit(lang.t("建立管理员账号", "Create the administrator"))) }
        }
    };
    let lead = lang.t(
        "建立本单位和第一个管理员账号。此链接只能使用一次。",
        "Name the body and create its first administrator. The link works once.",
    );
    sheet(frame, state, lang.t("首次设置", "First set-up"), lead, form)
}

#[must_use]
pub fn invitation(frame: &Frame<'_>, view: &InvitationView) -> Markup {
    let lang = frame.lang;
    let form = html! {
        form.card method="post" action=(path::SET_UP) novalidate {
            (hidden("token", &view.token))
            // Password managers file the new password under this name.
            p { (lang.t("登录名：", "Login: ")) strong { (view.login) } }
            input type="hidden" name="username" value=(view.login) autocomplete="username";
            (passwords(lang, &view.state, view.password_min))
            div.actions { (submit(lang.t("保存密码", "Save the password"))) }
        }
    };
    let lead = lang.t(
        "为您的账号设置密码。此链接只能使用一次。",
        "Set the password of your account. The link works once.",
    );
    sheet(frame, &view.state, lang.t("设置密码", "Set your password"), lead, form)
}

fn passwords(lang: Lang, state: &FormState, least: usize) -> Markup {
    let hint = match lang {
        Lang::Zh => format!("至少 {least} 个字符，可以用一句话；不要求符号组合。"),
        Lang::En => format!("At least {least} characters; a sentence is fine."),
    };
    let new = |name, label| Field::new(name, label).required().kind("password").autocomplete("new-password");
    html! {
        (text_field(lang, state, &new("password", lang.t("密码", "Password")).hint(&hint)))
        (text_field(lang, state, &new("password_again", lang.t("再输一次密码", "Password again"))))
    }
}
