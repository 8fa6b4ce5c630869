//! The receipt of a question and the state behind its code. A code is a key: these pages are not indexed and tell
//! nobody outside where the reader came from.

use entity::enums::QuestionState;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::TimelineStep;
use web::label::StepState;
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;
use web::path::QA_RECEIPTS;
use web::qa::{QuestionReceiptView, QuestionStateView, question_receipt, question_state};

use super::state_label;
use crate::app::App;
use crate::calendar::civil;
use crate::http::render::secret;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, render};
use crate::qa::state::{self, State};
use crate::qa::words::{reason_words, when};
use crate::qa::{number, path};

#[derive(Deserialize)]
pub struct Asked {
    new: Option<String>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let s = state::open(app, &visitor.actor.address, &code).await?;
    let mut frame = visitor.frame(app, Nav::Lookup);
    frame.meta.canonical = String::new();
    let markup = if asked.new.is_some() {
        question_receipt(&frame, &slip(visitor.lang, &s))
    } else {
        question_state(&frame, &view(visitor.lang, &s))
    };
    Ok(secret(render::page(markup), false))
}

fn slip(lang: Lang, s: &State) -> QuestionReceiptView {
    let code = s.code.grouped();
    QuestionReceiptView {
        number: number(&s.session.code, s.question.number),
        session: s.session.title.clone(),
        session_page: Href::new(path(&s.session.code)),
        when: lang_words(lang, &when(&s.session)),
        received: civil::local_time(s.question.received_at),
        contact_masked: s.contact_masked.clone(),
        steps: steps(lang, s),
        state_page: Href::new(format!("{QA_RECEIPTS}/{code}")),
        code,
    }
}

fn view(lang: Lang, s: &State) -> QuestionStateView {
    let (q, code) = (&s.question, s.code.grouped());
    QuestionStateView {
        number: number(&s.session.code, q.number),
        state: state_label(q.state),
        session: s.session.title.clone(),
        session_page: Href::new(path(&s.session.code)),
        cancelled: s.session.cancelled_reason.clone(),
        text: s.text.clone(),
        received: civil::local_time(q.received_at),
        department: s.department.clone(),
        steps: steps(lang, s),
        reason: q.reason.map(|r| (lang_words(lang, &reason_words(r)), q.reason_note.clone())),
        answer: q.answer.clone(),
        answer_by: s.answer_by,
        published: q
            .public_text
            .as_ref()
            .map(|_| Href::new(format!("{}#q-{}", path(&s.session.code), q.number))),
        slip: Href::new(format!("{QA_RECEIPTS}/{code}?new=1")),
        code,
    }
}

fn steps(lang: Lang, s: &State) -> Vec<TimelineStep> {
    let q = &s.question;
    let received = TimelineStep::new(lang.t("已收到", "Received"), StepState::Done)
        .when(lang.date_time(civil::local_time(q.received_at)));
    let (review, answer) = (lang.t("审核", "Review"), lang.t("答复", "Answer"));
    let decided = |word: &str| {
        let step = TimelineStep::new(word, StepState::Done);
        match q.decided_at {
            Some(at) => step.on(civil::local_date(at)),
            None => step,
        }
    };
    let rest = match q.state {
        QuestionState::Pending => vec![
            TimelineStep::new(review, StepState::Current),
            TimelineStep::new(answer, StepState::Upcoming),
        ],
        QuestionState::Rejected => vec![decided(lang.t("未采用", "Not taken up"))],
        QuestionState::Published => {
            vec![decided(lang.t("已公开", "Published")), TimelineStep::new(answer, StepState::Current)]
        }
        QuestionState::Answered => {
            let step = TimelineStep::new(lang.t("已答复", "Answered"), StepState::Done);
            let step = match q.answered_at {
                Some(at) => step.on(civil::local_date(at)),
                None => step,
            };
            vec![decided(lang.t("已公开", "Published")), step]
        }
    };
    std::iter::once(received).chain(rest).collect()
}
