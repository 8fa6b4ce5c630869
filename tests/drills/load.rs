//! People who give opinions while things break: each opinion is unique, has its own Idempotency-Key, and its
//! receipt is in the journal before the next one is sent. What went unanswered is sent again with its key.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use crate::check::{Attempt, Fate};
use crate::http::{Answer, Client, Unanswered};

/// What people write is made of these.
const WORDS: &str =
    "建议把晚间开放时间延长到二十二时方便上班族下班以后锻炼周末上午人多可以分时段预约给老年人留出名额，。；";
/// An opinion that cannot be placed for so long is given up as unknown.
const PATIENCE: Duration = Duration::from_secs(90);

pub struct Plan {
    pub consultation: String,
    /// Taken in turn, request by request.
    pub addresses: Vec<SocketAddr>,
    pub writers: usize,
    pub seed: u64,
    /// The longest opinion, in characters.
    pub longest: usize,
    /// Between two requests of one writer.
    pub pause: Duration,
    /// Whether an unanswered request is sent again.
    pub again: bool,
    /// With a contact, each opinion brings a letter of thanks.
    pub contacts: bool,
}

impl Plan {
    pub fn new(consultation: &str, addresses: &[SocketAddr], seed: u64) -> Self {
        Self {
            consultation: consultation.to_owned(),
            addresses: addresses.to_vec(),
            writers: 8,
            seed,
            longest: 400,
            pause: Duration::ZERO,
            again: true,
            contacts: false,
        }
    }
}

/// An answer that was no receipt.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub retry_after: bool,
    pub problem: bool,
    pub took: Duration,
    /// Seen when a drill fails.
    #[expect(dead_code, reason = "printed by Debug")]
    body: String,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    acknowledged: AtomicUsize,
    refusals: Mutex<Vec<Refusal>>,
    journal: Option<Mutex<File>>,
}

impl Shared {
    fn write(&self, line: &str) {
        if let Some(journal) = &self.journal {
            let mut file = journal.lock().expect("no writer panics in here");
            writeln!(file, "{line}").expect("the journal");
        }
    }
}

/// Running writers.
pub struct Load {
    shared: Arc<Shared>,
    writers: Vec<JoinHandle<Vec<Attempt>>>,
}

/// What the writers know in the end.
pub struct History {
    pub attempts: Vec<Attempt>,
    pub refusals: Vec<Refusal>,
}

impl History {
    pub fn acknowledged(&self) -> usize {
        self.attempts.iter().filter(|a| matches!(a.fate, Fate::Acknowledged { .. })).count()
    }

    pub fn unknown(&self) -> usize {
        self.attempts.iter().filter(|a| a.fate == Fate::Unknown).count()
    }

    /// How often each status was answered instead of a receipt.
    pub fn statuses(&self) -> BTreeMap<u16, usize> {
        let mut count = BTreeMap::new();
        for refusal in &self.refusals {
            *count.entry(refusal.status).or_default() += 1;
        }
        count
    }

    /// Refusals that are not "503 (or 507), a problem document, with Retry-After".
    pub fn assert_only_unavailable(&self) {
        let bad =
            self.refusals.iter().find(|r| !(matches!(r.status, 503 | 507) && r.problem && r.retry_after));
        assert!(
            bad.is_none(),
            "a refusal that is not 503 with Retry-After: {bad:?}; all: {:?}",
            self.statuses()
        );
    }
}

impl Load {
    pub fn start(plan: Plan, journal: &Path) -> Self {
        let file = File::create(journal).expect("the journal");
        let shared = Arc::new(Shared { journal: Some(Mutex::new(file)), ..Shared::default() });
        let plan = Arc::new(plan);
        let writers = (0..plan.writers).map(|n| {
            let (shared, plan) = (shared.clone(), plan.clone());
            std::thread::spawn(move || Writer::new(n, plan, shared).write())
        });
        Self { writers: writers.collect(), shared }
    }

    pub fn acknowledged(&self) -> usize {
        self.shared.acknowledged.load(Ordering::SeqCst)
    }

    pub fn refused(&self) -> usize {
        self.shared.refusals.lock().expect("no writer panics in here").len()
    }

    pub fn slowest_refusal(&self) -> Duration {
        let refusals = self.shared.refusals.lock().expect("no writer panics in here");
        refusals.iter().map(|r| r.took).max().unwrap_or_default()
    }

