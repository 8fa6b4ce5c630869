//! The forms of a decision's desk: dossier, steps, issue, stop.

use chrono::{Datelike as _, NaiveDate};
use entity::decision::Model;
use entity::enums::{DecisionKind, DocumentKind, StepKind};
use entity::id::StepId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::decision::{DossierForm, IssueForm, ReasonForm, SkipForm, StepForm, WhenDue};
use web::form::{Choice, FormState};
use web::layout::{Nav, SideItem};
use web::link::Href;

use super::page::{DESK, desk_path};
use super::policy::{BY_HAND, SKIPPABLE};
use super::view::{about, gate_words, kind_choices, rule_of, step_choices};
use super::{
    Edit, NewDecision, NotDisclosed, Promulgation, Record, Skip, Withdrawal, by_code, create, documents,
    edit, facts, mark_not_disclosed, may_run, promulgate, record_step, skip_step, summary_due, take_back,
    withdraw,
};
use crate::account;
use crate::actor::Staff;
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::desk::side;
use crate::http::duty_view;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page, page_with};
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
        .get("/desk/decisions/:code/promulgation", issue_form)
        .post("/desk/decisions/:code/promulgation", do_issue)
        .get("/desk/decisions/:code/withdrawal", stop_form)
        .post("/desk/decisions/:code/withdrawal", do_stop)
        .get("/desk/decisions/:code/not-disclosed", secret_form)
        .post("/desk/decisions/:code/not-disclosed", do_secret)
}

/// What every form needs: the decision, which must be the person's to run, and the navigation.
async fn open(app: &App, visitor: &Visitor, code: &str) -> Result<(Model, Vec<SideItem>), Problem> {
    visitor.actor.require_staff()?;
    let row = by_code(app.db.read(), code).await?;
    may_run(&visitor.actor, &row)?;
    Ok((row, side(app, visitor, DESK).await?))
}

