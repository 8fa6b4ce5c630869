//! The home page: what is open now, until when, and what became of what people said.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use entity::enums::{DutyKind, DutyState};
use entity::id::{ConsultationId, DecisionId};
use serde_json::Value;
use web::component::{ConsultationCard, SummaryRow};
use web::event::EventCard;
use web::home::{HomeView, Teaser};
use web::label::{ConsultationState, PublicationState};
use web::lang::Lang;
use web::path;

use crate::app::App;
use crate::calendar::civil;
use crate::duty::{self, Standing};
use crate::event;
use crate::event::page::labels;
use crate::opinion::{Voices, tally};
use crate::problem::Problem;
use crate::publication;
use crate::site::store::{self, Answer, Unanswered, Window};

/// From so many days left on a consultation counts as closing soon.
const CLOSING_SOON: i64 = 3;
const OPEN: u64 = 8;
const UPCOMING: u64 = 4;
const ANSWERED: u64 = 8;
/// Events on a page that is about more.
const EVENTS: usize = 4;
/// Duties that wait; a bureau with more has other worries than this page.
const WAITING: u64 = 8;

/// # Errors
/// The database's own.
pub async fn view(app: &App, lang: Lang) -> Result<HomeView, Problem> {
    let db = app.db.read();
    let today = app.today();
    let (open, open_total) = store::open(db, today, OPEN).await?;
    let upcoming = store::upcoming(db, today, UPCOMING).await?;
    let ids: Vec<ConsultationId> = open.iter().map(|w| w.id).collect();
    let voices = tally::voices(db, &ids).await?;
    let new_year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let (year_received, year_dealt_with) = store::dealt_with(db, new_year).await?;
    let answered = answers(app).await?;
    Ok(HomeView {
        open: open.into_iter().map(|w| card(w, &voices, today)).collect(),
        open_total,
        upcoming: upcoming.into_iter().map(|w| card(w, &voices, today)).collect(),
        answered,
        answered_30_days: store::answered_since(db, app.now() - TimeDelta::days(30)).await?,
        year_received,
        year_dealt_with,
        catalogue: catalogue(app, lang).await?,
        work_plan: work_plan(app, lang).await?,
        events: events(app, lang).await?,
        ..HomeView::default()
    })
}

/// Events to come, then the latest past ones, as far as there is room.
///
/// # Errors
/// The database's own.
pub async fn events(app: &App, lang: Lang) -> Result<Vec<EventCard>, Problem> {
    let mut found = event::upcoming(app).await?;
    found.truncate(EVENTS);
    let room = EVENTS - found.len();
    found.extend(event::past(app, room as u64, 0).await?);
    labels::cards(app, lang, &found).await
}

/// What is open now, the nearest end first.
///
/// # Errors
/// The database's own.
pub async fn open_now(app: &App) -> Result<Vec<ConsultationCard>, Problem> {
    let db = app.db.read();
    let (open, _) = store::open(db, app.today(), OPEN).await?;
    let ids: Vec<ConsultationId> = open.iter().map(|w| w.id).collect();
    let voices = tally::voices(db, &ids).await?;
    Ok(open.into_iter().map(|w| card(w, &voices, app.today())).collect())
}

/// Answers still to come, the most urgent first; then the latest published ones.
///
/// # Errors
/// The database's own.
pub async fn answers(app: &App) -> Result<Vec<SummaryRow>, Problem> {
    let today = app.today();
    let mut answers = waiting(app, today).await?;
    answers.extend(published(app, today).await?);
    Ok(answers)
}

fn card(w: Window, voices: &BTreeMap<ConsultationId, Voices>, today: NaiveDate) -> ConsultationCard {
    let days_left = (w.closes_on - today).num_days();
    let state = match days_left {
        _ if w.opens_on > today => ConsultationState::Upcoming,
        n if n <= CLOSING_SOON => ConsultationState::ClosingSoon,
        _ => ConsultationState::Open,
    };
    let voices = voices.get(&w.id).copied().unwrap_or_default();
    ConsultationCard {
        title: w.title,
        href: format!("{}/{}", path::CONSULTATIONS, w.code).into(),
        department: w.department,
        state,
        opens: w.opens_on,
        closes: w.closes_on,
        days_left,
        opinions: voices.received,
        people: voices.people,
    }
}

