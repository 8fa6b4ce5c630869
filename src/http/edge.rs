//! The one middleware: request id, address, language, session, limits, form origin, problems, headers.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use poem::error::ReadBodyError;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse as _, Request, Response};
use tokio::sync::OwnedSemaphorePermit;
use tracing::{Instrument as _, Span};
use web::lang::Lang;
use web::layout::Nav;

use crate::account::{factor, session, token};
use crate::actor::{Actor, Who};
use crate::app::App;
use crate::challenge::HEADER;
use crate::http::address::{Address, Addresses};
use crate::http::cache::{Ask, PageCache};
use crate::http::load::Rank;
use crate::http::metrics::Traffic;
use crate::http::packed::{Coding, pack};
use crate::http::visitor::{Visitor, client_address, cookie};
use crate::http::{api, challenge, headers, render, spool, way_in};
use crate::problem::{Code, Problem};

/// Bodies of public forms; staff uploads have their own limit.
const SMALL_BODY: usize = 256 * 1024;
/// Seconds after which whoever was refused for the crowd may try again.
const SHED_WAIT: u64 = 5;
const LONGEST_URL: usize = 8 * 1024;
/// Whoever sends a body more slowly only holds a connection.
const LONGEST_BODY: Duration = Duration::from_secs(60);
const LONGEST_UPLOAD: Duration = Duration::from_secs(300);

/// Behind a sign-in or a lookup code: no cache keeps it.
const PRIVATE: [&str; 7] = [
    "/desk",
    "/oidc",
    "/receipts",
    "/registrations",
    "/api/v1/receipts",
    "/api/v1/registrations",
    "/api/v1/qa/questions",
];

/// Where every request passes.
pub struct Gate<E> {
    pub app: App,
    pub traffic: Arc<Traffic>,
    pub addresses: Addresses,
    pub cache: PageCache,
    pub routes: E,
}

impl<E: Endpoint> Gate<E> {
    /// Answers a request, whatever becomes of it, and counts the answer.
    pub async fn pass(&self, request: Request) -> Response {
        let (begun, method) = (Instant::now(), request.method().clone());
        let address = self.addresses.find(request.uri().path());
        let (response, span) = self.answer(address, request).await;
        let (pattern, status, took) =
            (address.map(|a| &a.pattern), response.status().as_u16(), begun.elapsed());
        self.traffic.answered(method.as_str(), pattern, status, took);
        let route = pattern.map_or("elsewhere", |p| p);
        // One line a request, for who asks for it; no address and no query, so that nobody is in it.
        tracing::debug!(target: "jianyan::access", parent: &span, route, status, seconds = took.as_secs_f64());
        response
    }