/// A form that cannot be sent as it is: its errors, and after somebody else's change the way to the new state.
fn again(visitor: &Visitor, form: &Form, problem: &Problem) -> FormState {
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
    let form = dossier_view(app, &visitor, staff, None, state).await?;
    if form.departments.is_empty() {
        return Err(Problem::forbidden().into());
    }
    let side = side(app, &visitor, DESK).await?;
    Ok(page(web::desk::decision::dossier_form(&visitor.frame(app, Nav::None), &side, &form)))
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

async fn document_choices(
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

async fn issue_view(
    app: &App,
    visitor: &Visitor,
    row: &Model,
    state: FormState,
) -> Result<IssueForm, Problem> {
    let facts = facts(app, app.db.read(), row).await?;
    let day = civil::parse_date(state.value("promulgated_on")).unwrap_or_else(|| app.today());
    // A day out of all range gets no count; the operation refuses it.
    let when_due = match (facts.consultations.is_empty(), summary_due(app, day)) {
        (false, Ok((due, days))) => Some(WhenDue {
            due: due.date,
            working_days: app.config.rules.summary_working_days,
            provisional: due.provisional,
            days: duty_view::days(&days, visitor.lang),
        }),
        _ => None,
    };
    let gates = match row.promulgated_on {
        Some(_) => vec![visitor.lang.t("该决策已经出台", "The decision has already been issued").to_owned()],
        None => gate_words(visitor.lang, &facts),
    };
    Ok(IssueForm {
        csrf: visitor.csrf().to_owned(),
        state,
        action: Href::new(format!("{}/promulgation", desk_path(&row.code))),
        back: Href::new(desk_path(&row.code)),
        about: about(row),
        gates,
        when_due,
        final_documents: document_choices(app, visitor, row, Some(DocumentKind::Final)).await?,
    })
}

#[handler]
async fn issue_form(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let state = FormState::default().with("promulgated_on", app.today().to_string());
    let view = issue_view(app, &visitor, &row, state).await?;
    Ok(page(web::desk::decision::issue_form(&visitor.frame(app, Nav::None), &side, &view)))
}

fn read_issue(form: &Form) -> Result<Promulgation, Problem> {
    Ok(Promulgation {
        doc_number: form.get("doc_number").to_owned(),
        promulgated_on: form.parse("promulgated_on", civil::parse_date)?,
        final_document_id: form.parse_opt("final_document_id", |id| id.parse().ok())?,
        note: form.get("note").to_owned(),
    })
}

/// The due day that the page showed must be the one that begins; another date is shown before it counts.
fn seen(app: &App, form: &Form, day: NaiveDate) -> Result<bool, Problem> {
    let shown = form.get("seen_due");
    Ok(shown.is_empty() || shown == summary_due(app, day)?.0.date.to_string())
}

#[handler]
async fn do_issue(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let frame = visitor.frame(app, Nav::None);
    let typed = || form.state(&Problem::new(Code::Invalid), visitor.lang);
    if form.get("act") == "count" {
        let state = FormState { errors: Vec::new(), ..typed() };
        let view = issue_view(app, &visitor, &row, state).await?;
        return Ok(page(web::desk::decision::issue_form(&frame, &side, &view)));
    }
    let result = match read_issue(&form) {
        Ok(input) if !seen(app, &form, input.promulgated_on)? => {
            let (zh, en) = (
                "期限已按所填日期重新计算，请核对后再确认",
                "The due day was counted anew; check it and confirm",
            );
            let state = FormState { errors: Vec::new(), ..typed() }
                .with_error("promulgated_on", visitor.lang.t(zh, en));
            let view = issue_view(app, &visitor, &row, state).await?;
            let markup = web::desk::decision::issue_form(&frame, &side, &view);
            return Ok(page_with(poem::http::StatusCode::UNPROCESSABLE_ENTITY, markup));
        }
        Ok(input) => promulgate(app, &visitor.actor, &code, &input).await,
        Err(problem) => Err(problem),
    };
    match result {
        Ok(_) => Ok(done(&desk_path(&code), "issued")),
        Err(problem) => {
            let view = issue_view(app, &visitor, &row, again(&visitor, &form, &problem)).await?;
            form_again(problem, |_| web::desk::decision::issue_form(&frame, &side, &view))
        }
    }
}

fn stop_view(visitor: &Visitor, row: &Model, state: FormState) -> ReasonForm {
    let lang = visitor.lang;
    ReasonForm {
        csrf: visitor.csrf().to_owned(),
        state,
        action: Href::new(format!("{}/withdrawal", desk_path(&row.code))),
        back: Href::new(desk_path(&row.code)),
        about: about(row),
        title: lang.t("终止决策程序", "Stop the procedure").to_owned(),
        lead: lang
            .t(
                "终止后不能再登记环节，也不能恢复；理由随公开页面公布，已有内容继续公开。",
                "No more steps can be recorded and it cannot be undone; the reason is published, the dossier stays public.",
            )
            .to_owned(),
        field: "reason",
        label: lang.t("终止的理由", "Reason").to_owned(),
        hint: lang.t("例如上级机关已制定同类文件。", "For example, a higher body has regulated it.").to_owned(),
        max: 1000,
        required: true,
        submit: lang.t("确认终止", "Stop").to_owned(),
    }
}

#[handler]
async fn stop_form(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let view = stop_view(&visitor, &row, FormState::default());
    Ok(page(web::desk::decision::reason_form(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn do_stop(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    match withdraw(app, &visitor.actor, &code, &Withdrawal { reason: form.get("reason").to_owned() }).await {
        Ok(()) => Ok(done(&desk_path(&code), "stopped")),
        Err(problem) => {
            let view = stop_view(&visitor, &row, again(&visitor, &form, &problem));
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::decision::reason_form(&frame, &side, &view))
        }
    }
}

fn secret_view(visitor: &Visitor, row: &Model, state: FormState) -> ReasonForm {
    let lang = visitor.lang;
    ReasonForm {
        csrf: visitor.csrf().to_owned(),
        state,
        action: Href::new(format!("{}/not-disclosed", desk_path(&row.code))),
        back: Href::new(desk_path(&row.code)),
        about: about(row),
        title: lang.t("登记依法不予公开", "Not to be disclosed by law").to_owned(),
        lead: lang
            .t(
                "依法不予公开的决策事项可以不公开征求意见（重大行政决策程序暂行条例第十四条）。登记后不能再公开征求意见，法律依据显示在事项页面；事项名称本身也不能公开的，不要列入公开的目录。留空保存即取消登记。",
                "A matter that may not be disclosed by law needs no public consultation (State Council Order 713, Art. 14). The legal basis is shown on its page. Save without text to take the record back.",
            )
            .to_owned(),
        field: "basis",
        label: lang.t("法律依据", "Legal basis").to_owned(),
        hint: lang.t("法律、法规的名称和条款。", "The law and its article.").to_owned(),
        max: 500,
        required: false,
        submit: lang.t("保存", "Save").to_owned(),
    }
}

#[handler]
async fn secret_form(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let state = FormState::default().with("basis", row.not_disclosed_basis.clone().unwrap_or_default());
    let view = secret_view(&visitor, &row, state);
    Ok(page(web::desk::decision::reason_form(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn do_secret(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let (row, side) = open(app, &visitor, &code).await?;
    let mark = NotDisclosed { basis: form.get("basis").to_owned() };
    match mark_not_disclosed(app, &visitor.actor, &code, &mark).await {
        Ok(_) => Ok(done(&desk_path(&code), "saved")),
        Err(problem) => {
            let view = secret_view(&visitor, &row, again(&visitor, &form, &problem));
            let frame = visitor.frame(app, Nav::None);
            form_again(problem, |_| web::desk::decision::reason_form(&frame, &side, &view))
        }
    }
}
