//! The moderators' templates of reasons: the list, and one form that adds or changes.

use entity::enums::ReviewAction;
use entity::id::ReasonTemplateId;
use entity::reason_template::Model as Template;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::desk::review::templates as view;
use web::desk::review::templates::{TemplateRow, TemplatesView};
use web::form::{Choice, FormState};
use web::layout::Nav;

use super::words;
use crate::account;
use crate::app::App;
use crate::calendar::civil;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::moderation::template::{self, ACTIONS, Details};
use crate::problem::Problem;

const PATH: &str = "/desk/templates";

pub fn add(pages: Pages) -> Pages {
    pages
        .get(PATH, show)
        .post(PATH, create)
        .post("/desk/templates/:id", change)
        .post("/desk/templates/:id/remove", remove)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The template that the form changes; a new one without it.
    edit: String,
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor, Query(asked): Query<Asked>) -> poem::Result<Response> {
    let all = template::list(app, &visitor.actor).await?;
    let edited = all.iter().find(|t| t.id.to_string() == asked.edit);
    let form = edited.map_or_else(FormState::default, |t| {
        FormState::default()
            .with("action", t.action.as_str())
            .with("name", t.name.as_str())
            .with("text", t.text.as_str())
    });
    Ok(page(markup(app, &visitor, &all, edited.map(|t| t.id), form).await?))
}

async fn markup(
    app: &App,
    visitor: &Visitor,
    all: &[Template],
    edited: Option<ReasonTemplateId>,
    form: FormState,
) -> Result<maud::Markup, Problem> {
    let names = account::names(app.db.read()).await?;
    let row = |t: &Template| TemplateRow {
        action: words::action(visitor.lang, t.action),
        name: t.name.clone(),
        text: t.text.clone(),
        changed: civil::local_time(t.changed_at).date(),
        by: names.get(&t.changed_by).cloned().unwrap_or_default(),
        edit: format!("{PATH}?edit={}#template", t.id).into(),
        remove: format!("{PATH}/{}/remove", t.id).into(),
    };
    let view = TemplatesView {
        side: desk::side(app, visitor, "/desk/review").await?,
        rows: all.iter().map(row).collect(),
        actions: ACTIONS.iter().map(|a| Choice::new(a.as_str(), words::action(visitor.lang, *a))).collect(),
        target: edited.map_or_else(|| PATH.to_owned(), |id| format!("{PATH}/{id}")).into(),
        changes: edited.is_some(),
        form,
        csrf: visitor.csrf().to_owned(),
    };
    Ok(view::templates(&visitor.frame(app, Nav::None), &view))
}

#[handler]
async fn create(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let details = form.parse("action", ReviewAction::parse).map(|action| Details {
        action,
        name: form.get("name").to_owned(),
        text: form.get("text").to_owned(),
    });
    let answer = match details {
        Ok(details) => template::add(app, &visitor.actor, &details).await.map(drop),
        Err(problem) => Err(problem),
    };
    then(app, &visitor, &form, None, answer).await
}

#[handler]
async fn change(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<ReasonTemplateId>,
    form: Form,
) -> poem::Result<Response> {
    let answer = template::change(app, &visitor.actor, id, form.get("name"), form.get("text")).await;
    then(app, &visitor, &form, Some(id), answer).await
}

async fn then(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    edited: Option<ReasonTemplateId>,
    answer: Result<(), Problem>,
) -> poem::Result<Response> {
    match answer {
        Ok(()) => Ok(done(PATH, "saved")),
        Err(problem) => {
            let state = form.state(&problem, visitor.lang);
            let all = template::list(app, &visitor.actor).await?;
            let again = markup(app, visitor, &all, edited, state).await?;
            form_again(problem, |_| again)
        }
    }
}

#[handler]
async fn remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<ReasonTemplateId>,
) -> poem::Result<Response> {
    template::remove(app, &visitor.actor, id).await?;
    Ok(done(PATH, "removed"))
}
