//! The second factor of one's own account: setting it up, the recovery codes, removing it.

use chrono::NaiveDateTime;
use maud::{Markup, html};

use crate::{
    component::{alert, card, page_head, step_list},
    form::{Field, FormState, csrf, error_summary_sign_in, submit, text_field},
    icon::Icon,
    label::{Tone, badge},
    lang::Lang,
    layout::{Frame, SideItem, desk},
    path,
};

/// A square code: its modules row by row, true for a dark one.
#[derive(Clone, Debug, Default)]
pub struct Square {
    pub width: usize,
    pub dark: Vec<bool>,
}

#[derive(Clone, Debug)]
pub enum FactorState {
    Off,
    /// The app is being told the secret.
    SettingUp {
        square: Square,
        /// The same for typing.
        secret: String,
    },
    On {
        since: NaiveDateTime,
        codes_left: u64,
    },
}

#[derive(Clone, Debug)]
pub struct FactorView {
    pub factor: FactorState,
    /// Nothing else can be reached before it is set up.
    pub needed_now: bool,
    /// Fields `password` while off, `code` afterwards.
    pub state: FormState,
    pub csrf: String,
}

/// Light modules around a square code, without which cameras do not find it.
const QUIET: usize = 4;

#[must_use]
pub fn factor(frame: &Frame<'_>, side: &[SideItem], view: &FactorView) -> Markup {
    let lang = frame.lang;
    let title = title(lang);
    let body = html! {
        @if !view.needed_now { (back(lang)) }
        (page_head(title, html! {}))
        (error_summary_sign_in(lang, &view.state))
        @if view.needed_now {
            (alert(Tone::Info, lang.t("请先启用两步验证", "Set this up first"), html! { p {
                (lang.t("本单位要求工作人员启用两步验证，启用后即可办理业务。", "Your bureau asks its staff for two-step sign-in; everything else opens afterwards."))
            } }))
        }
        @match &view.factor {
            FactorState::Off => (off(lang, view)),
            FactorState::SettingUp { square, secret } => (setting_up(lang, view, square, secret)),
            FactorState::On { since, codes_left } => (on(lang, view, *since, *codes_left)),
        }
    };
    desk(frame, &view.state.title(lang, title), side, body)
}

fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "两步验证",
        Lang::En => "Two-step sign-in",
    }
}

fn back(lang: Lang) -> Markup {
    html! { p.back { a href=(path::ACCOUNT) { (lang.t("← 我的账号", "← My account")) } } }
}

fn post(view: &FactorView, to: &str, fields: Markup) -> Markup {
    html! { form method="post" action={ (path::SECOND_FACTOR) (to) } novalidate { (csrf(&view.csrf)) (fields) } }
}

fn off(lang: Lang, view: &FactorView) -> Markup {
    let password = Field::new("password", lang.t("您的密码", "Your password")).required().kind("password");
    card(
        lang.t("启用", "Set it up"),
        html! {
            p { (lang.t("您需要一部手机和任一身份验证器应用（支持 TOTP，例如微信小程序中的验证器、Microsoft Authenticator、FreeOTP）。", "You need a phone and any authenticator app that knows TOTP, for instance Microsoft Authenticator or FreeOTP.")) }
            (post(view, "", html! {
                (text_field(lang, &view.state, &password.autocomplete("current-password")))
                div.actions { (submit(lang.t("开始设置", "Begin"))) }
            }))
        },
    )
}

fn code_field(lang: Lang, state: &FormState, hint: &str) -> Markup {
    let field = Field::new("code", lang.t("验证码", "Code")).required().short().hint(hint);
    text_field(lang, state, &field.autocomplete("one-time-code"))
}

