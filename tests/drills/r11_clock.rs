//! R11: the clock jumps while the server runs. Nothing breaks, nobody is reminded twice, and a session that
//! was over stays over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use crate::http::Client;
use crate::r09_reminders::{faketime, inbox};
use crate::server::{Launch, Server, command};
use crate::site::{Site, today};
use crate::{Drill, Facts};

const DAY: i64 = 24 * 60 * 60;
/// A look of the worker, and a little.
const SETTLE: Duration = Duration::from_millis(2500);

/// The hand on the clock: a file that libfaketime reads.
struct Clock(PathBuf);

impl Clock {
    /// So many seconds from the right time.
    fn set(&self, offset: i64) {
        let part = self.0.with_extension("part");
        std::fs::write(&part, format!("{offset:+}\n")).expect("the clock's file");
        std::fs::rename(&part, &self.0).expect("the clock's file");
    }

    fn settings(file: &Path) -> Vec<(String, String)> {
        let mut env = faketime("+0");
        env.retain(|(name, _)| name != "FAKETIME");
        env.push(("FAKETIME_TIMESTAMP_FILE".into(), file.display().to_string()));
        env.push(("FAKETIME_NO_CACHE".into(), "1".into()));
        env
    }
}

pub fn run(drill: &Drill) -> Facts {
    let site = drill.site().copy("r11", None);
    let clock = Clock(site.dir.join("clock"));
    clock.set(0);
    let jumps = jumps(&site);
    let server = Server::start(&site, &Launch { env: Clock::settings(&clock.0), ..Launch::default() });
    let mut client = server.client();
    let cookie = Site::sign_in(&mut client);
    assert_eq!(desk(&mut client, &cookie), 200);
    let mut over = false;
    let mut statuses = BTreeMap::new();
    for (n, (jump, offset, open)) in jumps.into_iter().enumerate() {
        clock.set(offset);
        std::thread::sleep(SETTLE);
        let status = post(&mut client, &site, n);
        statuses.entry(jump).or_insert_with(Vec::new).push(status);
        // Control: the clock does jump, for ten years later and a year before nothing is open.
        let expected = if open { 201 } else { 409 };
        assert_eq!(status, expected, "at {jump}\n{}", site.log());
        for path in ["/", "/readyz", "/consultations", "/feeds/consultations.atom"] {
            let answer = client.get(path).expect("an answer");
            assert_eq!(answer.status, 200, "{path} at {jump}: {}", answer.text());
        }
        let lives = desk(&mut client, &cookie) == 200;
        assert!(!(over && lives), "at {jump} a session lives again");
        over |= !lives;
    }
    assert!(over, "control: no session ended in ten years");
    let told = inbox(&site);
    assert!(told.keys().any(|(_, stage, _)| stage.starts_with("review:")), "nobody was reminded of anything");
    let twice: Vec<_> = told.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "told twice: {twice:?}");
    assert!(site.audit_is_whole(&mut client));
    server.kill();
    site.assert_no_panic();
    site.store.check_integrity();
    let facts = vec![
        ("jumps", jumps.map(|(name, ..)| name).join(", ")),
        ("posting answered", format!("{statuses:?}")),
        ("notices", format!("{}, none twice", told.len())),
        ("controls", "years away nothing is open; the session does end".into()),
    ];
    site.remove();
    facts
}

/// Where the clock goes, one after the other; whether the consultation is open then. In the end it is right.
fn jumps(site: &Site) -> [(&'static str, i64, bool); 9] {
    #[expect(clippy::disallowed_methods, reason = "the drills run in real time")]
    let now: DateTime<Utc> = SystemTime::now().into();
    // Ten o'clock on the third working day from today: then the reviews of today's opinions are overdue.
    let args = ["workday", "due", "--start", &today().to_string(), "--days", "3"];
    let out = command(site, &Launch::default(), &args).output().expect("the binary runs");
    let words = String::from_utf8_lossy(&out.stdout).into_owned();
    let day: NaiveDate =
        words.split_whitespace().find_map(|w| w.parse().ok()).unwrap_or_else(|| panic!("{words}"));
    let late = (day.and_hms_opt(2, 0, 0).expect("a time").and_utc() - now).num_seconds();
    let hour_ago_is_today = (now - TimeDelta::hours(1) + TimeDelta::hours(8)).date_naive() == today();
    [
        ("right", 0, true),
        ("+1 day", DAY, true),
        ("-1 hour", -60 * 60, hour_ago_is_today),
        ("+3 working days", late, true),
        ("right", 0, true),
        ("-1 year", -365 * DAY, false),
        ("+3 working days", late, true),
        ("+10 years", 3650 * DAY, false),
        ("right", 0, true),
    ]
}

fn desk(client: &mut Client, cookie: &str) -> u16 {
    client.send("GET", "/desk", &[("Cookie", cookie)], b"").expect("an answer").status
}

fn post(client: &mut Client, site: &Site, n: usize) -> u16 {
    let path = format!("/api/v1/consultations/{}/opinions", site.consultations[0]);
    let body = json!({ "text": format!("时钟第{n}次跳动"), "person_kind": "individual", "show_as": "anonymous", "consent": true });
    client.json("POST", &path, &[], &body).expect("an answer").status
}
