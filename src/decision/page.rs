//! The desk of decisions: the list, and the dossier of one.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::decision::Model;
use entity::duty::Model as Duty;
use entity::enums::{DutyKind, DutyState, Role, StepKind};
use entity::id::{DepartmentId, DocumentId};
use entity::step::Model as Step;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use uuid::Uuid;
use web::component::Fact;
use web::desk::decision::{DecisionRow, DecisionsView, DossierView, Room, StepRow};
use web::form::{Choice, FormState};
use web::label::StepState;
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;

use super::next_view::next;
use super::policy::{BY_HAND, SKIPPABLE, may_mark_not_disclosed, may_take_back, may_withdraw};
use super::view::{gate_words, next_words, status_choices};
use super::{
    Facts, Filter, Status, by_code, count, documents, facts, kind_words, list, may_read_desk,
    own_departments, path, status, statuses, step_words, windows, years,
};
use crate::account;
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::duty;
use crate::http::desk::side;
use crate::http::duty_view::{duty_line, short_line};
use crate::http::lang_words;
use crate::http::pager::{number, pager};
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub const DESK: &str = "/desk/decisions";
const PAGE: u64 = 50;

pub fn add(pages: Pages) -> Pages {
    let pages = pages.get(DESK, index).get("/desk/decisions/:code", show);
    super::end_form::add(super::desk_form::add(pages))
}

/// The desk of one decision.
pub fn desk_path(code: &str) -> String {
    format!("{DESK}/{code}")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    status: String,
    year: String,
    department: String,
    page: String,
}

/// The choice of everything that is not over, offered first.
const UNDER_WAY: &str = "under_way";
const EVERYTHING: &str = "all";

#[handler]
async fn index(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let own = own_departments(&visitor.actor)?;
    let db = app.db.read();
    let departments = department::all(db).await?;
    let here = number(&asked.page);
    let filter = filter(&asked, own.as_deref(), &departments, here);
    let rows = list(db, &filter, app.today()).await?;
    let total = count(db, &filter, app.today()).await?;
    let lang = visitor.lang;
    let may_create = visitor.actor.staff().is_some_and(|s| s.has(Role::Owner) || !s.heads.is_empty());
    let view = DecisionsView {
        state: FormState::default()
            .with("q", &asked.q)
            .with("status", if asked.status.is_empty() { UNDER_WAY } else { &asked.status })
            .with("year", &asked.year)
            .with("department", &asked.department),
        statuses: [
            Choice::new(UNDER_WAY, lang.t("在办", "Under way")),
            Choice::new(EVERYTHING, lang.t("全部", "All")),
        ]
        .into_iter()
        .chain(status_choices(lang))
        .collect(),
        years: choices(lang, years(db, false).await?.iter().map(|y| (y.to_string(), y.to_string()))),
        departments: department_choices(lang, own.as_deref(), &departments),
        rows: rows_of(app, &visitor, rows).await?,
        pager: pager(&visitor, here, total, PAGE),
        create: may_create.then(|| Href::new("/desk/decisions/new")),
        filtered: [&asked.q, &asked.status, &asked.year, &asked.department].iter().any(|f| !f.is_empty()),
    };
    let side = side(app, &visitor, DESK).await?;
    Ok(render::page(web::desk::decision::decisions(&visitor.frame(app, Nav::None), &side, &view)))
}

fn choices(lang: Lang, items: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
    let all = Choice::new("", lang.t("全部", "All"));
    std::iter::once(all).chain(items.map(|(value, label)| Choice::new(value, label))).collect()
}

fn department_choices(
    lang: Lang,
    own: Option<&[DepartmentId]>,
    departments: &[entity::department::Model],
) -> Vec<Choice> {
    let mine = departments.iter().filter(|d| own.is_none_or(|own| own.contains(&d.id)));
    let items: Vec<(String, String)> = mine.map(|d| (d.key.clone(), d.short_name.clone())).collect();
    if items.len() > 1 { choices(lang, items.into_iter()) } else { Vec::new() }
}

/// What was asked for, within the departments that are the person's.
fn filter(
    asked: &Asked,
    own: Option<&[DepartmentId]>,
    departments: &[entity::department::Model],
    here: u64,
) -> Filter {
    let chosen = departments.iter().find(|d| d.key == asked.department).map(|d| d.id);
    let departments = match (chosen, own) {
        (Some(id), Some(own)) => Some(if own.contains(&id) { vec![id] } else { own.to_vec() }),
        (Some(id), None) => Some(vec![id]),
        (None, own) => own.map(<[DepartmentId]>::to_vec),
    };
    Filter {
        departments,
        year: asked.year.parse().ok(),
        status: Status::parse(&asked.status),
        under_way: asked.status.is_empty() || asked.status == UNDER_WAY,
        text: Some(asked.q.clone()).filter(|q| !q.is_empty() && !q.contains('\0')),
        limit: PAGE,
        offset: (here - 1) * PAGE,
        ..Filter::default()
    }
}

