//! A site with a million opinions beside one with almost none: every page people wait for, at 16 clients, and
//! what runs behind them.
//!
//!     cargo bench --bench scale -- --opinions 1000000 --duties 1000000 --clients 16 --requests 400
//!
//! The sites are kept in the build directory and made again only for other sizes. `JIANYAN_BENCH_POSTGRES` names
//! an empty database to use instead of SQLite, for the large site alone.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that is wrong")]
#![expect(clippy::print_stdout, reason = "it prints its table")]

mod support;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::enums::{DutyKind, DutyState, OpinionState, StageState, SubjectKind};
use entity::id::{DutyId, DutyStageId, OpinionId};
use entity::{consultation, department, duty, duty_stage, opinion, summary};
use jianyan::app::App;
use jianyan::calendar::civil;
use jianyan::config::Config;
use jianyan::demo;
use jianyan::random::Rng;
use jianyan::time::Clock;
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use support::client::{self, Client};
use tokio::runtime::Runtime;

/// Places in the long list that are read.
const DEPTHS: u64 = 20;

struct Asked {
    opinions: u64,
    duties: u64,
    clients: usize,
    requests: usize,
}

impl Asked {
    fn read() -> Self {
        let args: Vec<String> = std::env::args().collect();
        let number = |name: &str, otherwise: u64| {
            let at = args.iter().position(|a| a == name);
            at.and_then(|i| args.get(i + 1)).map_or(otherwise, |n| n.parse().unwrap())
        };
        let small = |name, otherwise| usize::try_from(number(name, otherwise)).unwrap();
        Self {
            opinions: number("--opinions", 1_000_000),
            duties: number("--duties", 1_000_000),
            clients: small("--clients", 16),
            requests: small("--requests", 400),
        }
    }
}

fn main() {
    let asked = Asked::read();
    let runtime = Runtime::new().unwrap();
    // A site that is dropped gives its connections back to the runtime.
    let _inside = runtime.enter();
    let small = Site::open(&runtime, 0, None);
    let large = Site::open(&runtime, asked.opinions, std::env::var("JIANYAN_BENCH_POSTGRES").ok());
    println!(
        "\n{} opinions, {} clients, {} requests a page\n",
        asked.opinions, asked.clients, asked.requests
    );
    println!(
        "| page | p50 | p99 | requests/s | the same with {} opinions: p50 | p99 |",
        small.count(&runtime)
    );
    println!("|---|---|---|---|---|---|");
    let pages = large.pages(&runtime);
    for ((name, urls), (_, few)) in pages.iter().zip(small.pages(&runtime)) {
        let many = measure(&large, urls, &asked);
        let few = measure(&small, &few, &asked);
        println!(
            "| {name} | {:.1} ms | {:.1} ms | {:.0} | {:.1} ms | {:.1} ms |",
            many.p50, many.p99, many.rate, few.p50, few.p99
        );
        if many.refused > 0 {
            println!("| {name}, refused with 503 | {} | | | | |", many.refused);
        }
    }
    export(&large, &runtime);
    sweep(&runtime, asked.duties);
}

struct Site {
    app: App,
    address: SocketAddr,
    /// The code of the consultation with most opinions.
    code: String,
    /// Headers of a moderator's requests.
    moderator: String,
    /// Headers of a decision owner's requests.
    owner: String,
}

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn settings(dir: &Path, postgres: Option<String>) -> Config {
    let mut config = support::config(dir);
    config.limits.searches_per_minute = 1_000_000;
    config.limits.sign_ins_per_five_minutes = 1_000_000;
    // What is measured is the making of pages.
    config.limits.page_cache_bytes = 0;
    config.database_url = postgres.map(Into::into);
    config
}

