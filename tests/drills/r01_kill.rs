//! R1: kill -9 under load. What was acknowledged is there, once, as it was sent.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::check::{Attempt, Fate, Violation, assert_kept, check, stored};
use crate::http::Client;
use crate::load::{Load, Plan};
use crate::server::{Launch, Server};
use crate::site::Site;
use crate::store::Store;
use crate::{Drill, Facts};

/// The longest that a start after a kill may take.
const READY: Duration = Duration::from_secs(5);

pub fn sqlite(drill: &Drill) -> Facts {
    run(drill, drill.site().copy("r1", None), drill.kills)
}

pub fn postgres(drill: &Drill) -> Facts {
    let cluster = drill.cluster();
    // A start takes longer here.
    let kills = if drill.large { drill.kills } else { drill.kills.div_ceil(4) };
    run(drill, drill.postgres_site(&cluster).copy("r1-pg", Some(&cluster)), kills)
}

fn run(drill: &Drill, site: Site, kills: usize) -> Facts {
    let mut rng = StdRng::seed_from_u64(drill.seed);
    let launch = Launch::default();
    let mut server = Server::start(&site, &launch);
    let plan = Plan::new(&site.consultations[0], &[server.address], drill.seed);
    let load = Load::start(plan, &site.dir.join("journal.txt"));
    let mut starts = Vec::new();
    for _ in 0..kills {
        std::thread::sleep(Duration::from_millis(rng.random_range(50..1500)));
        server.kill();
        server = Server::start(&site, &launch);
        starts.push(server.ready_in);
    }
    assert!(load.wait_for(1, Duration::from_secs(10)), "nothing is received after the last start");
    let history = load.finish();
    // After five hundred kills the chain has some hundred thousand records to go through.
    let mut client = server.client().patience(Duration::from_secs(300));
    read_back(&mut client, &history.attempts, if drill.large { usize::MAX } else { 500 });
    assert!(site.audit_is_whole(&mut client), "the audit chain is broken");
    control_audit(&site, &mut client);
    let (status, _) = server.stop();
    assert!(status.success(), "{status}");
    history.assert_only_unavailable();
    site.assert_no_panic();
    site.store.check_integrity();
    assert_kept(&history.attempts, &site.store);
    starts.sort_unstable();
    let (median, slowest) = (starts[starts.len() / 2], starts[starts.len() - 1]);
    // On a machine with more to do than it can, only the half of the starts is held to the bar.
    let held = if is_overloaded() { median } else { slowest };
    assert!(held <= READY, "a start took {slowest:?}, half of them less than {median:?}");
    controls(&site.store, &history.attempts);
    let facts = vec![
        ("kills", kills.to_string()),
        ("acknowledged", history.acknowledged().to_string()),
        ("left unknown", history.unknown().to_string()),
        ("ready after", format!("{} ms, the slowest {} ms", median.as_millis(), slowest.as_millis())),
        ("controls", "row deleted, altered, doubled, invented; audit record altered: each found".into()),
    ];
    site.remove();
    facts
}

/// Whether more processes wanted to run in the last minute than there are processors.
fn is_overloaded() -> bool {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load.split(' ').next().and_then(|l| l.parse().ok()).unwrap_or_default();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // Our own writers, server and tools are some of them.
    load > processors as f64 * 2.0
}

/// Every receipt opens its opinion, word for word.
pub fn read_back(client: &mut Client, attempts: &[Attempt], most: usize) {
    let receipts = attempts.iter().filter_map(|a| match &a.fate {
        Fate::Acknowledged { number, code } => Some((a, number, code)),
        _ => None,
    });
    let receipts: Vec<_> = receipts.collect();
    let step = (receipts.len() / most.max(1)).max(1);
    for (attempt, number, code) in receipts.into_iter().step_by(step) {
        let answer = client.get(&format!("/api/v1/receipts/{code}")).expect("an answer");
        assert_eq!(answer.status, 200, "receipt of {}: {}", attempt.id, answer.text());
        let state = answer.json();
        assert_eq!(
            (&state["text"], &state["number"]),
            (&attempt.text.as_str().into(), &number.as_str().into())
        );
    }
}

/// An audit record changed behind the product's back is found; afterwards it is as it was.
fn control_audit(site: &Site, client: &mut Client) {
    site.store.tamper("update audit set action = 'altered.' || action where seq = 2");
    assert!(!site.audit_is_whole(client), "control: an altered audit record is not found");
    site.store.tamper("update audit set action = substr(action, 9) where seq = 2");
    assert!(site.audit_is_whole(client), "the control left its traces");
}

/// The checker finds each kind of loss in a history that was whole.
pub fn controls(store: &Store, attempts: &[Attempt]) {
    let acknowledged = attempts.iter().filter_map(|a| match &a.fate {
        Fate::Acknowledged { number, .. } => Some((a.id.clone(), number.clone())),
        _ => None,
    });
    let all: Vec<(String, String)> = acknowledged.collect();
    let [(lost, lost_number), .., (altered, altered_number)] = all.as_slice() else {
        panic!("too few opinions")
    };
    store.tamper(&format!("delete from opinion where number = '{lost_number}'"));
    store.tamper(&format!("update opinion set text = text || '。' where number = '{altered_number}'"));
    let mut rows = stored(store);
    let twice = rows[rows.len() / 2].clone();
    let twice_id = attempts.iter().find(|a| a.text == twice.text).map(|a| a.id.clone()).unwrap_or_default();
    rows.push(twice);
    rows.push(crate::check::Stored { number: "invented".into(), text: "〔nobody〕".into() });
    let found = check(attempts, &rows);
    for expected in [
        Violation::Lost(lost.clone()),
        Violation::Altered(altered.clone()),
        Violation::Twice(twice_id),
        Violation::Unexpected("invented".into()),
    ] {
        assert!(found.contains(&expected), "control: {expected} is not among {found:?}");
    }
    assert_eq!(found.len(), 4, "{found:?}");
}
