//! Signing in at a provider (统一身份认证): the buttons, and the pages between this site and the provider.

use maud::{Markup, html};

use crate::{
    component::{alert, page_head},
    label::Tone,
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

/// The step of a form that goes to a provider begins with this; the provider's name in the settings follows.
pub const STEP_PREFIX: &str = "provider:";

/// A provider to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderChoice {
    /// In the settings, and in addresses.
    pub key: String,
    /// What people know it by.
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct RefusedView {
    pub title: String,
    pub advice: String,
    pub provider: Option<String>,
    /// Where to begin again.
    pub back: Option<Href>,
}

/// 用…登录
#[must_use]
pub fn sign_in_with(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Zh => format!("用{name}登录"),
        Lang::En => format!("Sign in with {name}"),
    }
}

fn sheet(frame: &Frame<'_>, title: &str, lead: &str, body: Markup) -> Markup {
    let frame = Frame { nav: Nav::None, no_index: true, ..frame.clone() };
    let body = html! {
        div.sign-in {
            (page_head(title, html! { p { (lead) } }))
            (body)
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

/// Stands for a moment between this site and the provider.
#[must_use]
pub fn leave(frame: &Frame<'_>, name: &str, url: &str) -> Markup {
    let lang = frame.lang;
    let title = match lang {
        Lang::Zh => format!("前往{name}"),
        Lang::En => format!("Going to {name}"),
    };
    let lead = lang.t(
        "正在离开本网站，认证后会自动返回；已填写的内容会保留。",
        "You are leaving this site and come back after signing in; what you wrote is kept.",
    );
    let go = html! { div.card { p { a.button.primary href=(Href::new(url)) rel="noreferrer" { (lang.t("继续", "Go on")) } } } };
    sheet(frame, &title, lead, go)
}

/// Stands for a moment between the provider and the page that goes on.
#[must_use]
pub fn arrived(frame: &Frame<'_>, to: &str) -> Markup {
    let lang = frame.lang;
    let go = html! { div.card { p { a.button.primary href=(Href::new(to)) { (lang.t("继续", "Go on")) } } } };
    let lead = lang.t("正在返回……", "Going on …");
    sheet(frame, lang.t("认证已完成", "You are signed in there"), lead, go)
}

/// Why nothing came of it, and what one can do.
#[must_use]
pub fn refused(frame: &Frame<'_>, view: &RefusedView) -> Markup {
    let lang = frame.lang;
    let body = html! {
        (alert(Tone::Warn, "", html! { p { (view.advice) } }))
        p.actions {
            @match &view.back {
                Some(back) => a.button.primary href=(back) { (lang.t("返回", "Go back")) },
                None => a.button href=(path::HOME) { (lang.t("首页", "Home")) },
            }
        }
    };
    sheet(frame, &view.title, view.provider.as_deref().unwrap_or_default(), body)
}
