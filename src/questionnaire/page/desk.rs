//! The owner's desk of a questionnaire.

use entity::consultation::Model as Consultation;
use entity::enums::QuestionKind;
use entity::questionnaire::Model;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::questionnaire::{
    PreviewView, QuestionRow, QuestionnaireDeskView, preview as preview_page, questionnaire as desk_page,
};
use web::form::FormState;
use web::lang::Lang;
use web::layout::Nav;

use super::view;
use crate::app::App;
use crate::consultation::{self, Stage, stage};
use crate::decision;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, done, form_again};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::questionnaire::compose::may_change;
use crate::questionnaire::question::{Ask, Content, MOST_QUESTIONS, Question, kind_words};
use crate::questionnaire::{of, results, save};

const DESK: &str = "/desk/consultations";

/// A consultation with its questionnaire, if this person may read its desk.
pub struct Desk {
    pub target: Consultation,
    pub row: Option<Model>,
    pub runs: bool,
}

impl Desk {
    pub async fn open(app: &App, visitor: &Visitor, code: &str) -> Result<Self, Problem> {
        visitor.actor.require_staff()?;
        let db = app.db.read();
        let target = consultation::by_code(db, code).await?;
        let decision = decision::find(db, target.decision_id).await?;
        decision::may_read_desk(&visitor.actor, &decision)?;
        let runs = decision::may_run(&visitor.actor, &decision).is_ok();
        Ok(Self { row: of(db, target.id).await?, target, runs })
    }

    /// The same for who runs it: forms are for them alone.
    pub async fn mine(app: &App, visitor: &Visitor, code: &str) -> Result<Self, Problem> {
        let desk = Self::open(app, visitor, code).await?;
        if desk.runs { Ok(desk) } else { Err(Problem::forbidden()) }
    }

    pub fn base(&self) -> String {
        format!("{DESK}/{}/questionnaire", self.target.code)
    }

    /// What it says now; of none, nothing.
    pub fn content(&self) -> Result<Content, Problem> {
        self.row.as_ref().map_or_else(|| Ok(Content::default()), Content::try_from)
    }

    /// Writes what it shall say.
    pub async fn save(
        &self,
        app: &App,
        visitor: &Visitor,
        form: &Form,
        content: &Content,
    ) -> Result<Model, Problem> {
        let revision = form.parse("revision", |v| v.parse().ok())?;
        save(app, &visitor.actor, self.target.id, Some(revision), content).await
    }
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let desk = Desk::open(app, &visitor, &code).await?;
    let content = desk.content()?;
    let mut state =
        FormState::default().with("title", content.title.as_str()).with("intro", content.intro.as_str());
    if content.open_results {
        state = state.with("open_results", "yes");
    }
    Ok(render::page(shown(app, &visitor, &desk, state).await?))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let desk = Desk::mine(app, &visitor, &code).await?;
    let content = Content {
        title: form.get("title").to_owned(),
        intro: form.get("intro").to_owned(),
        open_results: form.is_checked("open_results"),
        ..desk.content()?
    };
    let result = desk.save(app, &visitor, &form, &content).await;
    after(app, &visitor, &desk, &form, result, "saved").await
}

#[handler]
pub async fn switch(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let desk = Desk::mine(app, &visitor, &code).await?;
    let content = Content { ready: form.get("ready") == "on", ..desk.content()? };
    let result = desk.save(app, &visitor, &form, &content).await;
    after(app, &visitor, &desk, &form, result, if content.ready { "published" } else { "saved" }).await
}

/// Moves a question up or down, or takes it out.
#[handler]
pub async fn order(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let desk = Desk::mine(app, &visitor, &code).await?;
    let mut content = desk.content()?;
    let number: i32 = form.parse("number", |v| v.parse().ok())?;
    let all = &mut content.questions;
    let at = all.iter().position(|q| q.number == number).ok_or_else(Problem::not_found)?;
    match form.get("act") {
        "up" if at > 0 => all.swap(at, at - 1),
        "down" if at + 1 < all.len() => all.swap(at, at + 1),
        "remove" => drop(all.remove(at)),
        // The first cannot go higher, nor the last lower.
        "up" | "down" => {}
        _ => return Err(Problem::invalid("act", "未知操作", "Unknown act").into()),
    }
    let result = desk.save(app, &visitor, &form, &content).await;
    after(app, &visitor, &desk, &form, result, "saved").await
}

