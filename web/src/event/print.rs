//! What is printed, or saved as a PDF by the browser: the poster of an event and a visitor's ticket, each on a sheet
//! of A4. The sheet is drawn on the screen as it will be on paper; head, menu and foot of the site stay behind.

use maud::{Markup, html};

use crate::{
    component::{Fact, Square, definition_list, paragraphs, square_code},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
};

/// A session on the poster.
#[derive(Clone, Debug)]
pub struct PosterSession {
    pub number: i32,
    pub when: String,
    pub place: String,
    pub directions: String,
    pub capacity: i32,
    pub registration: String,
}

#[derive(Clone, Debug)]
pub struct PosterView {
    pub title: String,
    /// In Chinese and in English: a poster hangs for everybody.
    pub kind: (String, String),
    pub department: String,
    pub cancelled: bool,
    pub summary: String,
    pub conditions: String,
    pub accessibility: String,
    pub sessions: Vec<PosterSession>,
    pub contact: Vec<String>,
    pub qr: Option<Square>,
    /// As people type it.
    pub address: String,
    pub event: Href,
}

#[must_use]
pub fn poster(frame: &Frame<'_>, view: &PosterView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Events, no_index: true, ..frame.clone() };
    let title = lang.t("活动海报", "Poster");
    let body = html! {
        (tools(lang, title, lang.t("A4 纸，竖排。打印，或在打印窗口选择“存储为 PDF”。", "A4, upright. Print it, or choose “Save as PDF” in the print window.")))
        article.sheet.poster lang="zh-CN" {
            header.poster-head {
                p.poster-site { (frame.site.name) }
                p.poster-kind { (view.kind.0) span lang="en" { (view.kind.1) } }
                h2.poster-title { (view.title) @if view.cancelled { "（已取消）" } }
            }
            div.poster-summary { (paragraphs(&view.summary)) }
            ul.poster-sessions { @for s in &view.sessions { li {
                @if view.sessions.len() > 1 { p.poster-number { "第 " (s.number) " 场" } }
                p.poster-when { (s.when) }
                p.poster-place { (s.place) }
                @if !s.directions.is_empty() { p { (s.directions) } }
                p.poster-seats { "名额 " (s.capacity) " 个 · 报名 " (s.registration) }
            } } }
            footer.poster-foot {
                div {
                    (definition_list(&facts(view)))
                    p.poster-address { (view.address) }
                }
                @if let Some(square) = &view.qr {
                    div.poster-code { (square_code(square, "活动页面二维码")) p { "扫码看详情、报名" br; span lang="en" { "Scan to read more and register" } } }
                }
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("公众参与活动", "Events"), crate::path::EVENTS),
        Crumb::link(lang.t("活动详情", "This event"), view.event.as_str()),
        Crumb::here(title),
    ];
    page(&frame, title, &trail, body)
}

fn facts(view: &PosterView) -> Vec<Fact> {
    let mut facts = vec![Fact::text("主办", &view.department)];
    let conditions = if view.conditions.is_empty() { "不限，欢迎参加" } else { &view.conditions };
    facts.push(Fact::text("参加条件", conditions));
    if !view.accessibility.is_empty() {
        facts.push(Fact::text("无障碍", &view.accessibility));
    }
    facts.push(Fact::text("咨询", &view.contact.join("　")));
    facts
}

/// What stands above the sheet and is not printed.
fn tools(lang: Lang, title: &str, hint: &str) -> Markup {
    html! {
        div.page-head.no-print {
            h1 { (title) }
            div.page-sub {
                button.button.primary type="button" hidden data-act="print" { (lang.t("打印或存为 PDF", "Print or save as PDF")) }
                span { (hint) }
            }
        }
    }
}

#[derive(Clone, Debug)]
pub struct TicketView {
    pub title: String,
    pub number: String,
    /// With dashes.
    pub code: String,
    /// `已确认`
    pub state: String,
    pub when: String,
    pub place: String,
    pub directions: String,
    pub session: i32,
    pub seats: i32,
    pub name: Option<String>,
    pub conditions: String,
    pub contact: Vec<String>,
    pub qr: Option<Square>,
    /// The page behind the code.
    pub back: Href,
}

#[must_use]
pub fn ticket(frame: &Frame<'_>, view: &TicketView) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Lookup, no_index: true, ..frame.clone() };
    let title = lang.t("入场凭证", "Ticket");
    let session = match lang {
        Lang::Zh => format!("第 {} 场", view.session),
        Lang::En => format!("Session {}", view.session),
    };
    let mut facts = vec![
        Fact::text(lang.t("时间", "Time"), &view.when),
        Fact::new(lang.t("地点", "Place"), html! { span lang=[lang.content()] { (view.place) } }),
    ];
    if !view.directions.is_empty() {
        facts.push(Fact::new(
            lang.t("交通", "Directions"),
            html! { span lang=[lang.content()] { (view.directions) } },
        ));
    }
    facts.push(Fact::text(lang.t("场次", "Session"), &session));
    facts.push(Fact::text(
        lang.t("人数", "People"),
        &lang.counted(view.seats.into(), "人", "person", "people"),
    ));
    if let Some(name) = &view.name {
        facts.push(Fact::new(lang.t("姓名", "Name"), html! { span lang=[lang.content()] { (name) } }));
    }
    facts.push(Fact::text(lang.t("报名编号", "Number"), &view.number));
    let body = html! {
        (tools(lang, title, lang.t("打印带来，或在打印窗口选择“存储为 PDF”存在手机里；没有网络也能出示。", "Print it, or choose “Save as PDF” and keep it on your phone: it works without a network.")))
        article.sheet.ticket {
            header.ticket-head {
                p { (frame.site.name) " · " (title) }
                h2 lang=[lang.content()] { (view.title) }
                p.ticket-state { (view.state) }
            }
            div.ticket-body {
                div {
                    (definition_list(&facts))
                }
                div.ticket-code {
                    @if let Some(square) = &view.qr { (square_code(square, lang.t("入场二维码", "QR code for the door"))) }
                    @else { p { (lang.t("目前没有可以入场的名额", "No seat is yours at the moment")) } }
                    p.ticket-letters { (view.code) }
                }
            }
            @if !view.conditions.is_empty() {
                p { strong { (lang.t("参加条件：", "Who may come: ")) } span lang=[lang.content()] { (view.conditions) } }
            }
            p { strong { (lang.t("咨询：", "Questions: ")) } span lang=[lang.content()] { (view.contact.join("　")) } }
            p.small { (lang.t("凭二维码或查询码入场。查询码等同钥匙，请勿转给他人；不能参加请尽早取消，让给后面的人。", "The code opens the door: keep it to yourself. If you cannot come, please cancel for those behind you.")) }
        }
        p.actions { a.button href=(view.back) { (lang.t("返回我的报名", "Back to my registration")) } }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}
