//! The public dossier of a decision, put together from every feature that has a part in it. It stands here
//! because the site is the last in the order and may know them all.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::decision::Model;
use entity::duty::Model as Duty;
use entity::enums::{DocumentKind, DutyKind, DutyState, StepKind, SubjectKind};
use entity::id::{ConsultationId, DocumentId};
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::component::{ConsultationCard, DocumentHead, TimelineStep};
use web::decision::{DecisionDocument, DecisionView, OldDossier, Withdrawn};
use web::label::StepState;
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;

use super::answers;
use crate::app::App;
use crate::calendar::civil;
use crate::catalogue::{self, Place};
use crate::consultation::{self, Listed};
use crate::decision::view::is_public_duty;
use crate::decision::{self, Facts, Moment, Way, When};
use crate::document::{self, Head};
use crate::duty;
use crate::event;
use crate::event::page::labels;
use crate::http::duty_view::{duty_line, short_line};
use crate::http::lang_words;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::opinion::tally;
use crate::problem::Problem;
use crate::publication;

pub(super) const SHOW: &str = "/decisions/:code";
pub(super) const VERSION: &str = "/decisions/:code/versions/:number";

#[handler]
pub(super) async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let row = public(app, &code).await?;
    let versions = publication::versions(app.db.read(), SubjectKind::Decision, row.id.0).await?;
    let view = view(app, visitor.lang, &row, &versions).await?;
    let frame = visitor.article(app, Nav::Decisions, versions.first());
    Ok(render::page(web::decision::decision(&frame, &view)))
}

/// The decision, once it is public.
async fn public(app: &App, code: &str) -> Result<Model, Problem> {
    let row = decision::by_code(app.db.read(), code).await?;
    if row.published_at.is_some() { Ok(row) } else { Err(Problem::not_found()) }
}

async fn view(
    app: &App,
    lang: Lang,
    d: &Model,
    versions: &[entity::publication::Model],
) -> Result<DecisionView, Problem> {
    let db = app.db.read();
    let department = crate::department::find(db, d.department_id).await?.name;
    let facts = decision::facts(app, db, d).await?;
    let place = catalogue::place_of(db, d.id).await?;
    let heads = document::heads(db, d.id).await?;
    let duties = duties(app, d, &facts).await?;
    let open = facts.consultations.iter().any(|w| w.is_open(facts.today));
    let status = decision::status(&facts.steps, open, facts.today);
    let stopped = facts.steps.iter().find(|s| s.kind == StepKind::Withdrawn);
    let next = duties.iter().find(|t| t.state == DutyState::Open);
    let published = civil::local_time(d.published_at.unwrap_or(d.created_at));
    Ok(DecisionView {
        title: d.title.clone(),
        category: lang_words(lang, &decision::kind_words(d.kind)),
        stage: lang_words(lang, &status.words()),
        intro: d.summary.clone(),
        basis: d.basis.clone(),
        head: head(d, &department, stopped.is_some()),
        source: department.clone(),
        department,
        published: versions.first().map_or(published, |v| civil::local_time(v.published_at)),
        steps: steps(app, lang, d, &facts, place.as_ref(), &heads, &duties),
        next_duty: match next {
            Some(duty) => Some(duty_line(app, duty, lang).await?),
            None => None,
        },
        catalogue: match place {
            Some(place) => Some(listed_in(app, &place).await?),
            None => None,
        },
        documents: documents(app, lang, &heads).await?,
        consultations: cards(app, d).await?,
        summaries: answers::rows(app, lang, &facts.consultations).await?,
        events: labels::cards(app, lang, &event::cards_of_decision(app, d.id).await?).await?,
        withdrawn: stopped.and_then(|s| Some(Withdrawn { on: s.happened_on?, reason: s.note.clone() })),
        history: versions.iter().map(|v| version(&d.code, v)).collect(),
    })
}

fn head(d: &Model, department: &str, stopped: bool) -> DocumentHead {
    let validity = match d.promulgated_on {
        _ if stopped => "已终止",
        Some(_) => "有效",
        None => "办理中",
    };
    DocumentHead {
        index: d.code.clone(),
        topic: decision::kind_words(d.kind).zh.into_owned(),
        publisher: department.to_owned(),
        issue_number: d.doc_number.clone().unwrap_or_default(),
        formed: d.promulgated_on,
        published: d.published_at.map(civil::local_date),
        validity: validity.to_owned(),
    }
}

