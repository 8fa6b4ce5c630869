//! The pages of summaries: the public's, and the desk where one is written.

use entity::consultation::Model as Consultation;
use entity::id::ConsultationId;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::form::FormState;
use web::layout::Nav;
use web::{path, summary as views};

use super::draft::Texts;
use super::view::Page;
use super::{approve, correct, desk_view, draft, list, policy, publish, view};
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{consultation, decision};

/// Summaries on a page of the list.
const PAGE: u64 = 20;

pub fn add(pages: Pages) -> Pages {
    pages
        .shared(path::SUMMARIES, show_list)
        .shared("/summaries/:code", show)
        .shared("/summaries/:code/table.csv", show_table)
        .get("/desk/consultations/:code/summary", show_desk)
        .post("/desk/consultations/:code/summary", do_edit)
        .get("/desk/consultations/:code/summary/preview", show_preview)
        .post("/desk/consultations/:code/summary/generate", do_generate)
        .post("/desk/consultations/:code/summary/submit", do_submit)
        .post("/desk/consultations/:code/summary/approve", do_approve)
        .post("/desk/consultations/:code/summary/return", do_return)
        .post("/desk/consultations/:code/summary/publish", do_publish)
        .post("/desk/consultations/:code/summary/correct", do_correct)
        .post("/desk/consultations/:code/summary/withdraw", do_withdraw)
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    version: String,
}

impl Asked {
    fn page(&self) -> u64 {
        self.page.parse().ok().filter(|n| (1..=100_000).contains(n)).unwrap_or(1)
    }
}

#[handler]
async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let page = asked.page();
    let (lines, total) = list::list(app, PAGE, (page - 1) * PAGE).await?;
    let view = view::list(app, lines, page, PAGE, total, visitor.lang);
    Ok(render::page(views::summary_list(&visitor.frame(app, Nav::Summaries), &view)))
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let found = list::find(app, &code).await?;
    if !asked.version.is_empty() {
        return former(app, &visitor, &found, &asked.version);
    }
    let number = usize::try_from(asked.page()).unwrap_or(1);
    let frame = visitor.article(app, Nav::Summaries, found.current());
    Ok(render::page(match view::page(app, &found, number, visitor.lang).await? {
        Page::Published(view) => views::summary(&frame, &view),
        Page::Waiting(view) => views::waiting(&frame, &view),
        Page::Withdrawn(view) => views::withdrawn(&frame, &view),
    }))
}

/// A former version; a version that was taken from the public is not read again.
fn former(app: &App, visitor: &Visitor, found: &list::Public, version: &str) -> poem::Result<Response> {
    let wanted = found.versions.iter().find(|p| p.version.to_string() == version);
    let version = wanted.filter(|p| p.withdrawn_at.is_none()).ok_or_else(Problem::not_found)?;
    if version.current {
        return Ok(render::see_other(&format!("{}/{}", path::SUMMARIES, found.consultation.code)));
    }
    let frame = visitor.article(app, Nav::Summaries, Some(version));
    Ok(render::page(views::old_version(&frame, &view::old(found, version))))
}

#[handler]
async fn show_table(Data(app): Data<&App>, Path(code): Path<String>) -> poem::Result<Response> {
    let found = list::find(app, &code).await?;
    let snapshot = found.snapshot.as_ref().ok_or_else(Problem::not_found)?;
    let head = [
        "序号",
        "意见来源",
        "主题",
        "意见建议",
        "意见条数",
        "提出人数",
        "较为集中",
        "采纳情况",
        "理由",
        "正式文本条款",
    ];
    let name = format!("意见建议采纳情况汇总表-{}.csv", found.consultation.code);
    Ok(render::csv(&name, &head, view::table(snapshot))?)
}

