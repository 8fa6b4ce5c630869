//! The public dossier of one decision: where it stands, what comes next and by when, every document, every
//! consultation, the answer.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{
        ConsultationCard, DocumentHead, DutyLine, FileLink, SummaryRow, TimelineStep, alert, article_tools,
        card, consultation_board, content_head, document_head, duty, empty_state, file_list, paragraphs,
        summary_table, timeline,
    },
    event::{EventCard, event_board},
    label::Tone,
    lang::{Lang, iso},
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

#[derive(Clone, Debug)]
pub struct DecisionView {
    pub title: String,
    pub category: String,
    pub department: String,
    /// The word for where it stands, derived from the steps.
    pub stage: String,
    pub intro: String,
    /// 决策依据
    pub basis: String,
    pub head: DocumentHead,
    pub source: String,
    pub published: NaiveDateTime,
    /// Title and address of the catalogue it is listed in.
    pub catalogue: Option<(String, Href)>,
    pub steps: Vec<TimelineStep>,
    pub next_duty: Option<DutyLine>,
    pub documents: Vec<DecisionDocument>,
    pub consultations: Vec<ConsultationCard>,
    /// One for each consultation that was answered or must be.
    pub summaries: Vec<SummaryRow>,
    /// Hearings, seminars, visits, opened meetings on this matter.
    pub events: Vec<EventCard>,
    pub withdrawn: Option<Withdrawn>,
    /// Every version of this page, the newest first.
    pub history: Vec<(u32, NaiveDateTime, Href)>,
}

#[derive(Clone, Debug)]
pub struct DecisionDocument {
    /// `决策草案`, `起草说明`, `决策依据`, `正式文本`
    pub kind: String,
    pub title: String,
    pub href: Option<Href>,
    pub version: u32,
    pub published: NaiveDate,
    pub files: Vec<FileLink>,
    /// Notice of a correction, and the comparison with the version before.
    pub notice: String,
    pub compare: Option<Href>,
}

#[derive(Clone, Debug)]
pub struct Withdrawn {
    pub on: NaiveDate,
    pub reason: String,
}

#[must_use]
pub fn decision(frame: &Frame<'_>, view: &DecisionView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Decisions, ..frame.clone() };
    frame.meta.article_title.clone_from(&view.title);
    frame.meta.content_source.clone_from(&view.source);
    frame.meta.pub_date.get_or_insert(view.published);
    let body = html! {
        (content_head(lang, &view.title, html! {
            span { (lang.t("目前进展：", "Now: ")) strong.ink { (view.stage) } }
            span lang=[lang.content()] { (view.department) }
            span lang=[lang.content()] { (view.category) }
        }))
        (article_tools(&frame, &view.source, Some(view.published)))
        @if let Some(w) = &view.withdrawn { (withdrawn(lang, w)) }
        div.side-by-side {
            div.stack {
                @if let Some(line) = &view.next_duty {
                    section.card.next-duty { h2.card-title { (lang.t("下一个期限", "The next deadline")) } (duty(lang, line)) }
                }
                @if !view.intro.is_empty() { div.intro lang=[lang.content()] { (paragraphs(&view.intro)) } }
                (consultations(lang, view))
                (events(lang, view))
                (documents(lang, view))
                (summary(lang, view))
                @if !view.basis.is_empty() {
                    section {
                        h2.block-title { (lang.t("决策依据", "Basis")) }
                        div lang=[lang.content()] { (paragraphs(&view.basis)) }
                    }
                }
                (document_head(lang, &view.head))
                (history(lang, view))
            }
            aside {
                (card(lang.t("全过程", "The whole way"), timeline(lang, &view.steps)))
                @if let Some((title, href)) = &view.catalogue {
                    (card(lang.t("所在目录", "Listed in"), html! { p lang=[lang.content()] { a href=(href) { (title) } } }))
                }
            }
        }
    };
    let trail = [
        Crumb::link(lang.t("重大行政决策", "Decisions"), path::DECISIONS),
        Crumb::here(lang.t("决策事项", "Decision")),
    ];
    page(&frame, &view.title, &trail, body)
}

fn withdrawn(lang: Lang, w: &Withdrawn) -> Markup {
    alert(
        Tone::Warn,
        lang.t("本事项已终止", "This matter was stopped"),
        html! { p { time datetime=(iso(w.on)) { (lang.date(w.on)) } " " span lang=[lang.content()] { (w.reason) } } },
    )
}

