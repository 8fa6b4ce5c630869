//! The page of one's own account: where one is signed in, the password.

use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use web::desk::account as view;
use web::desk::account::{AccountView, SessionLine};
use web::form::FormState;
use web::layout::Nav;
use web::path;

use super::page::{set_cookie, user_agent};
use super::{device, factor, own, password, people, provider_page, session};
use crate::app::App;
use crate::calendar::civil;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, form_again, page};
use crate::http::visitor::Visitor;
use crate::http::{desk, lang_words};
use crate::problem::{Code, Problem};

pub fn add(pages: Pages) -> Pages {
    pages
        .get(path::ACCOUNT, show)
        .post("/desk/account/password", change_password)
        .post("/desk/account/sessions/others/end", end_others)
        .post("/desk/account/sessions/:key/end", end_one)
}

pub(super) async fn markup(app: &App, visitor: &Visitor, state: FormState) -> Result<maud::Markup, Problem> {
    let staff = visitor.actor.require_staff()?;
    let lang = visitor.lang;
    let present = visitor.session.as_ref().map_or("", |s| s.id.as_str());
    let rows = session::of(app, staff.id).await?;
    let roles = staff.roles.iter().map(|role| lang_words(lang, &people::role_words(*role).0));
    let view = AccountView {
        name: staff.name.clone(),
        login: staff.login.clone(),
        email: super::find_staff(app.db.read(), staff.id).await?.email,
        department: staff.department.clone(),
        roles: roles.collect(),
        sessions: rows
            .iter()
            .map(|row| SessionLine {
                device: device::name(&row.user_agent),
                by: by(app, visitor, row.provider.as_deref()),
                address: row.address.clone(),
                since: civil::local_time(row.created_at),
                seen: civil::local_time(row.seen_at),
                present: row.id == present,
                end: format!("{}/sessions/{}/end", path::ACCOUNT, own::session_key(&row.id)).into(),
            })
            .collect(),
        factor: match factor::since(app.db.read(), staff.id).await? {
            _ if !factor::is_offered(app) => None,
            since => Some(since.map(civil::local_time)),
        },
        providers: provider_page::view(app, visitor).await?,
        idle_minutes: app.config.security.staff_idle_minutes,
        state,
        password_min: password::SHORTEST,
        csrf: visitor.csrf().to_owned(),
    };
    let side = desk::side(app, visitor, path::ACCOUNT).await?;
    Ok(view::account(&visitor.frame(app, Nav::None), &side, &view))
}

/// What the provider of a session is called.
fn by(app: &App, visitor: &Visitor, key: Option<&str>) -> Option<String> {
    let provider = app.providers.get(key?)?;
    Some(visitor.say(&crate::oidc::name(provider)))
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    Ok(page(markup(app, &visitor, FormState::default()).await?))
}

#[handler]
async fn change_password(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> poem::Result<Response> {
    match try_change_password(app, &visitor, request, &form).await {
        Ok(secret) => {
            let mut response = done(path::ACCOUNT, "password_changed");
            set_cookie(&mut response, &session::cookie(app, &secret))?;
            Ok(response)
        }
        Err(problem) => {
            let markup = markup(app, &visitor, form.state(&problem, visitor.lang)).await?;
            form_again(problem, |_| markup)
        }
    }
}

async fn try_change_password(
    app: &App,
    visitor: &Visitor,
    request: &Request,
    form: &Form,
) -> Result<String, Problem> {
    visitor.actor.require_staff()?;
    if form.get("password") != form.get("password_again") {
        return Err(Problem::invalid("password_again", "两次输入的密码不一致", "The two passwords differ"));
    }
    own::change_password(
        app,
        &visitor.actor,
        form.get("present_password"),
        form.get("password"),
        user_agent(request),
    )
    .await
}

#[handler]
async fn end_one(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(key): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    own::end_session(app, &visitor.actor, &key).await?;
    Ok(done(path::ACCOUNT, "session_ended"))
}

#[handler]
async fn end_others(Data(app): Data<&App>, visitor: Visitor, _form: Form) -> poem::Result<Response> {
    let session = visitor.session.as_ref().ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    own::end_other_sessions(app, &visitor.actor, session).await?;
    Ok(done(path::ACCOUNT, "sessions_ended"))
}
