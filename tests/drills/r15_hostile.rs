//! R15: bodies, heads and connections meant to hurt. Each is answered or closed at once, costs little memory,
//! and nobody else notices.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::{Client, read};
use crate::server::{Launch, Server, resident};
use crate::{Drill, Facts};

/// The longest that an answer, or the end of the connection, may take.
const AT_ONCE: Duration = Duration::from_secs(2);
/// How much more memory the server may hold afterwards, and at its peak, in KiB.
const GROWTH: u64 = 64 * 1024;
/// The longest that a head may take.
const SLOW_HEAD: Duration = Duration::from_secs(20);
/// What is sent to a server that does not stop reading, before it counts as swallowing everything.
const ENOUGH: usize = 128 << 20;

/// What to send: a head and body at once, then one block again and again.
struct Attack {
    name: &'static str,
    first: Vec<u8>,
    again: Vec<u8>,
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Answered(u16),
    Closed,
    Swallowed,
    Silent,
}

pub fn run(drill: &Drill) -> Facts {
    let site = drill.site().copy("r15", None);
    let server = Server::start(&site, &Launch::default());
    let path = format!("/consultations/{}", site.consultations[0]);
    let mut client = server.client().patience(AT_ONCE);
    for _ in 0..20 {
        assert_eq!(client.get(&path).expect("an answer").status, 200);
    }
    let (before, _) = server.memory();
    let mut slowest = (Duration::ZERO, "");
    let mut ends = Vec::new();
    let attacks = attacks(&site.consultations[0]);
    for attack in &attacks {
        // Eight at once: what one costs is easily overlooked.
        let rounds = if drill.large { 20 } else { 2 };
        for _ in 0..rounds {
            let results: Vec<_> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| send(server.address, attack))).collect();
                threads.into_iter().map(|t| t.join().expect("a thread")).collect()
            });
            for (end, took) in results {
                let is_fine = matches!(end, End::Closed | End::Answered(300..=499));
                assert!(
                    is_fine && took <= AT_ONCE,
                    "{}: {end:?} after {took:?}\n{}",
                    attack.name,
                    site.log()
                );
                if took > slowest.0 {
                    slowest = (took, attack.name);
                }
                ends.push(end);
            }
        }
        let mut other = server.client().patience(AT_ONCE);
        let answer = other.get(&path).unwrap_or_else(|e| panic!("after {}: {e:?}", attack.name));
        assert_eq!(answer.status, 200, "after {}", attack.name);
    }
    let slow = slow_heads(server.address, &path);
    let (after, peak) = server.memory();
    assert!(after.saturating_sub(before) < GROWTH, "memory grew from {before} to {after} KiB");
    assert!(peak.saturating_sub(before) < 2 * GROWTH, "memory grew from {before} to {peak} KiB at its peak");
    site.assert_no_panic();
    server.kill();
    site.remove();
    let answered = ends.iter().filter(|e| matches!(e, End::Answered(_))).count();
    vec![
        ("attacks", format!("{} kinds, {} in all", attacks.len() + 1, ends.len())),
        ("ends", format!("{answered} refused, {} closed", ends.len() - answered)),
        ("slowest", format!("{} ms ({})", slowest.0.as_millis(), slowest.1)),
        ("300 slow heads", format!("closed after {:.1} s", slow.as_secs_f64())),
        ("memory", format!("{before} KiB before, {after} after, {peak} at its peak")),
        ("controls", control(&attacks)),
    ]
}

fn attacks(consultation: &str) -> Vec<Attack> {
    let api = format!("/api/v1/consultations/{consultation}/opinions");
    let form = format!("/consultations/{consultation}/opinions");
    let head = |method: &str, path: &str, rest: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{rest}\r\n").into_bytes()
    };
    let json = "Content-Type: application/json\r\n";
    let web = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
    let whole = |path: &str, rest: &str, body: &[u8]| {
        let mut bytes = head("POST", path, &format!("{rest}Content-Length: {}\r\n", body.len()));
        bytes.extend_from_slice(body);
        bytes
    };
    let block = [b"10000\r\n".as_slice(), &vec![b'a'; 0x10000], b"\r\n"].concat();
    let opinion = |text: &str| {
        format!(r#"{{"text":{text},"person_kind":"individual","show_as":"anonymous","consent":true}}"#)
            .into_bytes()
    };
    let fields = |n: usize| (0..n).map(|i| format!("f{i}=1")).collect::<Vec<_>>().join("&").into_bytes();
    let nested = format!("{}{}", "[".repeat(120_000), "]".repeat(120_000));
    let one = |name, first| Attack { name, first, again: Vec::new() };
    vec![
        one("2 GiB declared", head("POST", &api, &format!("{json}Content-Length: 2147483648\r\n"))),
        Attack {
            name: "2 GiB declared and sent",
            first: head("POST", &api, &format!("{json}Content-Length: 2147483648\r\n")),
            again: vec![b'a'; 1 << 16],
        },
        Attack {
            name: "endless chunks",
            first: head("POST", &api, &format!("{json}Transfer-Encoding: chunked\r\n")),
            again: block.clone(),
        },
        Attack {
            name: "endless chunks in a form",
            first: head("POST", &form, &format!("{web}Transfer-Encoding: chunked\r\n")),
            again: block,
        },
        one("gzip bomb", whole(&api, &format!("{json}Content-Encoding: gzip\r\n"), &bomb())),
        one("JSON nested 120 000 deep", whole(&api, json, nested.as_bytes())),
        one("JSON nested in a field", whole(&api, json, &opinion(&nested))),
        one("a text of 250 KB", whole(&api, json, &opinion(&format!("\"{}\"", "字".repeat(83_000))))),
        one("a number of 200 KB", whole(&api, json, &opinion(&"9".repeat(200_000)))),
        one("not UTF-8", whole(&api, json, b"{\"text\":\"\xff\xfe\"}")),
        one("100 000 form fields", whole(&form, web, &fields(100_000))),
        one("30 000 form fields", whole(&form, web, &fields(30_000))),
        one(
            "a multipart body without end",
            whole(
                &form,
                "Content-Type: multipart/form-data; boundary=x\r\nSec-Fetch-Site: same-origin\r\n",
                b"--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nabc",
            ),
        ),
        one("a header of 1 MB", head("GET", "/", &format!("X-Long: {}\r\n", "a".repeat(1 << 20)))),
        one(
            "20 000 headers",
            head("GET", "/", &(0..20_000).map(|i| format!("X-{i}: 1\r\n")).collect::<String>()),
        ),
        one("a cookie of 300 KB", head("GET", "/desk", &format!("Cookie: sid={}\r\n", "a".repeat(300_000)))),
        one("an address of 1 MB", head("GET", &format!("/{}", "a".repeat(1 << 20)), "")),
        one("an address of 20 KB", head("GET", &format!("/search?q={}", "%E5%AD%97".repeat(2_300)), "")),
        Attack {
            name: "no HTTP at all",
            first: vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, b'\r', b'\n', b'\r', b'\n'],
            again: Vec::new(),
        },
    ]
}

