//! A site of its own for each test: fresh database, clock that stands still, seeded rng, mail in a folder.
//! People talk to it through HTTP, without a network.
//!
//! SQLite by default; with `JIANYAN_TEST_POSTGRES=postgres://…/postgres` every site gets a database of its
//! own on that server.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::Role;
use entity::id::{DepartmentId, StaffId};
use futures_util::StreamExt as _;
use jianyan::account::people::{self, NewStaff};
use jianyan::account::{password, token};
use jianyan::actor::Actor;
use jianyan::app::App;
use jianyan::calendar::civil;
use jianyan::config::Config;
use jianyan::department;
use jianyan::random::Rng;
use jianyan::time::{Clock, FixedClock};
use jianyan::{http, job};
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint as _, Request, Response};
use sea_orm::{ConnectionTrait as _, Database, EntityTrait as _};
use secrecy::SecretString;
use serde_json::Value;

/// Every test account's password.
pub const PASSWORD: &str = "correct horse battery";

pub struct Site {
    pub app: App,
    pub clock: FixedClock,
    pub dir: tempfile::TempDir,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
}

/// A civil date.
pub fn day(text: &str) -> NaiveDate {
    civil::parse_date(text).unwrap()
}

/// An instant by local time: `at("2026-03-02", 10, 0)`.
pub fn at(date: &str, hour: u32, minute: u32) -> DateTime<Utc> {
    civil::at(day(date), hour, minute)
}

