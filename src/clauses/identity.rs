//! Which clause of the new version is which clause of the old one.
//!
//! Numbers shift when an article is inserted, so neither the number nor the
//! place alone tells: equal wording is matched first, then similar wording, and
//! a clause's children follow it.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use serde::{Deserialize, Serialize};

use super::{Clause, ClauseKind, mark};

/// Below this similarity two clauses with different numbers are different clauses.
const ALIKE: f64 = 0.5;
/// Below this similarity even two clauses with the same number are different clauses.
const RELATED: f64 = 0.25;
/// A bigram found in more clauses than this says nothing about which one is meant.
const COMMON: usize = 24;
/// How many rare bigrams of a clause are looked up, and how many candidates compared.
const PROBES: usize = 24;
const CANDIDATES: usize = 6;

/// What became of one clause. Numbers are indexes into the two slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The same wording under the same number, though a clause above it may have a new number.
    Kept { old: usize, new: usize },
    /// The same clause with a new wording.
    Reworded { old: usize, new: usize },
    /// The same clause with a new number or in a new place, perhaps reworded too.
    Renumbered { old: usize, new: usize, reworded: bool },
    /// Only in the new version.
    Added { new: usize },
    /// Only in the old version.
    Removed { old: usize },
}

/// Matches the clauses of two versions of a document.
///
/// Every clause of both versions appears in exactly one change. The changes
/// follow the new version; a removed clause stands where it was in the old one.
#[must_use]
pub fn match_versions(old: &[Clause], new: &[Clause]) -> Vec<Change> {
    let mut m = Matcher::new(old, new);
    m.same_place();
    m.same_wording();
    m.children();
    m.similar();
    m.children();
    m.same_number();
    m.changes()
}

/// How alike two texts are, from 0 to 1: the Dice measure of their character pairs.
/// White space and the width of punctuation do not count.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f64 {
    dice(&bigrams(&normal(a)), &bigrams(&normal(b)))
}

/// A text without blanks, half-width punctuation widened.
fn normal(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !mark::is_blank(*c))
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            ',' => '，',
            ';' => '；',
            ':' => '：',
            other => other,
        })
        .collect()
}

/// The character pairs of a text, sorted; a single character stands for itself.
fn bigrams(text: &[char]) -> Vec<u64> {
    let pair = |a: char, b: char| (u64::from(u32::from(a)) << 32) | u64::from(u32::from(b));
    let mut pairs: Vec<u64> = text.windows(2).filter_map(|w| Some(pair(*w.first()?, *w.get(1)?))).collect();
    if let [only] = text {
        pairs.push(pair(*only, '\0'));
    }
    pairs.sort_unstable();
    pairs
}

fn dice(a: &[u64], b: &[u64]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() && b.is_empty() { 1.0 } else { 0.0 };
    }
    let (mut x, mut y, mut shared) = (a.iter().peekable(), b.iter().peekable(), 0_usize);
    while let (Some(p), Some(q)) = (x.peek(), y.peek()) {
        match p.cmp(q) {
            std::cmp::Ordering::Less => drop(x.next()),
            std::cmp::Ordering::Greater => drop(y.next()),
            std::cmp::Ordering::Equal => {
                shared += 1;
                x.next();
                y.next();
            }
        }
    }
    // Clause texts are far shorter than 2^52 characters.
    #[expect(clippy::cast_precision_loss, reason = "lengths of texts are small")]
    let measure = 2.0 * shared as f64 / (a.len() + b.len()) as f64;
    measure
}

/// One version, with what matching needs to know of each clause.
struct Side<'a> {
    clauses: &'a [Clause],
    bodies: Vec<Vec<char>>,
    hashes: Vec<u64>,
    pair: Vec<Option<usize>>,
}

impl<'a> Side<'a> {
    fn new(clauses: &'a [Clause], state: &std::collections::hash_map::RandomState) -> Self {
        let bodies: Vec<Vec<char>> = clauses.iter().map(|c| normal(body(c))).collect();
        let hashes = bodies
            .iter()
            .zip(clauses)
            .map(|(b, c)| {
                let mut h = state.build_hasher();
                b.iter().for_each(|c| h.write_u32(u32::from(*c)));
                h.write_u8(c.kind as u8);
                h.finish()
            })
            .collect();
        Self { clauses, bodies, hashes, pair: vec![None; clauses.len()] }
    }

    fn parent(&self, i: usize) -> Option<usize> {
        self.clauses.get(i).and_then(|c| c.parent)
    }

