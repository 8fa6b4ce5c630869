//! R7: never one seat too many. Many sessions of an event, hundreds of people at once for each; then people who
//! register and cancel without end while somebody looks on.
//!
//! The control makes the program blind: the table of sessions is put aside, and in its place comes a view that
//! tells of thousands of seats. The table still refuses the thirty-first; the same seats in a table without its
//! CHECK are overbooked, and the check of this drill says so.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use chrono::Days;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::http::{Answer, Client};
use crate::server::{Launch, Server};
use crate::site::{Site, as_staff, today};
use crate::store::{Store, free_port};
use crate::{Drill, Facts};

const SEATS: i64 = 30;
/// Whoever is not answered for so long has lost.
const PATIENCE: Duration = Duration::from_secs(120);

/// How large.
struct Size {
    sessions: i32,
    people: usize,
    churn: Duration,
}

impl Size {
    fn of(drill: &Drill) -> Self {
        if drill.large {
            Self { sessions: 50, people: 500, churn: Duration::from_secs(600) }
        } else {
            Self { sessions: 4, people: 100, churn: Duration::from_secs(5) }
        }
    }
}

pub fn sqlite(drill: &Drill) -> Facts {
    run(drill, &drill.site().copy("r7", None), 1)
}

/// Two instances on one database, in turn.
pub fn postgres(drill: &Drill) -> Facts {
    let cluster = drill.cluster();
    let site = drill.postgres_site(&cluster).copy("r7-pg", Some(&cluster));
    run(drill, &site, 2)
}

fn run(drill: &Drill, site: &Site, instances: usize) -> Facts {
    let size = Size::of(drill);
    let servers = start(site, instances);
    let addresses: Vec<SocketAddr> = servers.iter().map(|s| s.address).collect();
    let event = announce(site, &mut servers[0].client(), size.sessions);
    let began = Instant::now();
    let again = rush(&addresses, &event, 1..=size.sessions, size.people, &[201]);
    let took = began.elapsed();
    for number in 1..=size.sessions {
        exactly_full(&site.store, number, size.people).unwrap_or_else(|e| panic!("{e}\n{}", site.log()));
    }
    let (changes, looks) = churn(drill, site, &addresses, &event, size.churn);
    drop(servers);
    site.assert_no_panic();
    let refused = controls(site, instances);
    let facts = vec![
        (
            "sessions × seats × people at once",
            format!("{} × {SEATS} × {} on {instances} instance(s)", size.sessions, size.people),
        ),
        ("confirmed in each", format!("{SEATS}, those who came first; in {:.1} s", took.as_secs_f64())),
        ("asked to come back and did", again.to_string()),
        ("churn", format!("{changes} changes, {looks} looks: never negative, never over, always adds up")),
        (
            "control",
            format!(
                "a program blind to the limit: {refused} refused by the table; without the CHECK overbooked, and found"
            ),
        ),
    ];
    site.clone().remove();
    facts
}

fn start(site: &Site, instances: usize) -> Vec<Server> {
    let env = vec![("JIANYAN_LIMITS__REGISTRATIONS_PER_MINUTE".to_owned(), "100000".to_owned())];
    let launch = |n: usize| Launch { port: (n > 0).then(free_port), env: env.clone(), ..Launch::default() };
    (0..instances).map(|n| Server::start(site, &launch(n))).collect()
}

/// A published open day in a month with so many sessions; gives its code.
fn announce(site: &Site, client: &mut Client, sessions: i32) -> String {
    let event = json!({ "kind": "open_day", "department_id": site.department, "title": "走进体育馆",
        "summary": "参观场馆后台。", "contact_name": "群众体育处", "phone": "000-12345678", "email": "" });
    let made = as_staff(client, &site.owner, "/events", &event);
    let code = made["code"].as_str().expect("a code").to_owned();
    for _ in 0..sessions {
        let session = json!({ "place": "示例市体育馆", "held_on": today() + Days::new(30), "begins": "09:30",
            "ends": "11:30", "capacity": SEATS, "party_max": 6 });
        as_staff(client, &site.owner, &format!("/events/{code}/sessions"), &session);
    }
    as_staff(client, &site.owner, &format!("/events/{code}/publish"), &json!({}));
    code
}

/// Posts until the server has time for it; says how often it had none. The key makes the same request of it.
fn insist(client: &mut Client, path: &str, key: &str, body: &Value) -> (Answer, usize) {
    let (began, mut refusals) = (Instant::now(), 0);
    loop {
        match client.json("POST", path, &[("Idempotency-Key", key)], body) {
            Ok(answer) if answer.status == 503 => {
                assert!(answer.header("retry-after").is_some(), "{}", answer.text());
            }
            Ok(answer) => return (answer, refusals),
            Err(e) => assert!(began.elapsed() < PATIENCE, "{path}: {e:?}"),
        }
        assert!(began.elapsed() < PATIENCE, "{path}: still no time for it after {refusals} refusals");
        refusals += 1;
        // Longer each time: hundreds who ask again at once would leave the server no time for anybody.
        let wait = 20 * u64::try_from(refusals).unwrap_or(u64::MAX).min(25);
        std::thread::sleep(Duration::from_millis(wait));
    }
}

