//! Screening (初筛): what a machine notices in a text before a person reads it, with the passages marked. Advice
//! to the moderator, never a verdict, and nothing is decided by it.
//!
//! Looked for are personal data that must not be published without separate consent (个保法 Art. 25), accounts
//! and links, and words of the lexicon. Pure: a text goes in, passages come out.

mod fold;
mod lexicon;
mod list;
mod numbers;
mod sketch;
mod written;

use std::sync::LazyLock;

use fold::{Folded, letters};
pub use lexicon::{Lexicon, own, tight};
pub use list::{Listed, Read, Wrong, check_word, parse};
pub use numbers::id_check;
pub use sketch::{ALIKE, BANDS, SHORTEST, Shingles};

/// What a passage may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Mobile,
    Landline,
    IdNumber,
    BankCard,
    Email,
    /// A number or name in a messenger (QQ, 微信).
    Account,
    Plate,
    /// A home, down to its door.
    Address,
    Link,
    Advertising,
    Insult,
    /// A word of the bureau's own list.
    Banned,
}

impl Kind {
    pub const ALL: [Self; 12] = [
        Self::Mobile,
        Self::Landline,
        Self::IdNumber,
        Self::BankCard,
        Self::Email,
        Self::Account,
        Self::Plate,
        Self::Address,
        Self::Link,
        Self::Advertising,
        Self::Insult,
        Self::Banned,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::IdNumber => "id_number",
            Self::BankCard => "bank_card",
            Self::Email => "email",
            Self::Account => "account",
            Self::Plate => "plate",
            Self::Address => "address",
            Self::Link => "link",
            Self::Advertising => "advertising",
            Self::Insult => "insult",
            Self::Banned => "banned",
        }
    }

    /// Kinds whose words stand in the lexicon.
    pub const LEXICON: [Self; 3] = [Self::Banned, Self::Advertising, Self::Insult];

    /// Whether it tells who somebody is or how to reach them, so that it is not published.
    pub fn is_personal(self) -> bool {
        !matches!(self, Self::Link | Self::Advertising | Self::Insult | Self::Banned)
    }
}

/// A passage that was noticed; bytes of the text, at the borders of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

static STANDARD: LazyLock<Option<Lexicon>> = LazyLock::new(|| Lexicon::new([]).ok());

/// Everything noticed, in order; of overlapping passages the earlier and longer one.
pub fn screen(text: &str) -> Vec<Finding> {
    screen_with(text, STANDARD.as_ref())
}

/// The same with a lexicon of one's own.
pub fn screen_with(text: &str, lexicon: Option<&Lexicon>) -> Vec<Finding> {
    let letters = letters(text);
    let mut found = written::find(&Folded::of(&letters, |_| true));
    found.extend(numbers::find(&letters));
    if let Some(lexicon) = lexicon {
        found.extend(lexicon.find(&Folded::of(&letters, lexicon::counts)));
    }
    found.sort_by_key(|f| (f.start, std::cmp::Reverse(f.end), f.kind));
    let mut until = 0;
    found.retain(|f| {
        let free = f.start >= until;
        if free {
            until = f.end;
        }
        free
    });
    found
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
