//! Fault drills against the real binary; see the README beside this file.

#![expect(clippy::expect_used, clippy::panic, reason = "a drill stops at the first thing that is wrong")]
#![expect(clippy::print_stdout, reason = "a drill reports on standard output")]

mod a01_flood;
mod check;
mod http;
mod load;
mod mail_sink;
mod r01_kill;
mod r02_sync;
mod r03_disk_error;
mod r04_disk_full;
mod r05_database_away;
mod r06_two_instances;
mod r07_seats;
mod r09_reminders;
mod r11_clock;
mod r13_stop;
mod r15_hostile;
mod server;
mod site;
mod store;
mod trace;

use std::cell::OnceCell;
use std::panic::AssertUnwindSafe;
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::Parser;

use site::Site;
use store::Cluster;

/// What a drill found, for its line in the report.
pub type Facts = Vec<(&'static str, String)>;

/// Fault drills against the real binary.
#[derive(Parser)]
struct Args {
    /// Run them; without it (or JIANYAN_DRILLS=1) nothing happens, so that `cargo test` stays quick
    #[arg(long)]
    run: bool,
    /// So many kills in R1, and in proportion elsewhere
    #[arg(long)]
    kills: Option<usize>,
    /// The size for a release: 500 kills, 50 injection points …
    #[arg(long)]
    large: bool,
    /// Only these, such as R1 or R1-pg; may be repeated
    #[arg(long)]
    only: Vec<String>,
    /// Repeats a schedule of faults
    #[arg(long)]
    seed: Option<u64>,
    /// A drill that this machine cannot run is no failure
    #[arg(long)]
    allow_skips: bool,
    /// Print the names
    #[arg(long)]
    list: bool,
}

/// What every drill is given.
pub struct Drill {
    pub kills: usize,
    pub large: bool,
    pub seed: u64,
    template: OnceCell<Site>,
}

impl Drill {
    /// A site on SQLite to copy; made once.
    pub fn site(&self) -> &Site {
        self.template.get_or_init(|| Site::empty("template", None).build(3))
    }

    /// A PostgreSQL server of the drill's own.
    pub fn cluster(&self) -> Cluster {
        Cluster::start()
    }

    /// A site on PostgreSQL to copy.
    pub fn postgres_site(&self, cluster: &Cluster) -> Site {
        Site::empty("template-pg", Some(cluster.database("template_site", None))).build(3)
    }
}

struct Entry {
    name: &'static str,
    about: &'static str,
    needs: &'static [Need],
    run: fn(&Drill) -> Facts,
}

#[derive(Clone, Copy, Debug)]
enum Need {
    Sqlite3,
    Strace,
    Eatmydata,
    Faketime,
    Mount,
    Postgres,
}

const DRILLS: &[Entry] = &[
    Entry { name: "A1", about: "a flood of opinions from one network", needs: &[], run: a01_flood::run },
    Entry { name: "R1", about: "kill -9 under load, SQLite", needs: &[Need::Sqlite3], run: r01_kill::sqlite },
    Entry {
        name: "R1-pg",
        about: "kill -9 under load, PostgreSQL",
        needs: &[Need::Postgres],
        run: r01_kill::postgres,
    },
    Entry {
        name: "R2",
        about: "receipts leave after the disk has the opinion",
        needs: &[Need::Sqlite3, Need::Strace, Need::Eatmydata],
        run: r02_sync::run,
    },
    Entry {
        name: "R3",
        about: "I/O errors at the K-th call",
        needs: &[Need::Sqlite3, Need::Strace],
        run: r03_disk_error::run,
    },
    Entry { name: "R4", about: "disk full", needs: &[Need::Sqlite3, Need::Mount], run: r04_disk_full::run },
    Entry {
        name: "R5",
        about: "PostgreSQL away and back",
        needs: &[Need::Postgres],
        run: r05_database_away::run,
    },
    Entry {
        name: "R6",
        about: "one of two instances killed",
        needs: &[Need::Postgres],
        run: r06_two_instances::run,
    },
    Entry {
        name: "R7",
        about: "never one seat too many, SQLite",
        needs: &[Need::Sqlite3],
        run: r07_seats::sqlite,
    },
    Entry {
        name: "R7-pg",
        about: "never one seat too many, two instances on PostgreSQL",
        needs: &[Need::Postgres],
        run: r07_seats::postgres,
    },
    Entry {
        name: "R9",
        about: "reminders over crash points",
        needs: &[Need::Sqlite3, Need::Faketime],
        run: r09_reminders::run,
    },
    Entry { name: "R11", about: "clock jumps", needs: &[Need::Sqlite3, Need::Faketime], run: r11_clock::run },
    Entry { name: "R13", about: "SIGTERM under load", needs: &[Need::Sqlite3], run: r13_stop::stop },
    Entry {
        name: "R13-upgrade",
        about: "migration killed and run again",
        needs: &[Need::Sqlite3],
        run: r13_stop::upgrade,
    },
    Entry { name: "R15", about: "big and hostile bodies", needs: &[Need::Sqlite3], run: r15_hostile::run },
];

impl Need {
    fn is_met(self) -> bool {
        match self {
            Self::Sqlite3 => runs("sqlite3", &["--version"]),
            Self::Strace => runs("strace", &["-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "true"]),
            Self::Eatmydata => r02_sync::eatmydata().is_some(),
            Self::Faketime => r09_reminders::faketime_library().is_some(),
            Self::Mount => {
                store::am_root() && runs("unshare", &["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
            }
            Self::Postgres => Cluster::programs().is_some() && runs("psql", &["--version"]),
        }
    }
}

fn runs(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|out| out.status.success())
}

fn main() -> ExitCode {
    let ours = ["--run", "--kills", "--large", "--only", "--list", "--help"];
    let asked = std::env::args()
        .skip(1)
        .any(|arg| ours.iter().any(|o| arg == *o || arg.starts_with(&format!("{o}="))));
    if !asked && std::env::var_os("JIANYAN_DRILLS").is_none_or(|v| v != "1") {
        println!(
            "fault drills are not run by `cargo test`: cargo test --test drills -- --run (see tests/drills/README.md)"
        );
        return ExitCode::SUCCESS;
    }
    let args = if asked { Args::parse() } else { Args::parse_from(["drills"]) };
    if args.list {
        for entry in DRILLS {
            println!("{:<12} {}", entry.name, entry.about);
        }
        return ExitCode::SUCCESS;
    }
    let drill = Drill {
        kills: args.kills.unwrap_or(if args.large { 500 } else { 40 }),
        large: args.large,
        seed: args.seed.unwrap_or_else(|| rand::random::<u32>().into()),
        template: OnceCell::new(),
    };
    println!("seed {} (repeat with --seed {0})", drill.seed);
    let (mut failed, mut skipped) = (0, 0);
    for entry in DRILLS {
        if !args.only.is_empty() && !args.only.iter().any(|only| only.eq_ignore_ascii_case(entry.name)) {
            continue;
        }
        match one(entry, &drill) {
            Ended::Passed => {}
            Ended::Failed => failed += 1,
            Ended::Skipped => skipped += 1,
        }
    }
    if let Some(site) = drill.template.into_inner()
        && failed == 0
    {
        site.remove();
    }
    println!("{failed} failed, {skipped} could not run");
    if failed > 0 || (skipped > 0 && !args.allow_skips) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

enum Ended {
    Passed,
    Failed,
    Skipped,
}

fn one(entry: &Entry, drill: &Drill) -> Ended {
    let missing: Vec<_> = entry.needs.iter().filter(|need| !need.is_met()).collect();
    if !missing.is_empty() {
        println!("{:<12} CANNOT RUN here: {missing:?} missing ({})", entry.name, entry.about);
        return Ended::Skipped;
    }
    let began = Instant::now();
    match std::panic::catch_unwind(AssertUnwindSafe(|| (entry.run)(drill))) {
        Ok(facts) => {
            println!("{:<12} ok, {:.1} s: {}", entry.name, began.elapsed().as_secs_f64(), entry.about);
            for (name, value) in facts {
                println!("               {name}: {value}");
            }
            Ended::Passed
        }
        Err(_) => {
            let kept = concat!(env!("CARGO_TARGET_TMPDIR"), "/drills");
            println!(
                "{:<12} FAILED after {:.1} s (seed {}): {}",
                entry.name,
                began.elapsed().as_secs_f64(),
                drill.seed,
                entry.about
            );
            println!("               journal, database and logs are kept under {kept}");
            Ended::Failed
        }
    }
}
