//! Reading the mark that opens a line: 第八条, （三）, 附件1 …
//!
//! A line is judged by its first characters alone, so reading a document is
//! linear in its length however hostile it is.

use super::number;

/// The form of a mark. It decides the rank of a clause and how its number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Style {
    Part,
    Subpart,
    Chapter,
    Section,
    Article,
    /// 一、
    Cn,
    /// （一）
    CnParen,
    /// 1.
    Num,
    /// （1） or 1）
    NumParen,
    /// 附则
    Supplement,
    /// 附件 and its like
    Annex,
    /// 序言
    Preamble,
    /// 目录
    Contents,
    /// 题注; never read from a mark
    TitleNote,
}

/// The mark at the head of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub style: Style,
    pub value: u32,
    /// 之一 of 第八条之一; for annexes, which word opens it
    pub sub: u32,
    /// Bytes of the mark itself, from the head of the line.
    pub len: usize,
    /// Whether the form alone proves the mark. 第八条为了… without a space may
    /// also be a sentence that cites article 8: only the sequence can tell.
    pub sure: bool,
}

/// Characters that show nothing: white space, controls, zero-width and
/// direction marks that word processors leave behind.
pub(super) fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return c <= ' ' || c == '\u{7f}';
    }
    match c {
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}' => true,
        _ => c.is_whitespace(),
    }
}

/// A line without what shows nothing at both ends.
pub(super) fn trim(line: &str) -> &str {
    line.trim_matches(is_blank)
}

/// Whether a line is the end of a sentence rather than a heading.
pub(super) fn ends_sentence(line: &str) -> bool {
    line.ends_with(['。', '；', '：', '，', ';', ':', '！', '？', '”'])
}

/// Whether a line has at most `n` characters. Looks at no more than that many.
pub(super) fn is_short(line: &str, n: usize) -> bool {
    line.len() <= n || line.chars().nth(n).is_none()
}

/// Whether the line, blanks aside, is exactly `word`.
fn is_word(line: &str, word: &str) -> bool {
    // A longer line cannot be a spaced word; refusing it keeps this constant-time.
    line.len() <= 64 && line.chars().filter(|c| !is_blank(*c)).eq(word.chars())
}

/// Reads numerals, with blanks between them allowed, and gives the value and the rest.
fn numeral(text: &str, longest: usize) -> Option<(u32, bool, &str)> {
    let text = text.trim_start_matches(is_blank);
    let first = text.chars().next()?;
    let arabic = number::digit(first).is_some();
    if !arabic && !number::is_chinese(first) {
        return None;
    }
    let belongs = |c: char| {
        if arabic { number::digit(c).is_some() } else { number::is_chinese(c) }
    };
    let (mut seen, mut end, mut spaced) = (0, 0, false);
    for (at, c) in text.char_indices() {
        if belongs(c) {
            seen += 1;
            spaced |= end != at;
            end = at + c.len_utf8();
            if seen > longest {
                return None;
            }
        } else if !is_blank(c) || at - end > 16 {
            break;
        }
    }
    let (digits, rest) = text.split_at(end);
    let value = if spaced {
        let joined: String = digits.chars().filter(|c| !is_blank(*c)).collect();
        number::parse(&joined)?
    } else {
        number::parse(digits)?
    };
    Some((value, arabic, rest.trim_start_matches(is_blank)))
}

/// What follows 第八条 or 第二章 when a sentence cites it. Whole words, because
/// 第三章规划 and 第二章中小企业 are headings.
fn cites(rest: &str) -> bool {
    const WORDS: [&str; 30] = [
        "第",
        "至",
        "、",
        "和第",
        "或第",
        "或者第",
        "与第",
        "及第",
        "以及第",
        "规定",
        "所称",
        "所列",
        "所规",
        "所述",
        "所指",
        "的",
        "中的",
        "中规",
        "以外",
        "以下",
        "以上",
        "之外",
        "之规",
        "，",
        ",",
        "。",
        "；",
        "》",
        "”",
        "）",
    ];
    WORDS.iter().any(|w| rest.starts_with(w))
}