    async fn answer(&self, address: Option<&Address>, mut request: Request) -> (Response, Span) {
        let app = &self.app;
        let request_id = app.rng.uuid(app.now()).simple().to_string();
        let client = client_address(&request, &app.config.trusted_proxies);
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
        let is_api = path.starts_with("/api/") || path == "/openapi.json" || is_for_machines(&path);
        let preferences = Preferences::of(&request);
        let mut visitor = Visitor {
            actor: Actor::of(Who::Guest, client, request_id.clone()),
            lang: preferences.lang,
            large: preferences.large,
            path: path.clone(),
            session: None,
            factor_missing: false,
            sent: Arc::default(),
            below: None,
        };
        let coding = Coding::asked(&request);
        let linked = !has_body(&request) && way_in::is_linked(&request);
        if !is_api && preferences.set.is_empty() {
            // A page that is ready asks nobody and needs no place among those that are worked on.
            let session = cookie(&request, session::cookie_name(app)).is_some();
            if let Some(ask) = Ask::of(&self.cache, &request, &visitor, session) {
                if let Some(mut response) = ask.ready(app).await {
                    if *request.method() == Method::HEAD {
                        response.set_body(());
                    }
                    headers::set(&mut response, app.config.is_https(), false, &request_id);
                    return (response, Span::none());
                }
                request.extensions_mut().insert(ask);
            }
        }
        let span = tracing::info_span!("request", id = %request_id, method = %request.method(), path = %loggable(request.uri().path()));
        let answered = async {
            let answer = self.try_answer(address, &mut visitor, request, is_api, &path).await;
            let mut response = match answer {
                Ok(response) => pack(response, coding),
                // The browser kept the session's cookie back (`Strict`), because the link was on another site: a page
                // of ours asks again.
                Err(problem) if problem.code == Code::Unauthenticated && linked && !is_api => {
                    way_in::lead_on(app, &visitor)
                }
                Err(problem) => match challenge::way(app, &visitor, &problem).await {
                    Some(response) => response,
                    None => refuse(app, &visitor, is_api, &problem),
                },
            };
            if response.status() == StatusCode::METHOD_NOT_ALLOWED {
                let methods = address.map(Address::allow).unwrap_or_default();
                if let Ok(methods) = HeaderValue::from_str(&methods) {
                    response.headers_mut().insert(header::ALLOW, methods);
                }
            }
            preferences.remember(&mut response, app.config.is_https());
            let private = visitor.session.is_some() || PRIVATE.iter().any(|p| path.starts_with(p));
            headers::set(&mut response, app.config.is_https(), private, &request_id);
            response
        };
        (answered.instrument(span.clone()).await, span)
    }

    /// Reads the body before it takes a place among the requests that are worked on: slow senders fill their
    /// own connections only. Machines that watch the process always get in.
    async fn try_answer(
        &self,
        address: Option<&Address>,
        visitor: &mut Visitor,
        mut request: Request,
        is_api: bool,
        path: &str,
    ) -> Result<Response, Problem> {
        let rank = address.map_or(Rank::Page, |a| a.rank(request.method().as_str()));
        let enter = || {
            if is_for_machines(path) {
                return Ok(None);
            }
            self.traffic.load.enter(rank).map(Some).ok_or_else(|| {
                self.traffic.shed(rank);
                Problem::new(Code::Unavailable)
                    .because("访问量过大，请稍后再试", "Too many requests at the moment; please try again")
                    .retry_after(SHED_WAIT)
            })
        };
        let place = enter()?;
        look(&self.app, &request, visitor, is_api, path).await?;
        drop(place);
        let files = address.is_some_and(|a| spool::takes_files(&a.pattern));
        let _spool = read_body(&self.app, &mut request, visitor, is_api, files).await?;
        let _place = enter()?;
        request.extensions_mut().insert(visitor.clone());
        request.extensions_mut().insert(self.app.clone());
        call(&self.routes, request).await
    }
}

/// What load balancers and monitors ask: never a page, never a session, never the database's business first.
fn is_for_machines(path: &str) -> bool {
    matches!(path.split('?').next(), Some("/livez" | "/readyz" | "/metrics"))
}

/// What comes after these in a path is a lookup code. `deploy/nginx.conf` leaves the same out of its log.
const BEFORE_KEYS: [&str; 4] = ["/receipts/", "/registrations/", "/data-requests/", "/qa/questions/"];

/// A path for the log. A lookup code is a key and stays out of it.
fn loggable(path: &str) -> &str {
    for keys in BEFORE_KEYS {
        if let Some(at) = path.find(keys) {
            return &path[..at + keys.len()];
        }
    }
    path
}

