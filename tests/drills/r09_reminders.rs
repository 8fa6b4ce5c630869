//! R9: reminders while their worker is killed, day after day. What a worker does that nobody disturbs is the
//! measure: each person hears of each stage exactly once, in the inbox; a mail may come twice only when the
//! worker was killed between sending it and writing that down.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Child;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::mail_sink::{MailSink, Moment};
use crate::r02_sync::library;
use crate::server::{Launch, Server, command};
use crate::site::{Site, as_staff};
use crate::{Drill, Facts};

/// Longer than a job is leased.
const LEASE: TimeDelta = TimeDelta::minutes(6);

/// (subject, stage, recipient) of every notice, with how often it is there.
type Inbox = BTreeMap<(String, String, String), usize>;

pub fn run(drill: &Drill) -> Facts {
    let template = Site::empty("r9-template", None).build(if drill.large { 20 } else { 8 });
    opinions(&template);
    let days = if drill.large { 40 } else { 8 };
    let undisturbed = Run::new(&template, "r9-undisturbed", None).days(days);
    let disturbed = Run::new(&template, "r9", Some(StdRng::seed_from_u64(drill.seed))).days(days);

    let measure = inbox(&undisturbed.site);
    let found = compare(&measure, &inbox(&disturbed.site));
    assert!(found.is_empty(), "{} differences: {:?}", found.len(), &found[..found.len().min(5)]);
    assert!(disturbed.kills > 0, "nothing was killed");
    let copies = mails(&disturbed);
    assert_eq!(mails(&undisturbed), 0, "copies without a kill");

    // Control: a reminder lost, and one told twice.
    let mut broken = inbox(&disturbed.site);
    let keys: Vec<_> = broken.keys().cloned().collect();
    broken.remove(&keys[0]);
    *broken.get_mut(&keys[1]).expect("a notice") += 1;
    assert_eq!(compare(&measure, &broken).len(), 2, "control");
    // Control: a mail that came again though nothing was killed.
    let mut got = undisturbed.sink.got();
    got.push(got[0].clone());
    assert_eq!(needless_copies(&got, &undisturbed.arrived), [got[0].clone()], "control");
    let facts = vec![
        ("days", days.to_string()),
        ("kills", format!("{}, {} of them while a mail was handed over", disturbed.kills, disturbed.aimed)),
        ("notices", measure.len().to_string()),
        ("mails", format!("{}, {copies} of them twice", disturbed.sink.got().len())),
        ("controls", "a notice lost, a notice doubled, a mail sent again for nothing: found".into()),
    ];
    for site in [template, undisturbed.site, disturbed.site] {
        site.assert_no_panic();
        site.remove();
    }
    facts
}

/// A few residents write and leave a contact: letters, and reviews that become due.
fn opinions(site: &Site) {
    let server = Server::start(site, &Launch { args: vec!["--no-worker".into()], ..Launch::default() });
    let mut client = server.client();
    for n in 0..12 {
        let body = serde_json::json!({ "text": format!("希望延长开放时间，第{n}次"), "person_kind": "individual",
            "show_as": "anonymous", "consent": true, "contact": format!("r{n}@example.invalid") });
        let code = &site.consultations[n % site.consultations.len()];
        as_staff(&mut client, "", &format!("/consultations/{code}/opinions"), &body);
    }
    server.stop();
}

struct Run {
    site: Site,
    sink: MailSink,
    rng: Option<StdRng>,
    now: DateTime<Utc>,
    kills: usize,
    /// Kills at a moment of the mail server's choosing.
    aimed: usize,
    /// How many mails had arrived at each kill.
    arrived: BTreeSet<usize>,
}

impl Run {
    fn new(template: &Site, name: &str, rng: Option<StdRng>) -> Self {
        let site = template.copy(name, None);
        Self {
            site,
            sink: MailSink::start(),
            rng,
            now: DateTime::UNIX_EPOCH,
            kills: 0,
            aimed: 0,
            arrived: BTreeSet::new(),
        }
    }

    /// Goes from one day with something planned to the next.
    fn days(mut self, days: usize) -> Self {
        for _ in 0..days {
            let next =
                self.site.store.rows("select min(planned_at) as at from duty_stage where state = 'planned'");
            let at: DateTime<Utc> =
                next[0]["at"].as_str().expect("a planned stage").parse().expect("an instant");
            // Half an hour later, so that it is surely due.
            self.now = at + TimeDelta::minutes(30);
            self.day();
        }
        self
    }