async fn rows_of(app: &App, visitor: &Visitor, rows: Vec<Model>) -> Result<Vec<DecisionRow>, Problem> {
    let db = app.db.read();
    let lang = visitor.lang;
    let ids: Vec<_> = rows.iter().map(|d| d.id).collect();
    let (statuses, windows) = (statuses(app, db, &ids).await?, windows(db, &ids).await?);
    let people = account::names(db).await?;
    let departments: HashMap<_, _> =
        department::all(db).await?.into_iter().map(|d| (d.id, d.short_name)).collect();
    let subjects = ids.iter().map(|id| id.0).chain(windows.values().flatten().map(|w| w.id.0));
    let duties = open_duties(app, subjects).await?;
    let row = |d: Model| {
        let status = statuses.get(&d.id).copied().unwrap_or(Status::Preparing);
        let mine = |t: &&Duty| {
            t.subject_id == d.id.0
                || windows.get(&d.id).is_some_and(|all| all.iter().any(|w| w.id.0 == t.subject_id))
        };
        DecisionRow {
            href: Href::new(desk_path(&d.code)),
            department: departments.get(&d.department_id).cloned().unwrap_or_default(),
            owner: d.owner_id.and_then(|id| people.get(&id).cloned()).unwrap_or_default(),
            status: lang_words(lang, &status.words()),
            next: next_words(lang, status).to_owned(),
            duty: duties.iter().find(mine).map(|t| short_line(app, t, lang)),
            public: d.published_at.is_some(),
            code: d.code,
            title: d.title,
        }
    };
    Ok(rows.into_iter().map(row).collect())
}

