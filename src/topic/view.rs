//! Fills the owner's page from the rows.

mod panel;

use entity::consultation::Model as Consultation;
use entity::enums::{OpinionState, Outcome, SubjectKind};
use entity::id::{LineageId, TopicId};
use serde::Deserialize;
use web::component::{Pager, Tab};
use web::desk::topic::{Stats, SuggestionLine, TopicLine, WorkItem, WorkView};
use web::form::{Choice, FormState};
use web::label;
use web::lang::Lang;

use super::gather::{Group, Suggestion};
use super::list::{Filter, Item, Show};
use super::store::TopicStats;
use super::{gather, list, policy, store};
use crate::app::App;
use crate::attachment;
use crate::calendar::civil;
use crate::document::label_of_path;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::opinion::words::{channel_label, kind_label};
use crate::opinion::{attached, page_words, state_words, wording};
use crate::problem::Problem;
use crate::topic::Figures;

/// Opinions on a page.
const PAGE: u64 = 50;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub show: String,
    #[serde(default)]
    pub clause: String,
    #[serde(default)]
    pub topic: String,
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub page: String,
    /// The opinion, by number, or the topic, by id, whose answer is being written.
    #[serde(default)]
    pub answer: String,
    #[serde(default)]
    pub respond: String,
    /// The topic that is being changed.
    #[serde(default)]
    pub edit: String,
}

impl Asked {
    /// The filters as a form of the page carried them.
    pub fn of_form(form: &Form) -> Self {
        let get = |name: &str| form.get(name).to_owned();
        Self {
            show: get("show"),
            clause: get("clause"),
            topic: get("topic"),
            q: get("q"),
            page: get("page"),
            ..Self::default()
        }
    }

    fn filter(&self) -> Filter {
        let topic = self.topic.parse::<TopicId>().ok();
        // With a topic, a word or a clause chosen one looks for all of it.
        let narrowed = topic.is_some() || !self.q.is_empty();
        let usual = if narrowed { Show::All } else { Show::default() };
        Filter {
            show: Show::parse(&self.show).unwrap_or(usual),
            clause: self.clause.parse::<LineageId>().ok(),
            topic,
            q: self.q.chars().take(100).collect(),
            limit: PAGE,
            offset: (self.number() - 1) * PAGE,
        }
    }

    fn number(&self) -> u64 {
        self.page.parse::<u64>().ok().filter(|n| (1..=100_000).contains(n)).unwrap_or(1)
    }

    fn kept(&self) -> Vec<(&'static str, String)> {
        vec![
            ("show", self.show.clone()),
            ("clause", self.clause.clone()),
            ("topic", self.topic.clone()),
            ("q", self.q.clone()),
            ("page", self.page.clone()),
        ]
    }

    /// The page's address with these filters, and one more parameter.
    pub fn href(&self, base: &str, more: Option<(&str, &str)>) -> String {
        let mut pairs = self.kept();
        pairs.retain(|(_, value)| !value.is_empty());
        let mut query: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={}", encode(v))).collect();
        query.extend(more.map(|(k, v)| format!("{k}={}", encode(v))));
        if query.is_empty() { base.to_owned() } else { format!("{base}?{}", query.join("&")) }
    }
}

/// A value for a query, whatever was typed.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

pub fn outcome_label(outcome: Outcome) -> label::Outcome {
    match outcome {
        Outcome::Adopted => label::Outcome::Adopted,
        Outcome::PartlyAdopted => label::Outcome::Partly,
        Outcome::NotAdopted => label::Outcome::NotAdopted,
        Outcome::Explained => label::Outcome::Explained,
    }
}

