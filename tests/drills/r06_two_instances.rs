//! R6: two instances on one PostgreSQL; one of them is killed under load, again and again.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::check::assert_kept;
use crate::http::Client;
use crate::load::{Load, Plan};
use crate::r01_kill::controls;
use crate::server::{Launch, Server};
use crate::site::Site;
use crate::store::{Cluster, Store, free_port};
use crate::{Drill, Facts};

pub fn run(drill: &Drill) -> Facts {
    let cluster = drill.cluster();
    first_starts_at_once(&cluster);
    let site = drill.postgres_site(&cluster).copy("r6", Some(&cluster));
    let launches = [Launch::default(), Launch { port: Some(free_port()), ..Launch::default() }];
    let mut servers = launches.clone().map(|launch| Some(Server::start(&site, &launch)));
    let addresses = servers.each_ref().map(|s| s.as_ref().expect("it runs").address);
    sessions(addresses);

    let mut rng = StdRng::seed_from_u64(drill.seed);
    let plan = Plan {
        contacts: true,
        pause: Duration::from_millis(20),
        ..Plan::new(&site.consultations[0], &addresses, drill.seed)
    };
    let load = Load::start(plan, &site.dir.join("journal.txt"));
    assert!(load.wait_for(10, Duration::from_secs(30)));
    let kills = (drill.kills / 5).max(2);
    for n in 0..kills {
        std::thread::sleep(Duration::from_millis(rng.random_range(100..800)));
        let at = n % 2;
        servers[at].take().expect("it runs").kill();
        // While it is down the other one receives alone.
        assert!(
            load.wait_for(3, Duration::from_secs(10)),
            "the other instance does not receive\n{}",
            site.log()
        );
        servers[at] = Some(Server::start(&site, &launches[at]));
    }
    let history = load.finish();
    history.assert_only_unavailable();
    // One of them dies for good; the other does what is left.
    servers[0].take().expect("it runs").kill();
    let left = work_ends(&site.store, kills + 1);
    drop(servers);
    site.assert_no_panic();
    assert_kept(&history.attempts, &site.store);
    let letters = letters_once(&site, history.acknowledged()).expect("each letter once");
    site.store.tamper(
        "insert into mail select gen_random_uuid(), notice_id, message_id || 'x', to_enc, subject, body, state, \
         sent_at, created_at from mail limit 1",
    );
    assert!(letters_once(&site, history.acknowledged()).is_err(), "control: a second letter is not found");
    controls(&site.store, &history.attempts);
    let facts = vec![
        ("kills", (kills + 1).to_string()),
        ("acknowledged", history.acknowledged().to_string()),
        ("letters", letters.to_string()),
        ("jobs taken over after their lease", left.to_string()),
        ("controls", "a second letter: found; the checker as in R1".into()),
    ];
    site.remove();
    facts
}

/// Two instances that meet an empty database at the same moment both come up.
fn first_starts_at_once(cluster: &Cluster) {
    let site = Site::empty("r6-first", Some(cluster.database("first", None)));
    let launches = [Launch::default(), Launch { port: Some(free_port()), ..Launch::default() }];
    let servers = launches.map(|launch| Server::spawn(&site, &launch));
    for server in servers {
        server.ready().unwrap_or_else(|e| panic!("two first starts at once: {e}\n{}", site.log()));
    }
    site.assert_no_panic();
    site.remove();
}

/// Signed in at one, known at the other; signed out at one, unknown at the other.
fn sessions(addresses: [SocketAddr; 2]) {
    let [mut here, mut there] = addresses.map(Client::new);
    let cookie = Site::sign_in(&mut here);
    let headers = [("Cookie", cookie.as_str())];
    let page = there.send("GET", "/desk", &headers, b"").expect("an answer");
    assert_eq!(page.status, 200, "a session of the other instance");
    let csrf = page
        .text()
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|r| r.split('"').next())
        .expect("a form")
        .to_owned();
    let form = [
        ("Cookie", cookie.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    let out =
        there.send("POST", "/desk/sign-out", &form, format!("csrf={csrf}").as_bytes()).expect("an answer");
    assert_eq!(out.status, 303, "{}", out.text());
    let page = here.send("GET", "/desk", &headers, b"").expect("an answer");
    assert_eq!(page.status, 303, "signed out at the other instance");
}

/// Waits until no job is left. A killed worker's job waits for its lease; that time is passed by hand.
fn work_ends(store: &Store, kills: usize) -> i64 {
    let waiting = "select count(*) from job where state = 'waiting' and run_at <= now()";
    let until = |query: &str, what: &str| {
        let began = Instant::now();
        while store.count(query) > 0 {
            assert!(began.elapsed() < Duration::from_secs(60), "{what}: {} left", store.count(query));
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    until(waiting, "jobs that wait");
    std::thread::sleep(Duration::from_millis(500));
    let leased = store.count("select count(*) from job where state = 'running'");
    assert!(leased <= kills as i64, "{leased} jobs run, more than workers were killed");
    store.tamper("update job set lease_until = now() - interval '1 second' where state = 'running'");
    until("select count(*) from job where state <> 'done'", "jobs of the killed");
    leased
}

/// Each opinion with a contact has one letter, and it was sent; says how many there are.
fn letters_once(site: &Site, opinions: usize) -> Result<usize, String> {
    let rows = site.store.rows(
        "select m.message_id as id, m.state, n.subject_id as subject from mail m join notice n on n.id = m.notice_id",
    );
    let distinct = |field: &str| rows.iter().filter_map(|r| r[field].as_str()).collect::<HashSet<_>>().len();
    let files = site.dir.join("mail").read_dir().expect("the mail directory").flatten();
    let files = files.filter(|f| f.path().extension().is_some_and(|e| e == "eml")).count();
    let checks = [
        (distinct("subject") == rows.len(), "two letters for one subject"),
        (distinct("id") == rows.len(), "two letters with one Message-ID"),
        (rows.len() >= opinions, "an opinion without its letter"),
        (rows.iter().all(|r| r["state"] == "sent"), "a letter was not sent"),
        (files == rows.len(), "other files than letters"),
    ];
    match checks.iter().find(|(holds, _)| !holds) {
        Some((_, what)) => Err(format!("{what}: {} letters, {files} files, {opinions} opinions", rows.len())),
        None => Ok(files),
    }
}
