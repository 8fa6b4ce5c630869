//! The commands as a person or a script uses them.

use std::path::Path;
use std::process::{Command, Output};

fn jianyan(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jianyan"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("JIANYAN_")) {
        command.env_remove(name);
    }
    command.env("JIANYAN_LOG", "warn").current_dir(dir).args(args).output().unwrap()
}

#[track_caller]
fn does(dir: &Path, args: &[&str], word: &str) {
    let output = jianyan(dir, args);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(word), "{said}");
}

#[track_caller]
fn fails(dir: &Path, args: &[&str], word: &str) {
    let output = jianyan(dir, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(word) && !said.contains("panicked"), "{said}");
}

#[test]
fn a_site_is_saved_checked_restored_and_moved() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path();
    fails(dir, &["backup", "b.zip"], "no site");
    fails(dir, &["verify"], "no site");
    fails(dir, &["import", "b.zip"], "no site");
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 0, "looking makes nothing");
    does(dir, &["migrate"], "");
    does(dir, &["backup", "b.zip"], "sha256 ");
    fails(dir, &["backup", "b.zip"], "--force");
    does(dir, &["backup", "b.zip", "--force"], "b.zip: ");
    does(dir, &["verify", "b.zip"], "ok    hashes");
    does(dir, &["verify"], "ok    audit: 2 records");
    fails(dir, &["restore", "b.zip"], "not empty");
    fails(dir, &["restore", "b.zip", "--data-dir", "new"], "--without-key");
    assert!(!dir.join("new").exists());
    does(dir, &["restore", "b.zip", "--data-dir", "new", "--key", "data/jianyan.key"], "ok    tables");
    does(dir, &["verify", "--data-dir", "new"], "ok    names and contacts");
    does(dir, &["move", "--to", "sqlite://moved.db"], "ok    source: nothing was written");
    fails(dir, &["move", "--to", "sqlite://moved.db"], "not empty");
    fails(dir, &["verify", "no.zip"], "no.zip");
    std::fs::write(dir.join("bad.zip"), "PK").unwrap();
    fails(dir, &["verify", "bad.zip"], "damaged");
    fails(dir, &["restore", "bad.zip", "--data-dir", "other"], "damaged");
    fails(dir, &["import", "bad.zip"], "damaged");
    fails(dir, &["import", "b.zip"], "jianyan-consultation");
    does(dir, &["import", "--help"], "--dry-run");
    assert!(!dir.join("other").exists());
}

/// An unhappy report ends with 1, so that a script notices.
#[test]
fn a_bad_report_is_a_failure() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path();
    does(dir, &["migrate"], "");
    does(dir, &["backup", "b.zip"], "");
    // Another key: nothing is sealed with it here, but the site itself knows that it is another.
    std::fs::remove_file(dir.join("data/jianyan.key")).unwrap();
    fails(dir, &["verify"], "cannot read key file");
    let bytes = std::fs::read(dir.join("b.zip")).unwrap();
    let mut bent = bytes.clone();
    bent[bytes.len() / 3] ^= 1;
    std::fs::write(dir.join("b.zip"), bent).unwrap();
    fails(dir, &["verify", "b.zip"], "");
}
