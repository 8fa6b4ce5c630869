//! People and their roles; the link that invites somebody, shown once.

use maud::{Markup, html};

use crate::{
    component::{Column, Pager, Table, alert, card, empty_state, page_head, pager, table},
    desk::account::{AccountLink, link_table},
    form::{Choice, Field, FormState, checkbox, csrf, error_summary, select, submit, text_field},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    link::Href,
};

const LIST: &str = "/desk/admin/staff";

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    Active,
    /// The first password is not yet set.
    Invited,
    Locked,
    Disabled,
}

impl AccountState {
    #[must_use]
    pub fn badge(self, lang: Lang) -> Markup {
        match self {
            Self::Active => badge(Tone::Good, Icon::Check, lang.t("正常", "Active")),
            Self::Invited => badge(Tone::Info, Icon::Ring, lang.t("待设密码", "Invited")),
            Self::Locked => badge(Tone::Warn, Icon::Clock, lang.t("暂时锁定", "Locked")),
            Self::Disabled => badge(Tone::Plain, Icon::Cross, lang.t("已停用", "Closed")),
        }
    }
}

#[derive(Clone, Debug)]
pub struct StaffRow {
    pub name: String,
    pub login: String,
    pub department: String,
    pub roles: Vec<String>,
    pub state: AccountState,
    /// Whether signing in takes a code as well.
    pub second_factor: bool,
    pub href: Href,
}

#[derive(Clone, Debug)]
pub struct StaffList {
    /// Field `department`.
    pub state: FormState,
    pub departments: Vec<Choice>,
    pub rows: Vec<StaffRow>,
    pub pager: Pager,
}

#[must_use]
pub fn list(frame: &Frame<'_>, side: &[SideItem], view: &StaffList) -> Markup {
    let lang = frame.lang;
    let title = lang.t("人员", "Staff");
    let body = html! {
        (page_head(title, html! {
            a.button href="/desk/admin/staff-requests" { (lang.t("待确认事项", "Requests")) } " "
            a.button.primary href={ (LIST) "/new" } { (lang.t("新增人员", "Add somebody")) }
        }))
        form.filters method="get" action=(LIST) role="search" {
            (select(lang, &view.state, &Field::new("department", lang.t("单位", "Department")), &view.departments))
            button.button type="submit" { (lang.t("筛选", "Filter")) }
        }
        @if view.rows.is_empty() {
            (empty_state(lang.t("没有人员", "Nobody"), lang.t("请先新增人员，把邀请链接交给本人。", "Add people and hand each the invitation link."), None))
        } @else {
            div.card { (rows(lang, title, &view.rows)) }
            (pager(lang, &view.pager))
        }
    };
    desk(frame, title, side, body)
}

fn rows(lang: Lang, title: &str, rows: &[StaffRow]) -> Markup {
    let cells = |p: &StaffRow| {
        vec![
            html! { a href=(p.href) lang=[lang.content()] { (p.name) } },
            html! { code { (p.login) } },
            html! { span lang=[lang.content()] { (p.department) } },
            html! { (p.roles.join(lang.t("、", ", "))) },
            html! {
                (p.state.badge(lang))
                @if p.second_factor { " " (badge(Tone::Plain, Icon::Check, lang.t("两步验证", "Two-step"))) }
            },
        ]
    };
    table(&Table {
        caption: title.to_owned(),
        caption_hidden: true,
        columns: vec![
            Column::text(lang.t("姓名", "Name")),
            Column::tight(lang.t("登录名", "Login")),
            Column::text(lang.t("单位", "Department")),
            Column::text(lang.t("角色", "Roles")),
            Column::tight(lang.t("账号", "Account")),
        ],
        rows: rows.iter().map(cells).collect(),
        row_head: Some(0),
    })
}

#[derive(Clone, Debug)]
pub struct StaffForm {
    /// Fields `name`, `login`, `email`, `department_id`, `roles`, `disabled`.
    pub state: FormState,
    pub departments: Vec<Choice>,
    pub roles: Vec<Choice>,
    pub action: Href,
    /// The person as it is; none for a new one.
    pub person: Option<StaffRow>,
    /// Where a new link for a lost password is made.
    pub reset: Option<Href>,
    /// Where the second factor is reset; none for who has none, and for oneself.
    pub factor_reset: Option<Href>,
    /// The providers that the account is linked with.
    pub links: Vec<AccountLink>,
    /// The person is an administrator: a new link or a reset takes another administrator.
    pub takes_two: bool,
    /// What was asked about this person and waits for another administrator.
    pub waiting: Vec<String>,
    /// Open duties that would be without an owner.
    pub open_duties: u64,
    pub csrf: String,
}

