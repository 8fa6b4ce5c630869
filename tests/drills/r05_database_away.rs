//! R5: PostgreSQL is stopped as by a power cut and comes back; then its connections are cut again and again.

use std::time::{Duration, Instant};

use crate::check::assert_kept;
use crate::load::{Load, Plan};
use crate::r01_kill::{controls, read_back};
use crate::server::{Launch, Server};
use crate::store::{Cluster, Store};
use crate::{Drill, Facts};

/// The longest until it receives again after the database is back.
const RECOVERY: Duration = Duration::from_secs(10);
/// Between two cuts of all connections.
const CUT: Duration = Duration::from_millis(200);

pub fn run(drill: &Drill) -> Facts {
    let cluster = drill.cluster();
    let site = drill.postgres_site(&cluster).copy("r5", Some(&cluster));
    let outage = Duration::from_secs(if drill.large { 30 } else { 4 });
    let mut server = Server::start(&site, &Launch::default());
    let load = Load::start(
        Plan::new(&site.consultations[0], &[server.address], drill.seed),
        &site.dir.join("journal.txt"),
    );
    assert!(load.wait_for(20, Duration::from_secs(30)));
    // Control: before, it is ready, and nothing is refused.
    assert_eq!(server.client().get("/readyz").expect("an answer").status, 200, "control");
    assert_eq!(load.refused(), 0, "refused with its database there");

    let mut slowest = Duration::ZERO;
    for _ in 0..if drill.large { 3 } else { 1 } {
        cluster.crash();
        away(&server, &site.consultations[0], outage);
        cluster.up();
        let back = Instant::now();
        assert!(
            load.wait_for(5, RECOVERY),
            "it does not receive {RECOVERY:?} after the database is back\n{}",
            site.log()
        );
        slowest = slowest.max(back.elapsed());
    }
    let in_outage = load.refused();
    let cuts = storm(&cluster, &site.store, outage);
    assert!(load.wait_for(5, RECOVERY), "it does not receive after its connections were cut\n{}", site.log());
    assert!(server.ended().is_none(), "the server ended");

    let history = load.finish();
    history.assert_only_unavailable();
    assert!(in_outage > 0, "nothing was refused without a database");
    let mut client = server.client();
    read_back(&mut client, &history.attempts, if drill.large { usize::MAX } else { 300 });
    assert!(site.audit_is_whole(&mut client));
    server.kill();
    site.assert_no_panic();
    site.store.check_integrity();
    assert_kept(&history.attempts, &site.store);
    controls(&site.store, &history.attempts);
    let facts = vec![
        ("acknowledged", history.acknowledged().to_string()),
        ("refused", format!("{:?}", history.statuses())),
        ("receives again after", format!("{} ms", slowest.as_millis())),
        ("connections cut", cuts.to_string()),
        ("controls", "ready and nothing refused before; the checker as in R1".into()),
    ];
    site.remove();
    facts
}

/// While the database is away: alive, not ready, and whatever is asked is answered with 503, or from memory.
fn away(server: &Server, consultation: &str, outage: Duration) {
    let began = Instant::now();
    let paths = [
        "/",
        &format!("/consultations/{consultation}"),
        "/api/v1/consultations",
        "/desk/sign-in",
        "/search?q=开放",
    ];
    let mut client = server.client().patience(Duration::from_secs(10));
    let mut not_ready = false;
    while began.elapsed() < outage {
        let mut status = |path: &str| client.get(path).map(|a| (a.status, a.header("retry-after").is_some()));
        assert_eq!(status("/livez").expect("/livez answers").0, 200, "/livez without a database");
        not_ready |= status("/readyz").expect("/readyz answers").0 == 503;
        for path in paths {
            let path = path.replace("开放", "%E5%BC%80%E6%94%BE");
            let (code, retry) = status(&path).unwrap_or_else(|e| panic!("{path}: {e:?}"));
            assert!(
                code == 200 || (code == 503 && retry),
                "{path} without a database: {code}, Retry-After: {retry}"
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(not_ready, "/readyz never says 503 without a database");
}

fn storm(cluster: &Cluster, store: &Store, time: Duration) -> i64 {
    let Store::Postgres { name, .. } = store else { panic!("R5 is about PostgreSQL") };
    let (admin, began, mut cut) = (cluster.admin(), Instant::now(), 0);
    while began.elapsed() < time {
        let ended =
            format!("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{name}'");
        cut += admin.count(&ended);
        std::thread::sleep(CUT);
    }
    assert!(cut > 0, "no connection was cut");
    cut
}