impl Site {
    /// A site on Monday, 2 March 2026, 10:00 in Shanghai.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = test_config(dir.path());
        change(&mut config);
        if config.database_url.is_none()
            && let Ok(server) = std::env::var("JIANYAN_TEST_POSTGRES")
        {
            config.database_url = Some(SecretString::from(fresh_postgres(&server).await));
        }
        let (clock, hand) = Clock::fixed(at("2026-03-02", 10, 0));
        let app = App::open(config, clock, Rng::seeded(7)).await.unwrap();
        let endpoint = Arc::new(http::endpoint(app.clone()));
        Self { app, clock: hand, dir, endpoint }
    }

    /// A site over a database that `build` filled beforehand, at `now`.
    pub async fn built<T>(
        now: DateTime<Utc>,
        build: impl FnOnce(Config) -> std::pin::Pin<Box<dyn Future<Output = T>>>,
    ) -> (Self, T) {
        let dir = tempfile::tempdir().unwrap();
        let mut config = test_config(dir.path());
        if let Ok(server) = std::env::var("JIANYAN_TEST_POSTGRES") {
            config.database_url = Some(SecretString::from(fresh_postgres(&server).await));
        }
        let built = build(config.clone()).await;
        (Self::over(dir, config, now).await, built)
    }

    /// A site over a database and a data directory that are there already.
    pub async fn over(dir: tempfile::TempDir, config: Config, now: DateTime<Utc>) -> Self {
        let (clock, hand) = Clock::fixed(now);
        let app = App::open(config, clock, Rng::seeded(7)).await.unwrap();
        let endpoint = Arc::new(http::endpoint(app.clone()));
        Self { app, clock: hand, dir, endpoint }
    }

    /// A site of its own with everything another one (on SQLite, closed) had, at the usual time.
    pub async fn copy_of(other: &Self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(other.dir.path()).unwrap() {
            let file = entry.unwrap().path();
            if file.is_file() {
                std::fs::copy(&file, dir.path().join(file.file_name().unwrap())).unwrap();
            }
        }
        copy_attachments(other.dir.path(), dir.path());
        let mut config = test_config(dir.path());
        config.database_url = Some(format!("sqlite://{}", dir.path().join("jianyan.db").display()).into());
        let (clock, hand) = Clock::fixed(at("2026-03-02", 10, 0));
        // Another seed: the numbers of the first are used up.
        let app = App::open(config, clock, Rng::seeded(1000)).await.unwrap();
        let endpoint = Arc::new(http::endpoint(app.clone()));
        Self { app, clock: hand, dir, endpoint }
    }

    /// Another instance over the same database, with the same clock and key.
    pub async fn beside(&self) -> Self {
        self.beside_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn beside_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::copy(self.dir.path().join("jianyan.key"), dir.path().join("jianyan.key")).unwrap();
        let mut config = self.app.config.clone();
        config.database_url = Some(SecretString::from(config.database_url()));
        config.data_dir = dir.path().to_owned();
        change(&mut config);
        // Another seed: the numbers of the first are used up.
        let app = App::open(config, self.app.clock.clone(), Rng::seeded(2000)).await.unwrap();
        let endpoint = Arc::new(http::endpoint(app.clone()));
        Self { app, clock: self.clock.clone(), dir, endpoint }
    }

    /// Sets the clock to a local time and does what is due.
    pub async fn at(&self, date: &str, hour: u32, minute: u32) {
        self.clock.set(at(date, hour, minute));
        self.work().await;
    }

    /// Does what is due now.
    pub async fn work(&self) {
        job::run_due(&self.app).await.unwrap();
    }

    pub async fn department(&self, key: &str, name: &str) -> DepartmentId {
        let admin = self.system_admin();
        let details = department::Details {
            key: key.into(),
            name: name.into(),
            short_name: name.into(),
            address: "示例市体育路1号".into(),
            postcode: "200000".into(),
            email: format!("{key}@example.invalid"),
            phone: "000-12345678".into(),
            ..department::Details::default()
        };
        department::add(&self.app, &admin, &details).await.unwrap()
    }

    pub async fn staff(&self, login: &str, department_id: DepartmentId, roles: &[Role]) -> StaffId {
        let hash = test_hash(&self.app).await;
        let write = self.app.write().await.unwrap();
        let person = NewStaff {
            login: login.into(),
            display_name: format!("测试-{login}"),
            email: format!("{login}@example.invalid"),
            department_id,
            roles: roles.to_vec(),
        };
        let id = people::insert(&self.app, &write, &person, Some(hash), None).await.unwrap();
        write.commit().await.unwrap();
        id
    }

    pub async fn set_head(&self, department: DepartmentId, head: StaffId) {
        let row = department::find(self.app.db.read(), department).await.unwrap();
        let details = department::Details {
            key: row.key,
            name: row.name,
            short_name: row.short_name,
            parent_id: row.parent_id,
            head_id: Some(head),
            address: row.address,
            postcode: row.postcode,
            email: row.email,
            phone: row.phone,
        };
        department::change(&self.app, &self.system_admin(), department, &details).await.unwrap();
    }

    /// An actor with the administrator's role that is nobody's account.
    pub fn system_admin(&self) -> Actor {
        let staff = jianyan::actor::Staff {
            id: StaffId(uuid::Uuid::nil()),
            login: "root".into(),
            name: "root".into(),
            department_id: DepartmentId(uuid::Uuid::nil()),
            department: String::new(),
            roles: vec![Role::Admin],
            heads: vec![],
        };
        Actor { who: jianyan::actor::Who::Staff(staff), ..Actor::guest() }
    }

    /// The actor of a real account, for calling operations directly.
    pub async fn actor(&self, id: StaffId) -> Actor {
        let staff = jianyan::account::staff_of(self.app.db.read(), id).await.unwrap().unwrap();
        Actor { who: jianyan::actor::Who::Staff(staff), ..Actor::guest() }
    }

    /// A browser that is not signed in.
    pub fn guest(&self) -> Person {
        self.guest_of(self.endpoint.clone())
    }

    /// The same for another endpoint over this site.
    pub fn guest_of(&self, endpoint: Arc<BoxEndpoint<'static, Response>>) -> Person {
        Person { app: self.app.clone(), endpoint, cookies: Arc::default(), token: None }
    }

    /// A browser signed in through the page.
    pub async fn sign_in(&self, login: &str) -> Person {
        self.sign_in_as(login, PASSWORD).await
    }

    pub async fn sign_in_as(&self, login: &str, password: &str) -> Person {
        let person = self.guest();
        let answer = person.post("/desk/sign-in", &[("login", login), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        person
    }

    /// A browser with a session that was begun before.
    pub fn in_session(&self, secret: &str) -> Person {
        let person = self.guest();
        person.cookies.lock().unwrap().insert("sid".into(), secret.into());
        person
    }

    /// A browser with a cookie that came from elsewhere.
    pub fn with_cookie(&self, name: &str, value: &str) -> Person {
        let person = self.guest();
        person.cookies.lock().unwrap().insert(name.into(), value.into());
        person
    }

    /// A program with a token that was issued before.
    pub fn bearer(&self, secret: &str) -> Person {
        Person { token: Some(secret.to_owned()), ..self.guest() }
    }

    /// A program with a bearer token.
    pub async fn api(&self, login: &str) -> Person {
        let (secret, _) = token::issue(&self.app, &Actor::system(), login, 24, "test").await.unwrap();
        Person { token: Some(secret), ..self.guest() }
    }

    /// Text messages that left, as they were written: number and words.
    pub fn texts(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.dir.path().join("sms")) else { return Vec::new() };
        entries.map(|e| std::fs::read_to_string(e.unwrap().path()).unwrap()).collect()
    }

    /// Mails that left, as they were written.
    pub fn mails(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.dir.path().join("mail")) else { return Vec::new() };
        entries.map(|e| std::fs::read_to_string(e.unwrap().path()).unwrap()).collect()
    }
}

