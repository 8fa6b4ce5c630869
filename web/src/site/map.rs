//! 网站地图: every column, list, feed and address for programs on one page.

use maud::{Markup, html};

use crate::{
    component::page_head,
    lang::Lang,
    layout::{Crumb, Frame, page},
    link::Href,
    path,
};

/// What changes: the catalogues of the newest year.
#[derive(Clone, Debug, Default)]
pub struct MapView {
    pub catalogues: Vec<(String, Href)>,
}

type Entry = (&'static str, &'static str, &'static str);

const COLUMNS: &[Entry] = &[
    ("重大行政决策专栏", "Major administrative decisions", path::DECISIONS),
    ("决策事项目录", "Catalogues of decisions", path::CATALOGUES),
    ("意见征集", "Consultations", path::CONSULTATIONS),
    ("意见采纳情况", "What became of the opinions", path::SUMMARIES),
    ("公众参与活动", "Events with the public", path::EVENTS),
    ("留言板", "Message board", path::MESSAGES),
    ("网络问政", "Online questions and answers", path::QA),
    ("重点工作计划", "Work plan", path::WORK_PLAN),
];

const SERVICES: &[Entry] = &[
    ("首页", "Home", path::HOME),
    ("全文搜索", "Search", path::SEARCH),
    ("我要留言", "Write a message", path::MESSAGES_NEW),
    ("留言办理统计", "Figures of the message board", path::MESSAGES_FIGURES),
    ("查询回执", "Look up a receipt", path::LOOKUP),
    ("留言须知与个人信息保护", "Rules for opinions and personal data", path::NOTICE),
    ("个人信息处理告知同意书", "Consent to the use of personal data", path::CONSENT),
    ("我的数据", "My data", path::MY_DATA),
    ("无障碍声明", "Accessibility", path::ACCESSIBILITY),
    ("工作人员登录", "Staff sign-in", path::SIGN_IN),
];

const MACHINES: &[Entry] = &[
    ("订阅：意见征集（Atom）", "Feed of consultations (Atom)", path::FEED_CONSULTATIONS),
    ("订阅：意见采纳情况（Atom）", "Feed of summaries (Atom)", path::FEED_SUMMARIES),
    ("订阅：活动日历（iCalendar）", "Calendar of events (iCalendar)", path::EVENTS_CALENDAR),
    ("接口文档", "API reference", path::API_DOCS),
    ("接口描述（OpenAPI）", "API description (OpenAPI)", path::OPENAPI),
];

#[must_use]
pub fn site_map(frame: &Frame<'_>, view: &MapView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("网站地图", "Site map");
    let body = html! {
        (page_head(title, html! {}))
        div.grid-2.text {
            section.section {
                h2 { (lang.t("栏目", "Columns")) }
                (links(lang, COLUMNS))
                @if !view.catalogues.is_empty() {
                    h3.sub { (lang.t("各单位目录", "Catalogues by department")) }
                    ul.text-list { @for (label, href) in &view.catalogues { li { a href=(href) lang=[lang.content()] { (label) } } } }
                }
            }
            section.section { h2 { (lang.t("服务与说明", "Services and rules")) } (links(lang, SERVICES)) }
            section.section { h2 { (lang.t("订阅与数据接口", "Feeds and data")) } (links(lang, MACHINES)) }
        }
    };
    page(frame, title, &[Crumb::here(title)], body)
}

fn links(lang: Lang, entries: &[Entry]) -> Markup {
    html! { ul.text-list { @for (zh, en, href) in entries { li { a href=(href) { (lang.t(zh, en)) } } } } }
}
