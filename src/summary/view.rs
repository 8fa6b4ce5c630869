//! Fills the public pages from what was published.

use entity::enums::Outcome;
use entity::publication::Model as Published;
use web::component::{DocumentHead, DutyLine, FileLink, Pager, SummaryRow};
use web::label::{self, PublicationState};
use web::lang::Lang;
use web::link::Href;
use web::path;
use web::summary::{
    Correction, OldView, ParticipationWay, Shown, SummaryListView, SummaryView, TopicRow, VersionLink,
    WaitingView, WithdrawnView,
};

use super::content::{Content, Row, Snapshot};
use super::figure_words as words;
use super::list::{self, Line, Public, Punctual};
use crate::app::App;
use crate::calendar::civil::{local_date, local_time};
use crate::http::duty_view;
use crate::opinion::page_words;
use crate::opinion::words::{channel_label, kind_label};
use crate::problem::Problem;
use crate::topic::outcome_label;

/// Lines of the table on a page; a file has all of them.
const ROWS: usize = 200;

/// In words of the page; a deadline within three working days is soon.
pub fn state(punctual: Punctual, left: i64) -> PublicationState {
    match punctual {
        Punctual::Waiting if left <= 3 => PublicationState::DueSoon,
        Punctual::Waiting | Punctual::NotDue => PublicationState::Waiting,
        Punctual::Overdue => PublicationState::Overdue,
        Punctual::InTime => PublicationState::InTime,
        Punctual::Late => PublicationState::Late,
    }
}

pub fn list(app: &App, lines: Vec<Line>, page: u64, size: u64, total: u64, lang: Lang) -> SummaryListView {
    let at = |n: u64| Href::new(format!("{}?page={n}", path::SUMMARIES));
    let (from, until) = ((page - 1) * size + 1, (page * size).min(total));
    SummaryListView {
        rows: lines.into_iter().map(|l| row(app, l)).collect(),
        pager: Pager {
            previous: (page > 1).then(|| at(page - 1)),
            next: (page * size < total).then(|| at(page + 1)),
            note: match lang {
                _ if total <= size => String::new(),
                Lang::Zh => format!("第 {from}–{until} 项，共 {total} 项"),
                Lang::En => format!("{from}–{until} of {total}"),
            },
        },
    }
}

fn row(app: &App, line: Line) -> SummaryRow {
    let today = app.today();
    let on = line.listed.result_published_at.map(local_date);
    let due = line.duty.as_ref().map(|d| d.due_on);
    let between = due.map_or(0, |d| app.calendar().working_days_between(today.min(d), today.max(d)));
    let outcomes = line.snapshot.as_ref().map(|s| s.content.figures.outcomes);
    SummaryRow {
        href: format!("{}/{}", path::SUMMARIES, line.listed.code).into(),
        title: line.listed.decision_title,
        received: line.snapshot.as_ref().map_or(line.received, |s| s.content.figures.received),
        adopted: outcomes.map(|o| o.adopted),
        partly: outcomes.map(|o| o.partly_adopted),
        not_adopted: outcomes.map(|o| o.not_adopted),
        explained: outcomes.map(|o| o.explained),
        state: state(list::punctual(on, due, today), between),
        day: on.or(due),
        working_days: between,
    }
}

/// The duty in words; once answered, the day of this answer counts, whatever the decision's duty waits for.
async fn duty_line(app: &App, found: &Public, lang: Lang) -> Result<Option<DutyLine>, Problem> {
    let Some(duty) = &found.duty else { return Ok(None) };
    let mut line = duty_view::duty_line(app, duty, lang).await?;
    if let Some(on) = found.consultation.result_published_at.map(local_date) {
        let late = on > duty.due_on;
        line.state = if late { label::DutyState::DoneLate } else { label::DutyState::DoneInTime };
        line.done = Some(on);
        line.unit = web::component::DayUnit::Working;
        line.days = if late { app.calendar().working_days_between(duty.due_on, on).max(1) } else { 0 };
    }
    Ok(Some(line))
}

