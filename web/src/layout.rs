//! The frame round every page: head with the meta tags of government sites, masthead, navigation,
//! breadcrumb, footer. The only file that may use `PreEscaped`, and only for our own constants.

use chrono::NaiveDateTime;
use maud::{DOCTYPE, Markup, html};

use crate::{
    asset::asset_url,
    challenge,
    icon::{Icon, icon, seal},
    lang::{Lang, stamp},
    link::{Href, with_query},
    path,
};

mod desk;
mod footer;

pub use desk::{SideItem, desk};

/// What a deployment says about itself. Empty text means "not set": the item is left out.
#[derive(Clone, Debug, Default)]
pub struct Site {
    pub name: String,
    pub name_en: String,
    pub tagline: String,
    pub tagline_en: String,
    /// `tyj.example.gov.cn`
    pub domain: String,
    /// 网站标识码, ten digits.
    pub id_code: String,
    /// 沪ICP备…号
    pub icp: String,
    /// 沪公网安备…号
    pub police_record: String,
    /// 主办单位
    pub sponsor: String,
    pub address: String,
    pub postcode: String,
    pub phone: String,
    pub email: String,
    /// Address of the 党政机关网站标识 page of this site.
    pub party_mark_url: String,
    /// Address of 我为政府网站找错 for this site.
    pub find_error_url: String,
    /// Whether the site is reachable over IPv6, said in the footer.
    pub ipv6: bool,
}

impl Site {
    pub(crate) fn name(&self, lang: Lang) -> &str {
        first_set(lang.t(&self.name, &self.name_en), &self.name)
    }

    fn tagline(&self, lang: Lang) -> &str {
        first_set(lang.t(&self.tagline, &self.tagline_en), &self.tagline)
    }
}

fn first_set<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.is_empty() { other } else { one }
}

/// The top item that the page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nav {
    Home,
    Decisions,
    Consultations,
    Summaries,
    Events,
    Messages,
    WorkPlan,
    Search,
    Lookup,
    /// A page that belongs to no top item.
    #[default]
    None,
}

impl Nav {
    pub const ALL: [Self; 9] = [
        Self::Home,
        Self::Decisions,
        Self::Consultations,
        Self::Summaries,
        Self::Events,
        Self::Messages,
        Self::WorkPlan,
        Self::Search,
        Self::Lookup,
    ];
    /// Large type mode offers fewer choices: read, speak, see the answer, look up.
    const FEW: [Self; 4] = [Self::Home, Self::Consultations, Self::Summaries, Self::Lookup];

    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Home => lang.t("首页", "Home"),
            Self::Decisions => lang.t("重大行政决策", "Decisions"),
            Self::Consultations => lang.t("意见征集", "Consultations"),
            Self::Summaries => lang.t("采纳情况", "What became of it"),
            Self::Events => lang.t("参与活动", "Events"),
            Self::Messages => lang.t("留言板", "Messages"),
            Self::WorkPlan => lang.t("工作计划", "Work plan"),
            Self::Search => lang.t("搜索", "Search"),
            Self::Lookup => lang.t("查询回执", "Look up a receipt"),
            Self::None => "",
        }
    }

    #[must_use]
    pub fn href(self) -> &'static str {
        match self {
            Self::Home | Self::None => path::HOME,
            Self::Decisions => path::DECISIONS,
            Self::Consultations => path::CONSULTATIONS,
            Self::Summaries => path::SUMMARIES,
            Self::Events => path::EVENTS,
            Self::Messages => path::MESSAGES,
            Self::WorkPlan => path::WORK_PLAN,
            Self::Search => path::SEARCH,
            Self::Lookup => path::LOOKUP,
        }
    }
}

/// A member of staff whose session this is.
#[derive(Clone, Debug, Default)]
pub struct SignedIn {
    pub name: String,
    pub department: String,
    pub csrf: String,
    /// Notices in the inbox that were not read.
    pub unread: u32,
}

/// The content's part of the meta tags; what is empty falls back to the page (WS-02 to WS-04).
#[derive(Clone, Debug, Default)]
pub struct Meta {
    pub column_name: String,
    pub column_type: String,
    pub article_title: String,
    pub pub_date: Option<NaiveDateTime>,
    pub content_source: String,
    pub description: String,
    pub keywords: String,
    /// The absolute address of this page.
    pub canonical: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlashKind {
    Done,
    Notice,
    Problem,
}

/// What the last action did, told once at the top of the next page.
#[derive(Clone, Debug)]
pub struct Flash {
    pub kind: FlashKind,
    pub text: String,
}

/// What every page needs besides its own view.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    pub site: &'a Site,
    pub lang: Lang,
    /// 长者模式
    pub large: bool,
    pub nav: Nav,
    /// Path and query of this page, for the links that switch language and mode.
    pub path: &'a str,
    pub signed_in: Option<SignedIn>,
    pub meta: Meta,
    pub flash: Option<Flash>,
    pub no_index: bool,
    /// What stands before the form of this page: the name of a task to solve.
    pub challenge: Option<&'static str>,
    /// What stands under the page's own content.
    pub below: Option<Markup>,
}

