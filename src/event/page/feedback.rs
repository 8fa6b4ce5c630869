//! The questionnaire behind a lookup code.

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::event::feedback::{FIELD_WORDS, FeedbackFigures, FeedbackView, Question, feedback as form_page};
use web::form::{Choice, FormState};
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;
use web::path::REGISTRATIONS;

use crate::app::App;
use crate::event::feedback::{
    Feedback, Figures, LONGEST_WORDS, QUESTIONS, give_feedback, given, mark_words, may_give, question_words,
};
use crate::event::state::{self, State};
use crate::event::words::when;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, secret};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let s = state::load(app, id).await?;
    if !may_give(&s, app.now()) {
        return Err(Problem::conflict(
            "活动结束后，签到的参加者可以评价",
            "Once it is over, whoever came may rate it",
        )
        .into());
    }
    let said = given(app, id).await?;
    let mut form = FormState::default();
    if let Some(said) = &said {
        for (question, mark) in QUESTIONS.iter().zip(said.marks) {
            form = form.with(question, mark.to_string());
        }
        form = form.with(FIELD_WORDS, &said.words);
    }
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    let page = form_page(&frame, &view(app, &visitor, &s, form, said.is_some()));
    Ok(secret(render::page(page), true))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let id = state::find(app, &visitor.actor.address, &code).await?;
    let input = Feedback {
        marks: QUESTIONS.map(|question| form.get(question).parse().unwrap_or(0)),
        words: form.get(FIELD_WORDS).to_owned(),
    };
    let problem = match give_feedback(app, &visitor.actor, id, &input).await {
        Ok(()) => {
            let s = state::load(app, id).await?;
            return Ok(render::done(&format!("{REGISTRATIONS}/{}", s.code.grouped()), "thanked"));
        }
        Err(problem) => problem,
    };
    let s = state::load(app, id).await?;
    let page = render::form_again(problem, |p| {
        let mut frame = visitor.frame(app, Nav::Lookup);
        frame.meta.canonical = String::new();
        form_page(&frame, &view(app, &visitor, &s, form.state(p, visitor.lang), false))
    })?;
    Ok(secret(page, true))
}

fn view(app: &App, visitor: &Visitor, s: &State, state: FormState, given: bool) -> FeedbackView {
    let lang = visitor.lang;
    let base = format!("{REGISTRATIONS}/{}", s.code.grouped());
    let marks = (1..=5).rev().map(|m| Choice::new(m.to_string(), lang_words(lang, &mark_words(m))));
    FeedbackView {
        title: s.event.title.clone(),
        when: lang_words(lang, &when(&s.session)),
        questions: QUESTIONS
            .into_iter()
            .map(|field| Question { field, words: lang_words(lang, &question_words(field)) })
            .collect(),
        marks: marks.collect(),
        longest: LONGEST_WORDS,
        action: Href::new(format!("{base}/feedback")),
        back: Href::new(base),
        csrf: visitor.csrf().to_owned(),
        state,
        given,
        erase_days: app.config.rules.event_erase_days,
    }
}

/// The figures as pages show them.
pub fn figures_view(lang: Lang, f: &Figures) -> FeedbackFigures {
    let marks = QUESTIONS.iter().zip(f.marks);
    FeedbackFigures {
        parties: f.parties,
        marks: marks.map(|(q, mark)| (lang_words(lang, &question_words(q)), mark)).collect(),
    }
}