/// 100 MB of zeros, packed.
fn bomb() -> Vec<u8> {
    let shell = "head -c 104857600 /dev/zero | gzip -1";
    let out = Command::new("sh").args(["-c", shell]).stdin(Stdio::null()).output().expect("sh runs");
    assert!(out.stdout.len() > 10_000, "gzip is missing");
    out.stdout
}

/// Sends it and waits for the end.
fn send(address: SocketAddr, attack: &Attack) -> (End, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(AT_ONCE * 2)).expect("a timeout");
    stream.set_write_timeout(Some(AT_ONCE * 2)).expect("a timeout");
    let mut answers = BufReader::new(stream.try_clone().expect("a socket"));
    let reader = std::thread::spawn(move || {
        let end = match read(&mut answers) {
            Ok(answer) => End::Answered(answer.status),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                End::Silent
            }
            Err(_) => End::Closed,
        };
        (end, began.elapsed())
    });
    let mut sent = attack.first.len();
    let mut goes = stream.write_all(&attack.first).is_ok();
    while goes && !attack.again.is_empty() && !reader.is_finished() {
        goes = sent < ENOUGH && stream.write_all(&attack.again).is_ok();
        sent += attack.again.len();
    }
    if sent >= ENOUGH && !reader.is_finished() {
        return (End::Swallowed, began.elapsed());
    }
    reader.join().expect("a reader")
}

/// Many connections that never finish their heads hold up nobody, and are closed however slowly they go on.
fn slow_heads(address: SocketAddr, path: &str) -> Duration {
    let held = (0..300).map(|_| slow_head(address)).collect();
    let answer = Client::new(address).patience(AT_ONCE).get(path).expect("an answer beside slow heads");
    assert_eq!(answer.status, 200);
    closed_in(held, SLOW_HEAD)
        .unwrap_or_else(|left| panic!("{left} slow heads are still open after {SLOW_HEAD:?}"))
}

fn slow_head(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: local").expect("sent");
    stream.set_nonblocking(true).expect("a socket");
    stream
}

/// How long it took until all were closed, or how many were not in time.
fn closed_in(mut held: Vec<TcpStream>, limit: Duration) -> Result<Duration, usize> {
    let began = Instant::now();
    while began.elapsed() < limit {
        held.retain_mut(|stream| {
            let mut bytes = [0; 1024];
            let goes = stream.write_all(b"h").is_ok();
            goes && !matches!(stream.read(&mut bytes), Ok(0))
        });
        if held.is_empty() {
            return Ok(began.elapsed());
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    Err(held.len())
}

/// A server that takes everything and says nothing: both checks must see it.
fn control(attacks: &[Attack]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    // Nobody accepts it yet, nobody closes it.
    assert_eq!(
        closed_in(vec![slow_head(address)], Duration::from_secs(1)),
        Err(1),
        "control: it is never closed"
    );
    let before = resident("self").0;
    let server = std::thread::spawn(move || {
        let _slow = listener.accept().expect("the slow head");
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        (resident("self").0, all)
    });
    let endless = attacks.iter().find(|a| a.name == "endless chunks").expect("it is in the list");
    let (end, _) = send(address, endless);
    assert_eq!(end, End::Swallowed, "control: a server that swallows everything is not found");
    let (after, _) = server.join().expect("the server of the control");
    assert!(
        after.saturating_sub(before) >= GROWTH,
        "control: its memory is not seen: {before} to {after} KiB"
    );
    format!(
        "a head that nobody closes: found; a server that swallows everything: found, and its {} MiB",
        (after - before) / 1024
    )
}
