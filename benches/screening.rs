//! Screening: how much it finds on texts made for it, how often it is wrong on real messages, how fast it is
//! beside reading the characters of the same texts.
//!
//!     cargo bench --bench screening

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that is wrong")]
#![expect(clippy::print_stdout, reason = "it prints its table")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use jianyan::screening::screen;

#[path = "../tests/it/screening_corpus.rs"]
mod screening_corpus;
#[path = "../tests/it/shared.rs"]
mod shared;

use screening_corpus::{Case, disguised, plain};

fn main() {
    println!("\n| corpus | kind | way | found |\n|---|---|---|---|");
    table("plain", &plain(2026, 400));
    table("disguised", &disguised(713, 200));
    let Some(messages) = shared::messages() else { return };
    let flagged = messages.iter().filter(|m| screen(m).iter().any(|f| f.kind.is_personal())).count();
    println!("\nreal messages with personal data marked: {flagged} of {}", messages.len());
    let bytes: usize = messages.iter().map(String::len).sum();
    let rate = |work: &dyn Fn(&str) -> usize| {
        let mut best = f64::MAX;
        for _ in 0..20 {
            let begun = Instant::now();
            for m in &messages {
                black_box(work(m));
            }
            best = best.min(begun.elapsed().as_secs_f64());
        }
        bytes as f64 / 1e6 / best
    };
    let (own, floor) =
        (rate(&|m| screen(m).len()), rate(&|m| m.chars().filter(char::is_ascii_digit).count()));
    println!("speed: {own:.1} MB/s; counting the digits of the same texts: {floor:.1} MB/s");
}

fn table(corpus: &str, cases: &[Case]) {
    let mut ways: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for c in cases {
        let at = c.text.find(&c.passage).unwrap();
        let hit = screen(&c.text)
            .iter()
            .any(|f| f.kind == c.kind && f.start <= at && f.end >= at + c.passage.len());
        let (hits, all) = ways.entry((c.kind.as_str(), c.way)).or_default();
        (*hits, *all) = (*hits + usize::from(hit), *all + 1);
    }
    let percent = |hits: usize, all: usize| 100.0 * hits as f64 / all as f64;
    for ((kind, way), (hits, all)) in &ways {
        println!("| {corpus} | {kind} | {way} | {:.1} % |", percent(*hits, *all));
    }
    let (hits, all) = ways.values().fold((0, 0), |(h, a), (hits, all)| (h + hits, a + all));
    println!("| {corpus} | **all** | {all} passages | **{:.2} %** |", percent(hits, all));
}
