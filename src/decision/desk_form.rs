//! The forms of a decision's desk: the dossier and its steps.

use chrono::Datelike as _;
use entity::decision::Model;
use entity::enums::{DecisionKind, DocumentKind, StepKind};
use entity::id::StepId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::decision::{DossierForm, SkipForm, StepForm};
use web::form::{Choice, FormState};
use web::layout::{Nav, SideItem};
use web::link::Href;

use super::page::{DESK, desk_path};
use super::policy::{BY_HAND, SKIPPABLE};
use super::view::{about, kind_choices, rule_of, step_choices};
use super::{
    Edit, NewDecision, Record, Skip, by_code, create, documents, edit, may_run, record_step, skip_step,
    take_back,
};
use crate::account;
use crate::actor::Staff;
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    pages
        .get("/desk/decisions/new", new_form)
        .post(DESK, do_create)
        .get("/desk/decisions/:code/edit", edit_form)
        .post("/desk/decisions/:code/edit", do_edit)
        .get("/desk/decisions/:code/step", step_form)
        .post("/desk/decisions/:code/step", do_record)
        .get("/desk/decisions/:code/skip", skip_form)
        .post("/desk/decisions/:code/skip", do_skip)
        .post("/desk/decisions/:code/steps/:id/take-back", do_take_back)
}

/// What every form needs: the decision, which must be the person's to run, and the navigation.
pub(super) async fn open(
    app: &App,
    visitor: &Visitor,
    code: &str,
) -> Result<(Model, Vec<SideItem>), Problem> {
    visitor.actor.require_staff()?;
    let row = by_code(app.db.read(), code).await?;
    may_run(&visitor.actor, &row)?;
    Ok((row, side(app, visitor, DESK).await?))
}

/// A form that cannot be sent as it is: its errors, and after somebody else's change the way to the new state.
pub(super) fn again(visitor: &Visitor, form: &Form, problem: &Problem) -> FormState {
    form.state(problem, visitor.lang)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
}

#[handler]
async fn new_form(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let state = FormState::default()
        .with("year", app.today().year().to_string())
        .with("department_id", staff.department_id.to_string())
        .with("owner_id", staff.id.to_string());
    may_begin(staff)?;
    let form = dossier_view(app, &visitor, staff, None, state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::decision::dossier_form(&visitor.frame(app, Nav::None), &side, &form)))
}

/// Whoever runs no department has no decision to begin.
fn may_begin(staff: &Staff) -> Result<(), Problem> {
    if staff.runs(staff.department_id) || !staff.heads.is_empty() {
        Ok(())
    } else {
        Err(Problem::forbidden())
    }
}

/// The form of a dossier, with the departments one runs and the people who may own it there.
async fn dossier_view(
    app: &App,
    visitor: &Visitor,
    staff: &Staff,
    row: Option<&Model>,
    state: FormState,
) -> Result<DossierForm, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let all = department::all(db).await?;
    let mine: Vec<_> = all
        .into_iter()
        .filter(|d| staff.runs(d.id) || row.is_some_and(|r| r.department_id == d.id))
        .collect();
    let mut owners = vec![Choice::new("", lang.t("暂不指定", "nobody yet"))];
    for d in &mine {
        let people = account::owners_of(db, d.id).await?;
        let label = |name: &str| {
            if mine.len() > 1 { format!("{name}（{}）", d.short_name) } else { name.to_owned() }
        };
        owners.extend(people.into_iter().map(|p| Choice::new(p.id.to_string(), label(&p.display_name))));
    }
    Ok(DossierForm {
        csrf: visitor.csrf().to_owned(),
        state,
        action: Href::new(row.map_or(DESK.to_owned(), |r| format!("{}/edit", desk_path(&r.code)))),
        back: Href::new(row.map_or(DESK.to_owned(), |r| desk_path(&r.code))),
        about: row.map(about).unwrap_or_default(),
        is_new: row.is_none(),
        revision: row.map_or(1, |r| r.revision),
        kinds: kind_choices(lang),
        departments: mine.into_iter().map(|d| Choice::new(d.id.to_string(), d.name)).collect(),
        owners,
    })
}

fn read_new(form: &Form) -> Result<NewDecision, Problem> {
    Ok(NewDecision {
        title: form.get("title").to_owned(),
        kind: form.parse("kind", DecisionKind::parse)?,
        year: form.parse("year", |y| y.parse().ok())?,
        department_id: form.parse("department_id", |id| id.parse().ok())?,
        owner_id: form.parse_opt("owner_id", |id| id.parse().ok())?,
        summary: form.get("summary").to_owned(),
        basis: form.get("basis").to_owned(),
    })
}

#[handler]
async fn do_create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    may_begin(staff)?;
    let result = match read_new(&form) {
        Ok(new) => create(app, &visitor.actor, &new).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(row) => Ok(done(&desk_path(&row.code), "saved")),
        Err(problem) => {
            let view = dossier_view(app, &visitor, staff, None, again(&visitor, &form, &problem)).await?;
            let side = side(app, &visitor, DESK).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::decision::dossier_form(&frame, &side, &view))
        }
    }
}

