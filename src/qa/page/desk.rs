//! The desk: the sessions, and one session with its questions.

use entity::enums::QuestionState;
use maud::Markup;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::Tab;
use web::desk::qa::{self as view, QaDeskListView, QaDeskView, QaItem, QaRow};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;
use web::path::DESK_QA;

use super::{stage_label, state_label};
use crate::app::App;
use crate::calendar::civil;
use crate::department;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, pager, render};
use crate::problem::Problem;
use crate::qa::read::{self, Counts, Desk};
use crate::qa::words::{moment, when};
use crate::qa::{self, Stage, path, policy};

const PAGE: u64 = 30;
/// Characters of a question in the list.
const WORDS: usize = 120;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
    tray: String,
}

#[handler]
pub async fn show_list(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let staff = visitor.actor.require_staff()?;
    let here = pager::number(&asked.page);
    let (cards, all) = read::on_desk(app, &visitor.actor, PAGE, (here - 1) * PAGE).await?;
    let departments = department::all(app.db.read()).await?;
    let name =
        |id| departments.iter().find(|d| d.id == id).map_or_else(String::new, |d| d.short_name.clone());
    let rows = cards.iter().map(|c| QaRow {
        code: c.session.code.clone(),
        title: c.session.title.clone(),
        href: Href::new(format!("{DESK_QA}/{}", c.session.code)),
        state: stage_label(c.stage),
        department: name(c.session.department_id),
        begins: civil::local_time(c.session.begins_at),
        pending: c.counts.pending,
        open: c.counts.published,
        answered: c.counts.answered,
    });
    let list = QaDeskListView {
        rows: rows.collect(),
        pager: pager::pager(&visitor, here, all, PAGE),
        may_create: departments.iter().any(|d| policy::organises(staff, d.id)),
    };
    let side = side(app, &visitor, DESK_QA).await?;
    Ok(render::page(view::sessions(&visitor.frame(app, Nav::None), &side, &list)))
}

/// The states of a tray; the first one, unless another is asked for.
fn tray(asked: &str) -> QuestionState {
    QuestionState::parse(asked).unwrap_or(QuestionState::Pending)
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    Ok(render::page(markup(app, &visitor, &code, tray(&asked.tray), FormState::default()).await?))
}

async fn markup(
    app: &App,
    visitor: &Visitor,
    code: &str,
    tray: QuestionState,
    form: FormState,
) -> Result<Markup, Problem> {
    let desk = read::desk(app, &visitor.actor, code, &[tray]).await?;
    let (lang, s) = (visitor.lang, &desk.session);
    let name = |id: entity::id::DepartmentId| desk.names.get(&id).cloned().unwrap_or_default();
    let base = format!("{DESK_QA}/{}", s.code);
    let organises = policy::may_organise(&visitor.actor, s).is_ok();
    let changes = organises && !matches!(desk.stage, Stage::Ended | Stage::Cancelled);
    let draft = desk.stage == Stage::Draft;
    let to = |what: &str| Href::new(format!("{base}/{what}"));
    let guest =
        |g: &entity::qa_guest::Model| format!("{} {}", name(g.department_id), g.person).trim().to_owned();
    let view = QaDeskView {
        code: s.code.clone(),
        title: s.title.clone(),
        state: stage_label(desk.stage),
        when: lang_words(lang, &when(s)),
        opens: lang_words(lang, &moment(s.opens_at)),
        department: name(s.department_id),
        theme: s.theme.clone(),
        guests: desk.guests.iter().map(guest).collect(),
        cancelled: s.cancelled_reason.clone(),
        trays: trays(visitor, &base, tray, &desk.counts),
        items: items(&desk),
        public: s.published_at.map(|_| Href::new(path(&s.code))),
        edit: changes.then(|| to("edit")),
        publish: (organises && draft).then(|| to("publish")),
        discard: (organises && draft).then(|| to("discard")),
        cancel: (changes && !draft).then(|| to("cancel")),
        csrf: visitor.csrf().to_owned(),
        form,
    };
    let side = side(app, visitor, DESK_QA).await?;
    Ok(view::session(&visitor.frame(app, Nav::None), &side, &view))
}

fn trays(visitor: &Visitor, base: &str, current: QuestionState, counts: &Counts) -> Vec<Tab> {
    let all = [
        (QuestionState::Pending, counts.pending),
        (QuestionState::Published, counts.published),
        (QuestionState::Answered, counts.answered),
        (QuestionState::Rejected, counts.rejected),
    ];
    let tab = |(state, n): (QuestionState, u64)| {
        let href = format!("{base}?tray={}", state.as_str());
        Tab::new(state_label(state).word(visitor.lang), href).count(n).current_if(state == current)
    };
    all.into_iter().map(tab).collect()
}

fn items(desk: &Desk) -> Vec<QaItem> {
    let item = |(q, text): &(entity::qa_question::Model, String)| {
        let line = text.replace('\n', " ");
        let line = match line.char_indices().nth(WORDS) {
            Some((at, _)) => format!("{}……", &line[..at]),
            None => line,
        };
        QaItem {
            number: q.number,
            href: Href::new(qa::desk_path(&desk.session.code, q.number)),
            state: state_label(q.state),
            received: civil::local_time(q.received_at),
            text: line,
            department: q.department_id.and_then(|d| desk.names.get(&d).cloned()).unwrap_or_default(),
        }
    };
    desk.questions.iter().map(item).collect()
}

/// On to the session, or the session again with what is wrong.
async fn finish(
    app: &App,
    visitor: &Visitor,
    code: &str,
    form: &Form,
    done: Result<&'static str, Problem>,
) -> poem::Result<Response> {
    let problem = match done {
        Ok(word) => return Ok(render::done(&format!("{DESK_QA}/{code}"), word)),
        Err(problem) => problem,
    };
    if !render::can_be_mended(&problem) {
        return Err(problem.into());
    }
    let state = form.state(&problem, visitor.lang);
    let page = markup(app, visitor, code, QuestionState::Pending, state).await?;
    render::form_again(problem, |_| page)
}

#[handler]
pub async fn publish(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let session = read::organised(app, &visitor.actor, &code).await?;
    let done = qa::publish(app, &visitor.actor, session.id).await.map(|_| "published");
    finish(app, &visitor, &session.code, &form, done).await
}

#[handler]
pub async fn cancel(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let session = read::organised(app, &visitor.actor, &code).await?;
    let reason = form.get(view::FIELD_CANCEL);
    let done = qa::cancel(app, &visitor.actor, session.id, reason).await.map(|_| "qa_cancelled");
    finish(app, &visitor, &session.code, &form, done).await
}

#[handler]
pub async fn discard(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let session = read::organised(app, &visitor.actor, &code).await?;
    match qa::discard(app, &visitor.actor, session.id).await {
        Ok(()) => Ok(render::done(DESK_QA, "removed")),
        Err(problem) => finish(app, &visitor, &session.code, &form, Err(problem)).await,
    }
}