    fn day(&mut self) {
        let kills = self.rng.as_mut().map_or(0, |rng| rng.random_range(1..4));
        for _ in 0..kills {
            self.disturbed();
            self.arrived.insert(self.sink.arrived());
            self.now += LEASE;
        }
        // To the end of what is due.
        for _ in 0..5 {
            let mut worker = self.worker();
            let began = Instant::now();
            while self.left() > 0 && began.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(20));
            }
            worker.kill().expect("SIGKILL");
            worker.wait().expect("gone");
            if self.left() == 0 {
                return;
            }
            self.arrived.insert(self.sink.arrived());
            self.now += LEASE;
        }
        panic!("{} jobs or stages are never done\n{}", self.left(), self.site.log());
    }

    /// A worker that dies at work.
    fn disturbed(&mut self) {
        let Some(rng) = &mut self.rng else { return };
        let moment = [Moment::Never, Moment::BeforeAnswer, Moment::AfterAnswer][rng.random_range(0..3)];
        let patience = if moment == Moment::Never { rng.random_range(60..500) } else { 1500 };
        let patience = Duration::from_millis(patience);
        let mut worker = self.worker();
        self.sink.kill_at(moment, worker.id());
        let began = Instant::now();
        while began.elapsed() < patience {
            if worker.try_wait().expect("a child of ours").is_some() {
                (self.kills, self.aimed) = (self.kills + 1, self.aimed + 1);
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.sink.kill_at(Moment::Never, 0);
        worker.kill().expect("SIGKILL");
        worker.wait().expect("gone");
        self.kills += 1;
    }

    fn worker(&self) -> Child {
        let mut env = faketime(&self.now.format("@%Y-%m-%d %H:%M:%S").to_string());
        env.push(("JIANYAN_SMTP_URL".into(), self.sink.url()));
        let launch = Launch { env, ..Launch::default() };
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.site.logs.join("err.txt"));
        command(&self.site, &launch, &["worker"])
            .stderr(log.expect("a log"))
            .spawn()
            .expect("the binary starts")
    }

    /// Stages and jobs that are due and not done.
    fn left(&self) -> i64 {
        let now = self.now.format("%Y-%m-%d %H:%M:%S");
        self.site.store.count(&format!(
            "select (select count(*) from duty_stage where state = 'planned' and datetime(planned_at) <= '{now}') + \
             (select count(*) from job where state in ('waiting', 'running') and datetime(run_at) <= '{now}')"
        ))
    }
}

/// The settings of libfaketime: a clock that starts there and runs; timers stay as they are.
pub fn faketime(at: &str) -> Vec<(String, String)> {
    let library = faketime_library().expect("libfaketime").display().to_string();
    [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME", at),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("TZ", "UTC"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

pub fn faketime_library() -> Option<std::path::PathBuf> {
    library("faketime/libfaketimeMT.so.1")
}

pub fn inbox(site: &Site) -> Inbox {
    let mut all = Inbox::new();
    for row in site.store.rows("select hex(subject_id) as subject, stage, recipient from notice") {
        let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        *all.entry((field("subject"), field("stage"), field("recipient"))).or_default() += 1;
    }
    all
}

/// Notices that only one of them has, or has more often.
fn compare(measure: &Inbox, other: &Inbox) -> Vec<String> {
    let keys: BTreeSet<_> = measure.keys().chain(other.keys()).collect();
    let differ =
        keys.into_iter().filter(|key| measure.get(key) != other.get(key) || other.get(key) != Some(&1));
    differ.map(|key| format!("{key:?}: {:?} and {:?}", measure.get(key), other.get(key))).collect()
}

/// Every mail arrived, under its own Message-ID; says how many copies there are beyond the first. A copy is
/// allowed only after a mail that was the last one before a kill.
fn mails(run: &Run) -> usize {
    let got = run.sink.got();
    let distinct: BTreeSet<&str> = got.iter().map(String::as_str).collect();
    let rows = run.site.store.rows("select message_id as id, state from mail");
    let expected: BTreeSet<&str> = rows.iter().filter_map(|r| r["id"].as_str()).collect();
    assert_eq!(distinct, expected, "mails that arrived and mails that were written");
    assert!(rows.iter().all(|r| r["state"] == "sent"), "a mail is not marked as sent");
    let found = needless_copies(&got, &run.arrived);
    assert!(found.is_empty(), "sent again without a kill in between: {found:?}");
    got.len() - distinct.len()
}

fn needless_copies(got: &[String], arrived: &BTreeSet<usize>) -> Vec<String> {
    let again = got.iter().enumerate().filter(|(i, id)| got[i + 1..].contains(id));
    again.filter(|(i, _)| !arrived.contains(&(i + 1))).map(|(_, id)| id.clone()).collect()
}