/// The page of a consultation's opinions. `state` holds what was typed, or is empty for a fresh page.
///
/// # Errors
/// `not_found` for a panel of something else; the database's own.
pub async fn work(
    app: &App,
    visitor: &Visitor,
    found: &Consultation,
    decision: &entity::decision::Model,
    asked: &Asked,
    state: FormState,
) -> Result<WorkView, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let base = format!("/desk/consultations/{}/opinions", found.code);
    let filter = asked.filter();
    let figures = store::figures(db, found.id).await?;
    let known = filter.is_whole().then_some(match filter.show {
        Show::Ungrouped => figures.ungrouped,
        Show::Unanswered => figures.unanswered,
        Show::All => figures.received,
    });
    let (items, total) = list::list(db, found.id, &filter, known).await?;
    let ids: Vec<_> = items.iter().map(|i| i.id.0).collect();
    let files = attachment::of_many(db, SubjectKind::Opinion, &ids).await?;
    let stats = store::stats(db, found.id).await?;
    let correcting = found.result_published_at.is_some() && store::correcting(db, found.id).await?;
    let locked = policy::open_for_answers(found, correcting, app.now()).err();
    let locked = locked.and_then(|p| p.detail.as_ref().map(|d| visitor.say(d)));
    let reads_only = || {
        lang.t("您可以查看，由承办单位归并和答复。", "You may read this; the undertaking department answers.")
    };
    let runs = crate::decision::may_run(&visitor.actor, decision).is_ok();
    let locked = locked.or_else(|| (!runs).then(|| reads_only().to_owned()));
    let (panel, state) = match &locked {
        None => panel::open(app, found, decision, asked, &stats, state, lang).await?,
        Some(_) => (None, state),
    };
    let clauses = list::clause_counts(db, found.id)
        .await?
        .into_iter()
        .map(|c| Choice::new(c.lineage_id.to_string(), format!("{}（{}）", label_of_path(&c.path), c.n)));
    Ok(WorkView {
        side: desk::side(app, visitor, "/desk/decisions").await?,
        csrf: visitor.csrf().to_owned(),
        title: found.title.clone(),
        consultation: format!("/desk/consultations/{}", found.code).into(),
        decision: format!("/desk/decisions/{}", decision.code).into(),
        summary: format!("/desk/consultations/{}/summary", found.code).into(),
        topics_base: format!("/desk/consultations/{}/topics", found.code),
        kept: asked.kept(),
        locked,
        grouping: !correcting,
        tabs: tabs(&base, filter.show, &figures, lang),
        clauses: clauses.collect(),
        q: filter.q.clone(),
        clause: asked.clause.clone(),
        topic: asked.topic.clone(),
        show: filter.show.as_str().to_owned(),
        items: told_apart(app, items, |i| {
            // Who only reads may not open them.
            let files = files.get(&i.id.0).filter(|_| runs).into_iter().flatten();
            let desk = format!("/desk/opinions/{}", i.number);
            let files = files.map(|f| attached(&desk, f, true)).collect();
            WorkItem { files, ..item(i, asked, &base, lang) }
        })
        .await?,
        pager: pager(asked, &base, total, lang),
        panel,
        topics: topics(app, &stats, asked, &base),
        suggestions: suggestions(gather::suggestions(db, found.id).await?),
        stats: numbers(&figures),
        state,
        base,
    })
}

/// The lines of opinions, those that propose other words set against their clause.
async fn told_apart(
    app: &App,
    items: Vec<Item>,
    line: impl Fn(Item) -> WorkItem,
) -> Result<Vec<WorkItem>, Problem> {
    let bases = wording::bases(app.db.read(), items.iter().map(|i| (i.text.as_str(), i.clause_id))).await?;
    let mut budget = wording::BUDGET;
    let told = |i: Item| {
        let base = i.clause_id.and_then(|id| bases.get(&id)).map(String::as_str);
        let proposal = page_words::proposal_within(&i.text, base, &mut budget);
        WorkItem { proposal, ..line(i) }
    };
    Ok(items.into_iter().map(told).collect())
}

fn tabs(base: &str, show: Show, f: &Figures, lang: Lang) -> Vec<Tab> {
    let tab = |which: Show, zh, en, n| {
        Tab::new(lang.t(zh, en), format!("{base}?show={}", which.as_str())).count(n).current_if(which == show)
    };
    vec![
        tab(Show::Ungrouped, "未归并", "Not grouped", f.ungrouped),
        tab(Show::Unanswered, "未答复", "Not answered", f.unanswered),
        tab(Show::All, "全部", "All", f.received),
    ]
}

