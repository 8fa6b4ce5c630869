//! Pages of the consent text: each version for everybody, and the administrators' form of the next one.

use entity::enums::{IdentityLevel, Role};
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::admin::consent as desk_view;
use web::desk::admin::consent::{ConsentDeskView, VersionRow};
use web::form::FormState;
use web::identity::{Asks, ConsentView};
use web::layout::Nav;
use web::path;

use super::consent::{self, Publish, Text};
use crate::app::App;
use crate::calendar::civil;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// What a consultation asks, for its pages.
pub fn asks(level: IdentityLevel) -> Asks {
    match level {
        IdentityLevel::Unverified => Asks::Nothing,
        IdentityLevel::Contact => Asks::Contact,
        IdentityLevel::Oidc => Asks::Provider,
    }
}

pub fn add(pages: Pages) -> Pages {
    pages
        .get(path::CONSENT, newest)
        .get("/notice/consent/:version", one)
        .get(path::DESK_CONSENT, show_desk)
        .post(path::DESK_CONSENT, publish)
}

#[handler]
async fn newest(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    Ok(page(shown(app, &visitor, None).await?))
}

#[handler]
async fn one(Data(app): Data<&App>, visitor: Visitor, Path(version): Path<String>) -> poem::Result<Response> {
    let version = version.parse().map_err(|_| Problem::not_found())?;
    Ok(page(shown(app, &visitor, Some(version)).await?))
}

async fn shown(app: &App, visitor: &Visitor, version: Option<i32>) -> Result<maud::Markup, Problem> {
    let text = consent::of(app.db.read(), version).await?;
    let all = consent::all(app.db.read()).await?;
    let view = ConsentView {
        version: text.version,
        published: text.published_at.map(civil::local_time),
        text: visitor.lang.t(&text.zh, &text.en).to_owned(),
        versions: all.iter().map(|t| t.version).collect(),
    };
    Ok(web::identity::consent(&visitor.frame(app, Nav::None), &view))
}

fn view(visitor: &Visitor, all: &[Text], state: FormState) -> ConsentDeskView {
    let row = |t: &Text| VersionRow { version: t.version, published: t.published_at.map(civil::local_time) };
    ConsentDeskView { versions: all.iter().map(row).collect(), state, csrf: visitor.csrf().to_owned() }
}

#[handler]
async fn show_desk(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let all = consent::all(app.db.read()).await?;
    let mut state = FormState::default();
    if let Some(text) = all.first() {
        state = state
            .with("after", text.version.to_string())
            .with("zh", text.zh.as_str())
            .with("en", text.en.as_str());
    }
    let side = desk::side(app, &visitor, path::DESK_CONSENT).await?;
    Ok(page(desk_view::consent(&visitor.frame(app, Nav::None), &side, &view(&visitor, &all, state))))
}

#[handler]
async fn publish(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    visitor.actor.require(Role::Admin)?;
    let input = Publish {
        after: form.get("after").parse().unwrap_or_default(),
        zh: form.get("zh").to_owned(),
        en: form.get("en").to_owned(),
    };
    let problem = match consent::publish(app, &visitor.actor, &input).await {
        Ok(_) => return Ok(done(path::DESK_CONSENT, "published")),
        Err(problem) => problem,
    };
    let all = consent::all(app.db.read()).await?;
    let side = desk::side(app, &visitor, path::DESK_CONSENT).await?;
    form_again(problem, |p| {
        let view = view(&visitor, &all, form.state(p, visitor.lang));
        desk_view::consent(&visitor.frame(app, Nav::None), &side, &view)
    })
}
