//! The owner's work on the opinions of a consultation: grouping them, answering them, with the numbers
//! beside the work.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    attachment::AttachedFile,
    component::{Pager, Tab, alert, page_head, tabs},
    form::{Choice, FormState, error_summary, hidden},
    label::{AuthorKind, Channel, Outcome, Tone},
    layout::{Frame, SideItem, desk},
    link::Href,
    opinion::Proposal,
};

mod aside;
mod list;
mod panel;

/// Name of the boxes before the opinions; the value is the number.
pub const FIELD_PICK: &str = "pick";
/// Where picked opinions go: a topic's id, or [`PLACE_NEW`].
pub const FIELD_PLACE: &str = "place";
pub const PLACE_NEW: &str = "new";
pub const FIELD_NEW_TITLE: &str = "new_title";

#[derive(Clone, Debug)]
pub struct WorkView {
    pub side: Vec<SideItem>,
    pub csrf: String,
    pub title: String,
    pub consultation: Href,
    pub decision: Href,
    pub summary: Href,
    /// Address of this page without its query; forms post below it.
    pub base: String,
    /// Address of the topics of this consultation.
    pub topics_base: String,
    /// The filters as hidden fields of every form, so that none is lost.
    pub kept: Vec<(&'static str, String)>,
    /// Why nothing can be changed now.
    pub locked: Option<String>,
    /// Grouping stays as it is while a correction is written.
    pub grouping: bool,
    pub tabs: Vec<Tab>,
    pub clauses: Vec<Choice>,
    pub q: String,
    pub clause: String,
    pub topic: String,
    pub show: String,
    pub items: Vec<WorkItem>,
    pub pager: Pager,
    pub panel: Option<Panel>,
    pub topics: Vec<TopicLine>,
    pub suggestions: Vec<SuggestionLine>,
    pub stats: Stats,
    pub state: FormState,
}

/// An opinion to work on.
#[derive(Clone, Debug)]
pub struct WorkItem {
    pub number: String,
    pub text: String,
    /// The text told apart, where it proposes other words for its clause.
    pub proposal: Option<Proposal>,
    /// For those who deal with it.
    pub files: Vec<AttachedFile>,
    pub who: String,
    pub kind: AuthorKind,
    pub channel: Channel,
    pub on: NaiveDate,
    /// `待审核`, `不予公开（已计入办理）` …; empty for a published one.
    pub state: String,
    /// Not counted: nothing to do.
    pub off: bool,
    pub clause: Option<String>,
    pub topic: Option<(String, Href)>,
    pub outcome: Option<Outcome>,
    /// The outcome is its own, not its topic's.
    pub own: bool,
    pub reason: String,
    pub answer: Href,
}

/// A topic beside the work.
#[derive(Clone, Debug)]
pub struct TopicLine {
    pub id: String,
    pub title: String,
    pub opinions: u64,
    pub people: u64,
    pub concentrated: bool,
    pub outcome: Option<Outcome>,
    /// Concentrated and not adopted without a proper reason, or without any answer.
    pub lacking: bool,
    pub show: Href,
    pub answer: Href,
    pub edit: Href,
    pub current: bool,
}

/// Opinions that belong together.
#[derive(Clone, Debug)]
pub struct SuggestionLine {
    /// `clause` or `text`.
    pub kind: &'static str,
    pub value: String,
    pub opinions: u64,
    pub label: String,
    /// A name for the new topic.
    pub title: String,
}

#[derive(Clone, Debug, Default)]
pub struct Stats {
    pub received: u64,
    pub people: u64,
    pub rejected: u64,
    pub withdrawn: u64,
    pub by_outcome: Vec<(Outcome, u64)>,
    pub unanswered: u64,
    pub by_channel: Vec<(Channel, u64)>,
}

/// What is being answered or changed, above the list.
#[derive(Clone, Debug)]
pub enum Panel {
    Answer(AnswerPanel),
    Edit(EditPanel),
}

/// Fields `outcome`, `reason`, `final_clause`.
#[derive(Clone, Debug)]
pub struct AnswerPanel {
    pub heading: String,
    /// The opinion's words, or the topic's gist.
    pub quote: String,
    /// The same told apart, where it proposes other words for its clause.
    pub proposal: Option<Proposal>,
    pub facts: String,
    pub action: Href,
    /// Clauses of the final text; empty before there is one.
    pub clauses: Vec<Choice>,
    /// The shortest reason when it is not adopted; for concentrated topics.
    pub least_reason: Option<usize>,
    /// An answer is there and may be taken back.
    pub retract: bool,
    /// For an opinion in a topic: what holds without an own answer.
    pub follows: Option<String>,
    pub back: Href,
}

/// Fields `title`, `gist`.
#[derive(Clone, Debug)]
pub struct EditPanel {
    pub id: String,
    pub action: Href,
    /// Only an empty topic can be removed.
    pub empty: bool,
    pub back: Href,
}

#[must_use]
pub fn work(frame: &Frame<'_>, view: &WorkView) -> Markup {
    let lang = frame.lang;
    let title = lang.t("归并与答复", "Group and answer");
    let body = html! {
        (page_head(title, html! {
            a href=(view.consultation) lang=[lang.content()] { (view.title) }
            a href=(view.decision) { (lang.t("决策工作台", "The decision's desk")) }
            a href=(view.summary) { (lang.t("下一步：采纳情况", "Next: the summary")) }
        }))
        (error_summary(lang, &view.state))
        @if let Some(why) = &view.locked { (alert(Tone::Info, "", html! { p { (why) } })) }
        div.work {
            div {
                @match &view.panel {
                    Some(Panel::Answer(p)) => (panel::answer(lang, view, p)),
                    Some(Panel::Edit(p)) => (panel::edit(lang, view, p)),
                    None => {}
                }
                (tabs(lang.t("要处理的意见", "Opinions to work on"), &view.tabs))
                (list::filters(lang, view))
                (list::list(lang, view))
            }
            aside {
                (aside::topics(lang, view))
                (aside::suggestions(lang, view))
                (aside::stats(lang, &view.stats))
            }
        }
    };
    desk(frame, &view.state.title(lang, title), &view.side, body)
}

/// The filters, so that the page comes back as it was.
fn kept(view: &WorkView) -> Markup {
    html! { @for (name, value) in &view.kept { @if !value.is_empty() { (hidden(name, value)) } } }
}

impl WorkView {
    fn editable(&self) -> bool {
        self.locked.is_none()
    }

    fn groupable(&self) -> bool {
        self.editable() && self.grouping
    }
}
