//! The form of one question: a new one by its kind, or a known one by its number.

use entity::enums::QuestionKind;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::questionnaire::{QuestionFields, QuestionFormView, question_form};
use web::form::FormState;
use web::layout::Nav;

use super::desk::Desk;
use crate::app::App;
use crate::http::desk::side;
use crate::http::form::Form;
use crate::http::lang_words;
use crate::http::render::{self, done, form_again};
use crate::http::visitor::Visitor;
use crate::problem::{FieldProblem, Problem};
use crate::questionnaire::compose::may_change;
use crate::questionnaire::question::{Ask, Content, Question, kind_words};

/// Which question is written.
enum Which {
    New(QuestionKind),
    Known(Question),
}

impl Which {
    fn of(content: &Content, which: &str) -> Result<Self, Problem> {
        if let Some(kind) = QuestionKind::parse(which) {
            return Ok(Self::New(kind));
        }
        let number: i32 = which.parse().map_err(|_| Problem::not_found())?;
        let known = content.questions.iter().find(|q| q.number == number);
        known.cloned().map(Self::Known).ok_or_else(Problem::not_found)
    }

    fn kind(&self) -> QuestionKind {
        match self {
            Self::New(kind) => *kind,
            Self::Known(q) => q.kind(),
        }
    }
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, which)): Path<(String, String)>,
) -> poem::Result<Response> {
    let desk = Desk::mine(app, &visitor, &code).await?;
    let row = desk.row.as_ref().ok_or_else(Problem::not_found)?;
    may_change(Some(row))?;
    let found = Which::of(&desk.content()?, &which)?;
    let state = filled(&found).with("revision", row.revision.to_string());
    let view = view(&visitor, &desk, &found, &which, state);
    let side = side(app, &visitor, "/desk/consultations").await?;
    Ok(render::page(question_form(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((code, which)): Path<(String, String)>,
    form: Form,
) -> poem::Result<Response> {
    let desk = Desk::mine(app, &visitor, &code).await?;
    desk.row.as_ref().ok_or_else(Problem::not_found)?;
    let mut content = desk.content()?;
    let found = Which::of(&content, &which)?;
    let (number, at) = match &found {
        Which::New(_) => (content.next_number(), content.questions.len()),
        Which::Known(q) => {
            let at = content.questions.iter().position(|known| known.number == q.number);
            (q.number, at.unwrap_or(content.questions.len()))
        }
    };
    let written = match read(&form, found.kind(), number) {
        Ok(question) => {
            if at < content.questions.len() {
                content.questions[at] = question;
            } else {
                content.questions.push(question);
            }
            desk.save(app, &visitor, &form, &content).await
        }
        Err(problem) => Err(problem),
    };
    let problem = match written {
        Ok(_) => return Ok(done(&format!("{}#f-questions", desk.base()), "saved")),
        Err(problem) => problem,
    };
    let own = own_fields(problem, at);
    let state = form.state(&own, visitor.lang);
    let view = view(&visitor, &desk, &found, &which, state);
    let side = side(app, &visitor, "/desk/consultations").await?;
    form_again(own, |_| question_form(&visitor.frame(app, Nav::None), &side, &view))
}

/// Problems with the fields of this question, without its place in the whole.
fn own_fields(mut problem: Problem, at: usize) -> Problem {
    let prefix = format!("questions[{at}].");
    for f in &mut problem.fields {
        let own = f.field.strip_prefix(&prefix).map(str::to_owned);
        *f = FieldProblem {
            field: own.map_or_else(|| f.field.clone(), Into::into),
            message: f.message.clone(),
        };
    }
    problem
}

fn read(form: &Form, kind: QuestionKind, number: i32) -> Result<Question, Problem> {
    let choices = || {
        let lines = form.get("choices").lines().map(str::trim).filter(|l| !l.is_empty());
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let other = form.is_checked("other");
    let whole = |v: &str| v.parse::<i32>().ok();
    let ask = match kind {
        QuestionKind::Single => Ask::Single { choices: choices(), other },
        QuestionKind::Multiple => {
            let choices = choices();
            let all = i32::try_from(choices.len()).unwrap_or(i32::MAX).saturating_add(i32::from(other));
            Ask::Multiple {
                least: form.parse_opt("least", whole)?.unwrap_or(1),
                most: form.parse_opt("most", whole)?.unwrap_or(all),
                choices,
                other,
            }
        }
        QuestionKind::Scale => Ask::Scale {
            from: form.parse("from", whole)?,
            to: form.parse("to", whole)?,
            low: form.get("low").to_owned(),
            high: form.get("high").to_owned(),
        },
        QuestionKind::Text => Ask::Text,
    };
    Ok(Question {
        number,
        text: form.get("text").to_owned(),
        hint: form.get("hint").to_owned(),
        required: form.is_checked("required"),
        ask,
    })
}

fn filled(which: &Which) -> FormState {
    let state = FormState::default();
    let q = match which {
        Which::New(QuestionKind::Scale) => return state.with("from", "1").with("to", "5"),
        Which::New(_) => return state,
        Which::Known(q) => q,
    };
    let yes = |state: FormState, name: &str, on: bool| if on { state.with(name, "yes") } else { state };
    let state = yes(state.with("text", &q.text).with("hint", &q.hint), "required", q.required);
    match &q.ask {
        Ask::Single { choices, other } => yes(state.with("choices", choices.join("\n")), "other", *other),
        Ask::Multiple { choices, other, least, most } => {
            yes(state.with("choices", choices.join("\n")), "other", *other)
                .with("least", least.to_string())
                .with("most", most.to_string())
        }
        Ask::Scale { from, to, low, high } => state
            .with("from", from.to_string())
            .with("to", to.to_string())
            .with("low", low)
            .with("high", high),
        Ask::Text => state,
    }
}

fn view(visitor: &Visitor, desk: &Desk, found: &Which, which: &str, state: FormState) -> QuestionFormView {
    QuestionFormView {
        kind: lang_words(visitor.lang, &kind_words(found.kind())),
        fields: match found.kind() {
            QuestionKind::Single => QuestionFields::Single,
            QuestionKind::Multiple => QuestionFields::Multiple,
            QuestionKind::Scale => QuestionFields::Scale,
            QuestionKind::Text => QuestionFields::Text,
        },
        is_new: matches!(found, Which::New(_)),
        action: format!("{}/questions/{which}", desk.base()).into(),
        back: desk.base().into(),
        csrf: visitor.csrf().to_owned(),
        state,
    }
}