impl Site {
    fn open(runtime: &Runtime, opinions: u64, postgres: Option<String>) -> Self {
        let kind = if postgres.is_some() { "pg" } else { "sqlite" };
        let dir = place(&format!("scale-{kind}-{opinions}"));
        let (config, marker) = (settings(&dir, postgres), dir.join("password"));
        if !marker.exists() {
            let _ = std::fs::remove_dir_all(&dir);
            std::fs::create_dir_all(&dir).unwrap();
            let begun = Instant::now();
            let logins =
                runtime.block_on(demo::build_with(&config, Clock::System.now(), opinions, |_| {})).unwrap();
            eprintln!("{opinions} opinions ({kind}): made in {:.0} s", begun.elapsed().as_secs_f64());
            std::fs::write(&marker, logins.password).unwrap();
        }
        let password = std::fs::read_to_string(&marker).unwrap();
        let app = runtime.block_on(App::open(config, Clock::System, Rng::system())).unwrap();
        let acceptor = runtime.block_on(TcpListener::bind("127.0.0.1:0").into_acceptor()).unwrap();
        let address = *acceptor.local_addr()[0].as_socket_addr().unwrap();
        let endpoint = jianyan::http::endpoint(app.clone());
        runtime.spawn(poem::Server::new_with_acceptor(acceptor).run(endpoint));
        let code = runtime.block_on(largest(&app));
        let sign_in = |login| sign_in(address, login, &password);
        Self { app, address, code, moderator: sign_in("yexiaomeng"), owner: sign_in("xuhaotian") }
    }

    fn count(&self, runtime: &Runtime) -> u64 {
        runtime.block_on(opinion::Entity::find().count(self.app.db.read())).unwrap()
    }

    /// Each page with the requests for it.
    fn pages(&self, runtime: &Runtime) -> Vec<(&'static str, Vec<Vec<u8>>)> {
        let code = &self.code;
        let deep = runtime.block_on(deep(&self.app, code));
        let waiting = runtime.block_on(waiting(&self.app));
        let answered = runtime.block_on(answered(&self.app));
        let guest = |path: String| client::get(&path, "");
        let moderator = |path: String| client::get(&path, &self.moderator);
        let owner = |path: String| client::get(&path, &self.owner);
        vec![
            ("home", vec![guest("/".into())]),
            ("consultation", vec![guest(format!("/consultations/{code}"))]),
            (
                "its opinions, deep in the list",
                deep.iter().map(|(id, _)| guest(format!("/consultations/{code}?before={id}"))).collect(),
            ),
            (
                "its opinions through the API, deep in the list",
                deep.iter()
                    .map(|(_, n)| guest(format!("/api/v1/consultations/{code}/opinions?limit=50&cursor={n}")))
                    .collect(),
            ),
            ("published summary", vec![guest(format!("/summaries/{answered}"))]),
            ("search", vec![guest("/search?q=%E5%BC%80%E6%94%BE%E6%97%B6%E9%97%B4".into())]),
            ("moderation queue", vec![moderator("/desk/review".into())]),
            (
                "one case of the queue",
                waiting.iter().map(|n| moderator(format!("/desk/review/{n}"))).collect(),
            ),
            ("duties of a department", vec![owner("/desk/duties".into())]),
            ("decisions of a department", vec![owner("/desk/decisions".into())]),
            ("summary numbers for its owner", vec![owner(format!("/desk/consultations/{code}/summary"))]),
            ("topics and answers for its owner", vec![owner(format!("/desk/consultations/{code}/opinions"))]),
        ]
    }
}

async fn largest(app: &App) -> String {
    let rows = consultation::Entity::find().filter(consultation::Column::PublishedAt.is_not_null());
    let rows = rows.all(app.db.read()).await.unwrap();
    let mut best = (0, String::new());
    for row in rows {
        let n = jianyan::opinion::counts(app.db.read(), row.id).await.unwrap().received();
        best = best.max((n, row.code));
    }
    best.1
}

