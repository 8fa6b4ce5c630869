//! Questionnaires of consultations: the form, the receipt, and the results with their plots.

mod form;
mod receipt;
mod results;

pub use form::{
    Asked, FIELD_AGREE, FIELD_KEY, FIELD_REVISION, OtherField, QuestionView, QuestionnaireView, Standing,
    StandingView, questionnaire, questions, standing,
};
pub use receipt::{AnswerLine, ReceiptView, receipt};
pub use results::{FiguresView, ResultRow, ResultsView, desk_card, plots, results};

use maud::{Markup, html};

use crate::{lang::Lang, link::Href};

/// What the page of a consultation says of its questionnaire.
#[derive(Clone, Debug)]
pub struct QuestionnaireCard {
    pub href: Href,
    pub title: String,
    pub questions: usize,
    pub responses: u64,
    /// It takes answers now.
    pub open: bool,
    pub results: Option<Href>,
}

#[must_use]
pub fn card(lang: Lang, view: &QuestionnaireCard) -> Markup {
    html! {
        section.card #questionnaire {
            h2.card-title { (lang.t("问卷调查", "Questionnaire")) }
            p lang=[lang.content()] { (view.title) }
            p.small { (of(lang, view.questions)) (lang.t("，", ", ")) (filled_in(lang, view.responses)) }
            p.actions {
                @if view.open { a.button href=(view.href) { (lang.t("填写问卷", "Answer it")) } }
                @if let Some(href) = &view.results { a href=(href) { (lang.t("查看问卷结果", "See the results")) } }
            }
        }
    }
}

/// `12 题`
fn of(lang: Lang, questions: usize) -> String {
    lang.counted(i64::try_from(questions).unwrap_or(i64::MAX), "题", "question", "questions")
}

/// `已有 24 人填写`
#[must_use]
pub fn filled_in(lang: Lang, n: u64) -> String {
    match (lang, n) {
        (Lang::Zh, 0) => "还没有人填写".to_owned(),
        (Lang::Zh, n) => format!("已有 {n} 人填写"),
        (Lang::En, 1) => "one person answered".to_owned(),
        (Lang::En, n) => format!("{n} people answered"),
    }
}

/// What figures of volunteers are not.
fn no_sample(lang: Lang) -> &'static str {
    lang.t(
        "问卷自愿参与，填写者不是随机抽取，结果只反映填写者的看法，不代表统计抽样，也不是投票。",
        "Taking part is voluntary and nobody was drawn: the figures tell what those who answered think. They are no representative sample and no vote.",
    )
}
