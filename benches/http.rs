//! Through HTTP on the loopback, beside their floors in the same run: the consultation page against a plain
//! poem handler that answers the same bytes, and the posting of an opinion against one SQLite commit with
//! `synchronous=FULL`.

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that is wrong")]

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use jianyan::app::App;
use jianyan::config::Config;
use jianyan::demo::bench::{self, Bench};
use jianyan::random::Rng;
use jianyan::time::Clock;
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::{IntoEndpoint as _, Route, get, handler};
use tokio::runtime::Runtime;

/// One kept-alive connection.
struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends a whole request; gives the status and the body.
    fn send(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.0.get_mut().write_all(request).unwrap();
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        (status, body)
    }
}

fn get_request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

fn post_request(path: &str, json: &str) -> Vec<u8> {
    let length = json.len();
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}")
        .into_bytes()
}

/// Serves an endpoint on a free port of the loopback.
fn serve(runtime: &Runtime, endpoint: impl poem::IntoEndpoint<Endpoint: 'static>) -> SocketAddr {
    let acceptor = runtime.block_on(TcpListener::bind("127.0.0.1:0").into_acceptor()).unwrap();
    let address = *acceptor.local_addr()[0].as_socket_addr().unwrap();
    let endpoint = endpoint.into_endpoint();
    runtime.spawn(poem::Server::new_with_acceptor(acceptor).run(endpoint));
    address
}

#[handler]
fn floor(poem::web::Data(page): poem::web::Data<&Vec<u8>>) -> poem::Response {
    poem::Response::builder().content_type("text/html; charset=utf-8").body(page.clone())
}

fn through_http(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut config = Config::in_dir(dir.path()).unwrap();
    config.limits.opinions_per_minute = 100_000;
    let app = runtime.block_on(App::open(config, Clock::System, Rng::system())).unwrap();
    let Bench { consultation } = runtime.block_on(bench::prepare(&app, 50)).unwrap();
    let site = serve(&runtime, jianyan::http::endpoint(app));

    let page = get_request(&format!("/consultations/{consultation}"));
    let mut client = Client::connect(site);
    let (status, bytes) = client.send(&page);
    assert_eq!(status, 200);
    let mut group = c.benchmark_group("consultation page, 50 opinions");
    group.bench_function("jianyan", |b| b.iter(|| black_box(client.send(&page).1.len())));
    let plain = serve(&runtime, Route::new().at("/", get(floor)).data(bytes));
    let mut client = Client::connect(plain);
    let root = get_request("/");
    group.bench_function("floor: plain poem handler, same bytes", |b| {
        b.iter(|| black_box(client.send(&root).1.len()))
    });
    group.finish();

    let post = post_request(
        &format!("/api/v1/consultations/{consultation}/opinions"),
        r#"{"text":"建议把晚间开放时间延长到二十二时，方便上班族下班以后锻炼。","person_kind":"individual","show_as":"anonymous","consent":true}"#,
    );
    let mut client = Client::connect(site);
    let (status, body) = client.send(&post);
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    let mut group = c.benchmark_group("post an opinion");
    group.measurement_time(Duration::from_secs(8));
    group.bench_function("jianyan, one client", |b| b.iter(|| assert_eq!(client.send(&post).0, 201)));
    let commit = runtime.block_on(bench::commits(dir.path())).unwrap();
    group.bench_function("floor: one SQLite commit, synchronous=FULL", |b| {
        b.iter(|| runtime.block_on(commit.once()).unwrap());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_secs(1));
    targets = through_http
}
criterion_main!(benches);