/// The files of one site's store into another's.
pub fn copy_attachments(from: &std::path::Path, to: &std::path::Path) {
    let Ok(days) = std::fs::read_dir(from.join("attachments")) else { return };
    for day in days {
        let day = day.unwrap().path();
        let target = to.join("attachments").join(day.file_name().unwrap());
        std::fs::create_dir_all(&target).unwrap();
        for file in std::fs::read_dir(day).unwrap() {
            let file = file.unwrap().path();
            std::fs::copy(&file, target.join(file.file_name().unwrap())).unwrap();
        }
    }
}

/// Settings of a test: nothing is limited, for one address stands for everybody.
pub fn test_config(dir: &std::path::Path) -> Config {
    let mut config = Config::in_dir(dir).unwrap();
    // Stories leap over half an hour between two pages.
    config.security.staff_idle_minutes = 60;
    config.limits.opinions_per_minute = 10_000;
    config.limits.sign_ins_per_five_minutes = 10_000;
    config.limits.visits_per_five_minutes = 10_000;
    config.limits.lookups_per_minute = 10_000;
    config.limits.searches_per_minute = 10_000;
    config.limits.registrations_per_minute = 1_000_000;
    config.limits.supports_per_minute = 10_000;
    config.limits.supports_per_network = 10_000;
    config.limits.responses_per_minute = 10_000;
    config.limits.responses_per_network = 10_000;
    config.limits.uploads_per_hour = 10_000;
    config.limits.codes_per_day = 100_000;
    config
}

/// One hash for all test accounts: hashing is slow on purpose.
async fn test_hash(app: &App) -> String {
    static HASH: Mutex<Option<String>> = Mutex::new(None);
    let known = HASH.lock().unwrap().clone();
    if let Some(hash) = known {
        return hash;
    }
    let hash = password::hash(app, PASSWORD).await.unwrap();
    *HASH.lock().unwrap() = Some(hash.clone());
    hash
}

