//! The system calls of the server as `strace` saw them: which write of the log held an opinion, when the log
//! was on the disk, and when the answer left.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::check::{Attempt, Fate};

/// What is traced, besides what a drill injects.
const CALLS: &str = "trace=pwrite64,write,writev,sendto,sendmsg,fdatasync,fsync";

/// `strace` in front of the server, its own process out of the way, so that the server's is ours to kill.
pub fn strace(output: &Path, inject: Option<&str>) -> Vec<String> {
    let mut words: Vec<String> =
        ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "8192", "-e", CALLS, "-e", "signal=none"]
            .map(str::to_owned)
            .to_vec();
    if let Some(inject) = inject {
        words.extend(["-e".to_owned(), format!("inject={inject}")]);
    }
    words.extend(["-o".to_owned(), output.display().to_string()]);
    words
}

/// One call. `start` and `end` are lines of the trace: the kernel stops the server at both.
#[derive(Clone, Debug)]
pub struct Call {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub failed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A frame's head in the write-ahead log; `commit` ends a transaction.
    Head {
        commit: bool,
    },
    /// A page in the log, with the ids of the opinions on it.
    Page {
        ids: Vec<String>,
    },
    /// The log was put on the disk.
    Sync,
    /// An answer with the receipt of this number.
    Receipt {
        number: String,
    },
    Other,
}

/// Reads a trace.
pub fn read(file: &Path) -> Vec<Call> {
    let text = String::from_utf8_lossy(&fs::read(file).expect("a trace")).into_owned();
    let mut calls: Vec<Call> = Vec::new();
    let mut unfinished: HashMap<&str, usize> = HashMap::new();
    for (at, line) in text.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let failed = rest.contains(") = -1 ") || rest.contains("= -1 E");
        if rest.starts_with("<... ") {
            if let Some(call) = unfinished.remove(thread).map(|i| &mut calls[i]) {
                (call.end, call.failed) = (at, failed);
            }
            continue;
        }
        let Some(kind) = kind(rest) else { continue };
        let is_open = rest.ends_with("<unfinished ...>");
        if is_open {
            unfinished.insert(thread, calls.len());
        }
        calls.push(Call { kind, start: at, end: if is_open { usize::MAX } else { at }, failed });
    }
    calls
}

fn kind(call: &str) -> Option<Kind> {
    let (name, rest) = call.split_once('(')?;
    let file = rest.split_once('<').and_then(|(_, r)| r.split_once('>')).map(|(f, _)| f).unwrap_or_default();
    let is_log = file.ends_with("-wal");
    Some(match name {
        "fdatasync" | "fsync" if is_log => Kind::Sync,
        "pwrite64" | "write" if is_log => {
            let bytes = quoted(rest);
            match bytes.len() {
                24 => Kind::Head { commit: bytes[4..8] != [0; 4] },
                _ => Kind::Page { ids: ids(&bytes) },
            }
        }
        "write" | "writev" | "sendto" | "sendmsg" if rest.contains("lookup_code") => {
            let number = rest.split(r#"\"number\":\""#).nth(1)?.split('\\').next()?;
            Kind::Receipt { number: number.to_owned() }
        }
        _ => Kind::Other,
    })
}

/// The first string of a call, unescaped.
fn quoted(text: &str) -> Vec<u8> {
    let Some((_, rest)) = text.split_once('"') else { return Vec::new() };
    let (mut out, mut bytes) = (Vec::new(), rest.bytes().peekable());
    while let Some(b) = bytes.next() {
        match b {
            b'"' => break,
            b'\\' => match bytes.next() {
                Some(b'n') => out.push(b'\n'),
                Some(b't') => out.push(b'\t'),
                Some(b'r') => out.push(b'\r'),
                Some(b'v') => out.push(11),
                Some(b'f') => out.push(12),
                Some(digit @ b'0'..=b'7') => {
                    let mut value = u32::from(digit - b'0');
                    for _ in 0..2 {
                        let Some(next @ b'0'..=b'7') = bytes.peek().copied() else { break };
                        value = value * 8 + u32::from(next - b'0');
                        bytes.next();
                    }
                    out.push(u8::try_from(value).unwrap_or(0));
                }
                Some(other) => out.push(other),
                None => break,
            },
            other => out.push(other),
        }
    }
    out
}

/// The ids of our opinions in a page: what stands between 〔 and 〕.
fn ids(page: &[u8]) -> Vec<String> {
    let (open, close) = ("〔".as_bytes(), "〕".as_bytes());
    let starts = page.windows(3).enumerate().filter(|(_, w)| *w == open).map(|(i, _)| i + 3);
    let id = |start: usize| {
        let rest = &page[start..page.len().min(start + 60)];
        let end = rest.windows(3).position(|w| w == close)?;
        String::from_utf8(rest[..end].to_vec()).ok()
    };
    starts.filter_map(id).collect()
}

/// An acknowledged opinion whose answer left before its data were on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Early {
    /// No page of the log holds it.
    NeverWritten(String),
    /// No sync of the log, begun after its transaction was written, had ended.
    NotSynced(String),
    /// The answer is not in the trace.
    NoAnswer(String),
}

/// Checks every acknowledged opinion.
pub fn check_order(calls: &[Call], attempts: &[Attempt]) -> Vec<Early> {
    let mut first_page: HashMap<&str, usize> = HashMap::new();
    let mut answers: HashMap<&str, usize> = HashMap::new();
    // For each call the end of the first transaction that was complete at or after it.
    for (i, call) in calls.iter().enumerate() {
        match &call.kind {
            Kind::Page { ids } if !call.failed => {
                for id in ids {
                    first_page.entry(id).or_insert(i);
                }
            }
            Kind::Receipt { number } => {
                answers.entry(number).or_insert(call.start);
            }
            _ => {}
        }
    }
    let mut early = Vec::new();
    for attempt in attempts {
        let Fate::Acknowledged { number, .. } = &attempt.fate else { continue };
        let Some(page) = first_page.get(attempt.id.as_str()) else {
            early.push(Early::NeverWritten(attempt.id.clone()));
            continue;
        };
        let Some(answer) = answers.get(number.as_str()) else {
            early.push(Early::NoAnswer(attempt.id.clone()));
            continue;
        };
        let in_time = written(calls, *page).is_some_and(|at| {
            let after = calls.iter().filter(|c| c.kind == Kind::Sync && !c.failed && c.start > at);
            after.clone().any(|sync| sync.end < *answer)
        });
        if !in_time {
            early.push(Early::NotSynced(attempt.id.clone()));
        }
    }
    early
}

/// When the transaction that holds this page was in the log whole: the page of its commit frame.
fn written(calls: &[Call], page: usize) -> Option<usize> {
    let head = calls[..page].iter().rposition(|c| matches!(c.kind, Kind::Head { .. }))?;
    let commit =
        head + calls[head..].iter().position(|c| c.kind == Kind::Head { commit: true } && !c.failed)?;
    let last = calls[commit..].iter().find(|c| matches!(c.kind, Kind::Page { .. }))?;
    Some(last.end)
}
