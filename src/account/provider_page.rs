//! Pages of signing in by a provider, and of linking the own account with one.

use poem::web::{Data, Path, Query};
use poem::{Request, Response, handler};
use web::desk::account::{AccountLink, ProvidersView};
use web::form::FormState;
use web::oidc::ProviderChoice;
use web::path;

use super::page::{safe_next, set_cookie, sign_in_again, user_agent};
use super::provider::{self, SIGN_IN, link_purpose};
use super::sign_in::SignedIn;
use super::{code_step, own_page, session};
use crate::app::App;
use crate::calendar::civil;
use crate::config::Audience;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{can_be_mended, done, form_again, see_other};
use crate::http::visitor::Visitor;
use crate::oidc::page::{Led, choices, leave, way_out};
use crate::oidc::{self, Browser, Errand};
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    pages
        .post("/desk/sign-in/with/:provider", go)
        .get(path::SIGN_IN_ARRIVED, arrived)
        .post("/desk/account/providers/:provider", begin_link)
        .get(path::ACCOUNT_LINKED, linked)
        .post("/desk/account/providers/:provider/remove", unlink)
}

/// Where to go after signing in travels with the visit.
const NEXT: &str = "next";

#[handler]
async fn go(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Path(key): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    let errand = Errand {
        audience: Audience::Staff,
        purpose: SIGN_IN.to_owned(),
        back: path::SIGN_IN_ARRIVED.to_owned(),
        carried: vec![(NEXT.to_owned(), safe_next(form.get(NEXT)).to_owned())],
    };
    match oidc::send(app, &visitor.actor, &key, errand, &browser, visitor.lang_code()).await {
        Ok(departure) => Ok(leave(app, &visitor, &departure)?),
        Err(problem) if matches!(problem.code, Code::Unavailable | Code::TooMany) => {
            Ok(sign_in_again(app, &visitor, &form, &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[handler]
async fn arrived(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    request: &Request,
    Query(led): Query<Led>,
) -> poem::Result<Response> {
    let visit = match oidc::look(app, &browser, &led.visit, SIGN_IN).await {
        Ok(visit) if visit.arrival.is_some() && !(visit.used && visitor.session.is_some()) => visit,
        // Nothing to go on with; whoever is signed in already is led to the desk from there.
        Ok(_) => return Ok(see_other(path::SIGN_IN)),
        Err(problem) if problem.code == Code::NotFound => return Ok(see_other(path::SIGN_IN)),
        Err(problem) => return Err(problem.into()),
    };
    let next = visit.carried.iter().find(|(name, _)| name == NEXT).map_or("", |(_, next)| next.as_str());
    let next = safe_next(next).to_owned();
    match provider::sign_in(app, &visitor.actor, &visit, user_agent(request)).await {
        Ok(SignedIn::Session(secret)) => {
            let mut response = see_other(&next);
            set_cookie(&mut response, &session::cookie(app, &secret))?;
            Ok(response)
        }
        Ok(SignedIn::CodeAwaited(secret)) => {
            let mut response = see_other(&format!("{}?next={next}", path::SIGN_IN_CODE));
            set_cookie(&mut response, &code_step::cookie(app, &secret))?;
            Ok(response)
        }
        Err(problem) if matches!(problem.code, Code::SignInFailed | Code::TooMany) => {
            Ok(sign_in_again(app, &visitor, &Form::default(), &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The providers of staff: those that the person is linked with, and those that could be.
pub(super) async fn view(app: &App, visitor: &Visitor) -> Result<Option<ProvidersView>, Problem> {
    let me = visitor.actor.require_staff()?.id;
    let offered = choices(app, visitor, Audience::Staff);
    let links = lines(app, visitor, provider::links(app, me).await?, path::ACCOUNT);
    let open = |choice: &ProviderChoice| !links.iter().any(|link| link.provider == choice.key);
    let open: Vec<ProviderChoice> = offered.into_iter().filter(open).collect();
    Ok((!open.is_empty() || !links.is_empty()).then_some(ProvidersView { links, open }))
}

/// Links as a page shows them; `base` is the address below which they are taken away.
pub(super) fn lines(
    app: &App,
    visitor: &Visitor,
    links: Vec<provider::Link>,
    base: &str,
) -> Vec<AccountLink> {
    let line = |link: provider::Link| AccountLink {
        name: match app.providers.get(&link.provider) {
            Some(p) => visitor.say(&oidc::name(p)),
            // The settings know it no more.
            None => link.provider.clone(),
        },
        label: link.label,
        linked: civil::local_time(link.linked_at),
        used: link.used_at.map(civil::local_time),
        remove: format!("{base}/providers/{}/remove", link.provider).into(),
        provider: link.provider,
    };
    links.into_iter().map(line).collect()
}

#[handler]
async fn begin_link(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Path(key): Path<String>,
    form: Form,
) -> poem::Result<Response> {
    match try_begin(app, &visitor, &browser, &key, form.get("link_password")).await {
        Ok(departure) => Ok(leave(app, &visitor, &departure)?),
        Err(problem) if can_be_mended(&problem) || problem.code == Code::Unavailable => {
            let markup = own_page::markup(app, &visitor, form.state(&problem, visitor.lang)).await?;
            let status = poem::error::ResponseError::status(&problem);
            Ok(crate::http::render::page_with(status, markup))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn try_begin(
    app: &App,
    visitor: &Visitor,
    browser: &Browser,
    key: &str,
    password: &str,
) -> Result<oidc::Departure, Problem> {
    let me = provider::may_link(app, &visitor.actor, key, password).await?;
    let errand = Errand {
        audience: Audience::Staff,
        purpose: link_purpose(me),
        back: path::ACCOUNT_LINKED.to_owned(),
        carried: Vec::new(),
    };
    oidc::send(app, &visitor.actor, key, errand, browser, visitor.lang_code()).await
}

#[handler]
async fn linked(
    Data(app): Data<&App>,
    visitor: Visitor,
    browser: Browser,
    Query(led): Query<Led>,
) -> poem::Result<Response> {
    let me = visitor.actor.require_staff()?.id;
    let visit = match oidc::look(app, &browser, &led.visit, &link_purpose(me)).await {
        Ok(visit) if visit.arrival.is_some() && !visit.used => visit,
        Ok(_) => return Ok(see_other(path::ACCOUNT)),
        Err(problem) if problem.code == Code::NotFound => return Ok(see_other(path::ACCOUNT)),
        Err(problem) => return Err(problem.into()),
    };
    match provider::link(app, &visitor.actor, &visit).await {
        Ok(()) => Ok(done(path::ACCOUNT, "provider_linked")),
        Err(problem) => {
            let state = Form::default().state(&problem, visitor.lang);
            let markup = own_page::markup(app, &visitor, state).await?;
            form_again(problem, |_| markup)
        }
    }
}

#[handler]
async fn unlink(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(key): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    visitor.actor.require_staff()?;
    let session = visitor.session.as_ref().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    provider::unlink(app, &visitor.actor, session, &key).await?;
    Ok(done(path::ACCOUNT, "provider_unlinked"))
}

/// What the sign-in page offers beside the password, and after signing out (`by`) the way out of the provider as well.
pub(super) async fn sign_in_view(app: &App, visitor: &Visitor, by: &str) -> web::sign_in::SignInView {
    web::sign_in::SignInView {
        state: FormState::default(),
        next: String::new(),
        providers: choices(app, visitor, Audience::Staff),
        sign_out: way_out(app, visitor, by, Audience::Staff, path::SIGN_IN).await,
    }
}
