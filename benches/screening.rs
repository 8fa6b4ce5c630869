//! Screening: how much it finds on texts made for it, how often it is wrong on real messages, how fast it is
//! beside reading the characters of the same texts; and the same of near-equal texts.
//!
//!     cargo bench --bench screening

#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first thing that is wrong")]
#![expect(clippy::print_stdout, reason = "it prints its table")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use jianyan::screening::{ALIKE, Shingles, screen};

#[path = "../tests/it/near_corpus.rs"]
mod near_corpus;
#[path = "../tests/it/screening_corpus.rs"]
mod screening_corpus;
#[path = "../tests/it/shared.rs"]
mod shared;

use near_corpus::{WAYS, beginning, changed};
use screening_corpus::{Case, Dice, ORDINARY, disguised, plain};

fn main() {
    println!("\n| corpus | kind | way | found |\n|---|---|---|---|");
    table("plain", &plain(2026, 400));
    table("disguised", &disguised(713, 200));
    let alarm = |m: &&str| screen(m).iter().any(|f| f.kind.is_personal());
    let wrong = ORDINARY.iter().filter(|m| alarm(m)).count();
    println!("\ntexts full of numbers that are nobody's, marked all the same: {wrong} of {}", ORDINARY.len());
    let Some(messages) = shared::messages() else { return };
    let flagged = messages.iter().filter(|m| alarm(&m.as_str())).count();
    println!("real messages with personal data marked: {flagged} of {}", messages.len());
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
    near(&messages);
}

/// A text with its sketch.
struct Text(Shingles, Vec<i64>);

impl Text {
    fn of(text: &str) -> Option<Self> {
        let shingles = Shingles::of(text)?;
        let bands = shingles.bands().to_vec();
        Some(Self(shingles, bands))
    }

    fn meets(&self, other: &Self) -> bool {
        self.1.iter().any(|band| other.1.contains(band))
    }
}

/// Near-equal texts made from the messages, cut to the lengths of opinions.
fn near(messages: &[String]) {
    println!("\n| letters | changed by | found | pairs |\n|---|---|---|---|");
    let mut dice = Dice(2026);
    for letters in [40, 80, 400] {
        let texts: Vec<String> = messages.iter().map(|m| beginning(m, letters)).collect();
        for way in WAYS {
            let pair = |t: &String| Some((Text::of(t)?, Text::of(&changed(&mut dice, way, t))?));
            let pairs: Vec<(Text, Text)> = texts.iter().filter_map(pair).collect();
            let found = pairs.iter().filter(|(a, b)| a.meets(b) && a.0.alike(&b.0) >= ALIKE).count();
            let share = 100.0 * found as f64 / pairs.len() as f64;
            println!("| {letters} | {way} | {share:.1} % | {} |", pairs.len());
        }
        let known: Vec<Text> = texts.iter().filter_map(|t| Text::of(t)).collect();
        let (mut all, mut met, mut wrong, mut twice) = (0_u64, 0_u64, 0_u64, 0_u64);
        for (i, a) in known.iter().enumerate() {
            for b in &known[..i] {
                let alike = if a.meets(b) { a.0.alike(&b.0) } else { 0.0 };
                (all, met) = (all + 1, met + u64::from(a.meets(b)));
                // Whoever sent a message twice sent nearly the same.
                twice += u64::from(alike >= 0.75);
                wrong += u64::from((ALIKE..0.75).contains(&alike));
            }
        }
        println!(
            "| {letters} | other messages | {wrong} wrong, {twice} sent twice, {met} compared | {all} |"
        );
    }
    let begun = Instant::now();
    let mut sketched = 0_u32;
    for text in messages.iter().map(|m| beginning(m, 80)) {
        sketched += u32::from(black_box(Text::of(&text)).is_some());
    }
    println!("\na sketch of 80 letters: {:.1} µs", begun.elapsed().as_secs_f64() * 1e6 / f64::from(sketched));
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