fn consultation(found: &Public) -> Href {
    format!("{}/{}", path::CONSULTATIONS, found.consultation.code).into()
}

fn decision(found: &Public) -> Href {
    format!("{}/{}", path::DECISIONS, found.decision.code).into()
}

fn page_path(found: &Public) -> String {
    format!("{}/{}", path::SUMMARIES, found.consultation.code)
}

/// The published summary, or what stands in its place.
pub enum Page {
    Published(Box<SummaryView>),
    Waiting(WaitingView),
    Withdrawn(WithdrawnView),
}

/// # Errors
/// The database's own.
pub async fn page(app: &App, found: &Public, number: usize, lang: Lang) -> Result<Page, Problem> {
    let duty = duty_line(app, found, lang).await?;
    if let (Some(snapshot), Some(current)) = (&found.snapshot, found.current()) {
        let mut view = summary(snapshot, found, number, lang);
        view.duty = duty;
        view.published = local_time(current.published_at);
        view.hash.clone_from(&current.content_hash);
        return Ok(Page::Published(Box::new(view)));
    }
    let title = super::generate::title(&found.decision.title);
    if let Some(gone) = found.withdrawn() {
        return Ok(Page::Withdrawn(WithdrawnView {
            title,
            consultation: consultation(found),
            on: local_date(gone.withdrawn_at.unwrap_or(gone.published_at)),
            reason: gone.withdrawn_reason.clone().unwrap_or_default(),
            duty,
        }));
    }
    let left = duty.as_ref().map_or(i64::MAX, |d| d.days);
    Ok(Page::Waiting(WaitingView {
        title,
        consultation: consultation(found),
        decision: decision(found),
        state: state(found.punctual, left),
        duty,
    }))
}

fn summary(snapshot: &Snapshot, found: &Public, number: usize, lang: Lang) -> SummaryView {
    let mut view = bare(&snapshot.content, number, &page_path(found), lang);
    view.title.clone_from(&snapshot.title);
    view.decision = decision(found);
    view.consultation = Some(consultation(found));
    view.state = state(found.punctual, 0);
    view.source.clone_from(&found.department);
    view.head = DocumentHead {
        publisher: found.department.clone(),
        issue_number: found.decision.doc_number.clone().unwrap_or_default(),
        formed: found.decision.promulgated_on,
        published: Some(local_date(snapshot.published_at)),
        ..DocumentHead::default()
    };
    view.overview.clone_from(&snapshot.participation);
    view.collected.clone_from(&snapshot.overview);
    view.corrections = snapshot
        .corrections
        .iter()
        .map(|c| Correction { version: c.version, on: local_date(c.at), reason: c.reason.clone() })
        .collect();
    view.versions = found.versions.iter().map(|p| version(found, p)).collect();
    view.files = vec![FileLink {
        label: "意见建议采纳情况汇总表.csv".into(),
        href: format!("{}/table.csv", page_path(found)).into(),
        format: "CSV".into(),
        size: String::new(),
    }];
    view
}

fn version(found: &Public, p: &Published) -> VersionLink {
    let own = page_path(found);
    VersionLink {
        version: p.version,
        on: local_date(p.published_at),
        href: if p.current { own.into() } else { format!("{own}?version={}", p.version).into() },
        current: p.current,
    }
}

