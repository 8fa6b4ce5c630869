//! The public page of a consultation: its draft, what people said on it and what became of it.

use std::collections::HashMap;

use entity::clause;
use entity::consultation::Model;
use entity::document;
use entity::enums::{DocumentKind, DutyKind};
use entity::id::{LineageId, OpinionId};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::{DocumentHead, FileLink, Pager};
use web::consultation::{
    ConsultationView, Correction, DraftView, Imported, OpinionOrder, PublishedOpinion, Received,
};
use web::label::ConsultationState;
use web::layout::Nav;
use web::link::Href;
use web::path;

use super::consultation_parts::{opinion as opinion_view, steps};
use super::opinions_csv;
use super::said::{self, Facts, Numbers};
use super::share;
use crate::app::App;
use crate::calendar::civil;
use crate::consultation::{self, show as consultation_show};
use crate::document::reader::{Block, Unit, blocks};
use crate::document::{self as documents, FileHead, show};
use crate::http::duty_view::duty_line;
use crate::http::pages::Pages;
use crate::http::render::page;
use crate::http::visitor::Visitor;
use crate::identity::page::asks;
use crate::opinion::{attached, page_words as opinion_words, wording};
use crate::problem::Problem;
use crate::{backup, decision, duty, opinion, questionnaire};

const OPINIONS: u64 = 50;

pub fn add(pages: Pages) -> Pages {
    pages
        .shared("/consultations/:code", show_one)
        .shared("/consultations/:code/draft.txt", draft_text)
        .shared("/consultations/:code/explanation.txt", explanation_text)
        .get("/consultations/:code/opinions.csv", opinions_csv::show)
        .get("/c/:code", share::short)
        .shared("/consultations/:code/poster", share::poster)
}

/// What the reader asked for within the page.
#[derive(Default, Deserialize)]
struct Asked {
    /// Only opinions on this clause (a lineage).
    #[serde(default)]
    on: String,
    /// Only opinions before this one.
    #[serde(default)]
    before: String,
    /// `support`: those most supported first.
    #[serde(default)]
    sort: String,
}

/// The consultation, if the caller may see it: a draft is there for those who run the decision.
pub(super) async fn visible(app: &App, visitor: &Visitor, code: &str) -> Result<Model, Problem> {
    let db = app.db.read();
    let c = consultation::by_code(db, code).await?;
    documents::may_read(db, &visitor.actor, c.published_at.is_some(), c.decision_id).await?;
    Ok(c)
}

#[handler]
async fn show_one(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let c = visible(app, &visitor, &code).await?;
    let view = view(app, &visitor, &c, &asked).await?;
    let mut frame = visitor.frame(app, Nav::Consultations);
    frame.no_index = ![&asked.on, &asked.before, &asked.sort].iter().all(|a| a.is_empty());
    Ok(page(web::consultation::consultation(&frame, &view)))
}

/// The texts of the consultation and their files.
struct Texts {
    /// Every published version of the decision; for a draft the newest written ones.
    all: Vec<document::Model>,
    draft: document::Model,
    explanation: Option<document::Model>,
    basis: Option<document::Model>,
    files: Vec<FileHead>,
    rows: Vec<clause::Model>,
}

async fn texts(app: &App, c: &Model, facts: &Facts) -> Result<Texts, Problem> {
    let db = app.db.read();
    let all = if c.published_at.is_some() {
        documents::published(db, c.decision_id).await?
    } else {
        let texts = consultation::materials(db, c).await?;
        [Some(texts.draft), texts.explanation, texts.basis].into_iter().flatten().collect()
    };
    let of = |kind| {
        if c.published_at.is_some() {
            consultation::pick(&all, kind, facts.next_published_at).cloned()
        } else {
            all.iter().find(|d| d.kind == kind).cloned()
        }
    };
    let draft = all.iter().find(|d| d.id == c.document_id).cloned().ok_or_else(Problem::not_found)?;
    let (explanation, basis) = (of(DocumentKind::Explanation), of(DocumentKind::Basis));
    let mine = [Some(&draft), explanation.as_ref(), basis.as_ref()].into_iter().flatten();
    let ids: Vec<_> = mine.map(|d| d.id).collect();
    let files = documents::files_of(db, &ids).await?;
    let rows = documents::clauses(db, c.document_id).await?;
    Ok(Texts { draft, explanation, basis, files, rows, all })
}

