//! One's own account: where one is signed in, the password.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{Column, Fact, Table, card, definition_list, page_head, table},
    form::{Field, FormState, csrf, error_summary_sign_in, submit, text_field},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
    oidc::ProviderChoice,
    path,
};

/// Where the person is signed in.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// The browser's name; none for one that is not known.
    pub device: Option<String>,
    /// The provider by which it was begun.
    pub by: Option<String>,
    pub address: String,
    pub since: NaiveDateTime,
    pub seen: NaiveDateTime,
    /// The one this page is read in.
    pub present: bool,
    pub end: Href,
}

/// A provider that the account is linked with.
#[derive(Clone, Debug)]
pub struct AccountLink {
    /// In the settings.
    pub provider: String,
    pub name: String,
    /// What the provider calls the person, masked.
    pub label: String,
    pub linked: NaiveDateTime,
    pub used: Option<NaiveDateTime>,
    pub remove: Href,
}

/// Signing in by providers (统一身份认证).
#[derive(Clone, Debug)]
pub struct ProvidersView {
    pub links: Vec<AccountLink>,
    /// Those that the account could be linked with.
    pub open: Vec<ProviderChoice>,
}

#[derive(Clone, Debug)]
pub struct AccountView {
    pub name: String,
    pub login: String,
    pub email: String,
    pub department: String,
    pub roles: Vec<String>,
    pub sessions: Vec<SessionLine>,
    /// Since when there is a second factor; none at all where the settings offer none.
    pub factor: Option<Option<NaiveDateTime>>,
    /// None where no provider vouches for staff.
    pub providers: Option<ProvidersView>,
    pub idle_minutes: u32,
    /// Fields `present_password`, `password`, `password_again`, `link_password`.
    pub state: FormState,
    pub password_min: usize,
    pub csrf: String,
}

#[must_use]
pub fn account(frame: &Frame<'_>, side: &[SideItem], view: &AccountView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("我的账号", "My account");
    let body = html! {
        (page_head(title, html! {}))
        (error_summary_sign_in(lang, &view.state))
        (card("", facts(lang, view)))
        (card(lang.t("登录情况", "Where you are signed in"), sessions(lang, view)))
        @if let Some(since) = view.factor { (card(lang.t("两步验证", "Two-step sign-in"), factor(lang, since))) }
        @if let Some(providers) = &view.providers { (card(lang.t("统一身份认证", "Identity providers"), linked(lang, view, providers))) }
        (card(lang.t("修改密码", "Change the password"), password(lang, view)))
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn facts(lang: Lang, view: &AccountView) -> Markup {
    let content = |text: &str| html! { span lang=[lang.content()] { (text) } };
    definition_list(&[
        Fact::new(lang.t("姓名", "Name"), content(&view.name)),
        Fact::new(lang.t("登录名", "Login"), html! { code { (view.login) } }),
        Fact::text(lang.t("电子邮箱", "E-mail"), &view.email),
        Fact::new(lang.t("单位", "Department"), content(&view.department)),
        Fact::text(lang.t("角色", "Roles"), &view.roles.join(lang.t("、", ", "))),
    ])
}

fn sessions(lang: Lang, view: &AccountView) -> Markup {
    let device = |s: &SessionLine| {
        let name = s.device.as_deref().unwrap_or(lang.t("未知设备", "Unknown device"));
        html! {
            (name)
            @if let Some(by) = &s.by { " " span.small { (by) } }
            @if s.present { " " (badge(Tone::Good, Icon::Check, lang.t("本次登录", "This one"))) }
        }
    };
    let end = |s: &SessionLine| {
        html! {
            @if !s.present {
                form method="post" action=(s.end) {
                    (csrf(&view.csrf))
                    button.button.small-button type="submit" { (lang.t("退出", "End")) }
                }
            }
        }
    };
    let rows = view.sessions.iter().map(|s| {
        vec![
            device(s),
            html! { (s.address) },
            html! { (lang.date_time(s.since)) },
            html! { (lang.date_time(s.seen)) },
            end(s),
        ]
    });
    let idle = match lang {
        Lang::Zh => format!("{} 分钟没有操作会自动退出；同时最多在两处登录。", view.idle_minutes),
        Lang::En => format!(
            "A session ends after {} minutes without a request; two at once at most.",
            view.idle_minutes
        ),
    };
    html! {
        (table(&Table {
            caption: lang.t("登录情况", "Sessions").to_owned(),
            caption_hidden: true,
            columns: vec![
                Column::text(lang.t("设备", "Device")),
                Column::tight(lang.t("网络地址", "Address")),
                Column::tight(lang.t("登录时间", "Since")),
                Column::tight(lang.t("最近操作", "Last seen")),
                Column::tight(lang.t("操作", "Action")),
            ],
            rows: rows.collect(),
            row_head: Some(0),
        }))
        p.small { (idle) }
        @if view.sessions.iter().any(|s| !s.present) {
            form method="post" action={ (path::ACCOUNT) "/sessions/others/end" } {
                (csrf(&view.csrf))
                p.actions { button.button type="submit" { (lang.t("退出其他所有登录", "End all others")) } }
            }
        }
    }
}

fn factor(lang: Lang, since: Option<NaiveDateTime>) -> Markup {
    html! {
        @if let Some(since) = since {
            p {
                (badge(Tone::Good, Icon::Check, lang.t("已启用", "On"))) " "
                (lang.t("启用于 ", "since ")) (lang.date_time(since))
            }
            p.actions { a.button href=(path::SECOND_FACTOR) { (lang.t("管理两步验证", "Manage it")) } }
        } @else {
            p { (lang.t("登录时除密码外再输入手机应用显示的验证码；密码泄露也不会被他人登录。", "Signing in then takes the password and a code of an app on your phone: a stolen password alone opens nothing.")) }
            p.actions { a.button href=(path::SECOND_FACTOR) { (lang.t("启用两步验证", "Set it up")) } }
        }
    }
}

/// The links of an account, each with the button that takes it away.
#[must_use]
pub fn link_table(lang: Lang, links: &[AccountLink], csrf_token: &str) -> Markup {
    let rows = links.iter().map(|link| {
        vec![
            html! { span lang=[lang.content()] { (link.name) } },
            html! { (link.label) },
            html! { (lang.date_time(link.linked)) },
            html! { @match link.used { Some(at) => (lang.date_time(at)), None => (lang.t("尚未使用", "not yet")) } },
            html! {
                form method="post" action=(link.remove) {
                    (csrf(csrf_token))
                    button.button.small-button type="submit" { (lang.t("解除关联", "Unlink")) }
                }
            },
        ]
    });
    table(&Table {
        caption: lang.t("已关联的统一身份认证", "Linked identity providers").to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("认证平台", "Provider")),
            Column::text(lang.t("在该平台的身份", "Known there as")),
            Column::tight(lang.t("关联时间", "Linked")),
            Column::tight(lang.t("最近登录", "Last used")),
            Column::tight(lang.t("操作", "Action")),
        ],
        rows: rows.collect(),
        row_head: Some(0),
    })
}