/// Everything that is checked before the body is read, and who it is.
async fn look(
    app: &App,
    request: &Request,
    visitor: &mut Visitor,
    is_api: bool,
    path: &str,
) -> Result<(), Problem> {
    if path.len() > LONGEST_URL {
        return Err(Problem::new(Code::UrlTooLong));
    }
    // While the database is known to be away, nobody waits for a connection that will not come.
    if app.health.is_away() && !is_for_machines(path) && !path.starts_with("/static/") {
        return Err(Problem::new(Code::Unavailable));
    }
    // No name or number of ours holds a NUL, and PostgreSQL takes none.
    if path.contains("%00") {
        let in_query = path.split('?').next().is_none_or(|p| !p.contains("%00"));
        return Err(if in_query { Problem::new(Code::Malformed) } else { Problem::not_found() });
    }
    if !is_api
        && let Some(secret) = cookie(request, session::cookie_name(app))
        && let Some((session, staff)) = session::find(app, secret).await?
    {
        let is_missing = !session.factor_covered && factor::is_missing(app, staff.id).await?;
        let bare = path.split('?').next().unwrap_or_default();
        if !is_missing || way_in::is_open_without_factor(bare) {
            visitor.actor.who = Who::Staff(staff);
            visitor.session = Some(session);
            visitor.factor_missing = is_missing;
        } else if bare.starts_with(web::path::DESK) {
            return Err(Problem::new(Code::SecondFactorRequired));
        }
        // Elsewhere the person is a guest like everybody.
    }
    if is_api && has_body(request) && app.config.challenge.is_used() {
        let answer = request.header(HEADER).unwrap_or_default();
        let _ = visitor.actor.gate.answer.set(answer.to_owned());
        visitor.actor.trusted = has_token(app, request).await;
    }
    // A mail program that stops mails by one click comes from no page; its token is the proof (RFC 8058).
    let is_one_click = path.starts_with("/receipts/stop/");
    if has_body(request) && !is_api && !is_one_click && !comes_from_here(app, request) {
        return Err(Problem::new(Code::ForeignForm));
    }
    Ok(())
}

fn has_body(request: &Request) -> bool {
    !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Takes the whole body into memory, no more than the sender may send.
///
/// A form with attachments goes to the disk instead, and holds one of few places there until it is answered.
async fn read_body(
    app: &App,
    request: &mut Request,
    visitor: &Visitor,
    is_api: bool,
    files: bool,
) -> Result<Option<OwnedSemaphorePermit>, Problem> {
    if !has_body(request) {
        return Ok(None);
    }
    // The server would unpack it after its size was checked.
    if request.header(header::CONTENT_ENCODING).is_some_and(|c| !c.eq_ignore_ascii_case("identity")) {
        return Err(Problem::new(Code::UnsupportedMedia));
    }
    let announced = request.header(header::CONTENT_LENGTH).and_then(|v| v.parse::<usize>().ok());
    if files && announced.is_none_or(|length| length > SMALL_BODY) {
        return spool::to_disk(app, request, announced, LONGEST_UPLOAD).await.map(Some);
    }
    let mut limit = SMALL_BODY;
    if announced.is_none_or(|length| length > SMALL_BODY)
        && may_send_files(app, request, visitor, is_api).await
    {
        limit += app.config.limits.upload_bytes;
    }
    if announced.is_some_and(|length| length > limit) {
        return Err(Problem::new(Code::TooLarge));
    }
    let body = request.take_body().into_bytes_limit(limit);
    let time = if limit > SMALL_BODY { LONGEST_UPLOAD } else { LONGEST_BODY };
    let body = tokio::time::timeout(time, body).await;
    let body = body.map_err(|_| Problem::new(Code::TooSlow))?.map_err(|e| match e {
        ReadBodyError::PayloadTooLarge => Problem::new(Code::TooLarge),
        _ => Problem::new(Code::Malformed),
    })?;
    request.set_body(body);
    Ok(None)
}

/// Only staff send files; nobody else's large body is held in memory.
async fn may_send_files(app: &App, request: &Request, visitor: &Visitor, is_api: bool) -> bool {
    if !is_api {
        return visitor.session.is_some();
    }
    has_token(app, request).await
}

/// A program with a member of staff's token.
async fn has_token(app: &App, request: &Request) -> bool {
    let bearer = request.header(header::AUTHORIZATION).and_then(|v| v.strip_prefix("Bearer "));
    match bearer {
        Some(secret) => token::verify(app, secret).await.is_ok(),
        None => false,
    }
}

/// A form must come from a page of this site: Fetch Metadata where the browser sends it, Origin or Referer
/// where not.
fn comes_from_here(app: &App, request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let base = app.config.base_url();
    let host = request.header(header::HOST).unwrap_or_default();
    let ours = |url: &str| {
        let authority =
            url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
        url == base || url.starts_with(&format!("{base}/")) || (!authority.is_empty() && authority == host)
    };
    match (request.header(header::ORIGIN), request.header(header::REFERER)) {
        (Some(origin), _) => ours(origin),
        (None, Some(referer)) => ours(referer),
        (None, None) => false,
    }
}

async fn call<E: Endpoint>(next: &E, request: Request) -> Result<Response, Problem> {
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(output)) => Ok(output.into_response()),
        Ok(Err(error)) if error.is_from_response() => Ok(error.into_response()),
        Ok(Err(mut error)) => Err(match error.downcast_ref::<Problem>() {
            Some(_) => match error.downcast::<Problem>() {
                Ok(problem) => problem,
                Err(other) => {
                    error = other;
                    api::from_poem(&error)
                }
            },
            None => api::from_poem(&error),
        }),
        Err(_) => Err(Problem::internal("a handler panicked")),
    }
}