fn setting_up(lang: Lang, view: &FactorView, square: &Square, secret: &str) -> Markup {
    let steps = [
        html! {
            p { (lang.t("在应用中扫描这个二维码：", "Let the app read this square code:")) }
            (drawn(square, lang.t("供身份验证器扫描的二维码；也可以手工输入下面的密钥", "Square code for the authenticator app; the key below can be typed instead")))
            p { (lang.t("不能扫描时，手工输入密钥：", "Or type this key:")) }
            p { code.secret-link { (secret) } }
        },
        html! {
            (post(view, "/confirm", html! {
                (code_field(lang, &view.state, lang.t("应用显示的 6 位数字", "The six digits that the app shows")))
                div.actions { (submit(lang.t("确认启用", "Confirm"))) }
            }))
        },
    ];
    card(
        lang.t("启用", "Set it up"),
        html! {
            (step_list(&steps))
            p.small { (lang.t("请在 10 分钟内完成。", "Finish within ten minutes.")) }
        },
    )
}

/// One path of runs of dark modules: sharp at every size, and nothing inline that the policy forbids.
fn drawn(square: &Square, label: &str) -> Markup {
    let size = square.width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in square.dark.chunks(square.width.max(1)).enumerate() {
        let mut x = 0;
        while let Some(start) = row.iter().skip(x).position(|dark| *dark).map(|n| n + x) {
            let length = row[start..].iter().take_while(|dark| **dark).count();
            path.push_str(&format!("M{} {}h{length}v1h-{length}z", start + QUIET, y + QUIET));
            x = start + length;
        }
    }
    html! {
        svg.square-code role="img" aria-label=(label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

fn on(lang: Lang, view: &FactorView, since: NaiveDateTime, codes_left: u64) -> Markup {
    let left = lang.counted(
        i64::try_from(codes_left).unwrap_or(i64::MAX),
        "个恢复码未使用。",
        "recovery code is left.",
        "recovery codes are left.",
    );
    let hint =
        lang.t("应用显示的 6 位数字，或一个恢复码", "The six digits that the app shows, or a recovery code");
    html! {
        (card("", html! {
            p {
                (badge(Tone::Good, Icon::Check, lang.t("已启用", "On"))) " "
                (lang.t("启用于 ", "since ")) (lang.date_time(since))
            }
            p { (left) @if codes_left < 3 { " " (lang.t("请及时更换。", "Get new ones soon.")) } }
        }))
        // One form, so that there is one field for the code and one place for its error.
        (card(lang.t("更换恢复码或停用", "New recovery codes, or removing it"), html! {
            (post(view, "/codes", html! {
                (code_field(lang, &view.state, hint))
                div.actions {
                    button.button.primary type="submit" { (lang.t("更换恢复码", "New recovery codes")) }
                    button.button.danger type="submit" formaction={ (path::SECOND_FACTOR) "/remove" } { (lang.t("停用两步验证", "Remove it")) }
                }
            }))
            p.small { (lang.t("更换后旧恢复码作废；停用后其他登录全部退出。", "Old codes become void; removing it ends all other sessions.")) }
        }))
    }
}

/// The recovery codes, once: they cannot be shown again.
#[must_use]
pub fn codes(frame: &Frame<'_>, side: &[SideItem], codes: &[String]) -> Markup {
    let lang = frame.lang;
    let title = lang.t("恢复码", "Recovery codes");
    let body = html! {
        (page_head(title, html! {}))
        (alert(Tone::Info, lang.t("只显示这一次", "Shown only once"), html! {
            p { (lang.t("请打印或抄写，存放在安全的地方。手机不在身边时，每个恢复码可代替一次验证码。", "Print them or write them down and keep them safe. Without your phone, each stands once for a code.")) }
        }))
        div.card {
            ol.recovery-codes { @for code in codes { li { code { (code) } } } }
            p.actions { a.button.primary href=(path::ACCOUNT) { (lang.t("已保存，返回我的账号", "I have kept them")) } }
        }
    };
    desk(frame, title, side, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_code_is_drawn_as_runs_with_room_around() {
        let square =
            Square { width: 3, dark: vec![true, true, false, false, false, false, true, false, true] };
        let html = drawn(&square, "x").into_string();
        assert!(html.contains("d=\"M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z\""), "{html}");
        assert!(html.contains("viewBox=\"0 0 11 11\""));
    }
}
