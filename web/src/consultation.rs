//! Consultations: the list, and the page of one with its draft to read clause by clause.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, html};

use crate::{
    attachment::AttachedFile,
    component::{
        ConsultationCard, DocumentHead, DutyLine, FileLink, Pager, Tab, TimelineStep, consultation_board,
        empty_state, page_head, pager, tabs,
    },
    identity::Asks,
    label::{AuthorKind, Channel, ConsultationState, Outcome},
    layout::{Crumb, Frame, Nav, page},
    link::{Href, with_query},
    path,
    questionnaire::QuestionnaireCard,
};

mod aside;
mod detail;
mod fairness;
mod reader;
mod said;
mod share;

pub use aside::channel_facts;
pub use detail::consultation;
pub use fairness::{ChannelRow, FairnessView, NotShownRow, fairness};
pub use reader::{clause_quote, reader};
pub use said::{opinion_text, published_opinion, published_opinions};
pub use share::{PosterView, Share, poster};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsultationFilter {
    #[default]
    All,
    Open,
    Closed,
    Answered,
}

#[derive(Clone, Debug, Default)]
pub struct ConsultationListView {
    pub filter: ConsultationFilter,
    /// How many there are of each: all, open, closed, answered.
    pub counts: [u64; 4],
    pub items: Vec<ConsultationCard>,
    pub pager: Pager,
}

#[derive(Clone, Debug)]
pub struct ConsultationView {
    /// `关于公开征求《示例市公共体育场馆开放管理办法（征求意见稿）》意见的公告`
    pub title: String,
    pub href: Href,
    pub decision: Option<Href>,
    pub state: ConsultationState,
    pub department: String,
    pub opens: NaiveDate,
    pub closes: NaiveDate,
    pub days_left: i64,
    pub people: u64,
    pub head: DocumentHead,
    pub source: String,
    pub published: NaiveDateTime,
    /// 征集公告, one paragraph a line.
    pub notice: String,
    /// Why the period is shorter than 30 days.
    pub shortened_reason: Option<String>,
    pub extensions: Vec<Extension>,
    /// Another site published it.
    pub imported: Option<Imported>,
    pub withdrawn_reason: Option<String>,
    pub draft: DraftView,
    /// 起草说明, one paragraph a line, and its files.
    pub explanation: String,
    pub explanation_files: Vec<FileLink>,
    /// 决策依据, one paragraph a line, and its files.
    pub basis: String,
    pub basis_files: Vec<FileLink>,
    /// What was changed in the texts, newest last.
    pub corrections: Vec<Correction>,
    pub opinions: Vec<PublishedOpinion>,
    /// When only those on one clause are shown: its name, and the way back to all.
    pub opinions_on: Option<(String, Href)>,
    pub opinion_pager: Pager,
    /// The order of the opinions, and the way to the other one; none where nothing is supported.
    pub opinion_order: Option<OpinionOrder>,
    /// All of them as a table.
    pub opinion_file: Option<FileLink>,
    pub received: Received,
    pub channels: Channels,
    /// The form for the whole draft; `None` when nothing can be said (any more, or yet).
    pub speak: Option<Href>,
    /// What is proved before an opinion is taken online.
    pub asks: Asks,
    pub steps: Vec<TimelineStep>,
    pub next_duty: Option<DutyLine>,
    pub summary: Option<Href>,
    /// How the last day was counted, in a sentence.
    pub counted: String,
    /// Not published yet: only its owner sees this page.
    pub preview: bool,
    /// What it means in plain words; may be empty.
    pub plain: String,
    /// To pass it on, once published.
    pub share: Option<Share>,
    pub questionnaire: Option<QuestionnaireCard>,
}

/// In which order the opinions stand.
#[derive(Clone, Debug)]
pub struct OpinionOrder {
    /// Those most supported first; otherwise the newest.
    pub by_support: bool,
    pub other: Href,
}

/// A text of the consultation was replaced by a newer version.
#[derive(Clone, Debug)]
pub struct Correction {
    /// `决策草案`
    pub kind: String,
    pub version: u32,
    pub on: NaiveDate,
    pub notice: String,
    pub compare: Option<Href>,
}

/// The end was moved, later only.
#[derive(Clone, Debug)]
pub struct Extension {
    pub announced: NaiveDate,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub reason: String,
}

/// Where a consultation came from.
#[derive(Clone, Debug)]
pub struct Imported {
    pub site: String,
    /// Its page there.
    pub href: Href,
    pub on: NaiveDate,
}

#[derive(Clone, Debug, Default)]
pub struct DraftView {
    pub version: u32,
    /// The comparison with the version before.
    pub compare: Option<Href>,
    pub parts: Vec<DraftPart>,
    pub files: Vec<FileLink>,
}

/// A line of the draft's structure.
#[derive(Clone, Debug)]
pub enum DraftPart {
    /// 编, 章, 节 or a numbered heading; level 1 is the highest.
    Heading {
        anchor: String,
        level: u8,
        text: String,
    },
    /// The first line of the text, as in print.
    Title(String),
    /// Preamble, signature and other text that one does not speak on.
    Text(String),
    /// Rows with tabs between their cells.
    Table(String),
    Clause(ClauseView),
}

