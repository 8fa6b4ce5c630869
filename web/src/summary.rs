//! What became of the opinions: the list, and the published summary of one decision. Reads well with none.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    component::{
        Column, DocumentHead, DutyLine, FileLink, Pager, Part, PartTone, SummaryRow, Table, alert,
        article_tools, card, content_head, document_head, duty, empty_state, file_list, numbers, page_head,
        pager, paragraphs, stamp, summary_table, table,
    },
    label::{AuthorKind, Channel, Outcome, PublicationState, Tone},
    lang::Lang,
    layout::{Crumb, Frame, Nav, page},
    link::Href,
    path,
};

mod standing;
mod topics;

pub use standing::{
    Correction, OldView, VersionLink, WaitingView, WithdrawnView, old_version, waiting, withdrawn,
};

#[derive(Clone, Debug, Default)]
pub struct SummaryListView {
    pub rows: Vec<SummaryRow>,
    pub pager: Pager,
}

#[derive(Clone, Debug)]
pub struct SummaryView {
    /// `关于《…》公众意见建议收集和采纳情况`: Chinese in both languages, it is the document's name.
    pub title: String,
    /// Seen by staff only: nothing of this is public yet.
    pub preview: bool,
    pub decision: Href,
    pub consultation: Option<Href>,
    pub state: PublicationState,
    /// The ten working days, with the count day by day.
    pub duty: Option<DutyLine>,
    pub head: DocumentHead,
    pub source: String,
    pub published: NaiveDateTime,
    /// 一、履行公众参与程序总体情况: paragraphs, and what was done.
    pub overview: String,
    pub ways: Vec<ParticipationWay>,
    /// 二、意见建议收集和采纳情况: paragraphs before the numbers.
    pub collected: String,
    pub by_channel: Vec<(Channel, u64)>,
    pub by_kind: Vec<(AuthorKind, u64)>,
    pub by_outcome: Vec<(Outcome, u64)>,
    /// Counted, and answered by nobody yet: in a preview only.
    pub unanswered: u64,
    /// Received = published + not shown + rejected + pending.
    pub shown: Shown,
    pub people: u64,
    pub topics: Vec<TopicRow>,
    /// Long tables come in pages.
    pub pager: Pager,
    /// 三、附件
    pub files: Vec<FileLink>,
    pub corrections: Vec<Correction>,
    /// Every version, the newest first; empty with only one.
    pub versions: Vec<VersionLink>,
    /// SHA-256 of title and text.
    pub hash: String,
}

/// What was shown of what was received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub published: u64,
    pub not_shown: u64,
    pub rejected: u64,
    /// By their authors.
    pub withdrawn: u64,
    pub pending: u64,
}

#[derive(Clone, Debug)]
pub struct ParticipationWay {
    /// `向社会公开征求意见`, `座谈会`
    pub way: String,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub note: String,
}

#[derive(Clone, Debug)]
pub struct TopicRow {
    pub number: u32,
    /// `个人 19 条、企业 2 条`
    pub source: String,
    /// The topic's name, where it says something else than the text.
    pub title: Option<String>,
    pub text: String,
    /// The text told apart, where it proposes other words for a clause.
    pub proposal: Option<crate::opinion::Proposal>,
    pub count: u64,
    /// 较为集中的意见, and from how many people.
    pub concentrated: Option<u64>,
    /// None only in a preview.
    pub outcome: Option<Outcome>,
    pub reason: String,
    /// Where it is in the final text.
    pub final_clause: Option<(String, Option<Href>)>,
}

impl SummaryView {
    fn total(&self) -> u64 {
        self.by_channel.iter().map(|(_, n)| n).sum()
    }
}

