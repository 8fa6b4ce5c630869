//! The command line as a person or a script uses it.

use std::io::Write as _;

use std::process::{Command, Output, Stdio};

fn jianyan(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jianyan"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("JIANYAN_")) {
        command.env_remove(name);
    }
    command.args(args);
    command
}

fn run(args: &[&str]) -> Output {
    jianyan(args).output().unwrap()
}

#[track_caller]
fn says(args: &[&str], expected: &str) {
    let output = run(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), expected);
}

#[track_caller]
fn fails(args: &[&str], word: &str) {
    let output = run(args);
    assert!(!output.status.success());
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains(word), "{words}");
    assert!(!words.contains("panicked"), "{words}");
}

#[test]
fn a_due_day_is_printed() {
    says(&["workday", "due", "--start", "2026-02-13", "--days", "10"], "2026-03-05");
    says(&["workday", "due", "--start", "2026-02-13", "--days", "30", "--calendar-days"], "2026-03-16");
    fails(&["workday", "due", "--start", "2026-02-30", "--days", "1"], "2026-02-30");
}

#[test]
fn due_days_of_a_table_are_written_as_a_table() {
    let mut child = jianyan(&["workday", "due", "--csv", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = "note,n,start_date\nx,10,2026-02-13\n\"a,b\",1,2026-12-31\n";
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        text,
        "start_date,n,due_date,provisional\n2026-02-13,10,2026-03-05,false\n2026-12-31,1,2027-01-01,true\n"
    );
}

#[test]
fn every_case_given_agrees() {
    let Some(cases) = crate::shared::path("calendar/working_day_cases.csv") else {
        return eprintln!("SKIPPED: no shared data");
    };
    let output = run(&["workday", "due", "--csv", cases.to_str().unwrap()]);
    let ours = String::from_utf8(output.stdout).unwrap();
    let given = std::fs::read_to_string(cases).unwrap();
    for (ours, given) in ours.lines().zip(given.lines()).skip(1) {
        assert_eq!(ours.split(',').take(3).collect::<Vec<_>>(), given.split(',').collect::<Vec<_>>());
    }
    assert_eq!(ours.lines().count(), given.lines().count());
}

#[test]
fn a_law_is_cut_into_clauses_as_json() {
    let Some(law) = crate::shared::path("laws/d002_重大行政决策程序暂行条例.txt") else {
        return eprintln!("SKIPPED: no shared data");
    };
    let output = run(&["clauses", law.to_str().unwrap(), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["title"], "重大行政决策程序暂行条例");
    assert_eq!(json["counts"]["article"], 44);
    let whole: String = std::iter::once(json["title"].as_str().unwrap())
        .chain(json["clauses"].as_array().unwrap().iter().map(|c| c["text"].as_str().unwrap()))
        .collect();
    let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(bare(&whole), bare(&std::fs::read_to_string(law).unwrap()));
    fails(&["clauses", "no-such-file.txt"], "no-such-file.txt");
}

#[test]
fn a_wrong_setting_is_a_clear_error() {
    fails(&["migrate", "--listen", "nonsense"], "--listen");
    fails(&["migrate", "--database-url", "mysql://x"], "database_url");
    fails(&["migrate", "--base-url", "ftp://x"], "base_url");
    fails(&["migrate", "--config", "no-such.toml"], "no-such.toml");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("jianyan.toml");
    std::fs::write(&file, "listne = \"[::]:80\"").unwrap();
    fails(&["migrate", "--config", file.to_str().unwrap()], "listne");
    let output = jianyan(&["migrate"]).env("JIANYAN_RULES__SUMMARY_WORKING_DAYS", "0").output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("summary_working_days"));
}

#[test]
fn the_spec_needs_no_database() {
    let dir = tempfile::tempdir().unwrap();
    let output = jianyan(&["openapi"]).current_dir(dir.path()).output().unwrap();
    let spec: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(spec["openapi"], "3.0.0");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_key_file_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    assert!(run(&["migrate", "--data-dir", data]).status.success());
    let key = dir.path().join("jianyan.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    fails(&["migrate", "--data-dir", data], "chmod 600");
}

/// A notice imported into a site is what the command counts by from then on.
#[test]
fn an_imported_year_counts() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let due = ["--data-dir", data, "workday", "due", "--start", "2027-09-29", "--days", "3"];
    says(&due, "2027-10-04");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "counting makes no site");
    let notice = dir.path().join("2027.csv");
    let rows: String = (1..=7).map(|d| format!("2027-10-0{d},off,国庆节,通知\n")).collect();
    std::fs::write(&notice, format!("date,kind,name,source\n{rows}")).unwrap();
    assert!(run(&["--data-dir", data, "workday", "import", notice.to_str().unwrap()]).status.success());
    says(&due, "2027-10-11");
}

/// A list of words is tried on texts without a site; a line that is no word is told and skipped.
#[test]
fn screening_takes_words_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let (words, texts) = (dir.path().join("words.csv"), dir.path().join("texts.txt"));
    std::fs::write(&words, "word,kind\n黑马健身,banned\n单,banned\n坏词,insult\n").unwrap();
    std::fs::write(&texts, "去黑 马健身\n这是坏词，刷单\n").unwrap();
    let (words, texts) = (words.to_str().unwrap(), texts.to_str().unwrap());
    let output = run(&["screen", texts, "--lexicon", words]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, "1\tbanned\t黑 马健身\n2\tinsult\t坏词\n2\tadvertising\t刷单\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("words.csv:3: "));
    assert_eq!(String::from_utf8(run(&["screen", texts]).stdout).unwrap(), "2\tadvertising\t刷单\n");
    assert_eq!(run(&["screen", texts, "--lexicon", "none.csv"]).status.code(), Some(1));
}
