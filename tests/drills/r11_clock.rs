//! R11: the clock jumps while the server runs. Nothing breaks, nobody is reminded twice, and a session that
//! was over stays over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::http::Client;
use crate::r09_reminders::{faketime, inbox};
use crate::server::{Launch, Server};
use crate::site::Site;
use crate::{Drill, Facts};

/// Where the clock goes, one after the other; in the end it is right again.
const JUMPS: [&str; 9] = ["+0", "+1d", "-1h", "+4d", "+0", "-365d", "+4d", "+3650d", "+0"];
/// Two looks of the worker.
const SETTLE: Duration = Duration::from_millis(4500);

/// The hand on the clock: a file that libfaketime reads.
struct Clock(PathBuf);

impl Clock {
    fn set(&self, offset: &str) {
        let part = self.0.with_extension("part");
        std::fs::write(&part, format!("{offset}\n")).expect("the clock's file");
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
    clock.set("+0");
    let server = Server::start(&site, &Launch { env: Clock::settings(&clock.0), ..Launch::default() });
    let mut client = server.client();
    let cookie = Site::sign_in(&mut client);
    assert_eq!(desk(&mut client, &cookie), 200);
    let mut over = false;
    let mut statuses = BTreeMap::new();
    for (n, jump) in JUMPS.into_iter().enumerate() {
        clock.set(jump);
        std::thread::sleep(SETTLE);
        let status = post(&mut client, &site, n);
        statuses.entry(jump).or_insert_with(Vec::new).push(status);
        // Control: the clock does jump, for ten years later and a year before nothing is open.
        match jump {
            "+3650d" | "-365d" => assert!((400..500).contains(&status), "control: {status} at {jump}"),
            _ => assert_eq!(status, 201, "at {jump}\n{}", site.log()),
        }
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
        ("jumps", JUMPS.join(" ")),
        ("posting answered", format!("{statuses:?}")),
        ("notices", format!("{}, none twice", told.len())),
        ("controls", "years away nothing is open; the session does end".into()),
    ];
    site.remove();
    facts
}

fn desk(client: &mut Client, cookie: &str) -> u16 {
    client.send("GET", "/desk", &[("Cookie", cookie)], b"").expect("an answer").status
}

fn post(client: &mut Client, site: &Site, n: usize) -> u16 {
    let path = format!("/api/v1/consultations/{}/opinions", site.consultations[0]);
    let body = json!({ "text": format!("时钟第{n}次跳动"), "person_kind": "individual", "show_as": "anonymous", "consent": true });
    client.json("POST", &path, &[], &body).expect("an answer").status
}
