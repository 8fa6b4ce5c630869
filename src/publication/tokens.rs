//! Text as search sees it. Chinese is cut into overlapping pairs of characters, so that every word of two
//! or more characters that stands in a text is found, whatever a dictionary thinks of it; runs of other
//! letters and digits are words.

use unicode_normalization::UnicodeNormalization as _;

/// One token of a text or a query.
fn runs(text: &str) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    let mut open = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
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
fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// The tokens of a text, in order, separated by spaces: pairs of each Chinese run and its last character,
/// other words whole.
pub fn of_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (han, run) in runs(text) {
        if han {
            let chars: Vec<char> = run.chars().collect();
            for pair in chars.windows(2) {
                push(&mut out, pair.iter().copied());
            }
            push(&mut out, chars.last().copied().into_iter());
        } else {
            push(&mut out, run.chars());
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
}

/// The phrases of a query, one for each part between spaces and punctuation; all of them must be found.
pub fn of_query(query: &str) -> Vec<Phrase> {
    query
        .split(|c: char| c.is_whitespace() || (!c.is_alphanumeric()))
        .filter_map(|part| {
            let runs = runs(part);
            let mut tokens = Vec::new();
            let mut open_end = false;
            let last = runs.len().checked_sub(1)?;
            for (i, (han, run)) in runs.iter().enumerate() {
                let chars: Vec<char> = run.chars().collect();
                open_end = false;
                if *han {
                    tokens.extend(chars.windows(2).map(|p| p.iter().collect::<String>()));
                    if i != last || chars.len() == 1 {
                        // Inside a phrase the run must end here; a single character may begin any pair.
                        tokens.extend(chars.last().map(char::to_string));
                        open_end = i == last;
                    }
                } else {
                    tokens.push(run.clone());
                    open_end = i == last;
                }
            }
            Some(Phrase { tokens, open_end })
        })
        .take(8)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_becomes_pairs_and_words_stay_whole() {
        assert_eq!(of_text("体育场馆，开放 WiFi２０２６年"), "体育 育场 场馆 馆 开放 放 wifi2026 年");
    }

    #[test]
    fn a_query_becomes_phrases() {
        let phrases = of_query("体育场 开放！");
        assert_eq!(phrases.len(), 2);
        assert_eq!(phrases[0].tokens, ["体育", "育场"]);
        assert!(!phrases[0].open_end);
        assert_eq!(of_query("馆"), [Phrase { tokens: vec!["馆".into()], open_end: true }]);
        assert_eq!(
            of_query("2026年度"),
            [Phrase { tokens: vec!["2026".into(), "年度".into()], open_end: false }]
        );
        assert!(of_query(" ，。\" * ").is_empty());
    }
}