/// A database of its own on the server of the tests.
pub async fn fresh_postgres(server: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("jianyan_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let db = Database::connect(server).await.unwrap();
    db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    db.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// Somebody who talks to the site, with a cookie jar or a token.
#[derive(Clone)]
pub struct Person {
    app: App,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: poem::http::HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn contains(&self, needle: &str) -> &Self {
        assert!(self.text.contains(needle), "no {needle:?} in\n{}", self.text);
        self
    }

    #[track_caller]
    pub fn lacks(&self, needle: &str) -> &Self {
        assert!(!self.text.contains(needle), "{needle:?} in\n{}", self.text);
        self
    }

    /// The value of a hidden or other input by its name.
    pub fn input(&self, name: &str) -> Option<String> {
        let html = scraper::Html::parse_document(&self.text);
        let selector = scraper::Selector::parse(&format!("input[name=\"{name}\"]")).unwrap();
        html.select(&selector).next().and_then(|e| e.attr("value").map(str::to_owned))
    }
}

impl Person {
    /// The value of a cookie in the jar.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// The cookies of another: the same browser, met by another instance.
    pub fn take_cookies(&self, other: &Self) {
        let theirs = other.cookies.lock().unwrap().clone();
        self.cookies.lock().unwrap().extend(theirs);
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).finish()).await
    }

    /// A form as a browser sends it: from a page of this site, with the token of the session. The form key is
    /// not filled in; tests that need one take it from the page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut pairs: Vec<(String, String)> =
            fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        if !pairs.iter().any(|(k, _)| k == "csrf") {
            pairs.push(("csrf".into(), self.csrf().await));
        }
        let body: String =
            pairs.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&");
        let request = self
            .request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .content_type("application/x-www-form-urlencoded")
            .body(body);
        self.send(request).await
    }

    /// A form with files: (field, file name, bytes).
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let boundary = "----jianyantest";
        let mut body = Vec::new();
        let csrf = self.csrf().await;
        for (name, value) in fields.iter().copied().chain([("csrf", csrf.as_str())]) {
            body.extend(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .into_bytes(),
            );
        }
        for (field, name, bytes) in files {
            body.extend(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .into_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{boundary}--\r\n").into_bytes());
        let request = self
            .request(Method::POST, path)
            .header("sec-fetch-site", "same-origin")
            .content_type(&format!("multipart/form-data; boundary={boundary}"))
            .body(body);
        self.send(request).await
    }

    /// A JSON request to the API: `json("POST", "/api/v1/…", json!({…}))`.
    pub async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self
            .request(method.parse().unwrap(), path)
            .content_type("application/json")
            .body(body.to_string());
        self.send(request).await
    }

    /// A request of any kind, as it is.
    pub async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut builder = self.request(method.parse().unwrap(), path);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        self.send(builder.body(body)).await
    }

    async fn csrf(&self) -> String {
        let secret = self.cookies.lock().unwrap().get("sid").cloned().unwrap_or_default();
        let id = jianyan::keys::sha256_hex(secret.as_bytes());
        let session = entity::session::Entity::find_by_id(id).one(self.app.db.read()).await.unwrap();
        session.map(|s| s.csrf).unwrap_or_default()
    }

    fn request(&self, method: Method, path: &str) -> poem::RequestBuilder {
        let mut builder =
            Request::builder().method(method).uri_str(path).header(header::HOST, "localhost:8080");
        if let Some(token) = &self.token {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect();
        if !cookies.is_empty() {
            builder = builder.header(header::COOKIE, cookies.join("; "));
        }
        builder
    }

    async fn send(&self, request: Request) -> Answer {
        let response = self.endpoint.get_response(request).await;
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let mut jar = self.cookies.lock().unwrap();
            if rest.contains("Max-Age=0") || value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.into(), value.into());
            }
        }
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        // What is told as it happens has no end; a test that wants more than its first news reads it itself.
        let bytes = if kind.starts_with("text/event-stream") {
            first_news(body).await
        } else {
            body.into_vec().await.unwrap()
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, bytes, text }
    }
}

/// Server-sent events up to the first that says something.
async fn first_news(body: poem::Body) -> Vec<u8> {
    let mut news = body.into_bytes_stream();
    let mut heard = Vec::new();
    while let Some(part) = news.next().await {
        heard.extend_from_slice(&part.unwrap());
        if String::from_utf8_lossy(&heard).contains("data: ") {
            break;
        }
    }
    heard
}

/// Percent-encodes a value for an address or a form.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}
