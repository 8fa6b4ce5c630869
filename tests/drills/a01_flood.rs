//! A1: a flood of opinions from one network while other people go on speaking. Programs that solve no task get nothing
//! in; those that do are received and stand apart; nobody else waits behind them, and every answer opens one door once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::http::{Answer, Client};
use crate::server::{Launch, Server};
use crate::site::Site;
use crate::{Drill, Facts};

/// From one network, within ten minutes, before the rest stands apart.
const USUAL: usize = 20;
/// People from networks of their own.
const OTHERS: usize = 25;
const PROGRAMS: usize = 4;

pub fn run(drill: &Drill) -> Facts {
    let site = drill.site().copy("a01", None);
    let flood = if drill.large { 5_000 } else { 400 };
    let told = attack(&site, flood, true);
    assert_eq!((told.unsolved, told.replayed), (0, 0), "no task, or one twice, and received all the same");
    assert_eq!(told.flooded, flood, "who solved the task was received");
    assert_eq!(told.others, OTHERS, "somebody else was not received");
    let (usual, apart) = (told.lane("usual"), told.lane("floods"));
    assert_eq!((usual.1, apart.1), (USUAL + OTHERS, flood - USUAL), "the lanes");
    let first: Vec<&String> = usual.0.iter().filter(|text| text.starts_with("别人")).collect();
    assert_eq!(first.len(), OTHERS, "all others stand in the usual lane: {:?}", usual.0);
    assert!(apart.0.iter().all(|text| text.starts_with("程序")), "others stand among the flood");

    // The control: without gate and lanes the same attack is received unsolved, and others stand behind it.
    let bare = attack(&drill.site().copy("a01-control", None), flood, false);
    assert!(bare.unsolved > 0, "the control refused unsolved forms");
    let ahead = bare.lane("usual").0.iter().filter(|text| text.starts_with("程序")).count();
    assert!(ahead > USUAL, "the control queued nobody behind the flood: {ahead}");
    vec![
        ("flood", flood.to_string()),
        ("others", OTHERS.to_string()),
        ("slowest other", format!("{} ms", told.slowest.as_millis())),
    ]
}

/// What an attack came to.
#[derive(Default)]
struct Told {
    /// Received without an answer to a task, and with one that was used.
    unsolved: usize,
    replayed: usize,
    flooded: usize,
    others: usize,
    slowest: Duration,
    /// Texts at the head of each lane, and how many it has.
    lanes: Vec<(&'static str, Vec<String>, usize)>,
}

impl Told {
    fn lane(&self, name: &str) -> (&[String], usize) {
        let lane = self.lanes.iter().find(|l| l.0 == name).expect("a lane");
        (&lane.1, lane.2)
    }
}

fn attack(site: &Site, flood: usize, guarded: bool) -> Told {
    let mut launch = Launch::default();
    let mut set = |name: &str, value: &str| launch.env.push((name.to_owned(), value.to_owned()));
    set("JIANYAN_TRUSTED_PROXIES", "[\"127.0.0.1\"]");
    if guarded {
        set("JIANYAN_CHALLENGE__OPINION", "always");
        set("JIANYAN_CHALLENGE__BITS", "10");
        set("JIANYAN_FLOOD__NETWORK", &USUAL.to_string());
    }
    let server = Server::start(site, &launch);
    let running = &server;
    let code = &site.consultations[0];
    let mut told = Told::default();
    std::thread::scope(|scope| {
        let programs: Vec<_> =
            (0..PROGRAMS).map(|p| scope.spawn(move || program(running, code, flood, p, guarded))).collect();
        let others = scope.spawn(|| others(running, code, guarded));
        for p in programs {
            let one = p.join().expect("a program");
            told.unsolved += one.unsolved;
            told.replayed += one.replayed;
            told.flooded += one.flooded;
        }
        (told.others, told.slowest) = others.join().expect("the others");
    });
    let mut client = server.client();
    for lane in ["usual", "floods"] {
        let bearer = format!("Bearer {}", site.moderator);
        let path = format!("/api/v1/review/queue?lane={lane}&limit=100");
        let queue = client.send("GET", &path, &[("Authorization", &bearer)], b"").expect("an answer").json();
        let texts = queue["items"].as_array().expect("a queue").iter();
        let texts = texts.map(|o| o["text"].as_str().unwrap_or_default().to_owned()).collect();
        let total = queue["total"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        told.lanes.push((lane, texts, total));
    }
    let (status, _) = server.stop();
    assert!(status.success(), "{status}");
    told
}

/// One of the programs: tries it without, with, and once more with the same answer.
fn program(server: &Server, code: &str, flood: usize, number: usize, guarded: bool) -> Told {
    let mut client = server.client();
    let mut told = Told::default();
    for n in 0..flood / PROGRAMS {
        let address = format!("203.0.113.{}", n % 250);
        let text = format!("程序{number}的第{n}条");
        let bare = give(&mut client, code, &address, "", &text);
        told.unsolved += usize::from(received(&bare));
        if !guarded {
            continue;
        }
        let answer = solved(&mut client);
        told.flooded += usize::from(received(&give(&mut client, code, &address, &answer, &text)));
        told.replayed += usize::from(received(&give(&mut client, code, &address, &answer, &text)));
    }
    told
}

/// Everybody else, one after the other; how many were received, and the longest that one of them took.
fn others(server: &Server, code: &str, guarded: bool) -> (usize, Duration) {
    let mut client = server.client();
    let (mut there, mut slowest) = (0, Duration::ZERO);
    for n in 0..OTHERS {
        std::thread::sleep(Duration::from_millis(40));
        let answer = if guarded { solved(&mut client) } else { String::new() };
        let began = Instant::now();
        let given = give(&mut client, code, &format!("198.51.{n}.9"), &answer, &format!("别人的意见{n}"));
        slowest = slowest.max(began.elapsed());
        there += usize::from(received(&given));
    }
    (there, slowest)
}

fn received(answer: &Answer) -> bool {
    assert!(matches!(answer.status, 201 | 403), "{}: {}", answer.status, answer.text());
    answer.status == 201
}

fn give(client: &mut Client, code: &str, address: &str, answer: &str, text: &str) -> Answer {
    let body = json!({ "text": text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
    let headers = [("X-Forwarded-For", address), ("Jianyan-Challenge", answer)];
    client
        .json("POST", &format!("/api/v1/consultations/{code}/opinions"), &headers, &body)
        .expect("an answer")
}

fn solved(client: &mut Client) -> String {
    let task = client.get("/api/v1/challenges/opinion").expect("an answer").json();
    let number = |name: &str| task[name].as_u64().expect("a number");
    let token = task["token"].as_str().expect("a task");
    let bits = u32::try_from(number("bits")).expect("few bits");
    let seed = Sha256::digest(token.as_bytes());
    let fits = |i: u32, n: &u32| {
        let hash = Sha256::new_with_prefix(seed)
            .chain_update(i.to_be_bytes())
            .chain_update(n.to_be_bytes())
            .finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= bits
    };
    let parts = u32::try_from(number("parts")).expect("few parts");
    let found = (0..parts).map(|i| (0..=u32::MAX).find(|n| fits(i, n)).map_or(Value::Null, Value::from));
    let found: Vec<String> = found.map(|n| n.to_string()).collect();
    format!("{token}~{}", found.join("."))
}
