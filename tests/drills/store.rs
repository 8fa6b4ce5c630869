//! The database seen past the product: by `sqlite3` and `psql`, the tools an administrator has.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Where a site keeps its rows.
#[derive(Clone, Debug)]
pub enum Store {
    /// `jianyan.db` in the site's own directory.
    Sqlite(PathBuf),
    Postgres {
        port: u16,
        name: String,
    },
}

impl Store {
    pub fn sqlite(dir: &Path) -> Self {
        Self::Sqlite(dir.join("jianyan.db"))
    }

    /// For `--database-url`; SQLite is found in the data directory by itself.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { port, name } => Some(format!("postgres://jianyan@127.0.0.1:{port}/{name}")),
        }
    }

    /// The rows of a query as JSON objects.
    pub fn rows(&self, query: &str) -> Vec<Value> {
        let text = match self {
            Self::Sqlite(file) => {
                let out = Command::new("sqlite3")
                    .args(["-bail", "-json", "-cmd", ".timeout 10000"])
                    .arg(file)
                    .arg(query)
                    .output();
                said("sqlite3", out.expect("sqlite3 runs"))
            }
            Self::Postgres { .. } => {
                self.psql(&format!("select coalesce(json_agg(q), '[]') from ({query}) q"))
            }
        };
        if text.trim().is_empty() {
            return Vec::new();
        }
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e} in {text}"))
    }

    /// One number.
    pub fn count(&self, query: &str) -> i64 {
        self.rows(&format!("select ({query}) as n"))[0]["n"].as_i64().expect("a number")
    }

    /// Changes rows behind the product's back, foreign keys or not: what the controls do.
    pub fn tamper(&self, statement: &str) {
        match self {
            Self::Sqlite(file) => {
                let mut child = Command::new("sqlite3")
                    .args(["-bail", "-cmd", ".timeout 10000"])
                    .arg(file)
                    .stdin(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("sqlite3 runs");
                let mut input = child.stdin.take().expect("its input");
                input
                    .write_all(statement.as_bytes())
                    .and_then(|()| input.write_all(b";\n"))
                    .expect("sqlite3 reads");
                drop(input);
                said("sqlite3", child.wait_with_output().expect("sqlite3 ends"));
            }
            Self::Postgres { .. } => {
                self.psql(&format!("set session_replication_role = replica; {statement}"));
            }
        }
    }

    /// What the database itself says about its files.
    pub fn check_integrity(&self) {
        if let Self::Sqlite(_) = self {
            let found = self.rows("pragma integrity_check");
            assert_eq!(found[0]["integrity_check"], "ok", "integrity_check: {found:?}");
            let broken = self.rows("pragma foreign_key_check");
            assert!(broken.is_empty(), "foreign_key_check: {broken:?}");
        } else {
            for setting in ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"] {
                let value = self.rows(&format!("select current_setting('{setting}') as v"));
                assert_eq!(value[0]["v"], "on", "{setting}");
            }
            // Reads every page, and with it its checksum.
            self.psql("select count(*) from opinion");
        }
    }

    fn psql(&self, sql: &str) -> String {
        let Self::Postgres { port, name } = self else { panic!("psql asks PostgreSQL") };
        let out = Command::new("psql")
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "jianyan", "-d", name])
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .output();
        said("psql", out.expect("psql runs"))
    }
}

fn said(tool: &str, out: Output) -> String {
    assert!(out.status.success(), "{tool}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// A PostgreSQL server of our own, durable, that may be stopped and killed.
pub struct Cluster {
    dir: tempfile::TempDir,
    bin: PathBuf,
    pub port: u16,
}

impl Cluster {
    /// The newest installed server's programs, if there is one.
    pub fn programs() -> Option<PathBuf> {
        let mut found: Vec<PathBuf> = Path::new("/usr/lib/postgresql")
            .read_dir()
            .ok()?
            .flatten()
            .map(|e| e.path().join("bin"))
            .collect();
        found.retain(|bin| bin.join("initdb").exists());
        found.sort();
        found.pop()
    }

    pub fn start() -> Self {
        let bin = Self::programs().expect("initdb");
        let dir = tempfile::Builder::new().prefix("jianyan-drill-pg").tempdir().expect("a directory");
        let cluster = Self { dir, bin, port: free_port() };
        if am_root() {
            let owned = Command::new("chown").arg("postgres").arg(cluster.dir.path()).status();
            assert!(owned.expect("chown runs").success());
        }
        let data = cluster.data();
        cluster.run(
            "initdb",
            &["-D", &data, "-U", "jianyan", "--auth=trust", "--encoding=UTF8", "--locale=C", "-k"],
        );
        cluster.up();
        cluster
    }

    fn data(&self) -> String {
        self.dir.path().join("data").display().to_string()
    }

    /// `pg_ctl start`, and waits until it answers.
    pub fn up(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on -c max_connections=200",
            self.port,
            self.dir.path().display()
        );
        let log = self.dir.path().join("log").display().to_string();
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-o", &options, "-l", &log, "start"]);
    }

    /// As a power cut would: no checkpoint, recovery from the log at the next start.
    pub fn crash(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }

    /// A fresh database, a copy of `template` if there is one.
    pub fn database(&self, name: &str, template: Option<&str>) -> Store {
        let admin = Store::Postgres { port: self.port, name: "postgres".into() };
        let template = template.unwrap_or("template1");
        admin.psql(&format!("create database {name} template {template}"));
        Store::Postgres { port: self.port, name: name.into() }
    }

    /// The server's own administrator.
    pub fn admin(&self) -> Store {
        Store::Postgres { port: self.port, name: "postgres".into() }
    }

    fn run(&self, program: &str, args: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if am_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        // The server inherits what it is given; a pipe would never end.
        let done = command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .status();
        assert!(done.expect("runs").success(), "{} {args:?}", program.display());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.dir.path().join("data/postmaster.pid").exists() && !std::thread::panicking() {
            self.crash();
        } else if self.dir.path().join("data/postmaster.pid").exists() {
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.crash()));
        }
    }
}

pub fn am_root() -> bool {
    let out = Command::new("id").arg("-u").output();
    out.is_ok_and(|o| o.stdout.starts_with(b"0"))
}

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
