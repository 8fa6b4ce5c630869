//! Questions and figures as the views show them.

use web::form::Choice;
use web::lang::Lang;
use web::link::Href;
use web::questionnaire::{Asked, FiguresView, OtherField, QuestionView, QuestionnaireCard, ResultRow};

use crate::http::lang_words;
use crate::questionnaire::answer::{LONGEST_OTHER, LONGEST_TEXT, field, other_field};
use crate::questionnaire::question::{Ask, Question, kind_words};
use crate::questionnaire::results::Figures;

/// The questions with their fields.
pub fn questions(lang: Lang, all: &[Question]) -> Vec<QuestionView> {
    all.iter().enumerate().map(|(i, q)| one(lang, i + 1, q)).collect()
}

fn one(lang: Lang, place: usize, q: &Question) -> QuestionView {
    let choices: Vec<Choice> = q
        .values()
        .into_iter()
        .map(|value| Choice::new(value.to_string(), lang_words(lang, &q.label(value))))
        .collect();
    let other = q.has_other().then(|| OtherField { field: other_field(q.number), longest: LONGEST_OTHER });
    QuestionView {
        field: field(q.number),
        place,
        text: q.text.clone(),
        hint: q.hint.clone(),
        required: q.required,
        asked: match &q.ask {
            Ask::Single { .. } => Asked::One { choices, row: false, other },
            Ask::Scale { .. } => Asked::One { choices, row: true, other: None },
            Ask::Multiple { least, most, .. } => Asked::Many { choices, least: *least, most: *most, other },
            Ask::Text => Asked::Text { longest: LONGEST_TEXT },
        },
    }
}

/// Figures with their shares.
pub fn figures(lang: Lang, all: &[Figures]) -> Vec<FiguresView> {
    all.iter().enumerate().map(|(i, f)| one_figure(lang, i + 1, f)).collect()
}

fn one_figure(lang: Lang, place: usize, f: &Figures) -> FiguresView {
    let most = match f.question.ask {
        Ask::Scale { to, .. } => to,
        _ => 0,
    };
    let row = |cell: &crate::questionnaire::results::Cell| ResultRow {
        label: lang_words(lang, &f.question.label(cell.choice)),
        n: cell.n,
        per_mille: f.per_mille(cell.n),
    };
    FiguresView {
        place,
        text: f.question.text.clone(),
        kind: lang_words(lang, &kind_words(f.question.kind())),
        base: f.base,
        rows: f.cells.as_ref().map(|cells| cells.iter().map(row).collect()),
        many: matches!(f.question.ask, Ask::Multiple { .. }),
        mean: f.mean().map(|mean| (mean, most)),
    }
}

/// Where a questionnaire is answered.
pub fn path(code: &str) -> String {
    format!("/consultations/{code}/questionnaire")
}

/// Where its results are.
pub fn results_href(code: &str) -> Href {
    Href::new(format!("{}/results", path(code)))
}

/// What the page of a consultation shows of its questionnaire.
pub fn card(code: &str, brief: &crate::questionnaire::Brief, open: bool) -> QuestionnaireCard {
    QuestionnaireCard {
        href: Href::new(path(code)),
        title: brief.questionnaire.title.clone(),
        questions: brief.questions,
        responses: brief.responses,
        open,
        results: brief.results_public.then(|| results_href(code)),
    }
}
