//! Pages of signing in and out, and behind one-time links: the set-up and invitations.

use entity::enums::TokenPurpose;
use poem::http::header;
use poem::web::{Data, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;
use web::form::FormState;
use web::layout::Nav;
use web::path;
use web::sign_in::{InvitationView, SetUpView, SignInView};

use super::provider_page::sign_in_view;
use super::sign_in::SignedIn;
use super::{code_step, password, session, set_up, sign_in};
use crate::app::App;
use crate::config::Audience;
use crate::http::form::{Form, errors};
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page, page_with, see_other};
use crate::http::visitor::{Visitor, cookie};
use crate::oidc::page::choices;
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    let pages = super::request_page::add(super::admin_page::add(pages));
    super::provider_page::add(super::factor_page::add(super::own_page::add(pages)))
        .get(path::SIGN_IN, show_sign_in)
        .post(path::SIGN_IN, do_sign_in)
        .get(path::SIGN_IN_CODE, show_code)
        .post(path::SIGN_IN_CODE, do_code)
        .post(path::SIGN_OUT, do_sign_out)
        .get(path::SET_UP, show_set_up)
        .post(path::SET_UP, do_set_up)
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
    /// By which provider the session was begun that just ended.
    #[serde(default)]
    by: String,
}

#[handler]
async fn show_sign_in(Data(app): Data<&App>, visitor: Visitor, Query(query): Query<Next>) -> Response {
    if visitor.session.is_some() {
        return see_other(safe_next(&query.next));
    }
    let view = SignInView { next: query.next, ..sign_in_view(app, &visitor, &query.by).await };
    page(web::sign_in::sign_in(&visitor.frame(app, Nav::None), &view))
}