#[handler]
async fn edit_form(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let staff = visitor.actor.require_staff()?;
    let state = FormState::default()
        .with("title", &row.title)
        .with("kind", row.kind.as_str())
        .with("department_id", row.department_id.to_string())
        .with("owner_id", row.owner_id.map(|id| id.to_string()).unwrap_or_default())
        .with("summary", &row.summary)
        .with("basis", &row.basis);
    let view = dossier_view(app, &visitor, staff, Some(&row), state).await?;
    Ok(page(web::desk::decision::dossier_form(&visitor.frame(app, Nav::None), &side, &view)))
}

fn read_edit(form: &Form) -> Result<Edit, Problem> {
    Ok(Edit {
        revision: form.get("revision").parse().map_err(|_| Problem::new(Code::Stale))?,
        title: form.get("title").to_owned(),
        kind: form.parse("kind", DecisionKind::parse)?,
        department_id: form.parse("department_id", |id| id.parse().ok())?,
        owner_id: form.parse_opt("owner_id", |id| id.parse().ok())?,
        summary: form.get("summary").to_owned(),
        basis: form.get("basis").to_owned(),
    })
}

#[handler]
async fn do_edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let staff = visitor.actor.require_staff()?;
    let result = match read_edit(&form) {
        Ok(change) => edit(app, &visitor.actor, &code, &change).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(done(&desk_path(&code), "saved")),
        Err(problem) => {
            let mut view =
                dossier_view(app, &visitor, staff, Some(&row), again(&visitor, &form, &problem)).await?;
            // The revision typed against stays, so that sending again cannot win unseen.
            view.revision = form.get("revision").parse().unwrap_or(0);
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::decision::dossier_form(&frame, &side, &view))
        }
    }
}

async fn step_view(app: &App, visitor: &Visitor, row: &Model, state: FormState) -> Result<StepForm, Problem> {
    let lang = visitor.lang;
    let rule = StepKind::parse(state.value("kind")).map_or("", |kind| rule_of(lang, kind)).to_owned();
    Ok(StepForm {
        csrf: visitor.csrf().to_owned(),
        action: Href::new(format!("{}/step", desk_path(&row.code))),
        back: Href::new(desk_path(&row.code)),
        about: about(row),
        kinds: step_choices(lang, BY_HAND.iter().copied()),
        documents: document_choices(app, visitor, row, None).await?,
        rule,
        state,
    })
}

pub(super) async fn document_choices(
    app: &App,
    visitor: &Visitor,
    row: &Model,
    kind: Option<DocumentKind>,
) -> Result<Vec<Choice>, Problem> {
    let all = documents(app.db.read(), row.id, false).await?.into_iter();
    let none = Choice::new("", visitor.lang.t("不附文件", "none"));
    let some = all.filter(|(_, k, _)| kind.is_none_or(|kind| kind == *k));
    Ok(std::iter::once(none).chain(some.map(|(id, _, title)| Choice::new(id.to_string(), title))).collect())
}

#[handler]
async fn step_form(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let state = FormState::default().with("kind", &asked.kind).with("happened_on", app.today().to_string());
    let view = step_view(app, &visitor, &row, state).await?;
    Ok(page(web::desk::decision::step_form(&visitor.frame(app, Nav::None), &side, &view)))
}

fn read_step(form: &Form) -> Result<Record, Problem> {
    Ok(Record {
        kind: form.parse("kind", StepKind::parse)?,
        happened_on: form.parse("happened_on", civil::parse_date)?,
        note: form.get("note").to_owned(),
        document_id: form.parse_opt("document_id", |id| id.parse().ok())?,
    })
}

#[handler]
async fn do_record(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let result = match read_step(&form) {
        Ok(record) => record_step(app, &visitor.actor, &code, &record).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(done(&desk_path(&code), "recorded")),
        Err(problem) => {
            let view = step_view(app, &visitor, &row, again(&visitor, &form, &problem)).await?;
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::decision::step_form(&frame, &side, &view))
        }
    }
}

fn skip_view(visitor: &Visitor, row: &Model, state: FormState) -> SkipForm {
    SkipForm {
        csrf: visitor.csrf().to_owned(),
        state,
        action: Href::new(format!("{}/skip", desk_path(&row.code))),
        back: Href::new(desk_path(&row.code)),
        about: about(row),
        kinds: step_choices(visitor.lang, SKIPPABLE.iter().copied()),
    }
}

#[handler]
async fn skip_form(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let view = skip_view(&visitor, &row, FormState::default().with("kind", &asked.kind));
    Ok(page(web::desk::decision::skip_form(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn do_skip(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let result = match form.parse("kind", StepKind::parse) {
        Ok(kind) => {
            let skip = Skip { kind, reason: form.get("reason").to_owned() };
            skip_step(app, &visitor.actor, &code, &skip).await
        }
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(done(&desk_path(&code), "recorded")),
        Err(problem) => {
            let view = skip_view(&visitor, &row, again(&visitor, &form, &problem));
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::decision::skip_form(&frame, &side, &view))
        }
    }
}

#[handler]
async fn do_take_back(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, id)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    let id: StepId = id.parse().map_err(|_| Problem::not_found())?;
    take_back(app, &visitor.actor, &code, id).await?;
    Ok(done(&desk_path(&code), "undone"))
}
