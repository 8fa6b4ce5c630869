//! R4: the disk is full. Reading goes on, writing says so at once, and it works again when there is space.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::check::assert_kept;
use crate::load::{Load, Plan};
use crate::server::{Launch, Server};
use crate::{Drill, Facts};

/// The longest that a refusal may take.
const REFUSAL: Duration = Duration::from_secs(2);
/// The longest until it works again.
const RECOVERY: Duration = Duration::from_secs(10);

/// A small file system in memory.
struct Mount(PathBuf);

impl Mount {
    fn new(at: &Path) -> Self {
        fs::create_dir_all(at).expect("a directory");
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"]).arg(at).status();
        assert!(done.expect("mount runs").success(), "no right to mount");
        Self(at.to_owned())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

pub fn run(drill: &Drill) -> Facts {
    let template = drill.site();
    let mount = Mount::new(&template.dir.with_extension("r4"));
    let mut site = template.copy("r4", None);
    for entry in site.dir.read_dir().expect("a directory").flatten() {
        fs::copy(entry.path(), mount.0.join(entry.file_name())).ok();
    }
    let journal = site.logs.join("journal.txt");
    site.dir.clone_from(&mount.0);
    // The log as well: it cannot be written either, and nothing may depend on it.
    site.logs.clone_from(&mount.0);
    site.store = crate::store::Store::sqlite(&site.dir);
    let server = Server::start(&site, &Launch::default());
    let plan = Plan {
        writers: 4,
        pause: Duration::from_millis(5),
        ..Plan::new(&site.consultations[0], &[server.address], drill.seed)
    };
    let load = Load::start(plan, &journal);
    assert!(load.wait_for(50, Duration::from_secs(20)));
    // Control: with space left nothing is refused, so what is refused below is refused for lack of it.
    assert_eq!(load.refused(), 0, "refused with space left");

    let filler = site.dir.join("filler");
    let began = Instant::now();
    let mut space = Duration::ZERO;
    while load.refused() < 20 && began.elapsed() < Duration::from_secs(30) {
        fill(&filler);
        space = began.elapsed();
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(
        load.refused() >= 20,
        "only {} refused in {space:?}; the slowest took {:?}",
        load.refused(),
        load.slowest_refusal()
    );
    let mut client = server.client().patience(REFUSAL);
    for path in ["/", &format!("/consultations/{}", site.consultations[0]), "/livez"] {
        let answer = client.get(path).unwrap_or_else(|e| panic!("{path}: {e:?}"));
        assert_eq!(answer.status, 200, "{path} on a full disk: {}", answer.text());
    }
    // Control: without space it does not come back by itself.
    std::thread::sleep(Duration::from_millis(300));
    fill(&filler);
    assert!(!load.wait_for(1, Duration::from_millis(500)), "control: it receives on a full disk");

    fs::remove_file(&filler).expect("the filler");
    let freed = Instant::now();
    assert!(load.wait_for(20, RECOVERY), "it does not recover in {RECOVERY:?}\n{}", site.log());
    let recovered = freed.elapsed();
    let history = load.finish();
    history.assert_only_unavailable();
    let slowest = history.refusals.iter().map(|r| r.took).max().unwrap_or_default();
    assert!(slowest <= REFUSAL, "a refusal took {slowest:?}");
    assert!(site.audit_is_whole(&mut server.client()));
    server.kill();
    site.assert_no_panic();
    site.store.check_integrity();
    assert_kept(&history.attempts, &site.store);
    let facts = vec![
        ("refused", format!("{:?}", history.statuses())),
        ("slowest refusal", format!("{} ms", slowest.as_millis())),
        ("recovery", format!("{} ms", recovered.as_millis())),
        ("acknowledged", history.acknowledged().to_string()),
        ("controls", "with space nothing is refused; without it nothing is received".into()),
    ];
    let _ = journal.parent().map(fs::remove_dir_all);
    facts
}

/// Takes what space is left, to the last block.
fn fill(file: &Path) {
    use std::io::Write as _;
    let mut file = fs::OpenOptions::new().create(true).append(true).open(file).expect("the filler");
    for size in [1 << 20, 4096, 512] {
        let block = vec![0_u8; size];
        while file.write_all(&block).is_ok() {}
    }
}