/// A consultation whose summary the visitor may see at the desk.
async fn enter(app: &App, visitor: &Visitor, code: &str) -> Result<Consultation, Problem> {
    visitor.actor.require_staff()?;
    let db = app.db.read();
    let found = consultation::by_code(db, code).await?;
    policy::may_see(&visitor.actor, &decision::find(db, found.decision_id).await?)?;
    if found.published_at.is_none() {
        return Err(Problem::not_found());
    }
    Ok(found)
}

#[handler]
async fn show_desk(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let work = draft::look(app, enter(app, &visitor, &code).await?).await?;
    let view = desk_view::view(app, &visitor, &work, FormState::default()).await?;
    Ok(render::page(web::desk::summary::summary(&visitor.frame(app, Nav::None), &view)))
}

#[handler]
async fn show_preview(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let work = draft::read(app, enter(app, &visitor, &code).await?).await?;
    let row = work.summary.as_ref().ok_or_else(Problem::not_found)?;
    let view = view::preview(&work, row, civil::local_time(app.now()), visitor.lang);
    let mut frame = visitor.frame(app, Nav::Summaries);
    frame.no_index = true;
    Ok(render::page(views::summary(&frame, &view)))
}

/// To the page again, with the word of what was done or with what stands against it.
async fn finish(
    app: &App,
    visitor: &Visitor,
    code: &str,
    form: &Form,
    done: Result<&'static str, Problem>,
) -> poem::Result<Response> {
    let problem = match done {
        Ok(word) => return Ok(render::done(&format!("/desk/consultations/{code}/summary"), word)),
        Err(problem) => problem,
    };
    if !matches!(problem.status(), 409 | 412 | 413 | 422) {
        return Err(problem.into());
    }
    let work = draft::look(app, enter(app, visitor, code).await?).await?;
    let view = desk_view::view(app, visitor, &work, form.state(&problem, visitor.lang)).await?;
    render::form_again(problem, |_| web::desk::summary::summary(&visitor.frame(app, Nav::None), &view))
}

async fn id(app: &App, visitor: &Visitor, code: &str) -> Result<ConsultationId, Problem> {
    visitor.actor.require_staff()?;
    Ok(consultation::by_code(app.db.read(), code).await?.id)
}

#[handler]
async fn do_edit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let texts = Texts {
        participation: form.get("participation").to_owned(),
        overview: form.get("overview").to_owned(),
        revision: form.parse_opt("revision", |v| v.parse().ok())?,
    };
    let done = draft::edit(app, &visitor.actor, id, &texts).await;
    finish(app, &visitor, &code, &form, done.map(|()| "saved")).await
}

#[handler]
async fn do_generate(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let done = draft::generate(app, &visitor.actor, id, form.is_checked("overwrite")).await;
    finish(app, &visitor, &code, &form, done.map(|_| "generated")).await
}

#[handler]
async fn do_submit(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let done = approve::submit(app, &visitor.actor, id).await;
    finish(app, &visitor, &code, &form, done.map(|()| "sent")).await
}

#[handler]
async fn do_approve(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    // The page always sends what was read; without it nobody knows what is approved.
    let done = approve::approve(app, &visitor.actor, id, Some(form.get("hash"))).await;
    finish(app, &visitor, &code, &form, done.map(|()| "approved")).await
}

#[handler]
async fn do_return(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let done = approve::send_back(app, &visitor.actor, id, form.get("reason")).await;
    finish(app, &visitor, &code, &form, done.map(|()| "returned")).await
}

#[handler]
async fn do_publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let done = publish::publish(app, &visitor.actor, id).await;
    finish(app, &visitor, &code, &form, done.map(|()| "published")).await
}

#[handler]
async fn do_correct(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let done = correct::correct(app, &visitor.actor, id, form.get("reason")).await;
    finish(app, &visitor, &code, &form, done.map(|()| "correcting")).await
}

#[handler]
async fn do_withdraw(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = id(app, &visitor, &code).await?;
    let done = correct::withdraw(app, &visitor.actor, id, form.get("reason")).await;
    finish(app, &visitor, &code, &form, done.map(|()| "withdrawn")).await
}
