//! Text as search sees it. Chinese is cut into overlapping pairs of characters, so that every word of two
//! or more characters that stands in a text is found, whatever a dictionary thinks of it; runs of other
//! letters and digits are words.

use unicode_normalization::UnicodeNormalization as _;

/// Longer words are cut here, in texts and in queries alike: PostgreSQL refuses a lexeme of 2 KB.
const LONGEST_WORD: usize = 64;

/// A character as it is compared: compatibility forms made one, lower case; nothing for what cannot be
/// seen. One character may become several (㈠, ﬁ).
pub fn folded(c: char) -> impl Iterator<Item = char> {
    let kept = (!is_invisible(c)).then_some(c);
    kept.into_iter().nfkc().flat_map(char::to_lowercase)
}

/// Joiners, marks of direction and variation selectors may stand inside a word without being part of it.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0x00AD | 0x200B..=0x200F | 0x2060 | 0xFEFF | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF)
}

/// The whole text folded; letters with their accents written apart become one.
fn fold(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).nfkc().flat_map(char::to_lowercase).collect()
}

/// Runs of one kind of script between everything else; `true` for Chinese.
fn runs(folded: &str) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    let mut open = false;
    for c in folded.chars() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let han = is_han(c);
        match runs.last_mut() {
            Some((kind, run)) if open && *kind == han => run.push(c),
            _ => runs.push((han, c.to_string())),
        }
        open = true;
    }
    runs
}

/// Ideographs and kana: scripts written without spaces.
pub fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// The tokens of a text, in order, separated by spaces: pairs of each Chinese run and its last character,
/// other words whole.
pub fn of_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (han, run) in runs(&fold(text)) {
        if han {
            let chars: Vec<char> = run.chars().collect();
            for pair in chars.windows(2) {
                push(&mut out, pair.iter().copied());
            }
            push(&mut out, chars.last().copied().into_iter());
        } else {
            push(&mut out, run.chars().take(LONGEST_WORD));
        }
    }
    out
}

fn push(out: &mut String, token: impl Iterator<Item = char>) {
    if !out.is_empty() {
        out.push(' ');
    }
    out.extend(token);
}

/// A phrase of a query: tokens that must follow each other; the last one may be the beginning of a longer
/// token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub tokens: Vec<String>,
    pub open_end: bool,
    /// The phrase as typed, folded: for marking what was found.
    pub text: String,
}

/// The phrases of a query, one for each part between spaces and punctuation, each once; all of them must
/// be found.
pub fn of_query(query: &str) -> Vec<Phrase> {
    let mut phrases: Vec<Phrase> = Vec::new();
    for part in fold(query).split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let phrase = phrase(part);
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases
}

fn phrase(part: &str) -> Phrase {
    let runs = runs(part);
    let mut phrase = Phrase { tokens: Vec::new(), open_end: false, text: part.to_owned() };
    for (i, (han, run)) in runs.iter().enumerate() {
        let is_last = i + 1 == runs.len();
        if *han {
            let chars: Vec<char> = run.chars().collect();
            phrase.tokens.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>()));
            // Inside a phrase the run must end here; a single character may begin any pair.
            if !is_last || chars.len() == 1 {
                phrase.tokens.extend(chars.last().map(char::to_string));
                phrase.open_end = is_last;
            }
        } else {
            phrase.tokens.push(run.chars().take(LONGEST_WORD).collect());
            phrase.open_end = is_last;
        }
    }
    phrase
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_becomes_pairs_and_words_stay_whole() {
        assert_eq!(of_text("体育场馆，开放 WiFi２０２６年"), "体育 育场 场馆 馆 开放 放 wifi2026 年");
    }

    #[test]
    fn what_cannot_be_seen_does_not_part_a_word() {
        assert_eq!(of_text("体\u{200b}育\u{feff}场"), of_text("体育场"));
        assert_eq!(of_query("体\u{200d}育")[0].tokens, ["体育"]);
        assert_eq!(folded('㈠').collect::<String>(), "(一)");
        assert_eq!(folded('\u{200b}').count(), 0);
    }

    #[test]
    fn a_query_becomes_phrases() {
        let phrases = of_query("体育场 开放！体育场");
        assert_eq!(phrases.len(), 2);
        assert_eq!(phrases[0].tokens, ["体育", "育场"]);
        assert!(!phrases[0].open_end);
        let single = &of_query("馆")[0];
        assert_eq!((single.tokens.as_slice(), single.open_end), (["馆".to_owned()].as_slice(), true));
        let mixed = &of_query("2026年度")[0];
        assert_eq!(mixed.tokens, ["2026", "年度"]);
        assert!(!mixed.open_end);
        assert!(of_query(" ，。\" * \0").is_empty());
    }

    #[test]
    fn a_word_without_end_is_cut_the_same_way_on_both_sides() {
        let long = "a".repeat(5000);
        assert_eq!(of_text(&long), of_query(&long)[0].tokens[0]);
    }
}