impl<'a> Frame<'a> {
    /// A Chinese frame with nothing special; set the rest by struct update.
    #[must_use]
    pub fn new(site: &'a Site, path: &'a str) -> Self {
        Self {
            site,
            lang: Lang::Zh,
            large: false,
            nav: Nav::None,
            path,
            signed_in: None,
            meta: Meta::default(),
            flash: None,
            no_index: false,
            challenge: None,
            below: None,
        }
    }

    /// Picks the text of the frame's language.
    #[must_use]
    pub fn t<'b>(&self, zh: &'b str, en: &'b str) -> &'b str {
        self.lang.t(zh, en)
    }
}

/// A step of the breadcrumb; the last has no link.
#[derive(Clone, Debug)]
pub struct Crumb {
    pub label: String,
    pub href: Option<Href>,
}

impl Crumb {
    #[must_use]
    pub fn link(label: impl Into<String>, href: impl Into<Href>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    #[must_use]
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// A public page. The body brings its own `h1`; `crumbs` leave out 首页, which is always first.
#[must_use]
pub fn page(frame: &Frame<'_>, title: &str, crumbs: &[Crumb], body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(frame.lang.html_tag()) class=[frame.large.then_some("large")] {
            (head(frame, title))
            body {
                a.skip href="#main" { (frame.t("跳到正文", "Skip to content")) }
                (masthead(frame))
                main #main tabindex="-1" {
                    div.wrap {
                        (breadcrumb(frame, crumbs))
                        (flash(frame))
                        (body)
                        @if let Some(gate) = frame.challenge { (challenge::line(frame.lang, gate)) }
                        @if let Some(below) = &frame.below { (below) }
                    }
                }
                (footer::footer(frame))
            }
        }
    }
}

fn head(frame: &Frame<'_>, title: &str) -> Markup {
    let name = frame.site.name(frame.lang);
    html! {
        head {
            meta charset="utf-8";
            title { @if title.is_empty() { (name) } @else { (title) " - " (name) } }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="format-detection" content="telephone=no";
            (meta_tags(frame, title))
            (shared_tags(frame, title))
            @if frame.no_index { meta name="robots" content="noindex, nofollow"; }
            @if !frame.meta.canonical.is_empty() {
                link rel="canonical" href=(Href::new(frame.meta.canonical.as_str()));
            }
            link rel="alternate" type="application/atom+xml" title=(frame.t("意见征集", "Consultations")) href=(path::FEED_CONSULTATIONS);
            link rel="alternate" type="application/atom+xml" title=(frame.t("意见采纳情况", "Adoption summaries")) href=(path::FEED_SUMMARIES);
            link rel="icon" type="image/svg+xml" href=(asset_url("favicon.svg"));
            link rel="stylesheet" href=(asset_url("site.css"));
            script src=(asset_url("site.js")) defer {}
            @if frame.challenge.is_some() { script src=(asset_url("challenge.js")) defer {} }
        }
    }
}

fn meta_tags(frame: &Frame<'_>, title: &str) -> Markup {
    let (site, meta) = (frame.site, &frame.meta);
    let nav = if frame.nav == Nav::None { Nav::Home } else { frame.nav };
    let column = first_set(&meta.column_name, nav.label(Lang::Zh));
    let article = first_set(&meta.article_title, first_set(title, &site.name));
    let published = meta.pub_date.map(stamp);
    let rows = [
        ("SiteName", site.name.as_str()),
        ("SiteDomain", &site.domain),
        ("SiteIDCode", &site.id_code),
        ("ColumnName", column),
        ("ColumnDescription", first_set(&meta.description, column)),
        ("ColumnKeywords", first_set(&meta.keywords, column)),
        ("ColumnType", first_set(&meta.column_type, column)),
        ("ArticleTitle", article),
        ("PubDate", published.as_deref().unwrap_or_default()),
        ("ContentSource", first_set(&meta.content_source, &site.name)),
        ("Keywords", &meta.keywords),
        ("Description", first_set(&meta.description, &site.tagline)),
        ("Url", &meta.canonical),
    ];
    html! {
        @for (name, content) in rows {
            @if !content.is_empty() { meta name=(name) content=(content); }
        }
    }
}

