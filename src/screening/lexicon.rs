//! Words to look at, in categories. Found whatever stands between their characters: 加 微.信 is 加微信.

use aho_corasick::{AhoCorasick, MatchKind};

use super::fold::{Folded, letters};
use super::{Finding, Kind};

const OWN: &str = include_str!("lexicon.txt");

/// Words by category, ready to be looked for all at once.
#[derive(Clone, Debug)]
pub struct Lexicon {
    words: AhoCorasick,
    kinds: Vec<Kind>,
}

impl Lexicon {
    /// The list that comes with the program, and the bureau's own words.
    ///
    /// # Errors
    /// More words than the search can hold.
    pub fn new<'a>(banned: impl IntoIterator<Item = &'a str>) -> Result<Self, aho_corasick::BuildError> {
        let mut kind = Kind::Banned;
        let mut list: Vec<(Kind, String)> = Vec::new();
        for line in OWN.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            match line {
                "[advertising]" => kind = Kind::Advertising,
                "[insult]" => kind = Kind::Insult,
                word => list.push((kind, tight(word))),
            }
        }
        list.extend(banned.into_iter().map(|w| (Kind::Banned, tight(w))).filter(|(_, w)| !w.is_empty()));
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(list.iter().map(|(_, w)| w.as_bytes()))?;
        Ok(Self { words, kinds: list.into_iter().map(|(kind, _)| kind).collect() })
    }

    /// The passages of a text in which only letters and digits were kept.
    pub fn find(&self, tight: &Folded<'_>) -> Vec<Finding> {
        let passage = |m: aho_corasick::Match| {
            let (start, end) = tight.place(m.start(), m.end())?;
            Some(Finding { kind: *self.kinds.get(m.pattern().as_usize())?, start, end })
        };
        self.words.find_iter(&tight.text).filter_map(passage).collect()
    }
}

/// What is kept of a text in which words are looked for.
pub fn counts(c: char) -> bool {
    c.is_alphanumeric()
}

fn tight(word: &str) -> String {
    letters(word).iter().map(|l| l.plain).filter(|c| counts(*c)).collect()
}