#[must_use]
pub fn summary_list(frame: &Frame<'_>, view: &SummaryListView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Summaries, ..frame.clone() };
    "意见采纳情况".clone_into(&mut frame.meta.column_name);
    let title = lang.t("意见采纳情况", "What became of the opinions");
    let body = html! {
        (page_head(title, html! { p { (lang.t("决策出台后 10 个工作日内公布；是否按期，一并公示。", "Published within ten working days of a decision; whether it was in time is shown.")) } }))
        @if view.rows.is_empty() {
            (empty_state(
                lang.t("还没有公布采纳情况", "No summaries yet"),
                lang.t("征集结束、决策出台之后在此公布。现在可以先看看正在征求意见的事项。", "They follow the decisions. See what is open now."),
                Some((lang.t("正在征集的意见", "Open consultations"), Href::from(path::CONSULTATIONS))),
            ))
        } @else {
            (card("", summary_table(lang, title, &view.rows)))
            (pager(lang, &view.pager))
        }
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

#[must_use]
pub fn summary(frame: &Frame<'_>, view: &SummaryView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Summaries, ..frame.clone() };
    let title = view.title.clone();
    frame.meta.article_title.clone_from(&title);
    frame.meta.content_source.clone_from(&view.source);
    frame.meta.pub_date.get_or_insert(view.published);
    "意见采纳情况".clone_into(&mut frame.meta.column_name);
    let body = html! {
        @if view.preview {
            (alert(Tone::Warn, lang.t("预览：尚未公布", "Preview: not public"), html! { p { (lang.t("只有工作人员能看到。", "Only staff see this.")) } }))
        }
        div.stamped {
            (content_head(lang, &title, html! {
                a href=(view.decision) { (lang.t("决策全过程", "The decision's dossier")) }
                @if let Some(href) = &view.consultation { a href=(href) { (lang.t("征集页面", "The consultation")) } }
            }))
            (stamp(view.state.tone(), view.state.word(lang)))
        }
        (article_tools(&frame, &view.source, Some(view.published)))
        (document_head(lang, &view.head))
        (standing::corrections(lang, &view.corrections))
        @if let Some(line) = &view.duty { (card(lang.t("公布期限", "The deadline"), duty(lang, line))) }
        (overview(lang, view))
        (collected(lang, view))
        (files(lang, view))
        (standing::versions(lang, &view.versions, &view.hash))
    };
    let trail = [
        Crumb::link(lang.t("采纳情况", "What became of it"), path::SUMMARIES),
        Crumb::here(lang.t("正文", "This summary")),
    ];
    page(&frame, &title, &trail, body)
}

fn overview(lang: Lang, view: &SummaryView) -> Markup {
    html! {
        section.section lang=[lang.content()] {
            h2 { "一、履行公众参与程序总体情况" }
            div.prose { (paragraphs(&view.overview)) }
            @if !view.ways.is_empty() {
                ul.part-ways {
                    @for w in &view.ways {
                        li {
                            strong { (w.way) }
                            span.soft { (lang.date(w.from)) @if let Some(to) = w.to { (lang.t(" 至 ", " to ")) (lang.date(to)) } }
                            @if !w.note.is_empty() { p { (w.note) } }
                        }
                    }
                }
            }
        }
    }
}

fn collected(lang: Lang, view: &SummaryView) -> Markup {
    let total = view.total();
    html! {
        section.section {
            h2 lang=[lang.content()] { "二、意见建议收集和采纳情况" }
            div.prose lang=[lang.content()] {
                @if view.collected.is_empty() { p { (opening(view, total)) } } @else { (paragraphs(&view.collected)) }
            }
            @if total > 0 { (three_sums(lang, view)) }
            (topics::topics(lang, &view.topics, total))
            (pager(lang, &view.pager))
        }
    }
}

/// The sentence that says it all, made from the numbers when the owner wrote none.
fn opening(view: &SummaryView, total: u64) -> String {
    if total == 0 {
        return "征集期间，通过各种途径均未收到意见建议。未收到意见不影响公众在决策执行中继续提出意见。"
            .to_owned();
    }
    let of = |o: Outcome| view.by_outcome.iter().filter(|(x, _)| *x == o).map(|(_, n)| n).sum::<u64>();
    format!(
        "征集期间，共收到 {} 人提出的意见建议 {total} 条。经逐条研究，采纳 {} 条，部分采纳 {} 条，未采纳 {} 条，已作说明 {} 条。",
        view.people,
        of(Outcome::Adopted),
        of(Outcome::Partly),
        of(Outcome::NotAdopted),
        of(Outcome::Explained),
    )
}

fn three_sums(lang: Lang, view: &SummaryView) -> Markup {
    const TONES: [PartTone; 4] = [PartTone::Strong, PartTone::Middle, PartTone::Light, PartTone::Pale];
    let tone = |i: usize| TONES.get(i.min(3)).copied().unwrap_or(PartTone::Pale);
    let outcome = view
        .by_outcome
        .iter()
        .enumerate()
        .map(|(i, (o, n))| Part::new(o.word(lang), *n, tone(i)))
        .collect::<Vec<_>>();
    let channel = view
        .by_channel
        .iter()
        .enumerate()
        .map(|(i, (c, n))| Part::new(c.word(lang), *n, tone(i)))
        .collect::<Vec<_>>();
    let kind = view
        .by_kind
        .iter()
        .enumerate()
        .map(|(i, (k, n))| Part::new(k.word(lang), *n, tone(i)))
        .collect::<Vec<_>>();
    let mut outcome = outcome;
    if view.unanswered > 0 {
        outcome.push(Part::new(lang.t("未答复", "Not answered"), view.unanswered, PartTone::Warn));
    }
    let received = lang.t("共收到", "Received");
    html! {
        div.sums-row {
            @for (title, sum, parts) in [
                (lang.t("处理结果", "Result"), lang.t("计入办理", "Counted"), outcome),
                (lang.t("公开情况", "What is shown"), received, shown(lang, view.shown)),
                (lang.t("来自哪些途径", "By channel"), received, channel),
                (lang.t("由谁提出", "By whom"), received, kind),
            ] {
                @if !parts.is_empty() { (card(title, numbers(title, sum, &parts))) }
            }
        }
    }
}

fn shown(lang: Lang, s: Shown) -> Vec<Part> {
    let mut parts = vec![
        Part::new(lang.t("公开", "Published"), s.published, PartTone::Strong),
        Part::new(lang.t("不予公开", "Not shown"), s.not_shown, PartTone::Middle)
            .note(lang.t("已计入办理", "counted all the same")),
        Part::new(lang.t("不予受理", "Rejected"), s.rejected, PartTone::Pale)
            .note(lang.t("不计入办理", "not counted")),
    ];
    if s.withdrawn > 0 {
        let part = Part::new(lang.t("作者撤回", "Withdrawn"), s.withdrawn, PartTone::Pale);
        parts.push(part.note(lang.t("不计入办理", "not counted")));
    }
    if s.pending > 0 {
        parts.push(Part::new(lang.t("待审核", "Waiting for review"), s.pending, PartTone::Warn));
    }
    parts
}

fn files(lang: Lang, view: &SummaryView) -> Markup {
    html! {
        section.section {
            h2 lang=[lang.content()] { "三、附件：意见建议采纳情况汇总表" }
            @if view.files.is_empty() {
                p.soft { (lang.t("本次没有附件，全部内容见以上表格。", "No attachments; everything is in the table above.")) }
            }
            (file_list(lang, &view.files))
        }
    }
}

/// Shared with the topics table.
fn topic_columns(lang: Lang) -> Vec<Column> {
    vec![
        Column::number(lang.t("序号", "No.")),
        Column::text(lang.t("意见来源", "Source")),
        Column::text(lang.t("意见建议", "Opinion")),
        Column::text(lang.t("采纳情况及理由", "Result and reason")),
    ]
}

fn topic_table(lang: Lang, rows: Vec<Vec<Markup>>) -> Markup {
    table(&Table {
        caption: lang.t("意见建议采纳情况汇总表", "All topics with result and reason").to_owned(),
        caption_hidden: true,
        columns: topic_columns(lang),
        rows,
        row_head: None,
    })
}