fn item(i: Item, asked: &Asked, base: &str, lang: Lang) -> WorkItem {
    let words = state_words(i.state);
    let topic = i.topic.clone().zip(i.topic_id);
    WorkItem {
        outcome: i.outcome().map(outcome_label),
        own: i.own.is_some(),
        answer: format!("{}#panel", asked.href(base, Some(("answer", &i.number)))).into(),
        who: i.public_name.unwrap_or_else(|| "不具名".to_owned()),
        kind: kind_label(i.person_kind),
        channel: channel_label(i.channel),
        on: civil::local_date(i.received_at),
        state: match i.state {
            OpinionState::Published => String::new(),
            _ => lang.t(&words.zh, &words.en).to_owned(),
        },
        off: !i.state.is_counted(),
        clause: i.clause.map(|path| label_of_path(&path)),
        topic: topic.map(|(title, id)| (title, format!("{base}?topic={id}").into())),
        reason: i.own_reason.unwrap_or_default(),
        number: i.number,
        text: i.text,
        proposal: None,
        files: Vec::new(),
    }
}

fn pager(asked: &Asked, base: &str, total: u64, lang: Lang) -> Pager {
    let n = asked.number();
    let to = |page: u64| {
        let there = Asked { page: page.to_string(), ..asked.clone() };
        there.href(base, None).into()
    };
    let (from, until) = ((n - 1) * PAGE + 1, (n * PAGE).min(total));
    Pager {
        previous: (n > 1).then(|| to(n - 1)),
        next: (n * PAGE < total).then(|| to(n + 1)),
        note: match lang {
            Lang::Zh => format!("第 {from}–{until} 条，共 {total} 条"),
            Lang::En => format!("{from}–{until} of {total}"),
        },
    }
}

fn topics(app: &App, stats: &[TopicStats], asked: &Asked, base: &str) -> Vec<TopicLine> {
    let least = app.config.rules.concentrated_people;
    let line = |s: &TopicStats| {
        let id = s.topic.id.to_string();
        let concentrated = policy::is_concentrated(s.people, least);
        let outcome = s.response.as_ref().map(|r| r.outcome);
        let reason = s.response.as_ref().map_or(0, |r| r.reason.chars().count());
        TopicLine {
            title: s.topic.title.clone(),
            opinions: s.opinions,
            people: s.people,
            concentrated,
            lacking: concentrated
                && outcome == Some(Outcome::NotAdopted)
                && reason < policy::CONCENTRATED_REASON,
            outcome: outcome.map(outcome_label),
            show: format!("{base}?topic={id}").into(),
            answer: format!("{}#panel", asked.href(base, Some(("respond", &id)))).into(),
            edit: format!("{}#panel", asked.href(base, Some(("edit", &id)))).into(),
            current: asked.topic == id,
            id,
        }
    };
    stats.iter().map(line).collect()
}

fn suggestions(found: Vec<Suggestion>) -> Vec<SuggestionLine> {
    let short = |text: &str, n: usize| {
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= n {
            line
        } else {
            format!("{}…", line.chars().take(n).collect::<String>())
        }
    };
    let line = |s: Suggestion| {
        let (kind, value, label) = match s.group {
            Group::Clause(id) => ("clause", id.to_string(), label_of_path(&s.label)),
            Group::Text(hash) => ("text", hash, short(&s.label, 60)),
        };
        let title = if kind == "clause" { format!("关于{label}的意见") } else { short(&s.label, 30) };
        SuggestionLine { kind, value, opinions: s.opinions, label, title: short(&title, 78) }
    };
    found.into_iter().map(line).collect()
}

fn numbers(f: &Figures) -> Stats {
    let o = &f.outcomes;
    Stats {
        received: f.received,
        people: f.people,
        rejected: f.rejected,
        withdrawn: f.withdrawn,
        by_outcome: vec![
            (label::Outcome::Adopted, o.adopted),
            (label::Outcome::Partly, o.partly_adopted),
            (label::Outcome::NotAdopted, o.not_adopted),
            (label::Outcome::Explained, o.explained),
        ],
        unanswered: f.unanswered,
        by_channel: f.by_channel.iter().map(|(c, n)| (channel_label(*c), *n)).collect(),
    }
}