fn linked(lang: Lang, view: &AccountView, providers: &ProvidersView) -> Markup {
    html! {
        @if !providers.links.is_empty() { (link_table(lang, &providers.links, &view.csrf)) }
        @if let Some(first) = providers.open.first() {
            form method="post" action=(link_action(first)) novalidate {
                (csrf(&view.csrf))
                p { (lang.t("关联后，可以用它登录本系统，不再输入密码；两步验证照常。先确认是您本人：", "Once linked, you may sign in by it instead of the password; two-step sign-in stays. First, your password:")) }
                (text_field(lang, &view.state, &Field::new("link_password", lang.t("现在的密码", "Present password")).required().kind("password").autocomplete("current-password")))
                div.actions {
                    @for choice in &providers.open {
                        button.button type="submit" formaction=(link_action(choice)) { (match lang {
                            Lang::Zh => format!("关联{}", choice.name),
                            Lang::En => format!("Link {}", choice.name),
                        }) }
                    }
                }
            }
        }
    }
}

fn link_action(choice: &ProviderChoice) -> String {
    format!("{}/providers/{}", path::ACCOUNT, choice.key)
}

fn password(lang: Lang, view: &AccountView) -> Markup {
    let state = &view.state;
    let hint = match lang {
        Lang::Zh => format!("至少 {} 个字符，可以用一句话；不要求符号组合。", view.password_min),
        Lang::En => format!("At least {} characters; a sentence is fine.", view.password_min),
    };
    let field =
        |name, label, complete| Field::new(name, label).required().kind("password").autocomplete(complete);
    html! {
        form method="post" action={ (path::ACCOUNT) "/password" } novalidate {
            (csrf(&view.csrf))
            // Password managers file the new password under this name.
            input type="hidden" name="username" value=(view.login) autocomplete="username";
            (text_field(lang, state, &field("present_password", lang.t("现在的密码", "Present password"), "current-password")))
            (text_field(lang, state, &field("password", lang.t("新密码", "New password"), "new-password").hint(&hint)))
            (text_field(lang, state, &field("password_again", lang.t("再输一次新密码", "New password again"), "new-password")))
            div.actions { (submit(lang.t("修改密码", "Change the password"))) }
            p.small { (lang.t("修改后其他登录全部退出。", "All other sessions end.")) }
        }
    }
}
