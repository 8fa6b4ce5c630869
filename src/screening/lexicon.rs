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
        let banned = banned.into_iter().map(|w| (Kind::Banned, tight(w)));
        Self::of(own().map(|(kind, word)| (kind, tight(word))).chain(banned))
    }

    /// Exactly these words, as [`tight`] gives them.
    ///
    /// # Errors
    /// More words than the search can hold.
    pub fn of(words: impl IntoIterator<Item = (Kind, String)>) -> Result<Self, aho_corasick::BuildError> {
        let list: Vec<(Kind, String)> = words.into_iter().filter(|(_, w)| !w.is_empty()).collect();
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

/// The words that come with the program.
pub fn own() -> impl Iterator<Item = (Kind, &'static str)> {
    let mut kind = Kind::Banned;
    let lines = OWN.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.filter_map(move |line| match line {
        "[advertising]" => {
            kind = Kind::Advertising;
            None
        }
        "[insult]" => {
            kind = Kind::Insult;
            None
        }
        word => Some((kind, word)),
    })
}

/// What is looked for of a word: its letters and digits, made plain.
pub fn tight(word: &str) -> String {
    letters(word).iter().map(|l| l.plain).filter(|c| counts(*c)).collect()
}