#[handler]
async fn do_sign_in(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> poem::Result<Response> {
    let (agent, next) = (user_agent(request), safe_next(form.get("next")));
    match sign_in::sign_in(app, &visitor.actor, form.get("login"), form.get("password"), agent).await {
        Ok(SignedIn::Session(secret)) => {
            let mut response = see_other(next);
            set_cookie(&mut response, &session::cookie(app, &secret))?;
            Ok(response)
        }
        Ok(SignedIn::CodeAwaited(secret)) => {
            let mut response = see_other(&format!("{}?next={next}", path::SIGN_IN_CODE));
            set_cookie(&mut response, &code_step::cookie(app, &secret))?;
            Ok(response)
        }
        Err(problem) if problem.code == Code::SignInFailed || problem.code == Code::TooMany => {
            Ok(sign_in_again(app, &visitor, &form, &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(super) fn sign_in_again(app: &App, visitor: &Visitor, form: &Form, problem: &Problem) -> Response {
    let state = FormState { errors: errors(problem, visitor.lang), ..FormState::default() };
    let view = SignInView {
        state: state.with("login", form.get("login")),
        next: form.get("next").to_owned(),
        providers: choices(app, visitor, Audience::Staff),
        sign_out: None,
    };
    let status = poem::error::ResponseError::status(problem);
    page_with(status, web::sign_in::sign_in(&visitor.frame(app, Nav::None), &view))
}

pub(super) fn user_agent(request: &Request) -> &str {
    request.header(header::USER_AGENT).unwrap_or_default()
}

#[handler]
async fn show_code(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    Query(query): Query<Next>,
) -> poem::Result<Response> {
    let secret = cookie(request, code_step::cookie_name(app)).unwrap_or_default();
    if !code_step::is_awaited(app, secret, user_agent(request)).await? {
        return Ok(see_other(&format!("{}?next={}", path::SIGN_IN, safe_next(&query.next))));
    }
    let view = SignInView { next: query.next, ..SignInView::default() };
    Ok(page(web::sign_in::code(&visitor.frame(app, Nav::None), &view)))
}

#[handler]
async fn do_code(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> poem::Result<Response> {
    let secret = cookie(request, code_step::cookie_name(app)).unwrap_or_default();
    let (code, agent) = (form.get("code"), user_agent(request));
    let problem = match code_step::finish(app, &visitor.actor, secret, code, agent).await {
        Ok(secret) => {
            let mut response = see_other(safe_next(form.get("next")));
            set_cookie(&mut response, &session::cookie(app, &secret))?;
            set_cookie(&mut response, &code_step::cookie(app, ""))?;
            return Ok(response);
        }
        Err(problem) => problem,
    };
    match problem.code {
        Code::SignInFailed | Code::TooMany => {
            let said = errors(&problem, visitor.lang).into_iter().map(|e| e.message);
            let state = said.fold(FormState::default(), |state, message| state.with_error("code", message));
            let view = SignInView { state, next: form.get("next").to_owned(), ..SignInView::default() };
            let status = poem::error::ResponseError::status(&problem);
            Ok(page_with(status, web::sign_in::code(&visitor.frame(app, Nav::None), &view)))
        }
        Code::Unauthenticated => {
            let mut response = sign_in_again(app, &visitor, &form, &problem);
            set_cookie(&mut response, &code_step::cookie(app, ""))?;
            Ok(response)
        }
        _ => Err(problem.into()),
    }
}

/// Only a path of the desk; anything else could lead somewhere foreign.
pub(super) fn safe_next(next: &str) -> &str {
    let plain =
        next.starts_with("/desk") && next.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c));
    if plain && !next.contains("//") { next } else { path::DESK }
}

#[handler]
async fn do_sign_out(Data(app): Data<&App>, visitor: Visitor, _form: Form) -> poem::Result<Response> {
    if let Some(session) = &visitor.session {
        sign_in::sign_out(app, &visitor.actor, session).await?;
    }
    let by = visitor.session.as_ref().and_then(|session| session.provider.as_deref());
    let to = by.map_or_else(|| path::SIGN_IN.to_owned(), |by| format!("{}?by={by}", path::SIGN_IN));
    let mut response = done(&to, "signed_out");
    set_cookie(&mut response, &session::cookie(app, ""))?;
    response.headers_mut().insert("clear-site-data", header::HeaderValue::from_static("\"cache\""));
    Ok(response)
}

pub(super) fn set_cookie(response: &mut Response, cookie: &str) -> Result<(), Problem> {
    let value = header::HeaderValue::from_str(cookie).map_err(Problem::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(())
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

#[handler]
async fn show_set_up(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(link): Query<Link>,
) -> poem::Result<Response> {
    link_page(app, &visitor, &link.token, FormState::default(), 200).await
}

/// The form that a one-time link opens.
async fn link_page(
    app: &App,
    visitor: &Visitor,
    token: &str,
    state: FormState,
    status: u16,
) -> poem::Result<Response> {
    let row = set_up::look(app, token).await?;
    let frame = visitor.frame(app, Nav::None);
    let (token, password_min) = (token.to_owned(), password::SHORTEST);
    let markup = match (row.purpose, row.staff_id) {
        (TokenPurpose::Invite, Some(id)) => {
            let login = super::find_staff(app.db.read(), id).await?.login;
            web::sign_in::invitation(&frame, &InvitationView { token, login, state, password_min })
        }
        _ => web::sign_in::set_up(&frame, &SetUpView { token, state, password_min }),
    };
    let mut response = page_with(poem::http::StatusCode::from_u16(status).unwrap_or_default(), markup);
    // The address holds a secret; nothing that is clicked may carry it away.
    response.headers_mut().insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    Ok(response)
}

#[handler]
async fn do_set_up(Data(app): Data<&App>, visitor: Visitor, form: Form) -> poem::Result<Response> {
    let token = form.get("token");
    let row = set_up::look(app, token).await?;
    let done_word = match try_set_up(app, &visitor, &form, row.purpose).await {
        Ok(word) => word,
        Err(problem) if problem.status() == 422 => {
            return link_page(app, &visitor, token, form.state(&problem, visitor.lang), 422).await;
        }
        Err(problem) => return form_again(problem, |_| maud::html! {}),
    };
    Ok(done(path::SIGN_IN, done_word))
}

async fn try_set_up(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    purpose: TokenPurpose,
) -> Result<&'static str, Problem> {
    if form.get("password") != form.get("password_again") {
        return Err(Problem::invalid("password_again", "两次输入的密码不一致", "The two passwords differ"));
    }
    if purpose == TokenPurpose::Invite {
        set_up::accept_invitation(app, &visitor.actor, form.get("token"), form.get("password")).await?;
        return Ok("password_set");
    }
    let first = set_up::First {
        bureau: form.get("bureau").to_owned(),
        login: form.get("login").to_lowercase(),
        display_name: form.get("name").to_owned(),
        email: form.get("email").to_owned(),
        password: form.get("password").to_owned(),
    };
    set_up::first_administrator(app, &visitor.actor, form.get("token"), first).await?;
    Ok("set_up")
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_the_desk_is_a_place_to_go_on() {
        assert_eq!(safe_next("/desk/review/2026-001"), "/desk/review/2026-001");
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/desk//evil",
            "/desk\\evil",
            "/desk@evil",
            "javascript:1",
            "/",
            "",
        ] {
            assert_eq!(safe_next(bad), "/desk", "{bad}");
        }
    }
}
