//! The form of asking.

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::form::FormState;
use web::layout::Nav;
use web::link::Href;
use web::path::QA_RECEIPTS;
use web::qa::{
    AskView, FIELD_AGREE, FIELD_CONTACT, FIELD_KEY, FIELD_NAME, FIELD_TEXT, FIELD_TRAP, ask as form_page,
};

use crate::app::App;
use crate::http::form::Form;
use crate::http::visitor::Visitor;
use crate::http::{lang_words, render};
use crate::problem::{Code, Problem};
use crate::qa::ask::{Ask, LONGEST_QUESTION, ask};
use crate::qa::read::{self, Shown};
use crate::qa::words::{moment, when};
use crate::qa::{Stage, path};

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> poem::Result<Response> {
    let shown = read::shown(app, &code).await?;
    let view = view(app, &visitor, &shown, FormState::default(), app.rng.secret());
    Ok(render::page(form_page(&visitor.frame(app, Nav::Messages), &view)))
}

#[handler]
pub async fn send(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let answer = if form.get(FIELD_TRAP).is_empty() {
        let input = Ask {
            session: code.clone(),
            text: form.get(FIELD_TEXT).to_owned(),
            name: form.get(FIELD_NAME).to_owned(),
            contact: form.get(FIELD_CONTACT).to_owned(),
            consent: form.is_checked(FIELD_AGREE),
            idempotency_key: form.opt(FIELD_KEY),
            lang: visitor.lang_code(),
        };
        ask(app, &visitor.actor, &input).await
    } else {
        Err(Problem::new(Code::Invalid).because(
            "这份提问像是由程序填写的：请清空隐藏的栏目后再提交",
            "This looks like a program's work: please empty the hidden field and send it again",
        ))
    };
    let problem = match answer {
        Ok(receipt) => {
            let code = receipt.code.grouped();
            return Ok(render::see_other(&format!("{QA_RECEIPTS}/{code}?new=1")));
        }
        Err(problem) => problem,
    };
    let shown = read::shown(app, &code).await?;
    let (told, key) = again(app, &problem, form.get(FIELD_KEY));
    let view = view(app, &visitor, &shown, form.state(&told, visitor.lang), key);
    render::form_again(problem, |_| form_page(&visitor.frame(app, Nav::Messages), &view))
}

/// What is wrong with the key, which nobody sees, belongs to the whole form. A key that was used up is replaced, so
/// that the next press sends a new question; any other is kept, so that it stays the same one.
fn again(app: &App, problem: &Problem, key: &str) -> (Problem, String) {
    let mut shown = Problem { source: None, detail: problem.detail.clone(), ..Problem::new(problem.code) };
    shown.fields = problem.fields.clone();
    let mut fresh = key.is_empty() || problem.code == Code::KeyReused;
    for field in &mut shown.fields {
        if field.field == "Idempotency-Key" {
            field.field = "".into();
            fresh = true;
        }
    }
    if problem.code == Code::KeyReused {
        shown = shown.because(
            "用这个页面已经提交过一个问题。如果要另外提问，请再按一次“提交”",
            "A question was already sent from this page. To send another one, press Send again",
        );
    }
    (shown, if fresh { app.rng.secret() } else { key.to_owned() })
}

fn view(app: &App, visitor: &Visitor, s: &Shown, state: FormState, key: String) -> AskView {
    let lang = visitor.lang;
    AskView {
        csrf: visitor.csrf().to_owned(),
        idempotency_key: key,
        state,
        title: s.session.title.clone(),
        session: Href::new(path(&s.session.code)),
        action: Href::new(format!("{}/ask", path(&s.session.code))),
        when: lang_words(lang, &when(&s.session)),
        guests: s.guests.iter().filter_map(|g| s.names.get(&g.department_id).cloned()).collect(),
        longest: LONGEST_QUESTION,
        days: app.config.rules.qa_answer_working_days.into(),
        closed: closed(visitor, s),
    }
}

/// Why one cannot ask now.
fn closed(visitor: &Visitor, s: &Shown) -> Option<String> {
    let t = |zh: &str, en: &str| Some(visitor.lang.t(zh, en).to_owned());
    match s.stage {
        Stage::Collecting | Stage::Live => None,
        Stage::Cancelled => t("本场网络问政已取消。", "This session is cancelled."),
        Stage::Ended => {
            t("本场已经结束，不再接受提问。", "This session is over and takes no more questions.")
        }
        Stage::Announced | Stage::Draft => {
            let opens = lang_words(visitor.lang, &moment(s.session.opens_at));
            Some(format!("{}{opens}", visitor.lang.t("提问开始时间：", "Questions are taken from ")))
        }
    }
}