fn version(code: &str, v: &entity::publication::Model) -> (u32, chrono::NaiveDateTime, Href) {
    let href = Href::new(format!("{}/versions/{}", decision::path(code), v.version));
    (u32::try_from(v.version).unwrap_or(0), civil::local_time(v.published_at), href)
}

/// What the public is told of the decision's time limits and its consultations', what is open first.
async fn duties(app: &App, d: &Model, facts: &Facts) -> Result<Vec<Duty>, Problem> {
    let subjects = std::iter::once(d.id.0).chain(facts.consultations.iter().map(|w| w.id.0));
    let mut duties = duty::of_subjects(app.db.read(), subjects).await?;
    duties.retain(|t| is_public_duty(t.kind, t.state));
    duties.sort_by_key(|t| (t.state != DutyState::Open, t.due_on));
    Ok(duties)
}

async fn listed_in(app: &App, place: &Place) -> Result<(String, Href), Problem> {
    let department = crate::department::find(app.db.read(), place.catalogue.department_id).await?;
    let title = catalogue::title(&department.name, place.catalogue.year);
    let href = catalogue::path(&department, place.catalogue.year);
    let number = place.version.number;
    Ok((format!("{title}（第 {number} 版）"), Href::new(format!("{href}?version={number}"))))
}

/// The timeline, each step with the way to what it left behind.
fn steps(
    app: &App,
    lang: Lang,
    d: &Model,
    facts: &Facts,
    place: Option<&Place>,
    heads: &[Head],
    duties: &[Duty],
) -> Vec<TimelineStep> {
    let plan = place.map(|p| catalogue::foreseen(&p.entry)).unwrap_or_default();
    let way = Way {
        steps: &facts.steps,
        foreseen: plan.iter().filter(|s| s.foreseen).map(|s| s.kind).collect(),
        left_out: plan.iter().filter(|s| !s.foreseen).map(|s| (s.kind, s.reason.clone())).collect(),
        not_disclosed_basis: d.not_disclosed_basis.as_deref(),
        consulted: !facts.consultations.is_empty(),
        today: facts.today,
    };
    let public: HashMap<DocumentId, &Head> =
        heads.iter().filter(|h| h.published_at.is_some()).map(|h| (h.id, h)).collect();
    let mut windows = facts.consultations.iter();
    let summary_due = duties.iter().find(|t| t.kind == DutyKind::AdoptionSummary);
    decision::timeline(&way)
        .into_iter()
        .map(|moment| {
            let mut step = plain(lang, &moment);
            if let Some(id) = moment.document_id.filter(|id| public.contains_key(id)) {
                step = step.link(format!("/documents/{id}"));
            }
            let happened = matches!(moment.when, When::Done(_) | When::Announced(_));
            if moment.kind == StepKind::Consultation
                && happened
                && let Some(w) = windows.next()
            {
                step = step
                    .link(format!("/consultations/{}", w.code))
                    .when(lang.period(w.opens_on, w.closes_on));
                // The step's own note says the window once more.
                step.note = None;
                if w.is_open(facts.today) {
                    step.state = StepState::Current;
                }
            }
            let waits = moment.kind == StepKind::Summary && moment.when == When::ToCome;
            if let Some(duty) = summary_due.filter(|t| waits && t.state == DutyState::Open) {
                step.state = StepState::Current;
                step = step.duty(web::component::DutyLine { rule: None, ..short_line(app, duty, lang) });
            }
            step
        })
        .collect()
}

fn plain(lang: Lang, moment: &Moment) -> TimelineStep {
    let title = match (moment.kind, moment.document_id) {
        // Drafting is recorded by hand; the published text comes on a later day.
        (StepKind::Draft, Some(_)) => lang.t("公布草案", "Draft published").to_owned(),
        (kind, _) => lang_words(lang, &decision::step_words(kind)),
    };
    let step = match moment.when {
        When::Done(on) => TimelineStep::new(title, StepState::Done).on(on),
        When::Announced(on) => TimelineStep::new(title, StepState::Upcoming).on(on),
        When::Skipped => TimelineStep::new(title, StepState::Skipped),
        When::ToCome => TimelineStep::new(title, StepState::Upcoming),
    };
    if moment.note.is_empty() { step } else { step.note(&moment.note) }
}