async fn deep(app: &App, code: &str) -> Vec<(OpinionId, String)> {
    let id = jianyan::consultation::by_code(app.db.read(), code).await.unwrap().id;
    let published = opinion::Entity::find()
        .filter(opinion::Column::ConsultationId.eq(id))
        .filter(opinion::Column::State.eq(OpinionState::Published));
    let all = jianyan::opinion::counts(app.db.read(), id).await.unwrap().published;
    let mut found = Vec::new();
    for i in 0..DEPTHS.min(all) {
        let query = published.clone().order_by_desc(opinion::Column::ReceivedAt).offset(all * i / DEPTHS);
        let row = query.limit(1).one(app.db.read()).await.unwrap().unwrap();
        found.push((row.id, row.number));
    }
    found
}

async fn waiting(app: &App) -> Vec<String> {
    let query = opinion::Entity::find().filter(opinion::Column::State.eq(OpinionState::Pending));
    let rows = query.limit(DEPTHS).all(app.db.read()).await.unwrap();
    rows.into_iter().map(|o| o.number).collect()
}

async fn answered(app: &App) -> String {
    let row = summary::Entity::find().filter(summary::Column::PublishedAt.is_not_null());
    let row = row.one(app.db.read()).await.unwrap().unwrap();
    let query = consultation::Entity::find_by_id(row.consultation_id);
    query.one(app.db.read()).await.unwrap().unwrap().code
}

fn sign_in(address: SocketAddr, login: &str, password: &str) -> String {
    let mut client = Client::connect(address);
    let page = client.send(&client::get("/desk/sign-in", ""));
    let body = String::from_utf8_lossy(page.body).into_owned();
    let csrf = body.split("name=\"csrf\" value=\"").nth(1).and_then(|r| r.split('"').next()).unwrap_or("");
    let form = format!("csrf={csrf}&login={login}&password={password}");
    let request = format!(
        "POST /desk/sign-in HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let answer = client.send(request.as_bytes());
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(answer.body));
    let cookie = client::header(answer.head, "set-cookie").unwrap().split(';').next().unwrap().to_owned();
    format!("Cookie: {cookie}\r\n")
}

struct Figures {
    /// Milliseconds.
    p50: f64,
    p99: f64,
    rate: f64,
    /// Requests answered 503.
    refused: usize,
}

