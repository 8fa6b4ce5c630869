//! The desk of requests about personal data: what waits and by when, what was done, one request and its answer.

use entity::enums::DataRequestKind;
use maud::Markup;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Tab;
use web::desk::data::{
    AutoRow, DataCaseView, DataRow, DataView, FIELD_GRANTED, FIELD_TEXT, case as case_page, list,
};
use web::form::{Choice, FormState};
use web::layout::Nav;
use web::path;

use super::inquiry::{self, Answer, LONGEST, Opened};
use super::policy::may_answer;
use super::store;
use super::words::{outcome_words, request_words, right_words};
use crate::app::App;
use crate::calendar::civil;
use crate::duty;
use crate::http::duty_view::due;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words, pager, render};
use crate::problem::Problem;

const PAGE: u64 = 30;

pub fn add(pages: Pages) -> Pages {
    pages
        .get(path::DESK_DATA_REQUESTS, show)
        .get("/desk/data-requests/:number", show_case)
        .post("/desk/data-requests/:number/answer", send_answer)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    tray: String,
    page: String,
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Query(asked): Query<Asked>) -> poem::Result<Response> {
    may_answer(&visitor.actor)?;
    let (db, lang) = (app.db.read(), visitor.lang);
    let here = pager::number(&asked.page);
    let offset = (here - 1) * PAGE;
    let (by_itself, done) = (asked.tray == "by_itself", asked.tray == "answered");
    let waiting = inquiry::waiting(db).await?;
    let mut view = DataView {
        side: desk::side(app, &visitor, path::DESK_DATA_REQUESTS).await?,
        tabs: Vec::new(),
        rows: Vec::new(),
        automatic: Vec::new(),
        pager: pager::pager(&visitor, here, 0, PAGE),
        waits: !by_itself && !done,
    };
    let tab = |word: &str, tray: &str| Tab::new(word, format!("{}?tray={tray}", path::DESK_DATA_REQUESTS));
    view.tabs = vec![
        tab(lang.t("待答复", "To answer"), "").count(waiting).current_if(view.waits),
        tab(lang.t("已答复", "Answered"), "answered").current_if(done),
        tab(lang.t("系统自动办理", "Carried out by the site"), "by_itself").current_if(by_itself),
    ];
    let all = if by_itself {
        let (rows, all) = store::requests(db, PAGE, offset).await?;
        view.automatic = rows
            .into_iter()
            .map(|r| AutoRow {
                number: r.number,
                kind: lang_words(lang, &request_words(r.kind)),
                done: civil::local_time(r.done_at),
                things: things(r.kind, &r.outcome),
            })
            .collect();
        all
    } else {
        let (rows, all) = inquiry::list(app, &visitor.actor, done, PAGE, offset).await?;
        for opened in &rows {
            view.rows.push(row(app, &visitor, opened).await?);
        }
        all
    };
    view.pager = pager::pager(&visitor, here, all, PAGE);
    Ok(render::page(list(&visitor.frame(app, Nav::None), &view)))
}

/// How many things a request that the site carried out was about.
fn things(kind: DataRequestKind, outcome: &serde_json::Value) -> u64 {
    let counted: &[&str] = match kind {
        DataRequestKind::Export | DataRequestKind::Correct => &["opinions", "messages", "registrations"],
        DataRequestKind::Erase => &[
            "opinions_erased",
            "opinions_published",
            "opinions_in_appeal",
            "messages_erased",
            "messages_published",
            "messages_open",
            "registrations_erased",
        ],
    };
    counted.iter().filter_map(|key| outcome[*key].as_u64()).sum()
}

async fn row(app: &App, visitor: &Visitor, opened: &Opened) -> Result<DataRow, Problem> {
    let (lang, inquiry) = (visitor.lang, &opened.inquiry);
    let duties = duty::of_subject(app.db.read(), inquiry.id.0).await?;
    Ok(DataRow {
        number: inquiry.number.clone(),
        href: format!("{}/{}", path::DESK_DATA_REQUESTS, inquiry.number).into(),
        kind: lang_words(lang, &right_words(inquiry.kind)),
        received: civil::local_time(inquiry.received_at),
        due: duties.first().and_then(|d| due(app, lang, d)),
        outcome: lang_words(lang, &outcome_words(inquiry.granted)),
        answered: inquiry.answered_at.map(civil::local_time),
    })
}

#[handler]
async fn show_case(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> poem::Result<Response> {
    Ok(render::page(markup(app, &visitor, &number, FormState::default()).await?))
}

async fn markup(app: &App, visitor: &Visitor, number: &str, form: FormState) -> Result<Markup, Problem> {
    let opened = inquiry::case(app, &visitor.actor, number).await?;
    let lang = visitor.lang;
    let outcome = |granted: bool| {
        let word = lang_words(lang, &outcome_words(Some(granted)));
        Choice::new(if granted { "yes" } else { "no" }, word)
    };
    let view = DataCaseView {
        side: desk::side(app, visitor, path::DESK_DATA_REQUESTS).await?,
        row: row(app, visitor, &opened).await?,
        contact_masked: opened.contact_masked,
        text: opened.text,
        answer: opened.answer,
        erased: opened.inquiry.text_enc.is_none(),
        outcomes: vec![outcome(true), outcome(false)],
        longest: LONGEST,
        csrf: visitor.csrf().to_owned(),
        form,
    };
    Ok(case_page(&visitor.frame(app, Nav::None), &view))
}

#[handler]
async fn send_answer(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(number): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let granted = match form.get(FIELD_GRANTED) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let input = Answer { granted, text: form.get(FIELD_TEXT).to_owned() };
    match inquiry::answer(app, &visitor.actor, &number, &input).await {
        Ok(()) => Ok(render::done(&format!("{}/{number}", path::DESK_DATA_REQUESTS), "data_answered")),
        Err(problem) if !render::can_be_mended(&problem) => Err(problem.into()),
        Err(problem) => {
            let page = markup(app, &visitor, &number, form.state(&problem, visitor.lang)).await?;
            render::form_again(problem, |_| page)
        }
    }
}