/// What one can speak on: usually an article.
#[derive(Clone, Debug)]
pub struct ClauseView {
    pub anchor: String,
    /// `第八条`
    pub label: String,
    pub lines: Vec<ClauseLine>,
    /// Published opinions on it.
    pub count: u64,
    /// The form for this clause, while open.
    pub speak: Option<Href>,
    /// The first few of them.
    pub opinions: Vec<PublishedOpinion>,
    /// All of them.
    pub more: Option<Href>,
}

/// A line of a clause: the first paragraph begins with the label already.
#[derive(Clone, Debug)]
pub struct ClauseLine {
    pub kind: LineKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// 款
    Paragraph,
    /// 项
    Item,
    /// 目
    Subitem,
    /// Rows with tabs between their cells.
    Table,
}

/// A published opinion: what everybody may read of it.
#[derive(Clone, Debug)]
pub struct PublishedOpinion {
    /// Stable, used as the anchor.
    pub id: String,
    /// Where it can be reported.
    pub report: Href,
    /// `张*`, `匿名`, or a name, by the author's choice.
    pub who: String,
    pub kind: AuthorKind,
    pub on: NaiveDate,
    pub channel: Channel,
    pub text: Vec<Span>,
    /// The text told apart, where it proposes other words for its clause.
    pub proposal: Option<crate::opinion::Proposal>,
    /// Attachments that a moderator lets everybody see.
    pub files: Vec<AttachedFile>,
    /// Label and address of the clause it speaks on.
    pub clause: Option<(String, Href)>,
    /// What became of it, once published.
    pub outcome: Option<(Outcome, String)>,
    /// 赞同: clicks of other readers.
    pub supports: u64,
    /// Where it is supported, while that is possible.
    pub support: Option<Href>,
}

/// Text of an opinion; what a moderator removed is shown as removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    Plain(String),
    Hidden,
}

/// The numbers of a consultation; the page adds them up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Received {
    pub published: u64,
    pub pending: u64,
    /// Not shown, but counted and dealt with.
    pub withheld: u64,
    pub rejected: u64,
    /// By their authors.
    pub withdrawn: u64,
}

impl Received {
    #[must_use]
    pub fn total(self) -> u64 {
        self.published + self.pending + self.withheld + self.rejected + self.withdrawn
    }
}

/// The other ways to speak; letters and calls count the same.
#[derive(Clone, Debug, Default)]
pub struct Channels {
    pub address: String,
    pub postcode: String,
    pub email: String,
    pub phone: String,
    /// `张老师，工作日 9:00–17:00`
    pub contact: String,
    /// `信封请注明"场馆办法征求意见"`
    pub note: String,
}

#[must_use]
pub fn consultation_list(frame: &Frame<'_>, view: &ConsultationListView) -> Markup {
    let lang = frame.lang;
    let mut frame = Frame { nav: Nav::Consultations, ..frame.clone() };
    "意见征集".clone_into(&mut frame.meta.column_name);
    "互动交流".clone_into(&mut frame.meta.column_type);
    let title = lang.t("意见征集", "Consultations");
    let body = html! {
        (page_head(title, html! { p { (lang.t("决策之前，草案和依据全文公开，听取您的意见。", "Before a decision, draft and basis are public and your opinion is asked.")) } }))
        (filters(&frame, view))
        h2.sr { (lang.t("征集列表", "List")) }
        @if view.items.is_empty() { (no_items(&frame, view.filter)) }
        (consultation_board(lang, &view.items))
        (pager(lang, &view.pager))
    };
    page(&frame, title, &[Crumb::here(title)], body)
}

fn filters(frame: &Frame<'_>, view: &ConsultationListView) -> Markup {
    let lang = frame.lang;
    let all = [
        (ConsultationFilter::All, "", lang.t("全部", "All")),
        (ConsultationFilter::Open, "open", lang.t("征集中", "Open")),
        (ConsultationFilter::Closed, "closed", lang.t("已结束", "Closed")),
        (ConsultationFilter::Answered, "answered", lang.t("已反馈", "Answered")),
    ];
    let items: Vec<Tab> = all
        .iter()
        .zip(view.counts)
        .map(|((filter, value, label), n)| {
            let href = if value.is_empty() {
                Href::from(path::CONSULTATIONS)
            } else {
                with_query(path::CONSULTATIONS, "state", value)
            };
            Tab::new(*label, href).count(n).current_if(*filter == view.filter)
        })
        .collect();
    tabs(lang.t("按状态筛选", "Filter by state"), &items)
}

fn no_items(frame: &Frame<'_>, filter: ConsultationFilter) -> Markup {
    let lang = frame.lang;
    let (title, advice) = match filter {
        ConsultationFilter::Open => (
            lang.t("目前没有正在征求意见的事项", "Nothing is open for opinions at the moment"),
            lang.t(
                "可以看看今年的决策事项目录，了解接下来将要决定什么。",
                "See this year's catalogue for what comes next.",
            ),
        ),
        ConsultationFilter::Answered => (
            lang.t("还没有已反馈的征集", "Nothing answered yet"),
            lang.t(
                "决策出台后 10 个工作日内公布采纳情况。",
                "Answers follow within ten working days of the decision.",
            ),
        ),
        ConsultationFilter::All | ConsultationFilter::Closed => {
            (lang.t("这里还没有征集", "No consultations here yet"), "")
        }
    };
    let action = (lang.t("决策事项目录", "Catalogue of decisions"), Href::from(path::CATALOGUES));
    empty_state(title, advice, Some(action))
}
