//! Fills the staff page of a summary.

use entity::enums::{DutyKind, DutyState, SummaryState};
use web::desk::summary::{CheckLine, May, Phase, SummaryDeskView};
use web::form::FormState;
use web::label;
use web::link::Href;
use web::path;

use super::draft::Work;
use super::gate::{Check, Link, Needed};
use super::{generate, policy};
use crate::account;
use crate::app::App;
use crate::calendar::civil::local_time;
use crate::consultation::{Stage, stage};
use crate::http::visitor::Visitor;
use crate::http::{desk, duty_view};
use crate::problem::Problem;
use crate::{duty, publication};

fn phase(work: &Work) -> Phase {
    match work.summary.as_ref().map(|s| s.state) {
        None => Phase::None,
        Some(SummaryState::Draft) => Phase::Draft,
        Some(SummaryState::Submitted) => Phase::Submitted,
        Some(SummaryState::Approved) => Phase::Approved,
        Some(SummaryState::Published) => Phase::Published,
    }
}

/// What this visitor may do in this state. The four eyes are left to the operation, which says why not.
fn may(app: &App, visitor: &Visitor, work: &Work, phase: Phase, public: bool) -> May {
    let (actor, d) = (&visitor.actor, &work.decision);
    let write = policy::may_write(actor, d).is_ok();
    let head = policy::may_return(actor, d).is_ok();
    let closed = stage(&work.consultation, app.now()) == Stage::Closed;
    let waiting = matches!(phase, Phase::Submitted | Phase::Approved);
    May {
        write: write && closed && phase != Phase::Published,
        submit: write && matches!(phase, Phase::Draft | Phase::Submitted | Phase::Approved),
        approve: head && phase == Phase::Submitted,
        send_back: head && waiting,
        publish: phase == Phase::Approved && policy::may_publish(actor, d).is_ok(),
        correct: write && phase == Phase::Published,
        withdraw: public && policy::may_withdraw(actor, d).is_ok(),
    }
}

fn check(c: &Check, visitor: &Visitor, base: &str, runs: bool) -> CheckLine {
    let link = |l: &Link| match l {
        Link::Opinion(number) => (number.clone(), Href::new(format!("{base}/opinions?q={number}"))),
        Link::Topic(id, title) => (title.clone(), Href::new(format!("{base}/opinions?respond={id}#panel"))),
    };
    CheckLine {
        ok: c.ok,
        publish_only: c.needed == Needed::Publish,
        text: visitor.say(&c.words),
        links: if runs { c.links.iter().map(link).collect() } else { Vec::new() },
    }
}

async fn trail(
    app: &App,
    visitor: &Visitor,
    row: &entity::summary::Model,
) -> Result<Vec<(String, String, chrono::NaiveDateTime)>, Problem> {
    let names = account::names(app.db.read()).await?;
    let t = |zh: &'static str, en: &'static str| visitor.lang.t(zh, en).to_owned();
    let acts = [
        (t("送审", "Submitted"), row.submitted_by, row.submitted_at),
        (t("审批", "Approved"), row.approved_by, row.approved_at),
        (t("公布", "Published"), row.published_by, row.published_at),
    ];
    let done = acts.into_iter().filter_map(|(what, who, at)| {
        Some((what, names.get(&who?).cloned().unwrap_or_default(), local_time(at?)))
    });
    Ok(done.collect())
}

/// `state` holds what was typed, or is empty for a fresh page.
///
/// # Errors
/// The database's own.
pub async fn view(
    app: &App,
    visitor: &Visitor,
    work: &Work,
    state: FormState,
) -> Result<SummaryDeskView, Problem> {
    let db = app.db.read();
    let base = format!("/desk/consultations/{}", work.consultation.code);
    let phase = phase(work);
    let row = work.summary.as_ref();
    let public = match row {
        Some(row) => publication::latest(db, entity::enums::SubjectKind::Summary, row.id.0)
            .await?
            .is_some_and(|p| p.current),
        None => false,
    };
    let runs = policy::may_write(&visitor.actor, &work.decision).is_ok();
    let figures = &work.content().figures;
    let o = &figures.outcomes;
    let duties = duty::of_subjects(db, [work.decision.id.0, work.consultation.id.0]).await?;
    let wanted = |kind| duties.iter().find(|d| d.kind == kind && d.state != DutyState::Cancelled);
    let due = wanted(DutyKind::AdoptionSummary).or_else(|| wanted(DutyKind::ConsultationResult));
    let duty = match due {
        Some(duty) => Some(duty_view::duty_line(app, duty, visitor.lang).await?),
        None => None,
    };
    let texts = |f: fn(&entity::summary::Model) -> &str| row.map_or_else(String::new, |r| f(r).to_owned());
    let (participation, overview) = (texts(|r| &r.participation), texts(|r| &r.overview));
    let sentence = generate::sentence(figures);
    let stale =
        row.is_some_and(|r| r.overview_edited) && figures.counted() > 0 && !overview.contains(&sentence);
    let state = if state.has_errors() && state.values.contains_key("overview") {
        state
    } else {
        state.with("participation", participation.as_str()).with("overview", overview.as_str())
    };
    Ok(SummaryDeskView {
        side: desk::side(app, visitor, "/desk/decisions").await?,
        csrf: visitor.csrf().to_owned(),
        title: work.consultation.title.clone(),
        consultation: base.clone().into(),
        decision: format!("/desk/decisions/{}", work.decision.code).into(),
        opinions: runs.then(|| format!("{base}/opinions").into()),
        public: public.then(|| format!("{}/{}", path::SUMMARIES, work.consultation.code).into()),
        preview: row.map(|_| format!("{base}/summary/preview").into()),
        phase,
        may: may(app, visitor, work, phase, public),
        checks: work.checks.iter().map(|c| check(c, visitor, &base, runs)).collect(),
        duty,
        trail: match row {
            Some(row) => trail(app, visitor, row).await?,
            None => Vec::new(),
        },
        returned_reason: row.and_then(|r| r.returned_reason.clone()),
        correction_reason: row.and_then(|r| r.correction_reason.clone()),
        stale: stale.then_some(sentence),
        participation_edited: row.is_some_and(|r| r.participation_edited),
        overview_edited: row.is_some_and(|r| r.overview_edited),
        participation,
        overview,
        revision: row.map_or(0, |r| r.revision),
        hash: row.and_then(|r| r.submitted_hash.clone()).unwrap_or_default(),
        by_outcome: vec![
            (label::Outcome::Adopted, o.adopted),
            (label::Outcome::Partly, o.partly_adopted),
            (label::Outcome::NotAdopted, o.not_adopted),
            (label::Outcome::Explained, o.explained),
        ],
        received: figures.received,
        rejected: figures.rejected,
        withdrawn: figures.withdrawn,
        state,
        base: format!("{base}/summary"),
    })
}