/// What messengers read of a link that is passed on (Open Graph). A page that is nobody else's says nothing.
fn shared_tags(frame: &Frame<'_>, title: &str) -> Markup {
    let (site, meta) = (frame.site, &frame.meta);
    let kind = if meta.article_title.is_empty() { "website" } else { "article" };
    let rows = [
        ("og:type", kind),
        ("og:site_name", site.name(frame.lang)),
        ("og:title", first_set(&meta.article_title, first_set(title, site.name(frame.lang)))),
        ("og:description", first_set(&meta.description, &site.tagline)),
        ("og:url", &meta.canonical),
    ];
    html! {
        @if !frame.no_index && !meta.canonical.is_empty() {
            @for (property, content) in rows {
                @if !content.is_empty() { meta property=(property) content=(content); }
            }
        }
    }
}

fn masthead(frame: &Frame<'_>) -> Markup {
    html! {
        header.masthead {
            div.wrap.masthead-row {
                a.brand href=(path::HOME) {
                    (seal())
                    span.brand-text {
                        span.brand-name { (frame.site.name(frame.lang)) }
                        span.brand-line { (frame.site.tagline(frame.lang)) }
                    }
                }
                (utility(frame))
            }
            nav.main-nav aria-label=(frame.t("主导航", "Main")) {
                div.wrap {
                    @if frame.large {
                        (nav_list(frame, &Nav::FEW))
                    } @else {
                        details.menu {
                            summary { (frame.t("菜单", "Menu")) }
                            (nav_list(frame, &Nav::ALL))
                        }
                        div.nav-wide { (nav_list(frame, &Nav::ALL)) }
                    }
                }
            }
        }
    }
}

fn nav_list(frame: &Frame<'_>, items: &[Nav]) -> Markup {
    html! {
        ul {
            @for item in items {
                li {
                    a href=(item.href()) aria-current=[(*item == frame.nav).then_some("page")] {
                        @if *item == Nav::Search { (icon(Icon::Search)) }
                        (item.label(frame.lang))
                    }
                }
            }
        }
    }
}

/// The switches that must be found at once, on a phone too: large type, accessibility, language.
fn utility(frame: &Frame<'_>) -> Markup {
    let (mode, mode_label) = if frame.large {
        ("normal", frame.t("标准模式", "Standard type"))
    } else {
        ("large", frame.t("长者模式", "Large type"))
    };
    let (other, other_label) = match frame.lang {
        Lang::Zh => (Lang::En, "English"),
        Lang::En => (Lang::Zh, "中文"),
    };
    let code = other.t("zh", "en");
    html! {
        ul.utility aria-label=(frame.t("辅助功能", "Reading aids")) {
            @if let Some(me) = &frame.signed_in {
                li { a href=(path::DESK) { (frame.t("工作台", "Desk")) span.quiet-phone { "（" (me.name) "）" } } }
            }
            li { a href=(with_query(frame.path, "mode", mode)) { (mode_label) } }
            li.not-narrow { a href=(path::ACCESSIBILITY) { (frame.t("无障碍", "Accessibility")) } }
            li { a href=(with_query(frame.path, "lang", code)) lang=(other.html_tag()) hreflang=(other.html_tag()) { (other_label) } }
        }
    }
}

fn breadcrumb(frame: &Frame<'_>, crumbs: &[Crumb]) -> Markup {
    html! {
        @if !crumbs.is_empty() {
            nav.crumbs aria-label=(frame.t("当前位置", "You are here")) {
                span.crumbs-label { (frame.t("当前位置：", "You are here: ")) }
                ol {
                    li { a href=(path::HOME) { (frame.t("首页", "Home")) } }
                    @for crumb in crumbs {
                        li {
                            @if let Some(href) = &crumb.href {
                                a href=(href) { (crumb.label) }
                            } @else {
                                span aria-current="page" { (crumb.label) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn flash(frame: &Frame<'_>) -> Markup {
    html! {
        @if let Some(flash) = &frame.flash {
            @let (class, mark, role) = match flash.kind {
                FlashKind::Done => ("good", Icon::Check, "status"),
                FlashKind::Notice => ("info", Icon::Dot, "status"),
                FlashKind::Problem => ("warn", Icon::Bang, "alert"),
            };
            div class={ "alert alert-" (class) } role=(role) {
                (icon(mark))
                p { (flash.text) }
            }
        }
    }
}
