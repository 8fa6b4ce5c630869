//! Staff sign-in, the second factor, and the form that sets up the first administrator.

use maud::{Markup, html};

use crate::{
    component::{alert, page_head},
    form::{Field, FormState, csrf, error_summary_sign_in, hidden, submit, text_field},
    label::Tone,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug, Default)]
pub struct SignInView {
    pub csrf: String,
    /// Fields `login` and `password`.
    pub state: FormState,
    /// Where to go afterwards, sent back as `next`.
    pub next: String,
}

#[derive(Clone, Debug)]
pub struct SecondFactorView {
    pub csrf: String,
    pub action: Href,
    /// Field `code`.
    pub state: FormState,
    pub next: String,
}

#[derive(Clone, Debug, Default)]
pub struct SetUpView {
    pub csrf: String,
    /// Fields `token`, `name`, `login`, `password`, `password_again`.
    pub state: FormState,
    /// The least length of a password.
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
        form.card method="post" action=(path::SIGN_IN) novalidate {
            (csrf(&view.csrf))
            (hidden("next", &view.next))
            (text_field(lang, &view.state, &Field::new("login", lang.t("登录名", "Login")).required().autocomplete("username")))
            (text_field(lang, &view.state, &Field::new("password", lang.t("密码", "Password")).required().kind("password").autocomplete("current-password")))
            div.actions { (submit(lang.t("登录", "Sign in"))) }
            p.small { (lang.t("忘记密码，请联系本单位管理员。市民提意见不需要登录。", "If you forgot the password, ask your administrator. Residents need no login.")) }
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

#[must_use]
pub fn second_factor(frame: &Frame<'_>, view: &SecondFactorView) -> Markup {
    let lang = frame.lang;
    let field = Field::new("code", lang.t("验证码", "Code"))
        .required()
        .short()
        .inputmode("numeric")
        .autocomplete("one-time-code")
        .hint(lang.t("验证器应用里的 6 位数字", "six digits from your authenticator"));
    let form = html! {
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (hidden("next", &view.next))
            (text_field(lang, &view.state, &field))
            div.actions { (submit(lang.t("继续", "Continue"))) }
        }
    };
    sheet(
        frame,
        &view.state,
        lang.t("第二步验证", "Second step"),
        lang.t("密码正确，请再输入验证码。", "The password is right; now the code."),
        form,
    )
}

#[must_use]
pub fn set_up(frame: &Frame<'_>, view: &SetUpView) -> Markup {
    let lang = frame.lang;
    let hint = match lang {
        crate::lang::Lang::Zh => format!("至少 {} 个字符，可以用一句话；不要求符号组合。", view.password_min),
        crate::lang::Lang::En => format!("At least {} characters; a sentence is fine.", view.password_min),
    };
    let state = &view.state;
    let form = html! {
        (alert(Tone::Info, "", html! { p { (lang.t("启动码打印在服务器的启动日志里，30 分钟内有效，只能使用一次。", "The code is printed in the server's log; it is valid for 30 minutes and once.")) } }))
        form.card method="post" action=(path::SET_UP) novalidate {
            (csrf(&view.csrf))
            (text_field(lang, state, &Field::new("token", lang.t("启动码", "Set-up code")).required().autocomplete("off")))
            (text_field(lang, state, &Field::new("name", lang.t("管理员姓名", "Administrator's name")).required().autocomplete("name")))
            (text_field(lang, state, &Field::new("login", lang.t("登录名", "Login")).required().autocomplete("username")))
            (text_field(lang, state, &Field::new("password", lang.t("密码", "Password")).required().kind("password").autocomplete("new-password").hint(&hint)))
            (text_field(lang, state, &Field::new("password_again", lang.t("再输一次密码", "Password again")).required().kind("password").autocomplete("new-password")))
            div.actions { (submit(lang.t("建立管理员账号", "Create the administrator"))) }
        }
    };
    sheet(
        frame,
        state,
        lang.t("首次设置", "First set-up"),
        lang.t(
            "建立第一个管理员账号。完成后此页不再开放。",
            "Create the first administrator. This page closes afterwards.",
        ),
        form,
    )
}
