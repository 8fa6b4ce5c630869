//! The site under load, through HTTP, as a process of its own: the consultation page with 50 opinions beside
//! nginx with a file of the same bytes, the posting of opinions, and registrations for one session that everybody
//! wants, beside plain loops of commits on the same disk or server. Prints one table; every figure has its floor from the same run.
//!
//! `JIANYAN_BENCH_POSTGRES=postgres://…/postgres` adds the same on PostgreSQL (in a database of its own);
//! `JIANYAN_BENCH_SECONDS` says how long each load lasts.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops at the first error"
)]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jianyan::app::App;
use jianyan::random::Rng;
use jianyan::time::Clock;
use support::client::{self, Client};
use support::floor::Commits;
use support::load::{self, Load, Requests, Server, fsync, nginx};
use tokio::runtime::Runtime;

const CLIENTS: usize = 64;

/// A line of the table.
fn line(what: &str, load: &Load, floor: &str, ratio: Option<f64>) {
    let ratio = ratio.map_or_else(|| "–".to_owned(), |r| format!("{r:.2}"));
    println!(
        "| {what} | {:.0} | {:.2} | {:.2} | {:.3} | {floor} | {ratio} |",
        load.rate(),
        load.within(0.5).as_secs_f64() * 1000.0,
        load.within(0.99).as_secs_f64() * 1000.0,
        load.cpu
    );
}

fn floor_line(what: &str, rate: f64) {
    println!("| floor: {what} | {rate:.0} | | | | | |");
}

fn seconds() -> Duration {
    let given = std::env::var("JIANYAN_BENCH_SECONDS").ok().and_then(|s| s.parse().ok());
    Duration::from_secs(given.unwrap_or(6))
}

/// Where a site keeps its things.
struct Place<'a> {
    dir: &'a Path,
    database_url: Option<String>,
}

impl Place<'_> {
    /// A site with one open consultation and 50 published opinions, and an open day; gives their codes.
    fn build(&self) -> (String, String) {
        let runtime = Runtime::new().unwrap();
        let mut config = support::config(self.dir);
        config.database_url = self.database_url.clone().map(Into::into);
        runtime.block_on(async {
            let app = App::open(config, Clock::System, Rng::system()).await.unwrap();
            let codes = (support::consultation(&app, 50).await, support::event(&app).await);
            app.db.close().await;
            codes
        })
    }

    /// The program as an operator starts it, behind a proxy that tells whom it speaks for.
    fn serve(&self, page_cache: bool) -> Server {
        let address = load::free_address();
        let mut command = Command::new(env!("CARGO_BIN_EXE_jianyan"));
        command.args(["serve", "--listen", &address.to_string(), "--data-dir"]).arg(self.dir);
        command.env("JIANYAN_LIMITS__OPINIONS_PER_MINUTE", "100000");
        command.env("JIANYAN_LIMITS__REGISTRATIONS_PER_MINUTE", "100000");
        command.env("JIANYAN_TRUSTED_PROXIES", "[\"127.0.0.1\"]").env("JIANYAN_LOG", "warn");
        // Words to this benchmark are no settings of the site.
        command.env_remove("JIANYAN_BENCH_SECONDS").env_remove("JIANYAN_BENCH_POSTGRES");
        if !page_cache {
            command.env("JIANYAN_LIMITS__PAGE_CACHE_BYTES", "0");
        }
        if let Some(url) = &self.database_url {
            command.env("JIANYAN_DATABASE_URL", url);
        }
        command.stdout(Stdio::null());
        Server::start(command, address)
    }
}

/// The request of each client, with an address of its own.
fn each(clients: usize, request: impl Fn(&str) -> Vec<u8>) -> Vec<Vec<u8>> {
    (0..clients).map(|n| request(&format!("X-Forwarded-For: 10.1.{}.{}\r\n", n / 250, n % 250 + 1))).collect()
}

fn get(path: &str, headers: &str) -> Vec<Vec<u8>> {
    each(CLIENTS, |from| client::get(path, &format!("{from}{headers}")))
}

fn pages(place: &Place<'_>, path: &str, server: &Server) {
    let time = seconds();
    let mut one = Client::connect(server.address);
    let answer = one.send(&client::get(path, ""));
    assert_eq!(answer.status, 200);
    assert_eq!(String::from_utf8_lossy(answer.body).matches("周末上午人多").count(), 50);
    let (page, tag) = (answer.body.to_vec(), client::header(answer.head, "etag").unwrap().to_owned());
    drop(one);
    eprintln!("the page has {} bytes", page.len());
    let floor = nginx(place.dir, &page).map(|nginx| load::run(&nginx, get("/", ""), time, 200));
    let plain = load::run(server, get(path, ""), time, 200);
    let packed = load::run(server, get(path, "Accept-Encoding: br\r\n"), time, 200);
    let known = load::run(server, get(path, &format!("If-None-Match: {tag}\r\n")), time, 304);
    let made = load::run(&place.serve(false), get(path, ""), time, 200);
    match &floor {
        Some(nginx) => line("floor: nginx, a file of the same bytes", nginx, "", None),
        None => println!("| nginx is not installed: no floor for pages | | | | | | |"),
    }
    let ratio = |load: &Load| floor.as_ref().map(|floor| load.rate() / floor.rate());
    line("page, ready", &plain, "nginx", ratio(&plain));
    line("page, ready, brotli", &packed, "nginx", ratio(&packed));
    line("page, ready, 304", &known, "nginx", ratio(&known));
    line("page, made each time", &made, "nginx", ratio(&made));
}

