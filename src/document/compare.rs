//! Two versions side by side, clause by clause: what stayed, what was reworded, what got another number,
//! what came and what went. Pure.

use std::collections::HashMap;

use entity::clause::Model;
use entity::id::LineageId;
use similar::{ChangeTag, TextDiff};

use super::label::label_of_clause;

/// Beyond this many characters squared a reworded clause is shown as a whole, old and new: the search for
/// the shortest change would take too long.
const LARGEST_DIFF: usize = 4_000_000;
/// The same for all clauses together.
const BUDGET: usize = 100_000_000;
/// Fewer equal characters between two changes only make them hard to read.
const SHORTEST_EQUAL: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    Kept,
    Reworded,
    /// Another number or another place.
    Renumbered,
    /// Another number and other words.
    Both,
    Added,
    Removed,
}

/// A piece of a comparison within a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Equal(String),
    Insert(String),
    Delete(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub kind: RowKind,
    /// Empty for an added clause.
    pub old_label: String,
    /// Empty for a removed clause.
    pub new_label: String,
    pub words: Vec<Word>,
}

/// Every clause of both versions in exactly one row, in the order of the new version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub rows: Vec<Row>,
}

impl Comparison {
    pub fn count(&self, kind: RowKind) -> usize {
        self.rows.iter().filter(|r| r.kind == kind).count()
    }
}

/// Compares two versions by the identity of their clauses.
pub fn compare(old: &[Model], new: &[Model]) -> Comparison {
    let at: HashMap<LineageId, usize> = old.iter().enumerate().map(|(i, c)| (c.lineage_id, i)).collect();
    let parents = |rows: &[Model]| -> HashMap<entity::id::ClauseId, LineageId> {
        rows.iter().map(|c| (c.id, c.lineage_id)).collect()
    };
    let (old_parents, new_parents) = (parents(old), parents(new));
    let still: HashMap<LineageId, ()> = new.iter().map(|c| (c.lineage_id, ())).collect();
    let gone = |c: &Model| !still.contains_key(&c.lineage_id);
    let mut budget = BUDGET;
    let mut rows = Vec::with_capacity(new.len());
    let mut told = 0;
    for clause in new {
        let Some(&from) = at.get(&clause.lineage_id) else {
            rows.push(added(clause));
            continue;
        };
        // A removed clause stands where it was.
        let skipped = old.iter().skip(told).take(from.saturating_sub(told));
        rows.extend(skipped.filter(|c| gone(c)).map(removed));
        told = told.max(from + 1);
        if let Some(before) = old.get(from) {
            let moved = before.parent_id.and_then(|p| old_parents.get(&p))
                != clause.parent_id.and_then(|p| new_parents.get(&p));
            rows.push(pair(before, clause, moved, &mut budget));
        }
    }
    rows.extend(old.iter().skip(told).filter(|c| gone(c)).map(removed));
    Comparison { rows }
}

fn added(clause: &Model) -> Row {
    Row {
        kind: RowKind::Added,
        old_label: String::new(),
        new_label: label_of_clause(clause),
        words: vec![Word::Insert(clause.text.clone())],
    }
}

fn removed(clause: &Model) -> Row {
    Row {
        kind: RowKind::Removed,
        old_label: label_of_clause(clause),
        new_label: String::new(),
        words: vec![Word::Delete(clause.text.clone())],
    }
}

fn pair(before: &Model, after: &Model, moved: bool, budget: &mut usize) -> Row {
    let step = |c: &Model| c.path.rsplit('/').next().unwrap_or_default().to_owned();
    let renumbered = moved || step(before) != step(after);
    let reworded = without_number(before) != without_number(after);
    let kind = match (renumbered, reworded) {
        (false, false) => RowKind::Kept,
        (false, true) => RowKind::Reworded,
        (true, false) => RowKind::Renumbered,
        (true, true) => RowKind::Both,
    };
    let words = if before.text == after.text {
        vec![Word::Equal(after.text.clone())]
    } else {
        words(&before.text, &after.text, budget)
    };
    Row { kind, old_label: label_of_clause(before), new_label: label_of_clause(after), words }
}

