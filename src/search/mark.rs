//! Marking in a text what was found, however it is written there: case, width and invisible characters
//! aside.

use std::ops::Range;

use crate::publication::tokens::{Phrase, folded, is_han};

/// Text in pieces; `true` marks what was found. Joined together they are the text.
pub type Segments = Vec<(bool, String)>;

/// Characters of an excerpt, about three lines on a desk.
const EXCERPT: usize = 140;
/// What stands before the first hit.
const BEFORE: usize = 40;

/// The whole text with what was found.
pub fn mark(text: &str, phrases: &[Phrase]) -> Segments {
    let chars: Vec<char> = text.chars().collect();
    let marks = marks(&chars, phrases);
    segments(&chars, 0..chars.len(), &marks)
}

/// The part of a text around the first hit.
pub fn excerpt(text: &str, phrases: &[Phrase]) -> Segments {
    let chars: Vec<char> = text.chars().collect();
    let marks = marks(&chars, phrases);
    if chars.len() <= EXCERPT {
        return segments(&chars, 0..chars.len(), &marks);
    }
    let first = marks.first().map_or(0, |m| m.start);
    let from = first.saturating_sub(BEFORE).min(chars.len() - EXCERPT);
    // A hit longer than the excerpt is shown whole.
    let to = (from + EXCERPT).max(marks.first().map_or(0, |m| m.end)).min(chars.len());
    let mut out = segments(&chars, from..to, &marks);
    if from > 0 {
        out.insert(0, (false, "…".into()));
    }
    if to < chars.len() {
        out.push((false, "…".into()));
    }
    out
}

/// Where phrases stand, in order, without overlaps.
fn marks(chars: &[char], phrases: &[Phrase]) -> Vec<Range<usize>> {
    // Each folded character with the place of the one it came from.
    let text: Vec<(char, usize)> =
        chars.iter().enumerate().flat_map(|(at, c)| folded(*c).map(move |f| (f, at))).collect();
    let mut marks = Vec::new();
    for phrase in phrases {
        let whole: Vec<char> = phrase.text.chars().collect();
        if !find(&text, &whole, &mut marks) {
            // Its parts stand apart, with punctuation between them: 2026 年度 for 2026年度.
            for run in whole.chunk_by(|a, b| is_han(*a) == is_han(*b)) {
                find(&text, run, &mut marks);
            }
        }
    }
    marks.sort_by_key(|m| (m.start, m.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    joined
}

fn find(text: &[(char, usize)], word: &[char], marks: &mut Vec<Range<usize>>) -> bool {
    let Some(first) = word.first() else { return false };
    let is_letter = |c: char| c.is_alphanumeric() && !is_han(c);
    let mut any = false;
    let mut at = 0;
    while at + word.len() <= text.len() {
        let here = &text[at..at + word.len()];
        // Words of letters are found from their beginning only.
        let inside = is_letter(*first) && at > 0 && is_letter(text[at - 1].0);
        if !inside && here.iter().map(|(c, _)| c).eq(word) {
            marks.push(here[0].1..here[word.len() - 1].1 + 1);
            any = true;
            at += word.len();
        } else {
            at += 1;
        }
    }
    any
}

fn segments(chars: &[char], part: Range<usize>, marks: &[Range<usize>]) -> Segments {
    let mut out = Segments::new();
    let mut push = |found: bool, range: Range<usize>| {
        if !range.is_empty() {
            out.push((found, chars[range].iter().collect()));
        }
    };
    let mut at = part.start;
    for mark in marks.iter().filter(|m| m.end > part.start && m.start < part.end) {
        let (from, to) = (mark.start.max(part.start), mark.end.min(part.end));
        push(false, at..from);
        push(true, from..to);
        at = to;
    }
    push(false, at..part.end);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publication::tokens::of_query;

    fn marked(text: &str, query: &str) -> String {
        let segments = mark(text, &of_query(query));
        assert_eq!(segments.iter().map(|(_, t)| t.as_str()).collect::<String>(), text);
        segments.into_iter().map(|(found, t)| if found { format!("[{t}]") } else { t }).collect()
    }

    #[test]
    fn every_phrase_is_marked_as_it_is_written() {
        assert_eq!(
            marked("公共体育场馆开放，体育场免费", "体育场 开放"),
            "公共[体育场]馆[开放]，[体育场]免费"
        );
        assert_eq!(marked("ＷiＦi和wifi", "WIFI"), "[ＷiＦi]和[wifi]");
        assert_eq!(marked("体\u{200b}育", "体育"), "[体\u{200b}育]");
        assert_eq!(marked("data a", "a"), "data [a]");
        assert_eq!(marked("2026 年度", "2026年度"), "[2026] [年度]");
        assert_eq!(marked("上海上海", "上海 海上"), "[上海上海]");
        assert_eq!(marked("没有", "体育"), "没有");
    }

    #[test]
    fn an_excerpt_shows_the_hit_between_dots() {
        let text = format!("{}体育{}", "前".repeat(500), "后".repeat(500));
        let segments = excerpt(&text, &of_query("体育"));
        let texts: Vec<&str> = segments.iter().map(|(_, t)| t.as_str()).collect();
        assert_eq!((texts[0], texts[2], texts[4]), ("…", "体育", "…"));
        assert_eq!(segments.iter().map(|(_, t)| t.chars().count()).sum::<usize>(), EXCERPT + 2);
        assert_eq!(excerpt("短", &of_query("体育")), [(false, "短".to_owned())]);
    }
}