async fn view(app: &App, visitor: &Visitor, c: &Model, asked: &Asked) -> Result<ConsultationView, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let facts = said::facts(db, c).await?;
    let texts = texts(app, c, &facts).await?;
    let numbers = said::numbers(db, c.id).await?;
    let blocks = blocks(&texts.rows);
    let state = consultation_show::state(c, facts.answered_at.is_some(), app.now());
    let preview = c.published_at.is_none();
    let open = !preview && matches!(state, ConsultationState::Open | ConsultationState::ClosingSoon);
    let speak = open.then(|| format!("/consultations/{}/opinion", c.code));
    let on = unit_asked(&blocks, &asked.on);
    let by_support = asked.sort == "support" && on.is_none();
    let (mut opinions, opinion_pager) =
        opinions(app, c, &facts, &texts, &blocks, asked, on, by_support).await?;
    let supportable = open && visitor.actor.staff().is_none();
    for o in opinions.iter_mut().filter(|_| supportable) {
        let number = o.id.trim_start_matches("o-");
        o.support = Some(Href::new(format!("/opinions/{number}/support")));
    }
    let ordered = on.is_none() && (by_support || opinions.iter().any(|o| o.supports > 0));
    let extensions =
        if facts.extensions > 0 { consultation::extensions(db, c.id).await? } else { Vec::new() };
    let imported = if facts.imports > 0 { backup::origin(db, c.id).await? } else { None };
    let closed = matches!(state, ConsultationState::Closed);
    let result = if closed { result_duty(app, visitor, c).await? } else { None };
    let all_steps = decision::steps(db, c.decision_id).await?;
    Ok(ConsultationView {
        title: c.title.clone(),
        href: consultation_show::href(c),
        decision: facts
            .decision_published_at
            .map(|_| Href::new(format!("/decisions/{}", facts.decision_code))),
        state,
        department: facts.department.clone(),
        opens: c.opens_on,
        closes: c.closes_on,
        days_left: consultation::days_left(c, app.today()),
        people: u64::try_from(facts.people).unwrap_or(0),
        head: head(c, &facts, state),
        source: facts.department.clone(),
        published: civil::local_time(c.published_at.unwrap_or(c.created_at)),
        notice: c.notice.clone(),
        shortened_reason: c.short_reason.clone().filter(|_| is_short(app, c)),
        extensions: consultation_show::extensions(&extensions),
        imported: imported.map(|from| Imported {
            site: from.site,
            href: Href::new(from.url),
            on: civil::local_date(from.imported_at),
        }),
        withdrawn_reason: None,
        draft: draft(visitor, c, &texts, &blocks, &numbers, speak.as_deref()),
        explanation: texts.explanation.as_ref().map(|d| d.body.clone()).unwrap_or_default(),
        explanation_files: explanation_files(visitor, c, &texts),
        basis: texts.basis.as_ref().map(|d| d.body.clone()).unwrap_or_default(),
        basis_files: files(&texts, texts.basis.as_ref()),
        corrections: corrections(visitor, c, &texts),
        opinions,
        opinions_on: on.map(|unit| {
            let all = Href::new(format!("/consultations/{}#opinions", c.code));
            (documents::label_of_clause(unit.head), all)
        }),
        opinion_pager,
        opinion_order: ordered.then(|| OpinionOrder {
            by_support,
            other: Href::new(format!(
                "/consultations/{}{}#opinions",
                c.code,
                if by_support { "" } else { "?sort=support" }
            )),
        }),
        opinion_file: opinion_file(visitor, c, &numbers),
        received: Received {
            published: numbers.counts.published,
            pending: numbers.counts.pending,
            withheld: numbers.counts.withheld,
            rejected: numbers.counts.rejected,
            withdrawn: numbers.counts.withdrawn,
        },
        channels: consultation_show::channels(c),
        asks: asks(c.identity),
        speak: speak.map(Href::new),
        steps: steps(app, lang, c, &all_steps, facts.answered_at.is_some()),
        next_duty: result,
        summary: facts.answered_at.map(|_| Href::new(format!("{}/{}", path::SUMMARIES, c.code))),
        counted: visitor.say(&consultation::explain(c.opens_on, c.closes_on)),
        preview,
        plain: c.plain.clone(),
        share: (!preview).then(|| share::of(app, c)),
        questionnaire: questionnaire::brief(db, c, app.now())
            .await?
            .map(|q| questionnaire::page::card(&c.code, &q, open && visitor.actor.staff().is_none())),
    })
}

fn is_short(app: &App, c: &Model) -> bool {
    consultation::days(c.opens_on, c.closes_on) < i64::from(app.config.rules.consultation_days)
}