/// The text without its number and white space: a clause that only moved keeps its words.
fn without_number(clause: &Model) -> String {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let text = plain(&clause.text);
    match &clause.number {
        Some(number) => text.strip_prefix(plain(number).as_str()).map_or(text.clone(), str::to_owned),
        None => text,
    }
}

/// What changed between two texts, by words (a Chinese character is one).
pub fn words(old: &str, new: &str, budget: &mut usize) -> Vec<Word> {
    let cost = old.chars().count().saturating_mul(new.chars().count());
    if cost > LARGEST_DIFF || cost > *budget {
        return vec![Word::Delete(old.to_owned()), Word::Insert(new.to_owned())];
    }
    *budget -= cost;
    let diff = TextDiff::from_unicode_words(old, new);
    let changes: Vec<(ChangeTag, String)> =
        diff.iter_all_changes().map(|c| (c.tag(), c.value().to_owned())).collect();
    join(&changes)
}

/// Joins neighbours of a kind; a crumb of equal text between two changes becomes part of both.
fn join(changes: &[(ChangeTag, String)]) -> Vec<Word> {
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for (tag, text) in changes {
        match runs.last_mut() {
            Some((last, run)) if last == tag => run.push_str(text),
            _ => runs.push((*tag, text.clone())),
        }
    }
    let mut out: Vec<Word> = Vec::new();
    let (mut gone, mut come) = (String::new(), String::new());
    let last = runs.len().saturating_sub(1);
    for (i, (tag, text)) in runs.into_iter().enumerate() {
        match tag {
            ChangeTag::Delete => gone.push_str(&text),
            ChangeTag::Insert => come.push_str(&text),
            ChangeTag::Equal => {
                let crumb = i != 0 && i != last && text.chars().count() < SHORTEST_EQUAL;
                if crumb {
                    gone.push_str(&text);
                    come.push_str(&text);
                } else {
                    flush(&mut out, &mut gone, &mut come);
                    out.push(Word::Equal(text));
                }
            }
        }
    }
    flush(&mut out, &mut gone, &mut come);
    out
}

fn flush(out: &mut Vec<Word>, gone: &mut String, come: &mut String) {
    if !gone.is_empty() {
        out.push(Word::Delete(std::mem::take(gone)));
    }
    if !come.is_empty() {
        out.push(Word::Insert(std::mem::take(come)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> String {
        let mut budget = BUDGET;
        words(old, new, &mut budget)
            .iter()
            .map(|w| match w {
                Word::Equal(t) => t.clone(),
                Word::Insert(t) => format!("[+{t}]"),
                Word::Delete(t) => format!("[-{t}]"),
            })
            .collect()
    }

    #[test]
    fn changes_are_told_in_words() {
        assert_eq!(told("不少于三十日。", "不少于三十日。"), "不少于三十日。");
        assert_eq!(told("开放至二十一时。", "开放至二十二时。"), "开放至二十[-一][+二]时。");
        assert_eq!(told("免费开放。", "每周免费开放。"), "[+每周]免费开放。");
        assert_eq!(told("甲的乙的丙丁", "子的丑的丙丁"), "[-甲的乙][+子的丑]的丙丁");
    }

    #[test]
    fn a_huge_clause_is_shown_as_a_whole() {
        let (old, new) = ("甲".repeat(5000), "乙".repeat(5000));
        assert_eq!(told(&old, &new), format!("[-{old}][+{new}]"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn both_texts_can_be_read_back(old in "[甲乙丙ab 1。\n]{0,40}", new in "[甲乙丙ab 1。\n]{0,40}") {
            let mut budget = BUDGET;
            let (mut before, mut after) = (String::new(), String::new());
            for word in words(&old, &new, &mut budget) {
                match word {
                    Word::Equal(t) => { before.push_str(&t); after.push_str(&t); }
                    Word::Insert(t) => after.push_str(&t),
                    Word::Delete(t) => before.push_str(&t),
                }
            }
            prop_assert_eq!(before, old);
            prop_assert_eq!(after, new);
        }
    }
}
