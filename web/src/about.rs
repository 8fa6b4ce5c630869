//! The fixed pages of the footer: rules and privacy, accessibility, site map.

use maud::{Markup, html};

use crate::{
    component::{Fact, definition_list, page_head},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

/// What the settings say about times; shown in the notice, so that it never differs from what is done.
#[derive(Clone, Debug)]
pub struct NoticeView {
    /// Working days within which an opinion is reviewed.
    pub review_days: i64,
    pub max_characters: usize,
    /// What is kept and for how long: `联系方式` – `决策出台满一年后删除`.
    pub retention: Vec<(String, String)>,
    /// Who answers for personal data, with a way to reach them.
    pub contact: String,
}

#[must_use]
pub fn notice(frame: &Frame<'_>, view: &NoticeView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("留言须知与隐私说明", "Rules and privacy");
    let review = lang.working_days(view.review_days);
    let body = html! {
        div.narrow.text {
            (page_head(title, html! {}))
            (part(lang.t("怎样提意见", "How to speak"), &[
                lang.t("一事一议，说明理由；针对某一条的，请在该条下提出。", "One matter at a time, with reasons; on a clause, speak under that clause."),
                lang.t("不用注册。来信、来电、电子邮件与在线提交同样登记、同样办理。", "No account is needed. Letters, calls and e-mails are registered and dealt with the same."),
                &lang.t("每条最多 {n} 字。", "At most {n} characters each.").replace("{n}", &view.max_characters.to_string()),
            ]))
            (part(lang.t("怎样审核", "How opinions are reviewed"), &[
                &lang.t("提交后 {n}内由工作人员审核；审核只看是否适合公开，不看赞成还是反对。", "Staff review within {n}: only whether it may be shown, not whether it agrees.").replace("{n}", &review),
                lang.t("不予公开的，说明原因，仍然计入并办理；不予受理的，须由第二人复核。对审核有异议，可以申诉，由另一人处理。", "What is not shown is told why and still dealt with; a rejection needs a second person; you may object, and another person decides."),
                lang.t("法律、行政法规禁止发布的内容，含有他人个人信息的内容，不公开。", "Content forbidden by law and other people's personal data are not shown."),
                lang.t("收到的原文不会修改；隐去个人信息的，公开文本与原文分开保存。", "What was received is never changed; a redacted text is kept beside it."),
            ]))
            section.section {
                h2 { (lang.t("个人信息怎样使用", "How personal data is used")) }
                p { (lang.t("姓名和联系方式只用于核实、办理和通知，加密保存，不公开、不用于其他目的。", "Name and contact are used to verify, to deal with the matter and to tell you; stored encrypted and never shown.")) }
                @if !view.retention.is_empty() {
                    div lang=[lang.content()] {
                        (definition_list(&view.retention.iter().map(|(what, term)| Fact::text(what.as_str(), term)).collect::<Vec<_>>()))
                    }
                }
                @if !view.contact.is_empty() { p lang=[lang.content()] { (view.contact) } }
            }
        }
    };
    page(frame, title, &[Crumb::here(title)], body)
}

fn part(title: &str, lines: &[&str]) -> Markup {
    html! { section.section { h2 { (title) } ul.text-list { @for line in lines { li { (line) } } } } }
}

#[must_use]
pub fn accessibility(frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    let title = lang.t("无障碍声明", "Accessibility");
    let body = html! {
        div.narrow.text {
            (page_head(title, html! { p { (lang.t("本站按 WCAG 2.2 AA 级和 GB/T 37668 二级的要求设计。", "Built to WCAG 2.2 level AA and GB/T 37668 grade 2.")) } }))
            (part(lang.t("您可以", "You can"), &[
                lang.t("用键盘完成全部操作；每页第一个链接是“跳到正文”。", "do everything by keyboard; the first link of each page leads to the content."),
                lang.t("用读屏软件阅读；状态都有文字，不只靠颜色。", "use a screen reader; states have words, never colour alone."),
                lang.t("打开长者模式：更大的字和按钮，更少的选项。", "switch to large type: bigger type and targets, fewer choices."),
                lang.t("把页面放大到 200%，或在 320 像素宽的屏幕上使用，不需要左右滚动。", "zoom to 200 % or use a 320 px screen without scrolling sideways."),
                lang.t("关闭脚本使用全部功能。", "use everything without scripts."),
            ]))
            (part(lang.t("遇到困难", "If something does not work"), &[
                lang.t("可以打电话或写信提意见，工作人员会代为登记，效力相同。", "Call or write: staff will register it for you, with the same effect."),
            ]))
            p { @if !frame.site.phone.is_empty() { (lang.t("电话：", "Telephone: ")) (frame.site.phone) } }
        }
    };
    page(frame, title, &[Crumb::here(title)], body)
}

/// Further addresses below the fixed ones: title of the group, then label and address.
#[derive(Clone, Debug, Default)]
pub struct SiteMapView {
    pub groups: Vec<(String, Vec<(String, Href)>)>,
}

#[must_use]
pub fn site_map(frame: &Frame<'_>, view: &SiteMapView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("网站地图", "Site map");
    let body = html! {
        div.narrow.text {
            (page_head(title, html! {}))
            section.section {
                h2 { (lang.t("栏目", "Columns")) }
                ul.text-list {
                    @for nav in Nav::ALL { li { a href=(nav.href()) { (nav.label(lang)) } } }
                    li { a href=(path::CATALOGUES) { (lang.t("决策事项目录", "Catalogues of decisions")) } }
                    li { a href=(path::NOTICE) { (lang.t("留言须知与隐私说明", "Rules and privacy")) } }
                    li { a href=(path::ACCESSIBILITY) { (lang.t("无障碍声明", "Accessibility")) } }
                }
            }
            @for (group, links) in &view.groups {
                section.section lang=[lang.content()] {
                    h2 { (group) }
                    ul.text-list { @for (label, href) in links { li { a href=(href) { (label) } } } }
                }
            }
        }
    };
    page(frame, title, &[Crumb::here(title)], body)
}
