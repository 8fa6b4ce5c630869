//! Through HTTP on the loopback, beside their floors in the same run: the consultation page against a plain
//! poem handler that answers the same bytes, and the posting of an opinion against one SQLite commit with
//! `synchronous=FULL` on the same disk.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that is wrong")]

mod support;

use std::hint::black_box;
use std::net::SocketAddr;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use jianyan::app::App;
use jianyan::random::Rng;
use jianyan::time::Clock;
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::{EndpointExt as _, Route, handler};
use support::client::{self, Client};
use support::floor::Commits;
use tokio::runtime::Runtime;

/// Serves an endpoint on a free port of the loopback.
fn serve<E>(runtime: &Runtime, endpoint: E) -> SocketAddr
where
    E: poem::IntoEndpoint<Endpoint: 'static>,
{
    let acceptor = runtime.block_on(TcpListener::bind("127.0.0.1:0").into_acceptor()).unwrap();
    let address = *acceptor.local_addr()[0].as_socket_addr().unwrap();
    let endpoint = endpoint.into_endpoint();
    runtime.spawn(poem::Server::new_with_acceptor(acceptor).run(endpoint));
    address
}

#[handler]
fn same_bytes(poem::web::Data(page): poem::web::Data<&Vec<u8>>) -> poem::Response {
    poem::Response::builder().content_type("text/html; charset=utf-8").body(page.clone())
}

fn through_http(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    // On the disk of the build, not in a directory that may lie in memory.
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let config = support::config(dir.path());
    let app = runtime.block_on(App::open(config, Clock::System, Rng::system())).unwrap();
    let consultation = runtime.block_on(support::consultation(&app, 50));
    let site = serve(&runtime, jianyan::http::endpoint(app));

    page(c, &runtime, site, &consultation);
    opinion(c, &runtime, site, &consultation, dir.path());
}

fn page(c: &mut Criterion, runtime: &Runtime, site: SocketAddr, consultation: &str) {
    let request = client::get(&format!("/consultations/{consultation}"), "");
    let mut client = Client::connect(site);
    let answer = client.send(&request);
    assert_eq!(answer.status, 200);
    let bytes = answer.body.to_vec();
    let shown = String::from_utf8_lossy(&bytes).matches("周末上午人多").count();
    assert_eq!(shown, 50, "the page shows all opinions");
    eprintln!("the page has {} bytes", bytes.len());
    let mut group = c.benchmark_group("consultation page, 50 opinions");
    group.bench_function("jianyan", |b| b.iter(|| black_box(client.send(&request).body.len())));
    let plain = serve(runtime, Route::new().at("/", same_bytes).data(bytes));
    let mut client = Client::connect(plain);
    let root = client::get("/", "");
    group.bench_function("floor: plain poem handler, same bytes", |b| {
        b.iter(|| black_box(client.send(&root).body.len()));
    });
    group.finish();
}

fn opinion(
    c: &mut Criterion,
    runtime: &Runtime,
    site: SocketAddr,
    consultation: &str,
    dir: &std::path::Path,
) {
    let path = format!("/api/v1/consultations/{consultation}/opinions");
    let request = client::post(&path, "", &support::opinion_json());
    let mut client = Client::connect(site);
    let answer = client.send(&request);
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(answer.body));
    let mut group = c.benchmark_group("post an opinion");
    group.measurement_time(Duration::from_secs(8));
    group.bench_function("jianyan, one client", |b| b.iter(|| assert_eq!(client.send(&request).status, 201)));
    let mut commits = runtime.block_on(Commits::open(dir, None));
    group.bench_function("floor: one SQLite commit, synchronous=FULL", |b| {
        b.iter(|| runtime.block_on(commits.one(support::OPINION)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_secs(1));
    targets = through_http
}
criterion_main!(benches);