#[must_use]
pub fn person(frame: &Frame<'_>, side: &[SideItem], view: &StaffForm) -> Markup {
    let (lang, state) = (frame.lang, &view.state);
    let title = view.person.as_ref().map_or(lang.t("新增人员", "Add somebody"), |p| p.name.as_str());
    let body = html! {
        p.back { a href=(LIST) { (lang.t("← 全部人员", "← All staff")) } }
        (page_head(title, html! {
            @if let Some(p) = &view.person { code { (p.login) } (p.state.badge(lang)) }
        }))
        (error_summary(lang, state))
        @if !view.waiting.is_empty() {
            (alert(Tone::Info, lang.t("等待另一位管理员确认", "Waits for another administrator"), html! {
                @for what in &view.waiting { p { (what) } }
                p { a href="/desk/admin/staff-requests" { (lang.t("待确认事项", "Requests")) } }
            }))
        }
        @if view.open_duties > 0 {
            (alert(Tone::Info, "", html! { p {
                (lang.counted(i64::try_from(view.open_duties).unwrap_or(i64::MAX), "项时限由此人承办；停用账号前请先移交。", "open duty is owned by this person; hand it over before closing the account.", "open duties are owned by this person; hand them over before closing the account."))
            } }))
        }
        form.card method="post" action=(view.action) novalidate {
            (csrf(&view.csrf))
            (fields(lang, view))
            div.actions { (submit(if view.person.is_some() { lang.t("保存", "Save") } else { lang.t("新增并生成邀请链接", "Add and make the invitation") })) }
        }
        @if let Some(action) = &view.factor_reset {
            (card(lang.t("两步验证", "Two-step sign-in"), html! {
                p { (lang.t("本人手机和恢复码都丢失时，核实身份后重置。重置后本人只凭密码登录，可重新启用；系统会通知本人。", "For somebody who lost both app and recovery codes; make sure who asks. The password alone signs in afterwards, until it is set up anew; the person is told.")) }
                (takes_two(lang, view))
                form method="post" action=(action) { (csrf(&view.csrf)) p.actions { button.button.danger type="submit" {
                    @if view.takes_two { (lang.t("申请重置两步验证", "Ask for a reset")) } @else { (lang.t("重置两步验证", "Reset it")) }
                } } }
            }))
        }
        @if !view.links.is_empty() {
            (card(lang.t("统一身份认证", "Identity providers"), html! {
                (link_table(lang, &view.links, &view.csrf))
                p.small { (lang.t("解除后此人的所有登录都会退出，系统会通知本人；本人可以重新关联。", "Unlinking ends all sessions of this person, who is told and may link it anew.")) }
            }))
        }
        @if let Some(action) = &view.reset {
            (card(lang.t("忘记密码", "Lost password"), html! {
                p { (lang.t("生成一次性链接交给本人设置新密码；72 小时内有效。", "Makes a one-time link for a new password, good for 72 hours.")) }
                (takes_two(lang, view))
                form method="post" action=(action) { (csrf(&view.csrf)) p.actions { button.button type="submit" {
                    @if view.takes_two { (lang.t("申请生成链接", "Ask for a link")) } @else { (lang.t("生成链接", "Make a link")) }
                } } }
            }))
        }
    };
    desk(frame, &state.title(lang, title), side, body)
}

fn takes_two(lang: Lang, view: &StaffForm) -> Markup {
    html! {
        @if view.takes_two {
            p { (lang.t("此人是管理员，须由另一位管理员确认后办理。", "This is an administrator: another administrator must confirm it.")) }
        }
    }
}

fn fields(lang: Lang, view: &StaffForm) -> Markup {
    let state = &view.state;
    html! {
        div.form-row {
            (text_field(lang, state, &Field::new("display_name", lang.t("姓名", "Name")).required()))
            @if view.person.is_none() {
                (text_field(lang, state, &Field::new("login", lang.t("登录名", "Login")).required()))
            }
        }
        (text_field(lang, state, &Field::new("email", lang.t("电子邮箱", "E-mail")).required().kind("email")
            .hint(lang.t("时限提醒发送到此邮箱", "Reminders go there"))))
        (select(lang, state, &Field::new("department_id", lang.t("单位", "Department")).required(), &view.departments))
        fieldset.field {
            legend { (lang.t("角色", "Roles")) }
            div.choices {
                @for (i, c) in view.roles.iter().enumerate() {
                    div.choice {
                        input id={ "f-roles-" (i) } type="checkbox" name="roles" value=(c.value) checked[state.has("roles", &c.value)];
                        label for={ "f-roles-" (i) } { (c.label) @if let Some(note) = &c.note { span.choice-note { (note) } } }
                    }
                }
            }
        }
        @if view.person.is_some() {
            (checkbox(lang, state, &Field::new("disabled", ""), html! {
                (lang.t("停用账号", "Close the account"))
                span.choice-note { (lang.t("立即退出登录，不再收到任何消息；以往办理记录保留。", "Signed out at once and told nothing more; what was done stays on record.")) }
            }))
        }
    }
}

/// The invitation link, once: it cannot be shown again.
#[must_use]
pub fn invitation(frame: &Frame<'_>, side: &[SideItem], name: &str, link: &str) -> Markup {
    let lang = frame.lang;
    let title = lang.t("邀请链接", "Invitation link");
    let body = html! {
        p.back { a href=(LIST) { (lang.t("← 全部人员", "← All staff")) } }
        (page_head(title, html! { span lang=[lang.content()] { (name) } }))
        (alert(Tone::Info, lang.t("只显示这一次", "Shown only once"), html! {
            p { (lang.t("请通过可靠途径交给本人。链接 72 小时内有效，只能使用一次；此前的链接已失效。", "Hand it over in a way you trust. It works for 72 hours and once; earlier links stopped working.")) }
        }))
        div.card { p { code.secret-link { (link) } } }
    };
    desk(frame, title, side, body)
}
