//! R13: SIGTERM under load, and an upgrade that is killed.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

use crate::check::{Attempt, Fate, assert_kept, stored};
use crate::load::{Load, Plan};
use crate::server::{Launch, Server, command};
use crate::site::Site;
use crate::store::Store;
use crate::{Drill, Facts};

/// The longest that stopping may take.
const STOP: Duration = Duration::from_secs(10);

/// Told to stop, it answers what it received and ends.
pub fn stop(drill: &Drill) -> Facts {
    let site = drill.site().copy("r13", None);
    let mut rng = StdRng::seed_from_u64(drill.seed);
    let mut attempts = Vec::new();
    let (mut slowest, mut unanswered) = (Duration::ZERO, 0);
    let rounds = if drill.large { 50 } else { 5 };
    for round in 0..rounds {
        let server = Server::start(&site, &Launch::default());
        let plan =
            Plan { again: false, ..Plan::new(&site.consultations[0], &[server.address], drill.seed + round) };
        let load = Load::start(plan, &site.dir.join(format!("journal-{round}.txt")));
        load.wait_for(1, Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(rng.random_range(200..1000)));
        let (status, took) = server.stop();
        assert!(status.success(), "it ended with {status}\n{}", site.log());
        assert!(took <= STOP, "stopping took {took:?}");
        slowest = slowest.max(took);
        let history = load.finish();
        history.assert_only_unavailable();
        let done = done_but_unanswered(&history.attempts, &site.store);
        assert!(done.is_empty(), "done and never answered: {done:?}");
        unanswered += history.unknown();
        attempts.extend(history.attempts);
        assert_kept(&attempts, &site.store);
    }
    site.assert_no_panic();
    // Control: one receipt that never arrived.
    let lost = attempts.iter().position(|a| matches!(a.fate, Fate::Acknowledged { .. })).expect("a receipt");
    attempts[lost].fate = Fate::Unknown;
    assert_eq!(done_but_unanswered(&attempts, &site.store), [attempts[lost].id.clone()], "control");
    site.remove();
    vec![
        ("stops", rounds.to_string()),
        ("acknowledged", (attempts.len() - unanswered).to_string()),
        ("refused or cut off before anything was done", unanswered.to_string()),
        ("slowest stop", format!("{} ms", slowest.as_millis())),
        ("control", "a receipt withheld: found".into()),
    ]
}

/// What was received and done, and its sender was told nothing.
fn done_but_unanswered(attempts: &[Attempt], store: &Store) -> Vec<String> {
    let rows = stored(store);
    let there = |a: &&Attempt| a.fate == Fate::Unknown && rows.iter().any(|r| r.text == a.text);
    attempts.iter().filter(there).map(|a| a.id.clone()).collect()
}

/// A site as version 0.1.0 of the schema had it, with a few opinions.
const OLDER: &str = include_str!("older.sql");

/// `jianyan migrate`, killed at random and run again, ends where an undisturbed one ends: from nothing, and
/// from an older site.
pub fn upgrade(drill: &Drill) -> Facts {
    let mut rng = StdRng::seed_from_u64(drill.seed);
    let each = if drill.large { 50 } else { 6 };
    let mut kills = 0;
    let mut undisturbed = Vec::new();
    for older in [false, true] {
        let whole = from(older, "r13-whole");
        let began = Instant::now();
        migrate(&whole, None);
        let time = began.elapsed();
        undisturbed.push(format!("{} ms", time.as_millis()));
        let expected = contents(&whole.store);
        for _ in 0..each {
            let site = from(older, "r13-upgrade");
            for _ in 0..3 {
                let after = time.mul_f64(rng.random_range(0.05..1.0));
                kills += usize::from(!migrate(&site, Some(after)));
            }
            migrate(&site, None);
            assert_eq!(contents(&site.store), expected, "another site than an undisturbed upgrade makes");
            site.store.check_integrity();
            site.remove();
        }
        // Control: an upgrade that stopped halfway leaves another site.
        whole.store.tamper("drop table receipt");
        assert_ne!(contents(&whole.store), expected, "control");
        whole.remove();
    }
    assert!(kills > 0, "nothing was killed");
    vec![
        ("databases", format!("{each} from nothing, {each} from an older version")),
        ("kills", kills.to_string()),
        ("undisturbed", undisturbed.join(", ")),
        ("control", "a table less: another site".into()),
    ]
}

fn from(older: bool, name: &str) -> Site {
    let site = Site::empty(name, None);
    if older {
        site.store.tamper(OLDER);
    }
    site
}

/// Says whether it ended by itself before it was killed; ended badly, it fails the drill.
fn migrate(site: &Site, kill_after: Option<Duration>) -> bool {
    let log = std::fs::File::create(site.logs.join("err.txt")).expect("a log");
    let mut child =
        command(site, &Launch::default(), &["migrate"]).stderr(log).spawn().expect("the binary runs");
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child of ours") {
            assert!(status.success(), "migrate: {status}\n{}", site.log());
            return true;
        }
        if kill_after.is_some_and(|after| began.elapsed() >= after) {
            child.kill().expect("SIGKILL");
            child.wait().expect("gone");
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The schema, its version, and what people wrote.
fn contents(store: &Store) -> Vec<Value> {
    let mut all = store.rows("select type, name, sql from sqlite_master order by type, name");
    all.extend(store.rows("select version from seaql_migrations order by version"));
    all.extend(store.rows("select number, text, state, revision from opinion order by number"));
    all.extend(store.rows("select n, people from opinion_tally order by n, people"));
    all
}
