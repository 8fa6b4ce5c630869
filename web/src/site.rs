//! Pages of the site as a whole: rules for opinions and personal data, accessibility, the map.

mod accessibility;
mod map;
mod rules;

pub use accessibility::accessibility;
pub use map::{MapView, site_map};
pub use rules::{Reason, RulesView, rules};

use maud::{Markup, html};

use crate::lang::Lang;

/// A section with an anchor; the words of both languages stand beside each other in the code.
fn section(id: &str, title: &str, body: Markup) -> Markup {
    html! { section.section id=(id) { h2 { (title) } (body) } }
}

/// Paragraphs of fixed text.
fn texts(lang: Lang, paragraphs: &[(&str, &str)]) -> Markup {
    html! { @for (zh, en) in paragraphs { p { (lang.t(zh, en)) } } }
}

/// A list of fixed text.
fn points(lang: Lang, points: &[(&str, &str)]) -> Markup {
    html! { ul.text-list { @for (zh, en) in points { li { (lang.t(zh, en)) } } } }
}

/// How to reach who runs the site.
fn contacts(lang: Lang, site: &crate::layout::Site) -> Markup {
    let rows = [
        (lang.t("主办单位", "Run by"), &site.sponsor),
        (lang.t("地址", "Address"), &site.address),
        (lang.t("邮编", "Postcode"), &site.postcode),
        (lang.t("电话", "Telephone"), &site.phone),
        (lang.t("电子邮箱", "E-mail"), &site.email),
    ];
    html! {
        dl.facts {
            @for (label, value) in rows {
                @if !value.is_empty() { div { dt { (label) } dd lang=[lang.content()] { (value) } } }
            }
        }
    }
}