    fn body(&self, i: usize) -> &[char] {
        self.bodies.get(i).map_or(&[], Vec::as_slice)
    }

    fn free(&self) -> impl Iterator<Item = usize> + '_ {
        self.pair.iter().enumerate().filter(|(_, p)| p.is_none()).map(|(i, _)| i)
    }

    fn is_free(&self, i: usize) -> bool {
        self.pair.get(i).is_some_and(Option::is_none)
    }

    fn kind(&self, i: usize) -> Option<ClauseKind> {
        self.clauses.get(i).map(|c| c.kind)
    }
}

/// A clause's text without its number.
fn body(clause: &Clause) -> &str {
    let numbered = clause.number.is_some() || clause.kind == ClauseKind::Annex;
    let marked = if numbered { mark::read(&clause.text) } else { None };
    marked.and_then(|m| clause.text.get(m.len..)).unwrap_or(&clause.text)
}

struct Matcher<'a> {
    old: Side<'a>,
    new: Side<'a>,
}

impl<'a> Matcher<'a> {
    fn new(old: &'a [Clause], new: &'a [Clause]) -> Self {
        let state = std::collections::hash_map::RandomState::new();
        Self { old: Side::new(old, &state), new: Side::new(new, &state) }
    }

    fn join(&mut self, old: usize, new: usize) {
        if self.old.is_free(old)
            && self.new.is_free(new)
            && self.old.kind(old) == self.new.kind(new)
            && let (Some(o), Some(n)) = (self.old.pair.get_mut(old), self.new.pair.get_mut(new))
        {
            *o = Some(new);
            *n = Some(old);
        }
    }

    /// Same path, same wording: most clauses of most versions.
    fn same_place(&mut self) {
        let paths: HashMap<&str, usize> =
            self.old.clauses.iter().enumerate().map(|(i, c)| (c.path.as_str(), i)).collect();
        for (new, clause) in self.new.clauses.iter().enumerate() {
            if let Some(&old) = paths.get(clause.path.as_str())
                && self.old.body(old) == self.new.body(new)
            {
                self.join(old, new);
            }
        }
    }