/// Decisions that are promulgated and whose summary is not yet out, the most urgent first.
async fn waiting(app: &App, today: NaiveDate) -> Result<Vec<SummaryRow>, Problem> {
    let db = app.db.read();
    let filter = duty::Filter {
        kind: Some(DutyKind::AdoptionSummary),
        state: Some(DutyState::Open),
        limit: WAITING,
        ..duty::Filter::default()
    };
    let duties = duty::list(db, &filter).await?;
    let ids: Vec<DecisionId> = duties.iter().map(|d| DecisionId(d.subject_id)).collect();
    let mut decisions = store::unanswered(db, &ids).await?;
    let calendar = app.calendar();
    let rows = duties.iter().filter_map(|duty| {
        let decision: Unanswered = decisions.remove(&DecisionId(duty.subject_id))?;
        let (state, working_days) = match duty::standing(&calendar, duty, today) {
            Standing::Overdue { days } => (PublicationState::Overdue, days),
            Standing::DueSoon { left } => (PublicationState::DueSoon, left),
            Standing::OnTime { left } => (PublicationState::Waiting, left),
            Standing::DoneInTime { .. } | Standing::DoneLate { .. } | Standing::Cancelled => return None,
        };
        Some(SummaryRow {
            title: decision.title,
            href: format!("{}/{}", path::DECISIONS, decision.code).into(),
            received: u64::try_from(decision.received).unwrap_or(0),
            adopted: None,
            partly: None,
            not_adopted: None,
            explained: None,
            state,
            day: Some(duty.due_on),
            working_days,
        })
    });
    Ok(rows.collect())
}

async fn published(app: &App, today: NaiveDate) -> Result<Vec<SummaryRow>, Problem> {
    let db = app.db.read();
    let answers = store::answered(db, ANSWERED).await?;
    let ids: Vec<DecisionId> = answers.iter().map(|a| a.decision_id).collect();
    let duties = store::duties(db, &ids).await?;
    let calendar = app.calendar();
    let rows = answers.into_iter().map(|answer| {
        let duty = duties.get(&answer.decision_id);
        let late = duty
            .is_some_and(|duty| matches!(duty::standing(&calendar, duty, today), Standing::DoneLate { .. }));
        published_row(answer, if late { PublicationState::Late } else { PublicationState::InTime })
    });
    Ok(rows.collect())
}

fn published_row(answer: Answer, state: PublicationState) -> SummaryRow {
    let snapshot = answer.snapshot.map(|s| s["figures"].clone()).unwrap_or_default();
    SummaryRow {
        title: answer.title,
        href: format!("{}/{}", path::SUMMARIES, answer.code).into(),
        received: figure(&snapshot, "received").unwrap_or(0),
        adopted: figure(&snapshot, "adopted"),
        partly: figure(&snapshot, "partly_adopted"),
        not_adopted: figure(&snapshot, "not_adopted"),
        explained: figure(&snapshot, "explained"),
        state,
        day: answer.published_at.map(civil::local_date),
        working_days: 0,
    }
}

fn figure(snapshot: &Value, name: &str) -> Option<u64> {
    snapshot[name].as_u64()
}

/// The newest catalogue.
async fn catalogue(app: &App, lang: Lang) -> Result<Option<Teaser>, Problem> {
    let newest = publication::recent(app.db.read(), publication::CATALOGUE, 1).await?.into_iter().next();
    Ok(newest.map(|p| Teaser {
        title: p.title,
        href: p.path.into(),
        line: {
            let day = lang.date(civil::local_date(p.published_at));
            lang.t(&format!("{day}公布"), &format!("published {day}")).to_owned()
        },
    }))
}

async fn work_plan(app: &App, lang: Lang) -> Result<Option<Teaser>, Problem> {
    let plan = store::work_plan(app.db.read()).await?;
    Ok(plan.map(|(year, items)| Teaser {
        title: format!("{year}年度重点工作计划"),
        href: path::WORK_PLAN.into(),
        line: lang
            .t(
                &format!("{items} 项任务，逐项列明责任处室和完成时限"),
                &format!("{items} tasks, each with who is responsible and by when"),
            )
            .to_owned(),
    }))
}