/// The order in which people look for texts.
const KINDS: &[DocumentKind] =
    &[DocumentKind::Final, DocumentKind::Draft, DocumentKind::Explanation, DocumentKind::Basis];

/// The newest public version of each kind, with what was corrected in it.
async fn documents(app: &App, lang: Lang, heads: &[Head]) -> Result<Vec<DecisionDocument>, Problem> {
    let of_kind = |kind: DocumentKind| {
        let mut all: Vec<&Head> =
            heads.iter().filter(|h| h.kind == kind && h.published_at.is_some()).collect();
        all.sort_by_key(|h| std::cmp::Reverse(h.version));
        all
    };
    let newest: Vec<Vec<&Head>> = KINDS.iter().map(|k| of_kind(*k)).filter(|all| !all.is_empty()).collect();
    let ids: Vec<DocumentId> = newest.iter().filter_map(|all| all.first()).map(|h| h.id).collect();
    let files = document::files_of(app.db.read(), &ids).await?;
    let one = |all: &Vec<&Head>| {
        let h = all.first()?;
        let mut links: Vec<_> =
            files.iter().filter(|f| f.document_id == h.id).map(document::show::file_link).collect();
        if h.chars > 0 {
            // UTF-8 Chinese: three bytes a character, near enough for a size.
            let bytes = usize::try_from(h.chars).unwrap_or(0).saturating_mul(3);
            links.push(document::text_link(lang, h.id, bytes));
        }
        Some(DecisionDocument {
            kind: lang_words(lang, &document::kind_words(h.kind)),
            title: h.title.clone(),
            href: Some(Href::new(format!("/documents/{}", h.id))),
            version: u32::try_from(h.version).unwrap_or(0),
            published: h.published_at.map(civil::local_date).unwrap_or(NaiveDate::MIN),
            files: links,
            notice: h.correction_notice.clone().unwrap_or_default(),
            compare: all.get(1).map(|before| document::compare_href(before.id, h.id)),
        })
    };
    Ok(newest.iter().filter_map(one).collect())
}

async fn cards(app: &App, d: &Model) -> Result<Vec<ConsultationCard>, Problem> {
    let db = app.db.read();
    let rows = consultation::of_decision(db, d.id).await?;
    let rows: Vec<_> = rows.into_iter().filter(|c| c.published_at.is_some()).collect();
    let ids: Vec<ConsultationId> = rows.iter().map(|c| c.id).collect();
    let (answered, voices) = (consultation::answered(db, &ids).await?, tally::voices(db, &ids).await?);
    let department = crate::department::find(db, d.department_id).await?.name;
    let card = |c: entity::consultation::Model| {
        let voices = voices.get(&c.id).copied().unwrap_or_default();
        let listed = Listed { about: None, answered: answered.contains(&c.id), consultation: c };
        ConsultationCard {
            department: department.clone(),
            ..consultation::show::card(&listed, voices.received, voices.people, app.now())
        }
    };
    Ok(rows.into_iter().map(card).collect())
}

#[handler]
pub(super) async fn show_version(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
) -> poem::Result<Response> {
    let row = public(app, &code).await?;
    let number: i32 = number.parse().map_err(|_| Problem::not_found())?;
    let versions = publication::versions(app.db.read(), SubjectKind::Decision, row.id.0).await?;
    let v = versions.into_iter().find(|v| v.version == number).ok_or_else(Problem::not_found)?;
    let view = OldDossier {
        version: u32::try_from(v.version).unwrap_or(0),
        published: civil::local_time(v.published_at),
        source: v.meta["source"].as_str().unwrap_or_default().to_owned(),
        current: Href::new(decision::path(&code)),
        hash: v.content_hash,
        title: v.title,
        body: v.body,
    };
    Ok(render::page(web::decision::old_dossier(&visitor.frame(app, Nav::Decisions), &view)))
}