#[handler]
pub async fn preview(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let desk = Desk::open(app, &visitor, &code).await?;
    if desk.row.is_none() {
        return Err(Problem::not_found().into());
    }
    let content = desk.content()?;
    let view = PreviewView {
        title: content.title.clone(),
        intro: content.intro.clone(),
        questions: view::questions(visitor.lang, &content.questions),
        back: desk.base().into(),
    };
    let side = side(app, &visitor, DESK).await?;
    Ok(render::page(preview_page(&visitor.frame(app, Nav::None), &side, &view)))
}

async fn after(
    app: &App,
    visitor: &Visitor,
    desk: &Desk,
    form: &Form,
    result: Result<Model, Problem>,
    word: &str,
) -> poem::Result<Response> {
    let problem = match result {
        Ok(_) => return Ok(done(&desk.base(), word)),
        Err(problem) => problem,
    };
    if !render::can_be_mended(&problem) {
        return Err(problem.into());
    }
    let mut state = form.state(&problem, visitor.lang);
    // An act beside the form of the head leaves what the head says.
    if form.opt("title").is_none() && !form.names().any(|n| n == "title") {
        let content = desk.content()?;
        state = state.with("title", content.title.as_str()).with("intro", content.intro.as_str());
        if content.open_results {
            state = state.with("open_results", "yes");
        }
    }
    let page = shown(app, visitor, desk, state).await?;
    form_again(problem, |_| page)
}

async fn shown(app: &App, visitor: &Visitor, desk: &Desk, state: FormState) -> Result<maud::Markup, Problem> {
    let lang = visitor.lang;
    let content = desk.content()?;
    let responses = desk.row.as_ref().map_or(0, |q| q.responses);
    let figures = if responses > 0 {
        results::of_staff(app, &visitor.actor, &desk.target.code).await?.figures.unwrap_or_default()
    } else {
        Vec::new()
    };
    let base = desk.base();
    let view = QuestionnaireDeskView {
        consultation: desk.target.title.clone(),
        back: format!("{DESK}/{}", desk.target.code).into(),
        csrf: visitor.csrf().to_owned(),
        revision: desk.row.as_ref().map_or(0, |q| q.revision),
        title: content.title.clone(),
        intro: content.intro.clone(),
        rows: content.questions.iter().map(|q| row(lang, q)).collect(),
        kinds: QuestionKind::ALL.iter().map(|k| (k.as_str(), lang_words(lang, &kind_words(*k)))).collect(),
        most: MOST_QUESTIONS,
        ready: content.ready,
        published: desk.target.published_at.is_some(),
        locked: locked(app, visitor, desk),
        runs: desk.runs,
        open_results: content.open_results,
        responses: u64::try_from(responses).unwrap_or(0),
        figures: view::figures(lang, &figures),
        public: view::path(&desk.target.code).into(),
        base,
        state,
    };
    let side = side(app, visitor, DESK).await?;
    Ok(desk_page(&visitor.frame(app, Nav::None), &side, &view))
}

fn locked(app: &App, visitor: &Visitor, desk: &Desk) -> Option<String> {
    if stage(&desk.target, app.now()) == Stage::Closed {
        return Some(visitor.lang.t("征求意见已经截止。", "The consultation has closed.").to_owned());
    }
    may_change(desk.row.as_ref()).err()?.detail.map(|why| visitor.say(&why))
}

fn row(lang: Lang, q: &Question) -> QuestionRow {
    let mut note = vec![lang_words(lang, &kind_words(q.kind()))];
    note.push(if q.required { lang.t("必答", "required") } else { lang.t("选答", "optional") }.to_owned());
    match &q.ask {
        Ask::Single { choices, other } | Ask::Multiple { choices, other, .. } => {
            let mut all = choices.clone();
            if *other {
                all.push(lang.t("其他", "Other").to_owned());
            }
            note.push(all.join(" / "));
        }
        Ask::Scale { from, to, low, high } => note.push(format!("{from}（{low}）– {to}（{high}）")),
        Ask::Text => {}
    }
    QuestionRow { number: q.number, text: q.text.clone(), note: note.join(lang.t("，", ", ")) }
}
