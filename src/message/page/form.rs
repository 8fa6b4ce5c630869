//! The form.

use entity::enums::{MessageKind, SubjectKind};
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::form::FormState;
use web::layout::Nav;
use web::message::{
    FIELD_AGREE, FIELD_CONTACT, FIELD_DEPARTMENT, FIELD_KEY, FIELD_KIND, FIELD_NAME, FIELD_PAGE,
    FIELD_PUBLISH, FIELD_TEXT, FIELD_TITLE, FIELD_TRAP, MessageFormView, PageLeft,
};
use web::path;

use crate::app::App;
use crate::http::form::Form;
use crate::http::render;
use crate::http::visitor::Visitor;
use crate::message::Content;
use crate::message::content::LONGEST_TITLE;
use crate::message::place;
use crate::message::submit::{Submit, submit};
use crate::problem::{Code, Problem};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
    page: String,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let kind = MessageKind::parse(&asked.kind);
    let state = FormState::default().with(FIELD_KIND, kind.map_or("", MessageKind::as_str));
    let page = left_under(app, &asked.page).await?;
    let view = view(app, &visitor, state, app.rng.secret(), page).await?;
    Ok(render::page(web::message::message_form(&visitor.frame(app, Nav::Messages), &view)))
}

#[handler]
pub async fn send(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let answer = if form.get(FIELD_TRAP).is_empty() {
        submit(app, &visitor.actor, &read(&visitor, &form)).await
    } else {
        Err(Problem::new(Code::Invalid).because(
            "这份留言像是由程序填写的：请清空隐藏的栏目后再提交",
            "This looks like a program's work: please empty the hidden field and send it again",
        ))
    };
    let problem = match answer {
        Ok(receipt) => {
            let code = receipt.code.grouped();
            return Ok(render::see_other(&format!("{}/{code}?new=1", path::MESSAGE_RECEIPTS)));
        }
        Err(problem) => problem,
    };
    let (shown, key) = again(app, &problem, form.get(FIELD_KEY));
    // A page that takes none any more is let go of; the message itself is kept.
    let page = left_under(app, form.get(FIELD_PAGE)).await?;
    let view = view(app, &visitor, form.state(&shown, visitor.lang), key, page).await?;
    render::form_again(problem, |_| web::message::message_form(&visitor.frame(app, Nav::Messages), &view))
}

fn read(visitor: &Visitor, form: &Form) -> Submit {
    Submit {
        content: Content {
            kind: MessageKind::parse(form.get(FIELD_KIND)),
            title: form.get(FIELD_TITLE).to_owned(),
            text: form.get(FIELD_TEXT).to_owned(),
            department: form.get(FIELD_DEPARTMENT).to_owned(),
            name: form.get(FIELD_NAME).to_owned(),
            contact: form.get(FIELD_CONTACT).to_owned(),
            may_publish: form.is_checked(FIELD_PUBLISH),
        },
        page: form.get(FIELD_PAGE).to_owned(),
        consent: form.is_checked(FIELD_AGREE),
        idempotency_key: form.opt(FIELD_KEY),
        lang: visitor.lang_code(),
    }
}

/// What is wrong with the key, which nobody sees, belongs to the whole form. A key that was used up is
/// replaced, so that the next press sends a new message; any other is kept, so that it stays the same one.
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
            "用这个页面已经提交过一条留言。如果要另外提交一条，请再按一次“提交留言”",
            "A message was already sent from this page. To send another one, press Send again",
        );
    }
    (shown, if fresh { app.rng.secret() } else { key.to_owned() })
}

/// The page of an address, if it takes messages now.
async fn left_under(app: &App, address: &str) -> Result<Option<PageLeft>, Problem> {
    let Some(path) = place::path_of(app, address) else { return Ok(None) };
    let page = place::at(app, &path).await?.filter(|p| p.closed_at.is_none());
    Ok(page.map(|p| PageLeft {
        is_draft: p.subject_kind == SubjectKind::Consultation,
        title: p.title,
        path: p.path,
    }))
}

async fn view(
    app: &App,
    visitor: &Visitor,
    state: FormState,
    key: String,
    page: Option<PageLeft>,
) -> Result<MessageFormView, Problem> {
    let (rules, limits) = (&app.config.rules, &app.config.limits);
    let days = [rules.message_working_days, rules.inquiry_working_days, rules.site_error_working_days];
    Ok(MessageFormView {
        csrf: visitor.csrf().to_owned(),
        idempotency_key: key,
        state,
        kinds: super::kinds(visitor.lang).collect(),
        departments: super::departments(app, visitor.lang.t("不清楚，由你们转办", "I do not know")).await?,
        longest_title: LONGEST_TITLE,
        longest_text: limits.opinion_chars as usize,
        per_minute: limits.opinions_per_minute,
        days: days.map(i64::from),
        page,
    })
}