/// Reads the mark at the head of a line that has no blanks at its ends.
pub(super) fn read(line: &str) -> Option<Mark> {
    let first = line.chars().next()?;
    match first {
        '第' => ordinal(line),
        '（' | '(' => bracketed(line, first),
        '0'..='9' | '０'..='９' => digits(line),
        '附' => attached(line),
        '目' => word(line, &["目录", "目次"], Style::Contents),
        '序' | '前' | '引' => word(line, &["序言", "前言", "引言"], Style::Preamble),
        _ if number::is_chinese(first) => enumerated(line),
        _ => None,
    }
}

fn word(line: &str, words: &[&str], style: Style) -> Option<Mark> {
    let at = words.iter().position(|w| is_word(line, w))?;
    Some(Mark { style, value: 0, sub: u32::try_from(at).ok()?, len: line.len(), sure: true })
}

/// 第八条, 第八条之一, 第二章, 第一分编 …
fn ordinal(line: &str) -> Option<Mark> {
    let (value, _, rest) = numeral(line.strip_prefix('第')?, 10)?;
    let (style, mut rest) = [
        ("条", Style::Article),
        ("章", Style::Chapter),
        ("节", Style::Section),
        ("编", Style::Part),
        ("分编", Style::Subpart),
        ("篇", Style::Part),
        ("部分", Style::Part),
    ]
    .into_iter()
    .find_map(|(unit, style)| Some((style, rest.strip_prefix(unit)?)))?;
    let mut sub = 0;
    if style == Style::Article
        && let Some(after) = rest.strip_prefix('之')
        && let Some((n, false, _)) = numeral(after, 4)
    {
        sub = n;
        // Not what `numeral` gives back: that has lost the blank which proves the mark.
        rest = after.trim_start_matches(|c| number::is_chinese(c) || is_blank(c));
        let tail = after.get(..after.len() - rest.len()).unwrap_or("");
        let kept = tail.trim_end_matches(is_blank);
        rest = after.get(kept.len()..).unwrap_or("");
    }
    let len = line.len() - rest.len();
    let sure = match rest.chars().next() {
        None | Some('【' | '〔' | '[' | '［' | '：' | ':') => true,
        Some(c) if is_blank(c) => true,
        Some(_) if cites(rest) => return None,
        // 第八条（三）项 cites, 第八条（立法目的） does not.
        Some('（' | '(') => {
            bracketed(rest, '（').is_none() && style == Style::Article && sub == 0 && value != 0
        }
        Some(_) if style == Style::Article => false,
        Some(_) if is_short(line, 40) && !ends_sentence(line) => true,
        Some(_) => return None,
    };
    Some(Mark { style, value, sub, len, sure })
}

/// （一） and （1）
fn bracketed(line: &str, open: char) -> Option<Mark> {
    let inside = line.strip_prefix(open).or_else(|| line.strip_prefix('('))?;
    let (value, arabic, rest) = numeral(inside, 5)?;
    let rest = rest.strip_prefix(['）', ')'])?;
    // （一）至（三）项 cites, （一）项目建设 does not.
    if ["至（", "、（", "和（", "或（", "或者（", "项规", "项所", "项、", "项的", "项至", "项情"]
        .iter()
        .any(|w| rest.starts_with(w))
    {
        return None;
    }
    let style = if arabic { Style::NumParen } else { Style::CnParen };
    Some(Mark { style, value, sub: 0, len: line.len() - rest.len(), sure: true })
}

