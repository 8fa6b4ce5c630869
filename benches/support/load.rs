//! Load: many kept-alive clients on one thread, so that the machine's cores are left to the server; and what
//! the server's processes took for it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use super::client::header;

/// What some clients got.
pub struct Load {
    seconds: f64,
    /// Microseconds, sorted.
    latencies: Vec<u32>,
    /// Processor time of the server a request, milliseconds.
    pub cpu: f64,
}

impl Load {
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds
    }

    /// The time that a part of the requests took at most.
    pub fn within(&self, part: f64) -> Duration {
        let at = (self.latencies.len() as f64 * part) as usize;
        let at = at.min(self.latencies.len() - 1);
        Duration::from_micros(self.latencies[at].into())
    }
}

/// What a client sends: the same again and again, or each time another.
pub trait Requests: Send + 'static {
    fn next(&mut self) -> &[u8];
}

impl Requests for Vec<u8> {
    fn next(&mut self) -> &[u8] {
        self
    }
}

/// Each client sends its requests one after another; an answer with another status ends it all.
pub fn run<R: Requests>(server: &Server, mut requests: Vec<R>, time: Duration, expected: u16) -> Load {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    (_, requests) = runtime.block_on(clients(server.address, requests, time / 4, expected));
    let (cpu, began) = (server.cpu(), Instant::now());
    let (mut latencies, _) = runtime.block_on(clients(server.address, requests, time, expected));
    let seconds = began.elapsed().as_secs_f64();
    let cpu = (server.cpu() - cpu) * 1000.0 / latencies.len() as f64;
    latencies.sort_unstable();
    Load { seconds, latencies, cpu }
}

async fn clients<R: Requests>(
    address: SocketAddr,
    requests: Vec<R>,
    time: Duration,
    expected: u16,
) -> (Vec<u32>, Vec<R>) {
    let until = Instant::now() + time;
    let mut all = JoinSet::new();
    for request in requests {
        all.spawn(client(address, request, until, expected));
    }
    let (latencies, requests): (Vec<_>, Vec<_>) = all.join_all().await.into_iter().unzip();
    (latencies.concat(), requests)
}

async fn client<R: Requests>(
    address: SocketAddr,
    mut requests: R,
    until: Instant,
    expected: u16,
) -> (Vec<u32>, R) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = vec![0; 512 * 1024];
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let request = requests.next();
        let began = Instant::now();
        stream.write_all(request).await.unwrap();
        let status = answer(&mut stream, &mut buffer).await;
        assert_eq!(status, expected, "{}", String::from_utf8_lossy(&buffer[..600]));
        latencies.push(u32::try_from(began.elapsed().as_micros()).unwrap());
    }
    (latencies, requests)
}

/// Reads one answer and gives its status.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> u16 {
    let mut filled = 0;
    loop {
        let n = stream.read(&mut buffer[filled..]).await.unwrap();
        assert!(n > 0, "the server closed the connection");
        filled += n;
        let Some(end) = buffer[..filled].windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end + 4]).unwrap();
        let status = head[9..12].parse().unwrap();
        let length = header(head, "content-length").map_or(0, |v| v.parse::<usize>().unwrap());
        let mut left = (end + 4 + length).saturating_sub(filled);
        while left > 0 {
            let n = stream.read(buffer).await.unwrap();
            assert!(n > 0, "the server closed the connection");
            left = left.checked_sub(n).unwrap();
        }
        return status;
    }
}

/// A server in a process of its own, ended with it.
pub struct Server {
    process: std::process::Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it and waits until it takes connections.
    pub fn start(mut command: std::process::Command, address: SocketAddr) -> Self {
        let process = command.spawn().unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(address).is_err() {
            assert!(Instant::now() < until, "the server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { process, address }
    }

    /// The process and its children.
    fn pids(&self) -> Vec<u32> {
        let pid = self.process.id();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        std::iter::once(pid).chain(children.split_whitespace().map(|p| p.parse().unwrap())).collect()
    }

    /// Processor time so far, seconds. The kernel counts in hundredths.
    fn cpu(&self) -> f64 {
        let of = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
            let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
            (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
        };
        self.pids().iter().map(of).sum()
    }

    /// Memory in use, MiB.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended as an operator would end it, so that children go too.
        let pid = self.process.id().to_string();
        let _ = std::process::Command::new("kill").arg(pid).status();
        let _ = self.process.wait();
    }
}

/// An address that was free a moment ago.
pub fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// The time of one write that is on the disk, median of a hundred.
pub fn fsync(dir: &Path) -> Duration {
    use std::io::Write as _;
    let mut file = std::fs::File::create(dir.join("fsync")).unwrap();
    let mut times: Vec<Duration> = (0..100)
        .map(|_| {
            let began = Instant::now();
            file.write_all(&[1; 4096]).unwrap();
            file.sync_data().unwrap();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[50]
}

/// nginx serving one file of these bytes; none where it is not installed.
pub fn nginx(dir: &Path, page: &[u8]) -> Option<Server> {
    let dir = dir.join("nginx");
    std::fs::create_dir_all(dir.join("html")).unwrap();
    std::fs::write(dir.join("html/index.html"), page).unwrap();
    let (address, here) = (free_address(), dir.display());
    let paths =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|n| format!("{n}_temp_path {here}/{n};"));
    let config = format!(
        "worker_processes auto; error_log {here}/error.log; pid {here}/pid; daemon off;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; {}\n\
         types {{ text/html html; }} open_file_cache max=10;\n\
         server {{ listen {address} reuseport; root {here}/html; }} }}\n",
        paths.join(" ")
    );
    std::fs::write(dir.join("nginx.conf"), config).unwrap();
    // The machine's own administrator may start it; files in a private directory need its workers to be him.
    let mut command = std::process::Command::new("nginx");
    command.arg("-p").arg(&dir).arg("-c").arg(dir.join("nginx.conf")).arg("-e").arg(dir.join("error.log"));
    command.stderr(std::process::Stdio::null());
    if is_root() {
        command.arg("-g").arg("user root;");
    }
    std::process::Command::new("nginx").arg("-v").stderr(std::process::Stdio::null()).status().ok()?;
    Some(Server::start(command, address))
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|l| l.starts_with("Uid:\t0\t"))
}
