//! What a machine notices in a text before a person reads it: numbers, addresses and links that may be
//! somebody's personal data or advertising. Advice to the moderator, never a verdict.

use crate::opinion::REMOVED;
use crate::problem::{Words, words};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Mobile,
    Landline,
    IdNumber,
    Email,
    Link,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Landline => "landline",
            Self::IdNumber => "id_number",
            Self::Email => "email",
            Self::Link => "link",
        }
    }

    pub fn words(self) -> Words {
        match self {
            Self::Mobile => words("疑似手机号", "mobile number?"),
            Self::Landline => words("疑似固定电话", "telephone number?"),
            Self::IdNumber => words("疑似身份证号", "ID number?"),
            Self::Email => words("电子邮箱", "e-mail address"),
            Self::Link => words("网址", "link"),
        }
    }
}

/// A passage that was noticed; bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

/// A character with its place; full-width forms are read as the ASCII they stand for.
#[derive(Clone, Copy)]
struct Letter {
    at: usize,
    end: usize,
    plain: char,
}

/// A row of digits: indices into the letters, the end exclusive.
#[derive(Clone, Copy)]
struct Run {
    from: usize,
    to: usize,
}

/// Everything noticed, in order; of overlapping passages the earlier and longer one.
pub fn find(text: &str) -> Vec<Finding> {
    let letters: Vec<Letter> = text
        .char_indices()
        .map(|(at, c)| {
            let wide = ('！'..='～').contains(&c).then(|| char::from_u32(c as u32 - 0xFEE0)).flatten();
            let plain = if c == '\u{3000}' { ' ' } else { wide.unwrap_or(c) };
            Letter { at, end: at + c.len_utf8(), plain }
        })
        .collect();
    let mut found = links(&letters);
    found.extend(emails(&letters));
    found.extend(numbers(&letters));
    found.sort_by_key(|f| (f.start, std::cmp::Reverse(f.end)));
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

/// The text with everything noticed replaced: where the moderator may begin.
pub fn suggest(text: &str, findings: &[Finding]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for f in findings.iter().filter(|f| f.kind != Kind::Link) {
        out.push_str(&text[done..f.start]);
        out.push_str(REMOVED);
        done = f.end;
    }
    out.push_str(&text[done..]);
    out
}

fn finding(kind: Kind, letters: &[Letter]) -> Option<Finding> {
    Some(Finding { kind, start: letters.first()?.at, end: letters.last()?.end })
}

fn links(letters: &[Letter]) -> Vec<Finding> {
    let starts = ["https://", "http://", "www."];
    let begins = |i: usize, start: &str| {
        start
            .chars()
            .enumerate()
            .all(|(k, c)| letters.get(i + k).is_some_and(|l| l.plain.to_ascii_lowercase() == c))
    };
    let mut found = Vec::new();
    let mut i = 0;
    while i < letters.len() {
        if starts.iter().any(|s| begins(i, s)) {
            // A full-width comma ends a link.
            let inside = |l: &&Letter| l.plain.is_ascii_graphic() && l.end - l.at == 1;
            let length = letters[i..].iter().take_while(inside).count();
            found.extend(finding(Kind::Link, &letters[i..i + length]));
            i += length.max(1);
        } else {
            i += 1;
        }
    }
    found
}

fn emails(letters: &[Letter]) -> Vec<Finding> {
    let user = |l: &Letter| l.plain.is_ascii_alphanumeric() || "._%+-".contains(l.plain);
    let host = |l: &Letter| l.plain.is_ascii_alphanumeric() || ".-".contains(l.plain);
    let mut found = Vec::new();
    for (at, _) in letters.iter().enumerate().filter(|(_, l)| l.plain == '@') {
        let before = letters[..at].iter().rev().take_while(|l| user(l)).count();
        let mut after = letters[at + 1..].iter().take_while(|l| host(l)).count();
        while after > 0 && !letters[at + after].plain.is_ascii_alphanumeric() {
            after -= 1;
        }
        let name: String = letters[at + 1..at + 1 + after].iter().map(|l| l.plain).collect();
        let top = name.rsplit_once('.').map_or(0, |(_, top)| top.len());
        if before > 0 && top >= 2 {
            found.extend(finding(Kind::Email, &letters[at - before..=at + after]));
        }
    }
    found
}

fn numbers(letters: &[Letter]) -> Vec<Finding> {
    let runs = runs(letters);
    let digits = |r: Run| letters[r.from..r.to].iter().map(|l| l.plain).collect::<String>();
    // One space or dash between two rows of digits.
    let joined = |a: Run, b: Run| b.from == a.to + 1 && matches!(letters[a.to].plain, ' ' | '-');
    let mut found = Vec::new();
    for (i, &run) in runs.iter().enumerate() {
        let text = digits(run);
        let check = letters.get(run.to).is_some_and(|l| matches!(l.plain, 'x' | 'X'));
        if is_id(&text, check) {
            let to = run.to + usize::from(text.len() == 17);
            found.extend(finding(Kind::IdNumber, &letters[run.from..to]));
            continue;
        }
        if is_mobile(text.strip_prefix("86").filter(|t| t.len() == 11).unwrap_or(&text)) {
            found.extend(finding(Kind::Mobile, &letters[run.from..run.to]));
            continue;
        }
        let Some(&second) = runs.get(i + 1).filter(|s| joined(run, **s)) else { continue };
        if text.starts_with('0')
            && (3..=4).contains(&text.len())
            && (7..=8).contains(&(second.to - second.from))
        {
            found.extend(finding(Kind::Landline, &letters[run.from..second.to]));
        }
        let Some(&third) = runs.get(i + 2).filter(|t| joined(second, **t)) else { continue };
        if is_mobile(&(text + &digits(second) + &digits(third))) {
            found.extend(finding(Kind::Mobile, &letters[run.from..third.to]));
        }
    }
    found
}

fn runs(letters: &[Letter]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut from = None;
    for (i, letter) in letters.iter().enumerate() {
        match (letter.plain.is_ascii_digit(), from) {
            (true, None) => from = Some(i),
            (false, Some(start)) => {
                runs.push(Run { from: start, to: i });
                from = None;
            }
            _ => {}
        }
    }
    runs.extend(from.map(|start| Run { from: start, to: letters.len() }));
    runs
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && digits.as_bytes()[1] >= b'3'
}

/// 18 digits, or 17 and an X, with a date of birth in their middle.
fn is_id(digits: &str, check_letter: bool) -> bool {
    let full = digits.len() == 18 || (digits.len() == 17 && check_letter);
    let date = digits.get(6..14).map(|d| format!("{}-{}-{}", &d[..4], &d[4..6], &d[6..]));
    full && date.is_some_and(|d| ("1900-01-01"..="2100-01-01").contains(&d.as_str()))
        && digits.get(6..14).is_some_and(|d| chrono::NaiveDate::parse_from_str(d, "%Y%m%d").is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(Kind, &str)> {
        find(text).into_iter().map(|f| (f.kind, &text[f.start..f.end])).collect()
    }

    #[test]
    fn personal_data_is_noticed_however_it_is_written() {
        for (text, kind, passage) in [
            ("电话13800001234，谢谢", Kind::Mobile, "13800001234"),
            ("电话 138 0000 1234。", Kind::Mobile, "138 0000 1234"),
            ("138-0000-1234", Kind::Mobile, "138-0000-1234"),
            ("+8613800001234", Kind::Mobile, "8613800001234"),
            ("手机１３８００００１２３４", Kind::Mobile, "１３８００００１２３４"),
            ("请打021-12345678找我", Kind::Landline, "021-12345678"),
            ("身份证31010119900307123X。", Kind::IdNumber, "31010119900307123X"),
            ("310101199003071234", Kind::IdNumber, "310101199003071234"),
            ("写信到 zhang.san@example.cn。", Kind::Email, "zhang.san@example.cn"),
            ("13800001234@qq.com", Kind::Email, "13800001234@qq.com"),
            ("详见https://a.example/x?y=1，谢谢", Kind::Link, "https://a.example/x?y=1"),
            ("看WWW.example.com吧", Kind::Link, "WWW.example.com"),
        ] {
            assert_eq!(found(text), [(kind, passage)], "{text}");
        }
    }

    #[test]
    fn ordinary_numbers_are_left_alone() {
        for text in [
            "建议由21时改为22时，每周56小时",
            "预算12000000000元",
            "编号2026-001-1-000012",
            "310101199013071234",
            "a@b，@，x@y.",
            "第八条第2款（3）",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn the_suggestion_is_a_redaction_that_the_rules_accept() {
        let text = "我是张三，电话13800001234，邮箱a@b.cn，见www.example.com";
        let suggested = suggest(text, &find(text));
        assert_eq!(suggested, "我是张三，电话【已隐去】，邮箱【已隐去】，见www.example.com");
        assert!(super::super::redaction::verify(text, &suggested).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_cut_at_characters(text in "\\PC{0,60}|[0-9@. xX一-]{0,60}") {
            let findings = find(&text);
            let mut until = 0;
            for f in &findings {
                prop_assert!(f.start >= until && f.end > f.start);
                prop_assert!(text.get(f.start..f.end).is_some());
                until = f.end;
            }
            suggest(&text, &findings);
        }
    }
}