    /// A wording found once among what is left of each version.
    fn same_wording(&mut self) {
        let once = |side: &Side<'_>| {
            let mut seen: HashMap<u64, Option<usize>> = HashMap::new();
            for i in side.free() {
                // A bare number or 其他 is too little to know a clause by.
                if let Some(h) = side.hashes.get(i).filter(|_| side.body(i).len() >= 4) {
                    seen.entry(*h).and_modify(|at| *at = None).or_insert(Some(i));
                }
            }
            seen
        };
        let olds = once(&self.old);
        for (hash, new) in once(&self.new) {
            if let (Some(Some(old)), Some(new)) = (olds.get(&hash), new) {
                self.join(*old, new);
            }
        }
    }

    /// Under two clauses that belong together, children of the same wording, then
    /// children of the same number and a related wording, belong together too.
    fn children(&mut self) {
        let mut by_word: HashMap<(Option<usize>, u64), Vec<usize>> = HashMap::new();
        let mut by_name: HashMap<(Option<usize>, &str), usize> = HashMap::new();
        for i in self.old.free() {
            let parent = self.old.parent(i);
            if let (Some(hash), Some(clause)) = (self.old.hashes.get(i), self.old.clauses.get(i)) {
                by_word.entry((parent, *hash)).or_default().push(i);
                by_name.insert((parent, name(clause)), i);
            }
        }
        by_word.values_mut().for_each(|v| v.reverse());
        // In document order, so that a pair made here already counts for its children.
        for (new, clause) in self.new.clauses.iter().enumerate() {
            if !self.new.is_free(new) {
                continue;
            }
            let above = match clause.parent {
                None => None,
                Some(p) => match self.new.pair.get(p).copied().flatten() {
                    None => continue,
                    found => found,
                },
            };
            let hash = self.new.hashes.get(new).copied().unwrap_or_default();
            let equal = by_word.get_mut(&(above, hash)).and_then(Vec::pop);
            let named = by_name.get(&(above, name(clause))).copied().filter(|o| {
                self.old.is_free(*o)
                    && dice(&bigrams(self.old.body(*o)), &bigrams(self.new.body(new))) >= ALIKE
            });
            if let Some(old) = equal.filter(|o| self.old.is_free(*o)).or(named) {
                self.join(old, new);
            }
        }
    }

    /// Similar wording anywhere, the most alike first.
    fn similar(&mut self) {
        let grams = |side: &Side<'_>| -> HashMap<usize, Vec<u64>> {
            side.free().map(|i| (i, bigrams(side.body(i)))).collect()
        };
        let (olds, news) = (grams(&self.old), grams(&self.new));
        let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
        for i in self.old.free() {
            for g in olds.get(&i).into_iter().flatten() {
                let held = holders.entry(*g).or_default();
                if held.len() <= COMMON && held.last() != Some(&i) {
                    held.push(i);
                }
            }
        }
        let mut scored = Vec::new();
        for new in self.new.free() {
            let Some(mine) = news.get(&new) else { continue };
            let mut rare: Vec<&Vec<usize>> =
                mine.iter().filter_map(|g| holders.get(g)).filter(|h| h.len() <= COMMON).collect();
            rare.sort_by_key(|h| h.len());
            let mut votes: HashMap<usize, u32> = HashMap::new();
            rare.iter().take(PROBES).flat_map(|h| h.iter()).for_each(|o| *votes.entry(*o).or_default() += 1);
            let mut candidates: Vec<(u32, usize)> = votes.into_iter().map(|(o, v)| (v, o)).collect();
            candidates.sort_unstable_by_key(|(v, o)| (std::cmp::Reverse(*v), *o));
            for (_, old) in candidates.into_iter().take(CANDIDATES) {
                let score = olds.get(&old).map_or(0.0, |theirs| dice(mine, theirs));
                if score >= ALIKE {
                    // A tie goes to the clause that stayed under its parent.
                    scored.push((score + if self.under_pair(old, new) { 0.1 } else { 0.0 }, old, new));
                }
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.2, a.1).cmp(&(b.2, b.1))));
        for (_, old, new) in scored {
            self.join(old, new);
        }
    }

    fn under_pair(&self, old: usize, new: usize) -> bool {
        match (self.old.parent(old), self.new.parent(new)) {
            (None, None) => true,
            (Some(o), Some(n)) => self.old.pair.get(o).copied().flatten() == Some(n),
            _ => false,
        }
    }

    /// What is left under the same number is the same clause if anything of it remains;
    /// chapters and headings are known by their number even with a new name.
    fn same_number(&mut self) {
        let names: HashMap<(ClauseKind, &str), usize> = self
            .old
            .free()
            .filter_map(|i| self.old.clauses.get(i).map(|c| ((c.kind, c.path.as_str()), i)))
            .collect();
        let mut pairs = Vec::new();
        for new in self.new.free() {
            let Some(clause) = self.new.clauses.get(new) else { continue };
            let Some(&old) = names.get(&(clause.kind, clause.path.as_str())) else { continue };
            let container = matches!(
                clause.kind,
                ClauseKind::Part
                    | ClauseKind::Subpart
                    | ClauseKind::Chapter
                    | ClauseKind::Section
                    | ClauseKind::Contents
            );
            if container || dice(&bigrams(self.old.body(old)), &bigrams(self.new.body(new))) >= RELATED {
                pairs.push((old, new));
            }
        }
        for (old, new) in pairs {
            self.join(old, new);
        }
    }

    fn changes(&self) -> Vec<Change> {
        let mut out = Vec::with_capacity(self.new.clauses.len());
        let mut told = 0;
        for (new, clause) in self.new.clauses.iter().enumerate() {
            let Some(old) = self.new.pair.get(new).copied().flatten() else {
                out.push(Change::Added { new });
                continue;
            };
            while told < old {
                if self.old.is_free(told) {
                    out.push(Change::Removed { old: told });
                }
                told += 1;
            }
            told = told.max(old + 1);
            let reworded = self.old.body(old) != self.new.body(new);
            let renamed = self.old.clauses.get(old).map(name) != Some(name(clause));
            out.push(if renamed || !self.under_pair(old, new) {
                Change::Renumbered { old, new, reworded }
            } else if reworded {
                Change::Reworded { old, new }
            } else {
                Change::Kept { old, new }
            });
        }
        out.extend(
            (told..self.old.clauses.len())
                .filter(|i| self.old.is_free(*i))
                .map(|old| Change::Removed { old }),
        );
        out
    }
}

/// The last step of a path: what a clause is called under its parent.
fn name(clause: &Clause) -> &str {
    clause.path.rsplit('/').next().unwrap_or("")
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