/// `1.` and `1）`, but neither 1.5亿元 nor 2024.1.1
fn digits(line: &str) -> Option<Mark> {
    let (value, _, rest) = numeral(line, 3)?;
    let (style, rest) = if let Some(rest) = rest.strip_prefix(['.', '．', '、']) {
        if rest.chars().next().is_some_and(|c| number::digit(c).is_some()) {
            return None;
        }
        (Style::Num, rest)
    } else {
        (Style::NumParen, rest.strip_prefix(['）', ')'])?)
    };
    Some(Mark { style, value, sub: 0, len: line.len() - rest.len(), sure: true })
}

/// 一、 but not the enumeration of 一、二级医院
fn enumerated(line: &str) -> Option<Mark> {
    let (value, _, rest) = numeral(line, 5)?;
    let rest = rest.strip_prefix('、')?;
    let mut after = rest.chars();
    if after.next().is_some_and(number::is_chinese)
        && after.next().is_some_and(|c| matches!(c, '、' | '级' | '类' | '等' | '线' | '届' | '期' | '审'))
    {
        return None;
    }
    Some(Mark { style: Style::Cn, value, sub: 0, len: line.len() - rest.len(), sure: true })
}

/// 附则, 附件1, 附表：…
fn attached(line: &str) -> Option<Mark> {
    let rest = line.strip_prefix('附')?.trim_start_matches(is_blank);
    if let Some(rest) = rest.strip_prefix('则') {
        let style = Style::Supplement;
        let alone = rest.trim_start_matches(is_blank).is_empty();
        return alone.then_some(Mark { style, value: 0, sub: 0, len: line.len(), sure: true });
    }
    let words = ["件", "表", "录", "图", "："];
    let (sub, mut rest) = words
        .iter()
        .enumerate()
        .find_map(|(at, w)| Some((u32::try_from(at).ok()? + 1, rest.strip_prefix(w)?)))?;
    let style = Style::Annex;
    if sub == 5 {
        return Some(Mark { style, value: 0, sub, len: line.len() - rest.len(), sure: true });
    }
    let mut value = 0;
    if let Some((n, _, _)) = numeral(rest, 5) {
        value = n;
        let from =
            rest.trim_start_matches(|c| is_blank(c) || number::is_chinese(c) || number::digit(c).is_some());
        let number = rest.get(..rest.len() - from.len()).unwrap_or("").trim_end_matches(is_blank);
        rest = rest.get(number.len()..).unwrap_or("");
    } else if let Some(letter) =
        rest.trim_start_matches(is_blank).chars().next().filter(char::is_ascii_uppercase)
    {
        value = 1_000_000 + u32::from(letter);
        rest = rest.trim_start_matches(is_blank).strip_prefix(letter)?;
    }
    let len = line.len() - rest.len();
    let apart = rest
        .chars()
        .next()
        .is_none_or(|c| is_blank(c) || matches!(c, '：' | ':' | '《' | '（' | '(' | '.' | '．' | '、'));
    (apart && !line.ends_with('。')).then_some(Mark { style, value, sub, len, sure: true })
}

/// Writes the canonical form of a mark: no blanks, full-width brackets, one kind of point.
pub(super) fn push_label(out: &mut String, line: &str, mark: &Mark) {
    let raw = line.get(..mark.len).unwrap_or("");
    match mark.style {
        Style::TitleNote => out.push_str("题注"),
        Style::CnParen | Style::NumParen => {
            out.push('（');
            push_plain(out, raw.trim_matches(['（', '(', '）', ')']));
            out.push('）');
        }
        Style::Num => {
            push_plain(out, raw.trim_end_matches(['.', '．', '、']));
            out.push('.');
        }
        Style::Annex if mark.sub == 5 => out.push('附'),
        _ => push_plain(out, raw),
    }
}

/// Appends a text without blanks and with ASCII digits.
fn push_plain(out: &mut String, raw: &str) {
    for c in raw.chars() {
        if let '０'..='９' = c {
            out.extend(number::digit(c).and_then(|d| char::from_digit(d, 10)));
        } else if !is_blank(c) {
            out.push(c);
        }
    }
}

#[cfg(test)]
#[path = "mark_tests.rs"]
mod tests;