/// The problem as its reader expects it; its cause goes to the log only.
fn refuse(app: &App, visitor: &Visitor, is_api: bool, problem: &Problem) -> Response {
    if problem.code == Code::Unavailable && problem.source.is_none() {
        // Refused at the door: the trouble is in the log and in the metrics already, and there may be a thousand
        // such requests a second.
        tracing::debug!(%problem, "request not served");
    } else if problem.code == Code::Unavailable {
        tracing::warn!(%problem, "request not served");
    } else if problem.status() >= 500 {
        tracing::error!(%problem, "request failed");
    } else if problem.source.is_some() {
        // Refused by the database rather than by a rule of ours: there is something to mend.
        tracing::warn!(%problem, "request refused");
    }
    if is_api {
        return api::problem_response(problem, &visitor.actor.request_id);
    }
    if problem.code == Code::Unauthenticated {
        return render::see_other(&way_in::sign_in_path(visitor));
    }
    if problem.code == Code::SecondFactorRequired {
        return render::see_other(web::path::SECOND_FACTOR);
    }
    let frame = visitor.frame(app, Nav::None);
    let detail = problem
        .detail
        .as_ref()
        .map(|d| visitor.say(d))
        .or_else(|| problem.fields.first().map(|f| visitor.say(&f.message)));
    let markup =
        web::error::error(&frame, problem.status(), detail.as_deref(), Some(&visitor.actor.request_id));
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = render::page_with(status, markup);
    if let Some(seconds) = problem.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Language and type size: from the address when switched there, else from their cookies.
struct Preferences {
    lang: Lang,
    large: bool,
    set: Vec<(&'static str, &'static str)>,
}

impl Preferences {
    fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let asked = |name: &str| query.split('&').find_map(|p| p.strip_prefix(name)?.strip_prefix('='));
        let kept = |name: &str| cookie(request, name).map(str::to_owned);
        let mut set = Vec::new();
        let lang = match asked("lang") {
            Some("en") => "en",
            Some("zh") => "zh",
            _ => "",
        };
        if !lang.is_empty() {
            set.push(("lang", lang));
        }
        let mode = match asked("mode") {
            Some("large") => "large",
            Some("normal") => "normal",
            _ => "",
        };
        if !mode.is_empty() {
            set.push(("mode", mode));
        }
        let lang = if lang.is_empty() { kept("lang").unwrap_or_default() } else { lang.to_owned() };
        let mode = if mode.is_empty() { kept("mode").unwrap_or_default() } else { mode.to_owned() };
        Self { lang: if lang == "en" { Lang::En } else { Lang::Zh }, large: mode == "large", set }
    }

    fn remember(&self, response: &mut Response, https: bool) {
        for (name, value) in &self.set {
            let secure = if https { "; Secure" } else { "" };
            let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
        }
    }
}