fn register(client: &mut Client, event: &str, session: i32, person: &str, key: &str) -> (Answer, usize) {
    let path = format!("/api/v1/events/{event}/sessions/{session}/registrations");
    let body = json!({ "name": "王小明", "contact": person, "seats": 1, "consent": true });
    insist(client, &path, key, &body)
}

/// Everybody asks for a seat in the same moment, session after session; every tenth asks a second time with
/// another form and is told that one seat is enough. Gives how often somebody was asked to come back.
fn rush(
    addresses: &[SocketAddr],
    event: &str,
    sessions: std::ops::RangeInclusive<i32>,
    people: usize,
    expected: &'static [u16],
) -> usize {
    let barrier = Arc::new(Barrier::new(people));
    let threads: Vec<_> = (0..people)
        .map(|person| {
            let (barrier, sessions, event) = (barrier.clone(), sessions.clone(), event.to_owned());
            let mut client = Client::new(addresses[person % addresses.len()]).patience(PATIENCE);
            let work = move || {
                let (contact, mut again) = (format!("138{person:08}"), 0);
                for session in sessions {
                    barrier.wait();
                    let key = format!("drill-r7-{event}-{session}-{person}");
                    let (answer, refusals) = register(&mut client, &event, session, &contact, &key);
                    // Asked again after an answer that never came, it is told what it was told before.
                    let known = answer.status == 200 && refusals > 0;
                    assert!(known || expected.contains(&answer.status), "{}", answer.text());
                    again += refusals;
                    if person % 10 == 0 && answer.status == 201 {
                        let (answer, _) =
                            register(&mut client, &event, session, &contact, &format!("{key}-b"));
                        assert_eq!(answer.status, 409, "{}", answer.text());
                    }
                }
                again
            };
            std::thread::Builder::new().stack_size(256 * 1024).spawn(work).expect("a thread")
        })
        .collect();
    threads.into_iter().map(|t| t.join().expect("a person")).sum()
}

/// What must hold of a session that more people wanted than it has seats: the first so many in the order of
/// arrival have them, the others wait, and the counter says so.
fn exactly_full(store: &Store, session: i32, people: usize) -> Result<(), String> {
    let rows = store.rows(&format!(
        "select r.number, r.state, s.taken from event_registration r join event_session s on s.id = r.session_id \
         where s.number = {session} order by r.number"
    ));
    let confirmed = rows.iter().filter(|r| r["state"] == "confirmed").count() as i64;
    let first = rows.iter().take(30).all(|r| r["state"] == "confirmed");
    let in_line = rows.iter().enumerate().all(|(n, r)| r["number"] == n + 1);
    let taken = rows.first().map_or(0, |r| r["taken"].as_i64().unwrap_or(0));
    if (confirmed, taken, rows.len()) == (SEATS, SEATS, people) && first && in_line {
        Ok(())
    } else {
        Err(format!(
            "session {session}: {confirmed} confirmed, {taken} taken, {} people; the first thirty: {first}; \
             in line: {in_line}",
            rows.len()
        ))
    }
}

/// Sessions whose counters are wrong in one moment: negative, over, or not what the registrations add up to.
const WRONG: &str = "select s.number, s.taken, s.capacity, x.held from event_session s join (select s2.id, \
    (select coalesce(sum(r.seats), 0) from event_registration r where r.session_id = s2.id \
    and r.state in ('confirmed', 'offered')) as held from event_session s2) x on x.id = s.id \
    where s.taken < 0 or s.taken > s.capacity or s.taken <> x.held or x.held > 30";

/// Parties of one to three come and go while a sampler looks every 100 ms. Gives changes and looks.
fn churn(
    drill: &Drill,
    site: &Site,
    addresses: &[SocketAddr],
    event: &str,
    time: Duration,
) -> (usize, usize) {
    let stop = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..16_usize)
        .map(|n| {
            let (stop, event) = (stop.clone(), event.to_owned());
            let mut client = Client::new(addresses[n % addresses.len()]).patience(PATIENCE);
            let mut rng = StdRng::seed_from_u64(drill.seed.wrapping_mul(31).wrapping_add(n as u64));
            std::thread::spawn(move || {
                let mut changes = 0;
                while !stop.load(Ordering::SeqCst) {
                    changes += come_and_go(&mut client, &event, n, changes, &mut rng);
                }
                changes
            })
        })
        .collect();
    let (began, mut looks) = (Instant::now(), 0);
    while began.elapsed() < time {
        let wrong = site.store.rows(WRONG);
        assert!(wrong.is_empty(), "{wrong:?}");
        looks += 1;
        std::thread::sleep(Duration::from_millis(100));
    }
    stop.store(true, Ordering::SeqCst);
    let changes = threads.into_iter().map(|t| t.join().expect("a person")).sum();
    assert!(site.store.rows(WRONG).is_empty());
    assert!(changes > 0 && looks > 0, "{changes} changes, {looks} looks");
    (changes, looks)
}