/// All clients at once, each on a connection of its own, going through the requests in turn.
fn measure(site: &Site, urls: &[Vec<u8>], asked: &Asked) -> Figures {
    let (next, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut first = Client::connect(site.address);
    for url in urls {
        let answer = first.send(url);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(url));
    }
    // A page that takes long is asked for less often.
    let begun = Instant::now();
    first.send(&urls[0]);
    let slow = begun.elapsed() > Duration::from_millis(200);
    let requests = if slow { asked.clients * 2 } else { asked.requests };
    let begun = Instant::now();
    let mut times: Vec<f64> = std::thread::scope(|scope| {
        let client = || {
            let mut client = Client::connect(site.address);
            let mut times = Vec::new();
            loop {
                let i = next.fetch_add(1, Ordering::Relaxed);
                if i >= requests {
                    return times;
                }
                let begun = Instant::now();
                match client.send(&urls[i % urls.len()]).status {
                    200 => times.push(begun.elapsed().as_secs_f64() * 1e3),
                    // More wait than the server can serve in time; it says so at once.
                    503 => _ = refused.fetch_add(1, Ordering::Relaxed),
                    other => assert_eq!(other, 200),
                }
            }
        };
        let threads: Vec<_> = (0..asked.clients).map(|_| scope.spawn(client)).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Figures { p50: at(0.5), p99: at(0.99), rate, refused: refused.into_inner() }
}

/// The whole table of published opinions through HTTP, one reader.
fn export(site: &Site, runtime: &Runtime) {
    use std::io::{Read as _, Write as _};
    let id = runtime.block_on(jianyan::consultation::by_code(site.app.db.read(), &site.code)).unwrap().id;
    let rows = runtime.block_on(jianyan::opinion::counts(site.app.db.read(), id)).unwrap().published;
    let mut stream = std::net::TcpStream::connect(site.address).unwrap();
    let request = format!(
        "GET /consultations/{}/opinions.csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        site.code
    );
    let begun = Instant::now();
    stream.write_all(request.as_bytes()).unwrap();
    let (mut buffer, mut bytes, mut lines) = (vec![0; 1 << 20], 0, 0);
    loop {
        let n = stream.read(&mut buffer).unwrap();
        if n == 0 {
            break;
        }
        bytes += n;
        lines += buffer[..n].windows(2).filter(|w| w == b"\n2").count();
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "\nexport: {rows} opinions ({lines} lines seen, {:.0} MB) in {seconds:.1} s, {:.0} opinions/s",
        bytes as f64 / 1e6,
        rows as f64 / seconds
    );
}

/// A sweep over open duties of which none has a stage that is due.
fn sweep(runtime: &Runtime, duties: u64) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let config = settings(dir.path(), None);
    // A working day, at ten.
    let (clock, _hand) = Clock::fixed(civil::at(civil::parse_date("2026-03-02").unwrap(), 10, 0));
    let app = runtime.block_on(App::open(config, clock, Rng::system())).unwrap();
    runtime.block_on(async {
        let department_id = app.id();
        let department = department::Model {
            id: department_id,
            parent_id: None,
            key: "sports".into(),
            name: "群众体育处".into(),
            short_name: "群体处".into(),
            head_id: None,
            address: String::new(),
            postcode: String::new(),
            email: String::new(),
            phone: String::new(),
            position: 0,
            created_at: app.now(),
        };
        let write = app.write().await.unwrap();
        department::Entity::insert(department.into_active_model())
            .exec_without_returning(&*write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        let mut left = duties;
        while left > 0 {
            let n = left.min(20_000);
            let write = app.write().await.unwrap();
            for _ in 0..n / 1000 {
                let rows: Vec<duty::Model> = (0..1000).map(|_| open_duty(&app, department_id)).collect();
                let stages: Vec<_> = rows.iter().map(|d| planned(&app, d).into_active_model()).collect();
                let rows = rows.into_iter().map(|d| d.into_active_model());
                duty::Entity::insert_many(rows).exec_without_returning(&*write).await.unwrap();
                duty_stage::Entity::insert_many(stages).exec_without_returning(&*write).await.unwrap();
            }
            write.commit().await.unwrap();
            left -= n;
        }
    });
    let mut times: Vec<f64> = (0..50)
        .map(|_| {
            let begun = Instant::now();
            let handled = runtime.block_on(jianyan::duty::sweep(&app)).unwrap();
            assert_eq!(handled, 0, "nothing is due");
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "sweep over {duties} open duties with nothing due: p50 {:.2} ms, worst of 50 {:.2} ms",
        times[25], times[49]
    );
}

fn open_duty(app: &App, department_id: entity::id::DepartmentId) -> duty::Model {
    let subject: OpinionId = app.id();
    duty::Model {
        id: app.id::<DutyId>(),
        kind: DutyKind::OpinionReview,
        subject_kind: SubjectKind::Opinion,
        subject_id: subject.0,
        title: "2026-001-1-000001".into(),
        path: "/desk/review".into(),
        department_id,
        owner_id: None,
        start_on: app.today(),
        days: Some(2),
        due_on: app.today() + TimeDelta::days(2),
        provisional: false,
        state: DutyState::Open,
        completed_on: None,
        completed_at: None,
        created_at: app.now(),
    }
}

fn planned(app: &App, duty: &duty::Model) -> duty_stage::Model {
    duty_stage::Model {
        id: app.id::<DutyStageId>(),
        duty_id: duty.id,
        stage: "due_today".into(),
        due_on: duty.due_on,
        planned_at: civil::at(duty.due_on, 9, 0),
        state: StageState::Planned,
        reason: None,
        handled_at: None,
    }
}
