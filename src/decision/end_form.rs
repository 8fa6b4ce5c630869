//! The forms that end a procedure: issuing the decision, stopping it, or recording that it is not to be
//! disclosed by law.

use chrono::NaiveDate;
use entity::decision::Model;
use entity::enums::DocumentKind;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::decision::{IssueForm, ReasonForm, WhenDue};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;

use super::desk_form::{again, document_choices, open};
use super::page::desk_path;
use super::view::{about, gate_words};
use super::{
    NotDisclosed, Promulgation, Withdrawal, facts, mark_not_disclosed, promulgate, summary_due, withdraw,
};
use crate::app::App;
use crate::calendar::civil;
use crate::http::duty_view;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page, page_with};
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    pages
        .get("/desk/decisions/:code/promulgation", issue_form)
        .post("/desk/decisions/:code/promulgation", do_issue)
        .get("/desk/decisions/:code/withdrawal", stop_form)
        .post("/desk/decisions/:code/withdrawal", do_stop)
        .get("/desk/decisions/:code/not-disclosed", secret_form)
        .post("/desk/decisions/:code/not-disclosed", do_secret)
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
            return Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, markup));
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
