//! The page of one's own second factor.

use poem::web::Data;
use poem::{Request, Response, handler};
use qrcode::{Color, QrCode};
use web::desk::factor as view;
use web::desk::factor::{FactorState, FactorView, Square};
use web::form::FormState;
use web::layout::{Nav, SideItem};
use web::path;

use super::page::{set_cookie, user_agent};
use super::session::Session;
use super::{factor, recovery, session};
use crate::app::App;
use crate::calendar::civil;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page, see_other};
use crate::http::visitor::Visitor;
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    pages
        .get(path::SECOND_FACTOR, show)
        .post(path::SECOND_FACTOR, begin)
        .post("/desk/account/second-factor/confirm", confirm)
        .post("/desk/account/second-factor/codes", renew_codes)
        .post("/desk/account/second-factor/remove", remove)
}

/// The person's session; the page is for nobody else, and gone where no second factor is offered.
fn session_of<'a>(app: &App, visitor: &'a Visitor) -> Result<&'a Session, Problem> {
    visitor.actor.require_staff()?;
    if !factor::is_offered(app) {
        return Err(Problem::not_found());
    }
    visitor.session.as_ref().ok_or_else(|| Problem::new(Code::Unauthenticated))
}

async fn markup(app: &App, visitor: &Visitor, state: FormState) -> Result<maud::Markup, Problem> {
    let session = session_of(app, visitor)?;
    let me = visitor.actor.require_staff()?.id;
    let db = app.db.read();
    let standing = match factor::since(db, me).await? {
        Some(since) => {
            FactorState::On { since: civil::local_time(since), codes_left: recovery::left(db, me).await? }
        }
        None => match factor::being_set_up(app, &visitor.actor, session).await? {
            Some(secret) => {
                FactorState::SettingUp { square: square(&secret.address)?, secret: secret.written }
            }
            None => FactorState::Off,
        },
    };
    let view = FactorView {
        factor: standing,
        needed_now: visitor.factor_missing,
        state,
        csrf: visitor.csrf().to_owned(),
    };
    Ok(view::factor(&visitor.frame(app, Nav::None), &side(app, visitor).await?, &view))
}

/// Nothing to go to while nothing else can be reached.
async fn side(app: &App, visitor: &Visitor) -> Result<Vec<SideItem>, Problem> {
    if visitor.factor_missing { Ok(Vec::new()) } else { desk::side(app, visitor, path::ACCOUNT).await }
}

fn square(text: &str) -> Result<Square, Problem> {
    let code = QrCode::new(text).map_err(Problem::internal)?;
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Square { width: code.width(), dark })
}

async fn again(app: &App, visitor: &Visitor, form: &Form, problem: Problem) -> poem::Result<Response> {
    let markup = markup(app, visitor, form.state(&problem, visitor.lang)).await?;
    form_again(problem, |_| markup)
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    Ok(page(markup(app, &visitor, FormState::default()).await?))
}

#[handler]
async fn begin(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let session = session_of(app, &visitor)?;
    match factor::begin(app, &visitor.actor, session, form.get("password")).await {
        Ok(()) => Ok(see_other(path::SECOND_FACTOR)),
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}

#[handler]
async fn confirm(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> poem::Result<Response> {
    let session = session_of(app, &visitor)?;
    let (code, agent) = (form.get("code"), user_agent(request));
    match factor::confirm(app, &visitor.actor, session, code, agent).await {
        Ok((secret, codes)) => {
            // The page belongs to the new session already.
            let session = session::find(app, &secret).await?.map(|(session, _)| session);
            let visitor = Visitor { session, factor_missing: false, ..visitor };
            let mut response = codes_page(app, &visitor, &codes).await?;
            set_cookie(&mut response, &session::cookie(app, &secret))?;
            Ok(response)
        }
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}

async fn codes_page(app: &App, visitor: &Visitor, codes: &[String]) -> Result<Response, Problem> {
    let side = side(app, visitor).await?;
    Ok(page(view::codes(&visitor.frame(app, Nav::None), &side, codes)))
}

#[handler]
async fn renew_codes(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    session_of(app, &visitor)?;
    match factor::renew_codes(app, &visitor.actor, form.get("code")).await {
        Ok(codes) => Ok(codes_page(app, &visitor, &codes).await?),
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}

#[handler]
async fn remove(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> poem::Result<Response> {
    session_of(app, &visitor)?;
    match factor::remove(app, &visitor.actor, form.get("code"), user_agent(request)).await {
        Ok(secret) => {
            let mut response = done(path::ACCOUNT, "factor_removed");
            set_cookie(&mut response, &session::cookie(app, &secret))?;
            Ok(response)
        }
        Err(problem) => again(app, &visitor, &form, problem).await,
    }
}
