//! A mail server that writes down what it gets, and can call for a kill at the moments that matter.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// When to kill who sends.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Moment {
    Never = 0,
    /// The mail is here and not answered.
    BeforeAnswer = 1,
    /// Answered with 250; the sender has not yet written that down.
    AfterAnswer = 2,
}

#[derive(Default)]
struct Shared {
    moment: AtomicU8,
    pid: Mutex<Option<u32>>,
    /// Connections that are not at their end.
    open: AtomicUsize,
    /// Message-IDs in the order of arrival, copies included.
    got: Mutex<Vec<String>>,
}

#[derive(Clone)]
pub struct MailSink {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl MailSink {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let sink = Self { shared: Arc::default(), address: listener.local_addr().expect("an address") };
        let shared = sink.shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                shared.open.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    serve(stream, &shared);
                    shared.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        sink
    }

    /// For `JIANYAN_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Kills this process once, at the next such moment.
    pub fn kill_at(&self, moment: Moment, pid: u32) {
        *self.shared.pid.lock().expect("not poisoned") = Some(pid);
        self.shared.moment.store(moment as u8, Ordering::SeqCst);
    }

    /// How many mails have arrived, once what a dead sender had sent is read to its end.
    pub fn arrived(&self) -> usize {
        std::thread::sleep(Duration::from_millis(20));
        while self.shared.open.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.got().len()
    }

    pub fn got(&self) -> Vec<String> {
        self.shared.got.lock().expect("not poisoned").clone()
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).lines();
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 drill")?;
    while let Some(Ok(line)) = lines.next() {
        let word: String = line.chars().take(4).collect::<String>().to_uppercase();
        match word.as_str() {
            "DATA" => {
                say("354 go on")?;
                let mut id = String::new();
                while let Some(Ok(line)) = lines.next() {
                    if line == "." {
                        break;
                    }
                    if let Some(value) = line.strip_prefix("Message-ID:") {
                        id = value.trim().to_owned();
                    }
                }
                shared.got.lock().expect("not poisoned").push(id);
                kill(shared, Moment::BeforeAnswer);
                say("250 received")?;
                kill(shared, Moment::AfterAnswer);
            }
            "QUIT" => {
                say("221 bye")?;
                return Some(());
            }
            _ => say("250 fine")?,
        }
    }
    Some(())
}

fn kill(shared: &Shared, moment: Moment) {
    if shared
        .moment
        .compare_exchange(moment as u8, Moment::Never as u8, Ordering::SeqCst, Ordering::SeqCst)
        .is_err()
    {
        return;
    }
    if let Some(pid) = shared.pid.lock().expect("not poisoned").take() {
        let _ = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
    }
}