/// What is due after the end: the result of the consultation.
async fn result_duty(
    app: &App,
    visitor: &Visitor,
    c: &Model,
) -> Result<Option<web::component::DutyLine>, Problem> {
    let duties = duty::of_subject(app.db.read(), c.id.0).await?;
    match duties.iter().find(|d| d.kind == DutyKind::ConsultationResult) {
        Some(duty) => Ok(Some(duty_line(app, duty, visitor.lang).await?)),
        None => Ok(None),
    }
}

fn head(c: &Model, facts: &Facts, state: ConsultationState) -> DocumentHead {
    DocumentHead {
        publisher: facts.department.clone(),
        published: c.published_at.map(civil::local_date),
        validity: state.word(web::lang::Lang::Zh).to_owned(),
        ..DocumentHead::default()
    }
}

fn draft(
    visitor: &Visitor,
    c: &Model,
    texts: &Texts,
    blocks: &[Block<'_>],
    numbers: &Numbers,
    speak: Option<&str>,
) -> DraftView {
    let beside = |unit: &Unit<'_>| {
        let count = unit.members.iter().filter_map(|m| numbers.by_lineage.get(&m.lineage_id)).sum();
        let on = unit.head.lineage_id;
        show::Beside {
            count,
            speak: speak.map(|s| Href::new(format!("{s}?clause={}", unit.head.id))),
            more: (count > 0).then(|| Href::new(format!("/consultations/{}?on={on}#opinions", c.code))),
        }
    };
    let mut all = Vec::new();
    if !texts.rows.is_empty() {
        all.push(text_file(visitor, c, "draft.txt", "草案全文", "Whole draft"));
    }
    all.extend(files(texts, Some(&texts.draft)));
    DraftView {
        version: u32::try_from(texts.draft.version).unwrap_or(0),
        compare: None,
        parts: show::parts(blocks, beside),
        files: all,
    }
}

fn text_file(visitor: &Visitor, c: &Model, name: &str, zh: &str, en: &str) -> FileLink {
    FileLink {
        label: visitor.lang.t(zh, en).to_owned(),
        href: Href::new(format!("/consultations/{}/{name}", c.code)),
        format: "TXT".to_owned(),
        size: String::new(),
    }
}

/// All published opinions as a table; of none there is no file.
fn opinion_file(visitor: &Visitor, c: &Model, numbers: &Numbers) -> Option<FileLink> {
    let some = c.published_at.is_some() && numbers.counts.published > 0;
    some.then(|| FileLink {
        format: "CSV".to_owned(),
        ..text_file(visitor, c, "opinions.csv", "全部已公开意见", "All published opinions")
    })
}

fn files(texts: &Texts, of: Option<&document::Model>) -> Vec<FileLink> {
    let mine = texts.files.iter().filter(|f| of.is_some_and(|d| d.id == f.document_id));
    mine.map(show::file_link).collect()
}

fn explanation_files(visitor: &Visitor, c: &Model, texts: &Texts) -> Vec<FileLink> {
    let mut all = Vec::new();
    if texts.explanation.as_ref().is_some_and(|d| !d.body.is_empty()) {
        all.push(text_file(visitor, c, "explanation.txt", "起草说明", "Explanation"));
    }
    all.extend(files(texts, texts.explanation.as_ref()));
    all
}

/// The texts that were replaced since the consultation was published, with the comparison.
fn corrections(visitor: &Visitor, c: &Model, texts: &Texts) -> Vec<Correction> {
    let current = [Some(&texts.draft), texts.explanation.as_ref(), texts.basis.as_ref()];
    let newest = |d: &document::Model| current.iter().flatten().find(|n| n.kind == d.kind).map(|n| n.version);
    let before =
        |d: &document::Model| texts.all.iter().find(|b| b.kind == d.kind && b.version == d.version - 1);
    // A version published in the same instant as the one before it came after it.
    let replaces = |d: &&document::Model| {
        let at = d.published_at;
        let later =
            at > c.published_at || (at == c.published_at && before(d).is_some_and(|b| b.published_at == at));
        later && newest(d).is_some_and(|newest| d.version <= newest)
    };
    let mut found: Vec<Correction> = texts
        .all
        .iter()
        .filter(replaces)
        .filter_map(|d| {
            Some(Correction {
                kind: visitor.say(&documents::kind_words(d.kind)),
                version: u32::try_from(d.version).unwrap_or(0),
                on: civil::local_date(d.published_at?),
                notice: d.correction_notice.clone().unwrap_or_default(),
                compare: before(d).map(|b| documents::compare_href(b.id, d.id)),
            })
        })
        .collect();
    found.sort_by_key(|c| c.on);
    found
}

