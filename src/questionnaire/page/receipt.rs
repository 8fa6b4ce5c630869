//! The page behind the lookup code of an answer.

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::layout::Nav;
use web::questionnaire::{AnswerLine, ReceiptView, receipt as receipt_page};

use super::view;
use crate::app::App;
use crate::calendar::civil;
use crate::http::lang_words;
use crate::http::render::{self, secret};
use crate::http::visitor::Visitor;
use crate::opinion::REMOVED;
use crate::questionnaire::own::{self, Own};
use crate::questionnaire::question::Question;
use crate::questionnaire::results;

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let own = own::open(app, &visitor.actor.address, &code).await?;
    let line = |(i, q): (usize, &Question)| AnswerLine {
        question: format!("{}. {}", i + 1, q.text),
        answers: said(&visitor, &own, q),
        text: own.answers.texts.get(&q.number).cloned(),
    };
    let view = ReceiptView {
        code: own.code.grouped(),
        consultation_title: own.consultation.title.clone(),
        consultation: format!("/consultations/{}", own.consultation.code).into(),
        title: own.questionnaire.title.clone(),
        received: civil::local_time(own.response.received_at),
        lines: own.questions.iter().enumerate().map(line).collect(),
        masked: own.answers.texts.values().any(|t| t.contains(REMOVED)),
        results: results::are_public(&own.consultation, &own.questionnaire, app.now())
            .then(|| view::results_href(&own.consultation.code)),
    };
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    Ok(secret(render::page(receipt_page(&frame, &view)), false))
}

fn said(visitor: &Visitor, own: &Own, q: &Question) -> Vec<String> {
    let chosen = own.answers.choices.get(&q.number).into_iter().flatten();
    chosen.map(|c| lang_words(visitor.lang, &q.label(*c))).collect()
}