/// Figures and rows; the caller fills in what surrounds them.
fn bare(content: &Content, number: usize, own: &str, lang: Lang) -> SummaryView {
    let f = &content.figures;
    let o = &f.outcomes;
    let from = (number - 1) * ROWS;
    let rows = content.rows.iter().skip(from).take(ROWS).map(topic_row).collect();
    let at = |n: usize| Href::new(format!("{own}?page={n}"));
    let total = content.rows.len();
    SummaryView {
        title: String::new(),
        preview: false,
        decision: "#".into(),
        consultation: None,
        state: PublicationState::Waiting,
        duty: None,
        head: DocumentHead::default(),
        source: String::new(),
        published: chrono::NaiveDateTime::default(),
        overview: String::new(),
        ways: content
            .ways
            .iter()
            .map(|w| ParticipationWay {
                way: words::way(w.kind).unwrap_or_default().to_owned(),
                from: w.on,
                to: None,
                note: w.note.clone(),
            })
            .collect(),
        collected: String::new(),
        by_channel: f.by_channel.iter().map(|(c, n)| (channel_label(*c), *n)).collect(),
        by_kind: f.by_kind.iter().map(|(k, n)| (kind_label(*k), *n)).collect(),
        by_outcome: vec![
            (label::Outcome::Adopted, o.adopted),
            (label::Outcome::Partly, o.partly_adopted),
            (label::Outcome::NotAdopted, o.not_adopted),
            (label::Outcome::Explained, o.explained),
        ],
        unanswered: f.unanswered,
        shown: Shown {
            published: f.published,
            not_shown: f.not_shown,
            rejected: f.rejected,
            withdrawn: f.withdrawn,
            pending: f.pending,
        },
        people: f.people,
        topics: rows,
        pager: Pager {
            previous: (number > 1).then(|| at(number - 1)),
            next: (number * ROWS < total).then(|| at(number + 1)),
            note: match lang {
                _ if total <= ROWS => String::new(),
                Lang::Zh => format!("汇总表第 {}–{} 行，共 {total} 行", from + 1, (from + ROWS).min(total)),
                Lang::En => format!("rows {}–{} of {total}", from + 1, (from + ROWS).min(total)),
            },
        },
        files: Vec::new(),
        corrections: Vec::new(),
        versions: Vec::new(),
        hash: String::new(),
    }
}

/// What comparing one line may cost; a page has many.
const ROW_BUDGET: usize = 1_000_000;

fn topic_row(r: &Row) -> TopicRow {
    TopicRow {
        number: r.number,
        source: r.source.clone(),
        title: r.topic.clone().filter(|t| *t != r.text),
        proposal: page_words::proposal_within(&r.text, r.base.as_deref(), &mut { ROW_BUDGET }),
        text: r.text.clone(),
        count: r.opinions,
        concentrated: r.concentrated.then_some(r.people),
        outcome: r.outcome.map(outcome_label),
        reason: r.reason.clone(),
        final_clause: r.clause.clone().map(|c| (c, r.clause_path.clone().map(Href::from))),
    }
}

/// What the page will look like, for staff.
pub fn preview(
    work: &super::Work,
    row: &entity::summary::Model,
    now: chrono::NaiveDateTime,
    lang: Lang,
) -> SummaryView {
    let own = format!("/desk/consultations/{}/summary/preview", work.consultation.code);
    let mut view = bare(work.content(), 1, &own, lang);
    view.title.clone_from(&row.title);
    view.preview = true;
    view.decision = format!("/desk/decisions/{}", work.decision.code).into();
    view.overview.clone_from(&row.participation);
    view.collected.clone_from(&row.overview);
    view.source.clone_from(&work.department);
    view.published = now;
    view
}

/// A former version, word for word.
pub fn old(found: &Public, p: &Published) -> OldView {
    OldView {
        title: p.title.clone(),
        version: p.version,
        on: local_date(p.published_at),
        body: p.body.clone(),
        now: page_path(found).into(),
        hash: p.content_hash.clone(),
    }
}

/// The table as a file: every line of it.
pub fn table(snapshot: &Snapshot) -> Vec<Vec<String>> {
    let line = |r: &Row| {
        vec![
            r.number.to_string(),
            r.source.clone(),
            r.topic.clone().unwrap_or_default(),
            r.text.clone(),
            r.opinions.to_string(),
            r.people.to_string(),
            if r.concentrated { "是" } else { "否" }.to_owned(),
            r.outcome.map_or("", |o: Outcome| words::outcome(o)).to_owned(),
            r.reason.clone(),
            r.clause.clone().unwrap_or_default(),
        ]
    };
    snapshot.content.rows.iter().map(line).collect()
}
