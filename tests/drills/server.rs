//! The real binary as a process: started, waited for, killed.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::http::Client;
use crate::site::Site;

const BINARY: &str = env!("CARGO_BIN_EXE_jianyan");
/// The longest that a start may take before it counts as failed; each drill has its own bar below it.
const START: Duration = Duration::from_secs(60);

/// How to start it.
#[derive(Clone, Default)]
pub struct Launch {
    /// A program in front of it, such as `strace -D …`.
    pub wrap: Vec<String>,
    pub env: Vec<(String, String)>,
    pub args: Vec<String>,
    /// The port to listen on; by default the site's.
    pub port: Option<u16>,
}

pub struct Server {
    child: Child,
    began: Instant,
    pub address: SocketAddr,
    /// From the start of the process to the first `200` of `/readyz`.
    pub ready_in: Duration,
}

/// A command on a site, with our limits raised and no settings of the machine.
pub fn command<S: AsRef<OsStr>>(site: &Site, launch: &Launch, args: &[S]) -> Command {
    let mut command = match launch.wrap.split_first() {
        Some((program, rest)) => {
            let mut command = Command::new(program);
            command.args(rest).arg(BINARY);
            command
        }
        None => Command::new(BINARY),
    };
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("JIANYAN_") {
            command.env_remove(name);
        }
    }
    for limit in ["OPINIONS_PER_MINUTE", "LOOKUPS_PER_MINUTE", "SEARCHES_PER_MINUTE"] {
        command.env(format!("JIANYAN_LIMITS__{limit}"), "100000");
    }
    command.env("RUST_BACKTRACE", "0").envs(launch.env.iter().cloned()).args(args).args(&launch.args);
    command.arg("--data-dir").arg(&site.dir).current_dir(&site.dir).stdin(Stdio::null());
    if let Some(url) = site.store.url() {
        command.arg("--database-url").arg(url);
    }
    command
}

impl Server {
    /// Starts it and waits until it is ready.
    pub fn start(site: &Site, launch: &Launch) -> Self {
        Self::try_start(site, launch)
            .unwrap_or_else(|e| panic!("the server does not start: {e}\n{}", site.log()))
    }

    /// # Errors
    /// How it ended when it ended before it was ready.
    pub fn try_start(site: &Site, launch: &Launch) -> Result<Self, String> {
        Self::spawn(site, launch).ready()
    }

    /// Waits until it is ready.
    ///
    /// # Errors
    /// How it ended when it ended before it was ready.
    pub fn ready(mut self) -> Result<Self, String> {
        while self.began.elapsed() < START {
            if let Some(status) = self.ended() {
                return Err(format!("it ended with {status}"));
            }
            let mut client = self.client().patience(Duration::from_secs(2));
            if client.get("/readyz").is_ok_and(|a| a.status == 200) {
                self.ready_in = self.began.elapsed();
                return Ok(self);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(format!("it was not ready after {START:?}"))
    }

    /// Starts it and does not wait.
    pub fn spawn(site: &Site, launch: &Launch) -> Self {
        let port = launch.port.unwrap_or(site.port);
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let log = |name: &str| -> File {
            OpenOptions::new().create(true).append(true).open(site.logs.join(name)).expect("a log file")
        };
        let mut command = command(site, launch, &["serve"]);
        command.args(["--listen", &address.to_string(), "--base-url", &format!("http://{address}")]);
        // The kernel's page cache is all it would write to: no file of the server is a terminal.
        command.stdout(log("out.txt")).stderr(log("err.txt"));
        let began = Instant::now();
        let child = command.spawn().expect("the binary starts");
        Self { child, began, address, ready_in: Duration::ZERO }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of ours")
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("gone");
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// SIGTERM; how it ended and after how long.
    pub fn stop(mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        self.signal("TERM");
        loop {
            if let Some(status) = self.ended() {
                return (status, began.elapsed());
            }
            assert!(began.elapsed() < START, "SIGTERM does not end it");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Memory in use and its peak, in KiB.
    pub fn memory(&self) -> (u64, u64) {
        resident(&self.pid().to_string())
    }
}

/// Memory of a process in use and its peak, in KiB.
pub fn resident(process: &str) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|l| l.strip_prefix(name))?;
        line.trim().trim_end_matches(" kB").trim().parse().ok()
    };
    (field("VmRSS:").unwrap_or(0), field("VmHWM:").unwrap_or(0))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
