//! A list of words from a file: one a line, in sections as `lexicon.txt` has them, or CSV with a column for the
//! kind.

use std::collections::HashSet;

use super::{Kind, tight};
use crate::problem::{Words, words};
use crate::text;

/// Letters and digits of a word: one alone would mark every second line.
const LEAST: usize = 2;
const MOST: usize = 40;
const LONGEST: usize = 60;

/// A word of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub kind: Kind,
    pub word: String,
    /// What is looked for.
    pub sought: String,
}

/// A line that is no word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub line: u64,
    pub why: Words,
}

#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Each once.
    pub words: Vec<Listed>,
    pub wrong: Vec<Wrong>,
}

/// Reads a list; words without a kind are of `kind`. `#` begins a remark, `[insult]` a section.
pub fn parse(list: &str, kind: Kind) -> Read {
    let (mut read, mut seen, mut section) = (Read::default(), HashSet::new(), kind);
    let list = list.trim_start_matches('\u{feff}');
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(list.as_bytes());
    for (i, row) in rows.records().enumerate() {
        let Ok(row) = row else { continue };
        let line = row.position().map_or(i as u64 + 1, csv::Position::line);
        let (mut word, mut of) = (row.get(0).unwrap_or_default(), row.get(1).unwrap_or_default());
        if let Some((first, second)) = word.split_once('\t') {
            (word, of) = (first.trim(), second.trim());
        }
        if (word.is_empty() && of.is_empty()) || word.starts_with('#') || (i == 0 && is_head(word, of)) {
            continue;
        }
        if let Some(name) = word.strip_prefix('[').and_then(|w| w.strip_suffix(']')) {
            match kind_of(name) {
                Some(named) => section = named,
                None => read.wrong.push(Wrong { line, why: unknown(name) }),
            }
            continue;
        }
        let kind = match of {
            "" => section,
            name => match kind_of(name) {
                Some(named) => named,
                None => {
                    read.wrong.push(Wrong { line, why: unknown(name) });
                    continue;
                }
            },
        };
        match check_word(word) {
            Ok(sought) => {
                if seen.insert((kind, sought.clone())) {
                    read.words.push(Listed { kind, word: text::tidy(word), sought });
                }
            }
            Err(why) => read.wrong.push(Wrong { line, why }),
        }
    }
    read
}

/// What is looked for of a word.
///
/// # Errors
/// Why it cannot be one.
pub fn check_word(word: &str) -> Result<String, Words> {
    let word = text::tidy(word);
    if text::one_line(&word).is_err() || word.chars().count() > LONGEST {
        return Err(words(
            format!("应为一行文字，不超过 {LONGEST} 字"),
            format!("One line of at most {LONGEST} characters"),
        ));
    }
    let sought = tight(&word);
    if !(LEAST..=MOST).contains(&sought.chars().count()) {
        return Err(words(
            format!("应有 {LEAST} 至 {MOST} 个文字或数字（标点和空格不计）"),
            format!("{LEAST} to {MOST} letters or digits, spaces and punctuation not counted"),
        ));
    }
    Ok(sought)
}

fn is_head(word: &str, kind: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "word" | "词" | "词语" | "敏感词") && kind_of(kind).is_none()
}

fn kind_of(name: &str) -> Option<Kind> {
    match name.trim().to_ascii_lowercase().as_str() {
        "banned" | "关注" | "本单位关注" => Some(Kind::Banned),
        "advertising" | "广告" => Some(Kind::Advertising),
        "insult" | "辱骂" => Some(Kind::Insult),
        _ => None,
    }
}

fn unknown(name: &str) -> Words {
    let name: String = name.chars().filter(|c| !c.is_control()).take(20).collect();
    words(
        format!("没有“{name}”这个类别；可用 关注、广告、辱骂"),
        format!("No kind is called {name:?}; there are banned, advertising and insult"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_sections_and_columns_are_read() {
        let read = parse(
            "\u{feff}word,kind\n# 说明\n某某 公司\n[advertising]\n买 一 送 一\n傻瓜,insult\n\"甲,乙\",关注\n\
             某某公司,banned\n卖　药\t广告\n",
            Kind::Banned,
        );
        let of = |kind, sought: &str| read.words.iter().any(|w| w.kind == kind && w.sought == sought);
        assert_eq!(read.wrong, []);
        assert_eq!(read.words.len(), 5, "{read:?}");
        assert!(
            of(Kind::Banned, "某某公司") && of(Kind::Advertising, "买一送一") && of(Kind::Banned, "甲乙")
        );
        assert!(of(Kind::Advertising, "卖药"));
    }

    #[test]
    fn a_bad_line_is_told_by_its_number() {
        let read = parse(&format!("好词\n单\n{}\n词语,什么\n[无]\n。，\n", "长".repeat(61)), Kind::Insult);
        assert_eq!(read.wrong.iter().map(|w| w.line).collect::<Vec<_>>(), [2, 3, 4, 5, 6]);
        assert_eq!(read.words, [Listed { kind: Kind::Insult, word: "好词".into(), sought: "好词".into() }]);
    }
}