/// Commits a second in a plain loop, of one row and of 64 rows.
fn floors(place: &Place<'_>) -> (f64, f64) {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let mut commits = Commits::open(place.dir, place.database_url.as_deref()).await;
        let (began, mut rows) = (Instant::now(), 0_u32);
        while began.elapsed() < seconds() / 4 {
            commits.one(support::OPINION).await;
            rows += 1;
        }
        let one = f64::from(rows) / began.elapsed().as_secs_f64();
        let (began, mut rows) = (Instant::now(), 0_u32);
        while began.elapsed() < seconds() / 4 {
            commits.many(CLIENTS, support::OPINION).await;
            rows += 64;
        }
        (one, f64::from(rows) / began.elapsed().as_secs_f64())
    })
}

fn opinions(place: &Place<'_>, code: &str, server: &Server) {
    let path = format!("/api/v1/consultations/{code}/opinions");
    let post = |from: &str| client::post(&path, from, &support::opinion_json());
    let before = floors(place);
    let many = load::run(server, each(CLIENTS, post), seconds(), 201);
    let single = load::run(server, each(1, post), seconds(), 201);
    let after = floors(place);
    let (one, batch) = (f64::midpoint(before.0, after.0), f64::midpoint(before.1, after.1));
    floor_line("commits of one row in a plain loop", one);
    floor_line("rows in a plain loop, 64 a commit", batch);
    line("opinions, 64 clients", &many, "one row a commit", Some(many.rate() / one));
    line("opinions, 64 clients", &many, "64 rows a commit", Some(many.rate() / batch));
    line("opinions, one client", &single, "one row a commit", Some(single.rate() / one));
}

/// Registrations of one client, each by somebody else.
struct People {
    path: String,
    from: String,
    client: usize,
    registered: usize,
    request: Vec<u8>,
}

impl Requests for People {
    fn next(&mut self) -> &[u8] {
        self.registered += 1;
        let contact = format!("1{:02}{:08}", self.client, self.registered);
        let json = format!(r#"{{"name":"王小明","contact":"{contact}","seats":1,"consent":true}}"#);
        self.request = client::post(&self.path, &self.from, &json);
        &self.request
    }
}

/// One session, as many seats as a session may have. Nobody leaves an e-mail address: the letters are sent
/// afterwards, by the worker.
fn registrations(place: &Place<'_>, event: &str, server: &Server) {
    let people = |session: i32, clients: usize| -> Vec<People> {
        let one = |client: usize| People {
            path: format!("/api/v1/events/{event}/sessions/{session}/registrations"),
            from: format!("X-Forwarded-For: 10.2.0.{}\r\n", client + 1),
            client,
            registered: 0,
            request: Vec::new(),
        };
        (0..clients).map(one).collect()
    };
    let before = floors(place);
    let many = load::run(server, people(1, CLIENTS), seconds(), 201);
    let single = load::run(server, people(2, 1), seconds(), 201);
    let after = floors(place);
    let (one, batch) = (f64::midpoint(before.0, after.0), f64::midpoint(before.1, after.1));
    floor_line("commits of one row in a plain loop", one);
    floor_line("rows in a plain loop, 64 a commit", batch);
    line("registrations, 64 clients, one session", &many, "one row a commit", Some(many.rate() / one));
    line("registrations, 64 clients, one session", &many, "64 rows a commit", Some(many.rate() / batch));
    line("registrations, one client", &single, "one row a commit", Some(single.rate() / one));
}

fn measure(name: &str, place: &Place<'_>) {
    let (code, event) = place.build();
    println!("\n**{name}**\n");
    println!("| what | a second | median, ms | p99, ms | CPU a request, ms | floor | ratio |");
    println!("|---|---|---|---|---|---|---|");
    let server = place.serve(true);
    let idle = server.memory();
    pages(place, &format!("/consultations/{code}"), &server);
    let serving = server.memory();
    opinions(place, &code, &server);
    let posted = server.memory();
    registrations(place, &event, &server);
    println!(
        "\nMemory: {idle:.0} MiB after the start, {serving:.0} MiB after the pages, {posted:.0} MiB after the opinions, {:.0} MiB after the registrations. One fsync: {:.2} ms.",
        server.memory(),
        fsync(place.dir).as_secs_f64() * 1000.0
    );
}

fn main() {
    // On the disk of the build, not in a directory that may lie in memory.
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    measure("SQLite", &Place { dir: dir.path(), database_url: None });
    if let Ok(server) = std::env::var("JIANYAN_BENCH_POSTGRES") {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let name = format!("jianyan_load_{}", std::process::id());
        let runtime = Runtime::new().unwrap();
        runtime.block_on(support::floor::execute(&server, &format!("CREATE DATABASE {name}")));
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        measure("PostgreSQL", &Place { dir: dir.path(), database_url: Some(url) });
        runtime.block_on(support::floor::execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)")));
    }
}
