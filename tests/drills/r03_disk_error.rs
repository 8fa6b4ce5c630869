//! R3: the disk fails at the K-th call. No receipt while it does; afterwards everything acknowledged is there.

use std::time::Duration;

use crate::check::{Attempt, assert_kept};
use crate::load::{Load, Plan};
use crate::server::{Launch, Server};
use crate::site::Site;
use crate::trace;
use crate::{Drill, Facts};

struct Fault {
    calls: &'static str,
    error: &'static str,
    /// From the K-th call on, or only the K-th.
    for_ever: bool,
}

const FAULTS: [Fault; 4] = [
    Fault { calls: "fdatasync,fsync", error: "EIO", for_ever: false },
    Fault { calls: "fdatasync,fsync", error: "EIO", for_ever: true },
    Fault { calls: "pwrite64", error: "ENOSPC", for_ever: false },
    Fault { calls: "pwrite64", error: "ENOSPC", for_ever: true },
];

#[derive(Default)]
struct Seen {
    points: usize,
    injected: usize,
    refused: usize,
    receipts_after: usize,
    not_started: usize,
}

pub fn run(drill: &Drill) -> Facts {
    let site = drill.site().copy("r3", None);
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut seen = Seen::default();
    let points: Vec<usize> = if drill.large { (1..=50).collect() } else { vec![1, 2, 7, 40] };
    for k in points {
        for fault in &FAULTS {
            attempts.extend(point(drill, &site, fault, k, &mut seen));
            // On the disk as it was left, before anything is started on it and after.
            let server = Server::start(&site, &Launch::default());
            let (status, _) = server.stop();
            assert!(status.success(), "{status}");
            site.store.check_integrity();
            assert_kept(&attempts, &site.store);
        }
    }
    assert!(seen.injected > 0 && seen.refused > 0, "nothing was injected");
    let server = Server::start(&site, &Launch::default());
    assert!(site.audit_is_whole(&mut server.client()));
    drop(server);
    site.assert_no_panic();
    crate::r01_kill::controls(&site.store, &attempts);
    let facts = vec![
        ("points", seen.points.to_string()),
        ("injected errors", seen.injected.to_string()),
        ("answered 503", seen.refused.to_string()),
        ("receipts after a single error", seen.receipts_after.to_string()),
        ("starts that ended at the error", seen.not_started.to_string()),
        ("controls", "row deleted, altered, doubled, invented: each found; order of calls as in R2".into()),
    ];
    site.remove();
    facts
}

fn point(drill: &Drill, site: &Site, fault: &Fault, k: usize, seen: &mut Seen) -> Vec<Attempt> {
    seen.points += 1;
    let file = site.dir.join("trace.txt");
    let when = format!("{k}{}", if fault.for_ever { "+" } else { "" });
    let inject = format!("{}:error={}:when={when}", fault.calls, fault.error);
    let launch = Launch { wrap: trace::strace(&file, Some(&inject)), ..Launch::default() };
    let Ok(server) = Server::try_start(site, &launch) else {
        seen.not_started += 1;
        seen.injected += injected(&file);
        return Vec::new();
    };
    let seed = drill.seed + seen.points as u64;
    let plan = Plan {
        writers: 4,
        longest: 120,
        again: false,
        ..Plan::new(&site.consultations[0], &[server.address], seed)
    };
    let load = Load::start(plan, &site.dir.join(format!("journal-{}.txt", seen.points)));
    let mut waited = Duration::ZERO;
    while load.refused() < 5 && load.acknowledged() < 2 * k + 40 && waited < Duration::from_secs(3) {
        std::thread::sleep(Duration::from_millis(20));
        waited += Duration::from_millis(20);
    }
    if !fault.for_ever {
        let before = load.acknowledged();
        assert!(
            load.wait_for(5, Duration::from_secs(10)),
            "{inject}: it does not recover from a single error\n{}",
            site.log()
        );
        seen.receipts_after += load.acknowledged() - before;
    }
    let history = load.finish();
    server.kill();
    history.assert_only_unavailable();
    seen.refused += history.refusals.len();
    seen.injected += injected(&file);
    let early = trace::check_order(&trace::read(&file), &history.attempts);
    assert!(
        early.is_empty(),
        "{inject}: {} receipts while the disk failed: {:?}",
        early.len(),
        &early[..early.len().min(5)]
    );
    history.attempts
}

fn injected(trace: &std::path::Path) -> usize {
    let text = std::fs::read(trace).unwrap_or_default();
    String::from_utf8_lossy(&text).matches("(INJECTED)").count()
}