fn consultations(lang: Lang, view: &DecisionView) -> Markup {
    html! {
        section {
            h2.block-title { (lang.t("公开征求意见", "Consultations")) }
            @if view.consultations.is_empty() {
                (empty_state(
                    lang.t("尚未公开征求意见", "Not yet open for opinions"),
                    lang.t("草案形成后在此公开征求意见，一般不少于 30 日。", "The draft will be published here for at least 30 days as a rule."),
                    None,
                ))
            }
            (consultation_board(lang, &view.consultations))
        }
    }
}

fn events(lang: Lang, view: &DecisionView) -> Markup {
    html! {
        @if !view.events.is_empty() {
            section {
                h2.block-title { (lang.t("听证、座谈、走访和列席会议", "Hearings, seminars, visits, open meetings")) }
                (event_board(lang, &view.events))
            }
        }
    }
}

fn documents(lang: Lang, view: &DecisionView) -> Markup {
    html! {
        section {
            h2.block-title { (lang.t("文件", "Documents")) }
            @if view.documents.is_empty() {
                (empty_state(lang.t("还没有公开文件", "No documents yet"), lang.t("草案、起草说明和决策依据公开后列在这里。", "Draft, explanation and basis will be listed here."), None))
            }
            ul.documents { @for doc in &view.documents { li { (one_document(lang, doc)) } } }
        }
    }
}

fn one_document(lang: Lang, doc: &DecisionDocument) -> Markup {
    html! {
        p.document-kind lang=[lang.content()] { (doc.kind) }
        div {
            p.document-title lang=[lang.content()] {
                @if let Some(href) = &doc.href { a href=(href) { (doc.title) } } @else { (doc.title) }
            }
            p.small {
                (lang.t("第 ", "version ")) (doc.version) (lang.t(" 版 · ", " · ")) time datetime=(iso(doc.published)) { (lang.date(doc.published)) }
                @if let Some(href) = &doc.compare { " · " a href=(href) { (lang.t("与上一版比较", "compare with the one before")) } }
            }
            @if !doc.notice.is_empty() { p.small.notice lang=[lang.content()] { (doc.notice) } }
            (file_list(lang, &doc.files))
        }
    }
}

fn summary(lang: Lang, view: &DecisionView) -> Markup {
    html! {
        section {
            h2.block-title { (lang.t("意见采纳情况", "What became of the opinions")) }
            @if !view.summaries.is_empty() {
                (card("", summary_table(lang, lang.t("意见采纳情况", "Adoption summary"), &view.summaries)))
            } @else {
                (empty_state(
                    lang.t("尚未到公布的时候", "Not yet due"),
                    lang.t("决策出台后 10 个工作日内，公布意见的收集、采纳情况和未采纳的理由。", "Published within ten working days of the decision."),
                    None,
                ))
            }
        }
    }
}

/// Every change of a public page is a version of it, and each stays readable.
fn history(lang: Lang, view: &DecisionView) -> Markup {
    html! {
        @if view.history.len() > 1 {
            details.history {
                summary { (lang.t("本页历次更新", "Versions of this page")) "（" (view.history.len()) "）" }
                ol.versions {
                    @for (number, at, href) in &view.history {
                        li { a href=(href) { (lang.t("第 ", "version ")) (number) (lang.t(" 版", "")) } " " time.soft datetime=(iso(at.date())) { (lang.date_time(*at)) } }
                    }
                }
            }
        }
    }
}

/// An older version of a dossier, as it was published.
#[derive(Clone, Debug)]
pub struct OldDossier {
    pub title: String,
    pub version: u32,
    pub published: NaiveDateTime,
    pub source: String,
    pub body: String,
    pub current: Href,
    /// SHA-256 of what was published.
    pub hash: String,
}

#[must_use]
pub fn old_dossier(frame: &Frame<'_>, view: &OldDossier) -> Markup {
    let lang = frame.lang;
    let frame = Frame { nav: Nav::Decisions, no_index: true, ..frame.clone() };
    let body = html! {
        (content_head(lang, &view.title, html! { span { (lang.t("第 ", "Version ")) (view.version) (lang.t(" 版", "")) } }))
        (article_tools(&frame, &view.source, Some(view.published)))
        (alert(Tone::Info, lang.t("这是当时公布的文字", "As it was published then"), html! {
            p { a href=(view.current) { (lang.t("查看现在的页面", "See the page of today")) } }
        }))
        div.card lang=[lang.content()] { (paragraphs(&view.body)) }
        p.small { (lang.t("内容校验值（SHA-256）：", "Content hash (SHA-256): ")) code { (view.hash) } }
    };
    let trail = [
        Crumb::link(lang.t("重大行政决策", "Decisions"), path::DECISIONS),
        Crumb::link(lang.t("决策事项", "Decision"), view.current.clone()),
        Crumb::here(lang.t("历次更新", "Versions")),
    ];
    page(&frame, &view.title, &trail, body)
}