    /// Waits until so many more are acknowledged; says whether they were in time.
    pub fn wait_for(&self, more: usize, within: Duration) -> bool {
        let (began, goal) = (Instant::now(), self.acknowledged() + more);
        while began.elapsed() < within {
            if self.acknowledged() >= goal {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// No new opinions; what is unanswered is settled first.
    pub fn finish(self) -> History {
        self.shared.stop.store(true, Ordering::SeqCst);
        let attempts = self.writers.into_iter().flat_map(|w| w.join().expect("a writer")).collect();
        let refusals = std::mem::take(&mut *self.shared.refusals.lock().expect("no writer panics in here"));
        History { attempts, refusals }
    }
}

struct Writer {
    number: usize,
    plan: Arc<Plan>,
    shared: Arc<Shared>,
    rng: StdRng,
    clients: Vec<Client>,
    turn: usize,
}

impl Writer {
    fn new(number: usize, plan: Arc<Plan>, shared: Arc<Shared>) -> Self {
        let rng = StdRng::seed_from_u64(plan.seed.wrapping_mul(1000).wrapping_add(number as u64));
        let clients = plan.addresses.iter().map(|a| Client::new(*a)).collect();
        Self { number, plan, shared, rng, clients, turn: number }
    }

    fn write(mut self) -> Vec<Attempt> {
        let mut attempts = Vec::new();
        while !self.shared.stop.load(Ordering::SeqCst) {
            let mut attempt = self.attempt(attempts.len());
            self.shared.write(&format!("try {} {}", attempt.key, attempt.text));
            self.place(&mut attempt);
            attempts.push(attempt);
            std::thread::sleep(self.plan.pause);
        }
        attempts
    }

    fn attempt(&mut self, n: usize) -> Attempt {
        let id = format!("{:016x}-{}-{n}", self.rng.random::<u64>(), self.number);
        let words: Vec<char> = WORDS.chars().collect();
        let length = self.rng.random_range(5..self.plan.longest.max(6));
        let mut text = format!("〔{id}〕");
        text.extend((0..length).map(|_| words[self.rng.random_range(0..words.len())]));
        Attempt { key: format!("drill-{id}"), id, text, fate: Fate::NotSent }
    }

    /// Sends it until it is answered.
    fn place(&mut self, attempt: &mut Attempt) {
        // Some are never asked after again: such an opinion may be there or not.
        let again = self.plan.again && !self.rng.random_ratio(1, 8);
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let sent = Instant::now();
            match self.send(attempt) {
                Ok(answer) if matches!(answer.status, 200 | 201) => {
                    let receipt = answer.json();
                    let field = |name: &str| receipt[name].as_str().unwrap_or_default().to_owned();
                    let (number, code) = (field("number"), field("lookup_code"));
                    self.shared.write(&format!("ack {} {number} {code} {}", attempt.key, answer.status));
                    attempt.fate = Fate::Acknowledged { number, code };
                    self.shared.acknowledged.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                Ok(answer) => {
                    attempt.fate = Fate::Unknown;
                    self.shared.write(&format!("refused {} {}", attempt.key, answer.status));
                    self.refused(&answer, sent.elapsed());
                    if !again {
                        return;
                    }
                }
                Err(Unanswered::NotSent(_)) if self.shared.stop.load(Ordering::SeqCst) => return,
                Err(Unanswered::NotSent(_)) => {}
                Err(Unanswered::Unknown(e)) => {
                    attempt.fate = Fate::Unknown;
                    self.shared.write(&format!("unknown {} {e}", attempt.key));
                    if !again {
                        return;
                    }
                }
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&mut self, attempt: &Attempt) -> Result<Answer, Unanswered> {
        let path = format!("/api/v1/consultations/{}/opinions", self.plan.consultation);
        let mut body = json!({ "text": attempt.text, "person_kind": "individual", "show_as": "anonymous", "consent": true });
        if self.plan.contacts {
            body["contact"] = json!(format!("{}@example.invalid", attempt.id));
        }
        self.turn = (self.turn + 1) % self.clients.len();
        self.clients[self.turn].json("POST", &path, &[("Idempotency-Key", &attempt.key)], &body)
    }

    fn refused(&self, answer: &Answer, took: Duration) {
        let refusal = Refusal {
            status: answer.status,
            retry_after: answer.header("retry-after").is_some(),
            problem: answer.is_problem(),
            took,
            body: answer.text(),
        };
        self.shared.refusals.lock().expect("no writer panics in here").push(refusal);
    }
}