/// What is still due, the nearest day first.
async fn open_duties(app: &App, subjects: impl IntoIterator<Item = Uuid>) -> Result<Vec<Duty>, Problem> {
    let mut duties = duty::of_subjects(app.db.read(), subjects).await?;
    duties.retain(|t| t.state == DutyState::Open && t.kind != DutyKind::OpinionReview);
    duties.sort_by_key(|t| t.due_on);
    Ok(duties)
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Path(code): Path<String>) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let row = by_code(app.db.read(), &code).await?;
    let staff = may_read_desk(&visitor.actor, &row)?;
    let view = dossier(app, &visitor, &row, staff.runs(row.department_id)).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(render::page(web::desk::decision::dossier(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn dossier(app: &App, visitor: &Visitor, d: &Model, runs: bool) -> Result<DossierView, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let facts = facts(app, db, d).await?;
    let open = facts.consultations.iter().any(|w| w.is_open(facts.today));
    let status = status(&facts.steps, open, facts.today);
    let subjects = std::iter::once(d.id.0).chain(facts.consultations.iter().map(|w| w.id.0));
    let mut duties = Vec::new();
    for duty in open_duties(app, subjects).await? {
        duties.push(duty_line(app, &duty, lang).await?);
    }
    let titles = documents(db, d.id, false).await?.into_iter().map(|(id, _, title)| (id, title)).collect();
    let over = d.promulgated_on.is_some() || facts.is_withdrawn();
    Ok(DossierView {
        csrf: visitor.csrf().to_owned(),
        code: d.code.clone(),
        title: d.title.clone(),
        status: lang_words(lang, &status.words()),
        public: d.published_at.map(|_| Href::new(path(&d.code))),
        facts: facts_of(app, lang, d).await?,
        next: if runs { next(lang, &d.code, &facts, status) } else { Vec::new() },
        gates: if over || !runs { Vec::new() } else { gate_words(lang, &facts) },
        duties,
        steps: step_rows(lang, d, &facts, &titles, runs),
        rooms: rooms(lang, d, &facts),
        acts: if runs { acts(lang, d, &facts) } else { Vec::new() },
    })
}

async fn facts_of(app: &App, lang: Lang, d: &Model) -> Result<Vec<Fact>, Problem> {
    let db = app.db.read();
    let department = department::find(db, d.department_id).await?.name;
    let owner = match d.owner_id {
        Some(id) => account::names(db).await?.remove(&id).unwrap_or_default(),
        None => lang.t("未指定", "nobody yet").to_owned(),
    };
    let mut facts = vec![
        Fact::text(lang.t("决策类别", "Kind"), &lang_words(lang, &kind_words(d.kind))),
        Fact::text(lang.t("承办单位", "Department"), &department),
        Fact::text(lang.t("经办人", "Owner"), &owner),
        Fact::text(lang.t("年度", "Year"), &d.year.to_string()),
    ];
    let optional = [
        (lang.t("发文字号", "Number"), d.doc_number.clone()),
        (lang.t("出台日期", "Issued"), d.promulgated_on.map(|on| lang.date(on))),
        (lang.t("依法不公开", "Not disclosed"), d.not_disclosed_basis.clone()),
        (lang.t("通俗说明", "Plain words"), Some(d.summary.clone())),
        (lang.t("决策依据", "Basis"), Some(d.basis.clone())),
        (lang.t("公开时间", "Public since"), d.published_at.map(|t| lang.date_time(civil::local_time(t)))),
    ];
    facts.extend(
        optional
            .into_iter()
            .filter_map(|(label, value)| Some(Fact::text(label, &value.filter(|v| !v.is_empty())?))),
    );
    Ok(facts)
}

/// Every step in the order of the procedure: what happened, and what can be done about it.
fn step_rows(
    lang: Lang,
    d: &Model,
    facts: &Facts,
    titles: &HashMap<DocumentId, String>,
    runs: bool,
) -> Vec<StepRow> {
    let desk = desk_path(&d.code);
    let running = runs && !facts.is_withdrawn();
    let mut rows = Vec::new();
    for kind in StepKind::ALL.iter().copied() {
        let of_kind: Vec<&Step> = facts.steps.iter().filter(|s| s.kind == kind).collect();
        for step in &of_kind {
            let back = runs && may_take_back(facts, step).is_ok();
            let open = kind == StepKind::Consultation
                && facts
                    .consultations
                    .iter()
                    .any(|w| w.is_open(facts.today) && step.happened_on == Some(w.opens_on));
            let row = recorded(lang, step, titles, facts.today);
            rows.push(StepRow {
                state: if open { StepState::Current } else { row.state },
                take_back: back.then(|| Href::new(format!("{desk}/steps/{}/take-back", step.id))),
                ..row
            });
        }
        if !of_kind.is_empty() || kind == StepKind::Withdrawn {
            continue;
        }
        let after_issue = matches!(kind, StepKind::Interpretation | StepKind::Evaluation);
        let may_record = running && BY_HAND.contains(&kind) && (!after_issue || d.promulgated_on.is_some());
        let not_disclosed =
            (kind == StepKind::Consultation).then_some(d.not_disclosed_basis.as_deref()).flatten();
        rows.push(StepRow {
            title: lang_words(lang, &step_words(kind)),
            state: if not_disclosed.is_some() { StepState::Skipped } else { StepState::Upcoming },
            when: String::new(),
            note: not_disclosed.unwrap_or_default().to_owned(),
            document: String::new(),
            record: may_record.then(|| Href::new(format!("{desk}/step?kind={kind}"))),
            skip: (running && SKIPPABLE.contains(&kind))
                .then(|| Href::new(format!("{desk}/skip?kind={kind}"))),
            take_back: None,
        });
    }
    rows
}

fn recorded(lang: Lang, step: &Step, titles: &HashMap<DocumentId, String>, today: NaiveDate) -> StepRow {
    let (state, when) = match step.happened_on {
        Some(on) if on > today => (StepState::Upcoming, lang.date(on)),
        Some(on) => (StepState::Done, lang.date(on)),
        None => (StepState::Skipped, String::new()),
    };
    StepRow {
        title: lang_words(lang, &step_words(step.kind)),
        state,
        when,
        note: step.skipped_reason.clone().unwrap_or_else(|| step.note.clone()),
        document: step.document_id.and_then(|id| titles.get(&id).cloned()).unwrap_or_default(),
        record: None,
        skip: None,
        take_back: None,
    }
}

fn rooms(lang: Lang, d: &Model, facts: &Facts) -> Vec<Room> {
    let desk = desk_path(&d.code);
    let room = |label: &str, href: String, note: String| Room {
        label: label.to_owned(),
        href: Href::new(href),
        note,
    };
    let mut rooms = vec![room(
        lang.t("草案、说明、依据", "Draft, explanation, basis"),
        format!("{desk}/documents"),
        String::new(),
    )];
    for w in &facts.consultations {
        let title = format!("{} {}", lang.t("征求意见", "Consultation"), w.code);
        rooms.push(room(
            &title,
            format!("/desk/consultations/{}", w.code),
            lang.period(w.opens_on, w.closes_on),
        ));
        let opinions = lang.t("意见办理", "Opinions").to_owned();
        rooms.push(room(&opinions, format!("/desk/consultations/{}/opinions", w.code), String::new()));
        let summary = lang.t("采纳情况", "Adoption summary").to_owned();
        rooms.push(room(&summary, format!("/desk/consultations/{}/summary", w.code), String::new()));
    }
    rooms
}

fn acts(lang: Lang, d: &Model, facts: &Facts) -> Vec<(String, Href)> {
    let desk = desk_path(&d.code);
    let act = |zh: &'static str, en: &'static str, page: &str| {
        (lang.t(zh, en).to_owned(), Href::new(format!("{desk}/{page}")))
    };
    let mut acts = Vec::new();
    if facts.is_withdrawn() {
        return acts;
    }
    acts.push(act("修改档案", "Edit", "edit"));
    if d.promulgated_on.is_none() {
        acts.push(act("决策出台", "Issue", "promulgation"));
    }
    if may_mark_not_disclosed(facts).is_ok() {
        acts.push(act("依法不公开", "Not disclosed", "not-disclosed"));
    }
    if may_withdraw(facts).is_ok() {
        acts.push(act("终止", "Stop", "withdrawal"));
    }
    acts
}
