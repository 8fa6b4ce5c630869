//! R2: every receipt leaves after its opinion is on the disk. `kill -9` proves nothing about that: what a
//! process wrote survives its death in the kernel's cache. So the order of the system calls is checked.

use std::path::PathBuf;
use std::time::Duration;

use crate::check::{Attempt, assert_kept};
use crate::load::{Load, Plan};
use crate::server::{Launch, Server};
use crate::trace::{self, Call, Early, Kind};
use crate::{Drill, Facts};

pub fn run(drill: &Drill) -> Facts {
    let wanted = if drill.large { 5000 } else { 400 };
    let (calls, attempts) = traced(drill, "r2", wanted, Vec::new());
    let early = trace::check_order(&calls, &attempts);
    assert!(early.is_empty(), "{} answers left early: {:?}", early.len(), &early[..early.len().min(5)]);
    let syncs = calls.iter().filter(|c| c.kind == Kind::Sync).count();
    let receipts = calls.iter().filter(|c| matches!(c.kind, Kind::Receipt { .. })).count();
    assert!(receipts >= wanted, "{receipts} answers in the trace");

    // Control: the same trace with each sync ended after everything.
    let late = |c: &Call| Call { end: if c.kind == Kind::Sync { usize::MAX } else { c.end }, ..c.clone() };
    let late: Vec<Call> = calls.iter().map(late).collect();
    let found = trace::check_order(&late, &attempts);
    assert!(
        found.iter().filter(|e| matches!(e, Early::NotSynced(_))).count() >= wanted,
        "control: {}",
        found.len()
    );

    // Control: the same binary on a C library whose fsync does nothing.
    let library = eatmydata().expect("libeatmydata");
    let preload = vec![("LD_PRELOAD".to_owned(), library.display().to_string())];
    let (calls, attempts) = traced(drill, "r2-control", 50, preload);
    let found = trace::check_order(&calls, &attempts);
    let unsynced = found.iter().filter(|e| matches!(e, Early::NotSynced(_))).count();
    assert!(unsynced >= 50, "control: under eatmydata only {unsynced} answers are found early");
    vec![
        ("receipts", receipts.to_string()),
        ("syncs of the log", syncs.to_string()),
        ("controls", format!("syncs ended late: found; eatmydata: {unsynced} of {} found", attempts.len())),
    ]
}

fn traced(drill: &Drill, name: &str, wanted: usize, env: Vec<(String, String)>) -> (Vec<Call>, Vec<Attempt>) {
    let site = drill.site().copy(name, None);
    let file = site.dir.join("trace.txt");
    let server = Server::start(&site, &Launch { wrap: trace::strace(&file, None), env, ..Launch::default() });
    // Short, so that a row lies whole in one page of the log.
    let plan = Plan { longest: 120, ..Plan::new(&site.consultations[0], &[server.address], drill.seed) };
    let load = Load::start(plan, &site.dir.join("journal.txt"));
    assert!(load.wait_for(wanted, Duration::from_secs(120)), "only {} received", load.acknowledged());
    let history = load.finish();
    assert_eq!(history.acknowledged(), history.attempts.len(), "{:?}", history.statuses());
    server.kill();
    assert_kept(&history.attempts, &site.store);
    let calls = trace::read(&file);
    site.assert_no_panic();
    site.remove();
    (calls, history.attempts)
}

/// The library that makes fsync a word without meaning.
pub fn eatmydata() -> Option<PathBuf> {
    library("libeatmydata.so")
}

/// A preloadable library of the system.
pub fn library(name: &str) -> Option<PathBuf> {
    let roots = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/lib64"];
    roots.iter().map(|root| PathBuf::from(root).join(name)).find(|path| path.exists())
}
