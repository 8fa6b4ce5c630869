//! The desk of one entry of a catalogue's draft.

use entity::enums::{DecisionKind, StepKind};
use entity::id::CatalogueEntryId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::catalogue::{EntryForm, PlanRow};
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::link::Href;

use super::desk_page::{DESK, Open, base, id, open};
use super::{
    EntryFields, Foreseen, KINDS, Way, add_entry, change_entry, foreseen, may_manage, move_entry, reach,
    remove_entry, title,
};
use crate::app::App;
use crate::decision::SKIPPABLE;
use crate::decision::view::kind_choices;
use crate::decision::{self, step_words};
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// Decisions offered for picking.
const PICK: u64 = 200;

pub fn add(pages: Pages) -> Pages {
    pages
        .get("/desk/catalogues/:id/entries/new", new_entry)
        .post("/desk/catalogues/:id/entries", do_add)
        .get("/desk/catalogues/:id/entries/:entry", edit_entry)
        .post("/desk/catalogues/:id/entries/:entry", do_change)
        .post("/desk/catalogues/:id/entries/:entry/remove", do_remove)
        .post("/desk/catalogues/:id/entries/:entry/up", do_up)
        .post("/desk/catalogues/:id/entries/:entry/down", do_down)
}

fn entry_id(text: &str) -> Result<CatalogueEntryId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    decision: String,
}

/// The form of an entry; `entry` is the one that is changed.
async fn entry_view(
    app: &App,
    visitor: &Visitor,
    o: &Open,
    entry: Option<CatalogueEntryId>,
    state: FormState,
) -> Result<EntryForm, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let staff = may_manage(&visitor.actor, &o.catalogue)?;
    let departments = reach(db, staff, &o.catalogue).await?;
    let root = base(o.catalogue.id);
    let mut pick = vec![Choice::new("", lang.t("新的决策事项", "a new decision"))];
    if entry.is_none() {
        let filter = decision::Filter {
            departments: Some(departments.iter().map(|d| d.id).collect()),
            under_way: true,
            limit: PICK,
            ..decision::Filter::default()
        };
        let rows = decision::list(db, &filter, app.today()).await?;
        let free = rows.into_iter().filter(|d| !o.entries.iter().any(|e| e.decision_id == d.id));
        pick.extend(free.map(|d| Choice::new(d.code.clone(), decision::view::about(&d))));
    }
    let plan = KINDS.iter().map(|k| PlanRow {
        kind: k.as_str(),
        title: lang_words(lang, &step_words(*k)),
        optional: SKIPPABLE.contains(k),
    });
    Ok(EntryForm {
        csrf: visitor.csrf().to_owned(),
        action: Href::new(entry.map_or_else(|| format!("{root}/entries"), |e| format!("{root}/entries/{e}"))),
        back: Href::new(root),
        about: title(&o.department.name, o.catalogue.year),
        decision: state.value("decision").to_owned(),
        pick,
        is_new: entry.is_none(),
        kinds: kind_choices(lang),
        departments: departments.into_iter().map(|d| Choice::new(d.id.to_string(), d.name)).collect(),
        plan: plan.collect(),
        state,
    })
}

/// A new entry foresees what nearly every decision needs; the rest is to be thought about.
fn usual() -> FormState {
    [
        StepKind::Consultation,
        StepKind::LegalityReview,
        StepKind::CollectiveDiscussion,
        StepKind::Interpretation,
    ]
    .iter()
    .fold(FormState::default(), |state, kind| state.with(&format!("step_{kind}"), "yes"))
}