/// The unit whose opinions alone are asked for.
fn unit_asked<'a, 'b>(blocks: &'b [Block<'a>], on: &str) -> Option<&'b Unit<'a>> {
    let lineage: LineageId = on.parse().ok()?;
    blocks.iter().find_map(|block| match block {
        Block::Unit(unit) if unit.members.iter().any(|m| m.lineage_id == lineage) => Some(unit),
        _ => None,
    })
}

#[expect(clippy::too_many_arguments, reason = "what is on the page, and what was asked for")]
async fn opinions(
    app: &App,
    c: &Model,
    facts: &Facts,
    texts: &Texts,
    blocks: &[Block<'_>],
    asked: &Asked,
    on: Option<&Unit<'_>>,
    by_support: bool,
) -> Result<(Vec<PublishedOpinion>, Pager), Problem> {
    if c.published_at.is_none() {
        return Ok((Vec::new(), Pager::default()));
    }
    let db = app.db.read();
    let lineages: Option<Vec<LineageId>> = on.map(|u| u.members.iter().map(|m| m.lineage_id).collect());
    let before: Option<OpinionId> = asked.before.parse().ok();
    let mut rows = if by_support {
        said::supported(db, c.id, before, OPINIONS + 1).await?
    } else {
        said::published(db, c.id, lineages.as_deref(), before, OPINIONS + 1).await?
    };
    let more = rows.len() as u64 > OPINIONS;
    rows.truncate(usize::try_from(OPINIONS).unwrap_or(usize::MAX));
    let outcomes = if facts.answered_at.is_some() {
        let ids: Vec<OpinionId> = rows.iter().map(|r| r.id).collect();
        said::outcomes(db, &ids).await?
    } else {
        HashMap::new()
    };
    let heads = heads(blocks);
    let base = format!("/consultations/{}", c.code);
    let kept = match on {
        Some(unit) => format!("on={}&", unit.head.lineage_id),
        None if by_support => "sort=support&".to_owned(),
        None => String::new(),
    };
    let ids: Vec<OpinionId> = rows.iter().map(|r| r.id).collect();
    let supports = opinion::supports(db, &ids).await?;
    let pager = Pager {
        previous: before.map(|_| Href::new(format!("{base}?{kept}#opinions"))),
        next: rows
            .last()
            .filter(|_| more)
            .map(|r| Href::new(format!("{base}?{kept}before={}#opinions", r.id))),
        note: String::new(),
    };
    let texts_said = rows.iter().map(|r| (r.public_text.as_deref().unwrap_or_default(), r.clause_id));
    let bases = wording::bases(db, texts_said).await?;
    let files = said::files(db, &rows).await?;
    let mut budget = wording::BUDGET;
    let shown = rows.iter().map(|r| PublishedOpinion {
        supports: supports.get(&r.id).copied().unwrap_or(0),
        proposal: opinion_words::proposal_within(
            r.public_text.as_deref().unwrap_or_default(),
            r.clause_id.and_then(|id| bases.get(&id)).map(String::as_str),
            &mut budget,
        ),
        ..opinion_view(
            r,
            outcomes.get(&r.id),
            files.get(&r.id.0).into_iter().flatten().map(|f| attached(&base, f, false)).collect(),
            &heads,
            texts.draft.id,
        )
    });
    Ok((shown.collect(), pager))
}

/// The anchor of the unit that each clause belongs to.
fn heads(blocks: &[Block<'_>]) -> HashMap<LineageId, String> {
    let mut heads = HashMap::new();
    for block in blocks {
        match block {
            Block::Unit(unit) => {
                let anchor = show::anchor(unit.head);
                heads.extend(unit.members.iter().map(|m| (m.lineage_id, anchor.clone())));
            }
            Block::Heading(row, _) => {
                heads.insert(row.lineage_id, show::anchor(row));
            }
            Block::Title(_) | Block::Text(_) => {}
        }
    }
    heads
}

#[handler]
async fn draft_text(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let c = visible(app, &visitor, &code).await?;
    let draft = documents::find(app.db.read(), c.document_id).await?;
    if draft.body.is_empty() {
        return Err(Problem::not_found().into());
    }
    Ok(documents::as_text(&draft.title, &draft.body))
}

#[handler]
async fn explanation_text(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let c = visible(app, &visitor, &code).await?;
    let texts = consultation::materials(app.db.read(), &c).await?;
    match texts.explanation {
        Some(d) if !d.body.is_empty() => Ok(documents::as_text(&d.title, &d.body)),
        _ => Err(Problem::not_found().into()),
    }
}