fn come_and_go(client: &mut Client, event: &str, person: usize, round: usize, rng: &mut StdRng) -> usize {
    let path = format!("/api/v1/events/{event}/sessions/1/registrations");
    let seats = rng.random_range(1..=3);
    let body = json!({ "name": "李", "contact": format!("139{person:04}{round:04}"), "seats": seats, "consent": true });
    let (answer, _) = insist(client, &path, &format!("drill-r7-churn-{person}-{round}"), &body);
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    let code = answer.json()["lookup_code"].as_str().expect("a code").to_owned();
    if seats > 1 && rng.random_ratio(1, 3) {
        let path = format!("/api/v1/registrations/{code}/size");
        let (answer, _) = insist(client, &path, "", &json!({ "seats": 1 }));
        assert!(answer.status == 200, "{}", answer.text());
    }
    let (answer, _) = insist(client, &format!("/api/v1/registrations/{code}/cancel"), "", &json!({}));
    assert_eq!(answer.status, 200, "{}", answer.text());
    2
}

/// The control; gives how many the table itself refused.
fn controls(site: &Site, instances: usize) -> usize {
    let store = &site.store;
    blind(store, "kept", "alter table event_session rename to kept");
    let before = seats(store, "kept", 2);
    let refused = {
        let servers = start(site, instances);
        // Two sessions nobody has seats in, so that there is something to give.
        store.tamper(&empty("kept"));
        let addresses: Vec<SocketAddr> = servers.iter().map(|s| s.address).collect();
        let event = store.rows("select code from event")[0]["code"].as_str().expect("a code").to_owned();
        rush(&addresses, &event, 2..=2, 40, &[201, 409, 500, 503]);
        40 - seats(store, "kept", 2).1
    };
    assert_eq!(
        (before.0, seats(store, "kept", 2)),
        (SEATS, (SEATS, SEATS)),
        "control: the table holds the limit"
    );
    assert!(refused > 0, "control: nobody was refused");
    store.tamper("drop view event_session");
    blind(store, "bare", "create table bare as select * from kept");
    store.tamper(&empty("bare"));
    {
        let servers = start(site, instances);
        let addresses: Vec<SocketAddr> = servers.iter().map(|s| s.address).collect();
        let event = store.rows("select code from event")[0]["code"].as_str().expect("a code").to_owned();
        rush(&addresses, &event, 2..=2, 40, &[201]);
    }
    assert_eq!(seats(store, "bare", 2), (40, 40), "control: without the CHECK it is overbooked");
    assert!(exactly_full(store, 2, 40).is_err(), "control: the check does not see it");
    assert!(!store.rows(WRONG).is_empty(), "control: the sampler does not see it");
    usize::try_from(refused).unwrap_or(0)
}

/// Session 2 as if nobody had come yet.
fn empty(table: &str) -> String {
    format!(
        "delete from event_registration where session_id in (select id from {table} where number = 2); \
         update {table} set taken = 0, issued = 0 where number = 2"
    )
}

/// Seats counted and people confirmed in a session.
fn seats(store: &Store, table: &str, session: i32) -> (i64, i64) {
    let taken = store.count(&format!("select taken from {table} where number = {session}"));
    let confirmed = store.count(&format!(
        "select count(*) from event_registration r join {table} s on s.id = r.session_id \
         where s.number = {session} and r.state = 'confirmed'"
    ));
    (taken, confirmed)
}

/// Puts a view in the place of the table of sessions, which tells of seats that are not there.
fn blind(store: &Store, table: &str, make: &str) {
    let from = if table == "kept" { "event_session" } else { "kept" };
    let names = match store {
        Store::Sqlite(_) => format!("select name from pragma_table_info('{from}')"),
        Store::Postgres { .. } => format!(
            "select column_name as name from information_schema.columns where table_name = '{from}' \
             order by ordinal_position"
        ),
    };
    let names: Vec<String> =
        store.rows(&names).iter().map(|r| r["name"].as_str().expect("a name").to_owned()).collect();
    let told: Vec<String> = names
        .iter()
        .map(|n| if n == "capacity" { "10000 as capacity".to_owned() } else { n.clone() })
        .collect();
    let mut sql = format!("{make}; create view event_session as select {} from {table}", told.join(", "));
    if matches!(store, Store::Sqlite(_)) {
        sql.push_str(&format!(
            "; create trigger steered instead of update on event_session begin update {table} set \
             taken = new.taken, present = new.present, issued = new.issued where id = new.id; end"
        ));
    }
    store.tamper(&sql);
}