#[handler]
async fn new_entry(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let open = open(app, &visitor, &of).await?;
    let staff = may_manage(&visitor.actor, &open.catalogue)?;
    let mut state = usual();
    let picked = match asked.decision.as_str() {
        "" => None,
        code => decision::by_code(app.db.read(), code).await.ok(),
    };
    let inside = reach(app.db.read(), staff, &open.catalogue).await?;
    state = match picked.filter(|d| inside.iter().any(|i| i.id == d.department_id)) {
        Some(d) => state
            .with("decision", &d.code)
            .with("title", &d.title)
            .with("kind", d.kind.as_str())
            .with("department_id", d.department_id.to_string())
            .with("basis", &d.basis),
        None => state.with("department_id", open.catalogue.department_id.to_string()),
    };
    let view = entry_view(app, &visitor, &open, None, state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::catalogue::entry_form(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn edit_entry(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
) -> poem::Result<Response> {
    let open = open(app, &visitor, &of).await?;
    let entry = entry_id(&entry)?;
    let row = open.entries.iter().find(|e| e.id == entry).ok_or_else(Problem::not_found)?;
    let mut state = FormState::default()
        .with("title", &row.title)
        .with("kind", row.kind.as_str())
        .with("department_id", row.department_id.to_string())
        .with("basis", &row.basis)
        .with("planned_time", &row.planned_time);
    for step in foreseen(row) {
        let value = if step.foreseen { "yes" } else { "no" };
        state = state
            .with(&format!("step_{}", step.kind), value)
            .with(&format!("reason_{}", step.kind), step.reason);
    }
    let view = entry_view(app, &visitor, &open, Some(entry), state).await?;
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::catalogue::entry_form(&visitor.frame(app, Nav::None), &side, &view)))
}

fn read_entry(form: &Form) -> Result<EntryFields, Problem> {
    let step = |kind: &StepKind| {
        let foreseen = match form.get(&format!("step_{kind}")) {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        Some(Foreseen { kind: *kind, foreseen, reason: form.get(&format!("reason_{kind}")).to_owned() })
    };
    Ok(EntryFields {
        title: form.get("title").to_owned(),
        kind: form.parse("kind", DecisionKind::parse)?,
        department_id: form.parse("department_id", |id| id.parse().ok())?,
        basis: form.get("basis").to_owned(),
        planned_time: form.get("planned_time").to_owned(),
        steps: KINDS.iter().filter_map(step).collect(),
    })
}

async fn entry_again(
    app: &App,
    visitor: &Visitor,
    of: &str,
    entry: Option<CatalogueEntryId>,
    form: &Form,
    problem: Problem,
) -> poem::Result<Response> {
    let open = open(app, visitor, of).await?;
    let view = entry_view(app, visitor, &open, entry, form.state(&problem, visitor.lang)).await?;
    let side = side(app, visitor, DESK).await?;
    let frame = visitor.frame(app, Nav::None);
    form_again(problem, |_| web::desk::catalogue::entry_form(&frame, &side, &view))
}

#[handler]
async fn do_add(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(of): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let code = form.opt("decision");
    let result = match read_entry(&form) {
        Ok(fields) => add_entry(app, &visitor.actor, id(&of)?, code.as_deref(), &fields).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(done(&base(id(&of)?), "saved")),
        Err(problem) => entry_again(app, &visitor, &of, None, &form, problem).await,
    }
}

#[handler]
async fn do_change(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let entry = entry_id(&entry)?;
    let result = match read_entry(&form) {
        Ok(fields) => change_entry(app, &visitor.actor, id(&of)?, entry, &fields).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(()) => Ok(done(&base(id(&of)?), "saved")),
        Err(problem) => entry_again(app, &visitor, &of, Some(entry), &form, problem).await,
    }
}

#[handler]
async fn do_remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    remove_entry(app, &visitor.actor, id(&of)?, entry_id(&entry)?).await?;
    Ok(done(&base(id(&of)?), "removed"))
}

#[handler]
async fn do_up(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    move_entry(app, &visitor.actor, id(&of)?, entry_id(&entry)?, Way::Up).await?;
    Ok(done(&base(id(&of)?), "saved"))
}

#[handler]
async fn do_down(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((of, entry)): Path<(String, String)>,
    _form: Form,
) -> poem::Result<Response> {
    move_entry(app, &visitor.actor, id(&of)?, entry_id(&entry)?, Way::Down).await?;
    Ok(done(&base(id(&of)?), "saved"))
}
