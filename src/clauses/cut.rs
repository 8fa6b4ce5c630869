//! Cutting the text: one pass over the lines with a stack of open clauses.
//!
//! A clause starts at the head of a line and ends where the next one starts, so
//! the cut cannot lose anything; the marks only decide where to cut and what to
//! call the pieces.

use std::collections::HashMap;

use super::mark::{self, Mark, Style};
use super::{Clause, ClauseKind, Counts, Outline, number};

/// How far a table of contents may reach before its first entry comes again.
const CONTENTS_REACH: usize = 4000;
/// A first line longer than this is a paragraph, not a title.
const TITLE_CHARS: usize = 200;
/// A heading's second line is no longer than this.
const HEADING_CHARS: usize = 40;

// Ranks: a clause closes every open clause of the same or a higher rank.
const RANK_ANNEX: u8 = 0;
const RANK_PART: u8 = 1;
const RANK_SUBPART: u8 = 2;
const RANK_CHAPTER: u8 = 3;
const RANK_SECTION: u8 = 4;
const RANK_CN: u8 = 5;
const RANK_ARTICLE: u8 = 6;
const RANK_PARAGRAPH: u8 = 7;
const RANK_ITEM: u8 = 8;
const RANK_SUBITEM: u8 = 9;
const RANK_POINT: u8 = 10;

/// Cuts a draft into its clauses.
///
/// Linear in the length of the text, never fails: what has no recognisable
/// structure comes back as plain paragraphs. A byte-order mark at the head is
/// taken as part of the encoding and dropped.
#[must_use]
pub fn cut(text: &str) -> Outline {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = lines_of(text);
    let mut cutter = Cutter::new(text, lines.len());
    let body = cutter.title(&lines);
    let mut at = body;
    while let Some(line) = lines.get(at) {
        at += cutter.line(*line, lines.get(at..).unwrap_or(&[]));
    }
    cutter.finish()
}

/// A line that shows something: where it starts, and its text trimmed.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

fn lines_of(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for raw in text.split('\n') {
        let mut inner = start;
        // Old Macs ended lines with CR alone; CR before LF is just white space.
        for piece in raw.split('\r') {
            let shown = mark::trim(piece);
            if !shown.is_empty() {
                let lead = piece.len() - piece.trim_start_matches(mark::is_blank).len();
                lines.push(Line { start: inner + lead, text: shown });
            }
            inner += piece.len() + 1;
        }
        start += raw.len() + 1;
    }
    lines
}

/// A clause that later lines may still belong to.
struct Open {
    rank: u8,
    index: Option<usize>,
    kind: Option<ClauseKind>,
    texts: u32,
    paragraphs: u32,
    tables: u32,
}

impl Open {
    fn new(rank: u8, index: Option<usize>, kind: Option<ClauseKind>) -> Self {
        Self { rank, index, kind, texts: 0, paragraphs: 0, tables: 0 }
    }
}

struct Cutter<'a> {
    source: &'a str,
    clauses: Vec<Clause>,
    starts: Vec<usize>,
    counts: Counts,
    root: Open,
    open: Vec<Open>,
    /// How often a number was used under a parent, to keep paths unique.
    used: HashMap<(Option<usize>, Style, u32, u32), u32>,
    last_article: u32,
    seen_article: bool,
    structured: bool,
    contents_done: bool,
    /// The last line was a bare 第一章 or 附件1: the next may be its heading.
    heading_expected: bool,
    in_table: bool,
}

impl<'a> Cutter<'a> {
    fn new(source: &'a str, lines: usize) -> Self {
        Self {
            source,
            clauses: Vec::with_capacity(lines),
            starts: Vec::with_capacity(lines),
            counts: Counts::default(),
            root: Open::new(0, None, None),
            open: Vec::with_capacity(12),
            used: HashMap::with_capacity(lines),
            last_article: 0,
            seen_article: false,
            structured: false,
            contents_done: false,
            heading_expected: false,
            in_table: false,
        }
    }

    /// How many lines at the head are the title: one or none.
    fn title(&self, lines: &[Line<'_>]) -> usize {
        let Some(first) = lines.first() else { return 0 };
        let clause = mark::read(first.text).is_some_and(|m| m.sure);
        usize::from(!clause && mark::is_short(first.text, TITLE_CHARS))
    }

    /// Takes one line, or a whole table of contents; gives how many were taken.
    fn line(&mut self, line: Line<'_>, ahead: &[Line<'_>]) -> usize {
        let expected = std::mem::take(&mut self.heading_expected);
        let in_table = std::mem::take(&mut self.in_table);
        match mark::read(line.text) {
            Some(m) if m.style == Style::Contents => {
                if !self.contents_done && !self.seen_article {
                    self.contents_done = true;
                    self.marked(ClauseKind::Contents, None, line, &m);
                    return 1 + contents_length(ahead);
                }
                self.plain(line, expected, in_table);
            }
            Some(m)
                if m.sure
                    || (m.style == Style::Article
                        && m.sub == 0
                        && self.last_article.checked_add(1) == Some(m.value)) =>
            {
                self.structural(line, &m);
            }
            _ => self.plain(line, expected, in_table),
        }
        1
    }

    fn structural(&mut self, line: Line<'_>, m: &Mark) {
        if self.top().kind == Some(ClauseKind::Preamble) {
            self.open.pop();
        }
        self.structured = true;
        let bare = m.len == line.text.len();
        let (kind, rank) = match m.style {
            Style::Part => (ClauseKind::Part, RANK_PART),
            Style::Subpart => (ClauseKind::Subpart, RANK_SUBPART),
            Style::Chapter => (ClauseKind::Chapter, RANK_CHAPTER),
            Style::Section => (ClauseKind::Section, RANK_SECTION),
            Style::Article => (ClauseKind::Article, RANK_ARTICLE),
            Style::Supplement => (ClauseKind::Supplement, RANK_PART),
            Style::Annex => (ClauseKind::Annex, RANK_ANNEX),
            Style::Preamble | Style::Contents | Style::TitleNote => (ClauseKind::Preamble, RANK_CN),
            // 国籍法 numbers paragraphs of an article 一、二、三、
            Style::Cn if self.has(ClauseKind::Article) => (ClauseKind::Paragraph, RANK_PARAGRAPH),
            Style::Cn => (ClauseKind::Heading, RANK_CN),
            Style::CnParen => (self.numbered(ClauseKind::Item), RANK_ITEM),
            Style::Num => (self.numbered(ClauseKind::Subitem), RANK_SUBITEM),
            Style::NumParen => (self.numbered(ClauseKind::Point), RANK_POINT),
        };
        let c = &mut self.counts;
        match kind {
            ClauseKind::Part => c.part += 1,
            ClauseKind::Subpart => c.subpart += 1,
            ClauseKind::Chapter => c.chapter += 1,
            ClauseKind::Section => c.section += 1,
            ClauseKind::Item => c.item += 1,
            ClauseKind::Subitem => c.subitem += 1,
            ClauseKind::Article => {
                c.article += 1;
                c.paragraph += u32::from(!bare);
                self.seen_article = true;
                self.last_article = m.value;
            }
            ClauseKind::Paragraph | ClauseKind::Supplement | ClauseKind::Annex => {
                c.paragraph += u32::from(self.seen_article);
            }
            _ => {}
        }
        if kind == ClauseKind::Annex {
            self.last_article = 0;
        }
        self.heading_expected = bare && rank <= RANK_SECTION && kind != ClauseKind::Supplement;
        self.marked(kind, Some(rank), line, m);
        if kind == ClauseKind::Article
            && let Some(top) = self.open.last_mut()
        {
            top.paragraphs = u32::from(!bare);
        }
    }

    /// （一） is a 项 in a legal text and a heading in a policy paper.
    fn numbered(&self, legal: ClauseKind) -> ClauseKind {
        if self.has(ClauseKind::Article) || (self.seen_article && !self.has(ClauseKind::Heading)) {
            legal
        } else {
            ClauseKind::Heading
        }
    }

    /// A line without a mark.
    fn plain(&mut self, line: Line<'_>, heading_expected: bool, in_table: bool) {
        if heading_expected && mark::is_short(line.text, HEADING_CHARS) && !mark::ends_sentence(line.text) {
            // 第一章 and 总则 on two lines are one heading.
            return;
        }
        let row = line.text.as_bytes().contains(&b'\t');
        if row && in_table {
            self.in_table = true;
            return;
        }
        self.counts.paragraph += u32::from(self.seen_article);
        if row {
            self.in_table = true;
            let top = self.top_mut();
            top.tables += 1;
            let n = top.tables;
            self.ordinal(ClauseKind::Table, None, line, "表", n, "", false);
        } else if self.has(ClauseKind::Article) {
            while self.top().rank > RANK_ARTICLE {
                self.open.pop();
            }
            let top = self.top_mut();
            top.paragraphs += 1;
            let n = top.paragraphs;
            self.ordinal(ClauseKind::Paragraph, Some(RANK_PARAGRAPH), line, "第", n, "款", true);
        } else if self.clauses.is_empty()
            && line.text.starts_with(['（', '('])
            && line.text.ends_with(['）', ')'])
        {
            let m = Mark { style: Style::TitleNote, value: 0, sub: 0, len: 0, sure: true };
            self.marked(ClauseKind::TitleNote, None, line, &m);
        } else {
            let before = !self.structured || self.top().kind == Some(ClauseKind::Preamble);
            let kind = if before { ClauseKind::Preamble } else { ClauseKind::Text };
            let prefix = if self.structured { "第" } else { "开头/第" };
            let top = self.top_mut();
            top.texts += 1;
            let n = top.texts;
            self.ordinal(kind, None, line, prefix, n, "段", false);
        }
    }

    fn top(&self) -> &Open {
        self.open.last().unwrap_or(&self.root)
    }

    fn top_mut(&mut self) -> &mut Open {
        self.open.last_mut().unwrap_or(&mut self.root)
    }

    fn has(&self, kind: ClauseKind) -> bool {
        self.open.iter().any(|o| o.kind == Some(kind))
    }

    /// Adds a clause with a number of its own; with a rank it stays open for children.
    fn marked(&mut self, kind: ClauseKind, rank: Option<u8>, line: Line<'_>, m: &Mark) {
        if let Some(rank) = rank {
            while self.open.last().is_some_and(|o| o.rank >= rank) {
                self.open.pop();
            }
        }
        let parent = self.top().index;
        let mut path = self.path_under(parent, m.len + 8);
        let from = path.len();
        mark::push_label(&mut path, line.text, m);
        let named = matches!(kind, ClauseKind::TitleNote | ClauseKind::Contents | ClauseKind::Preamble);
        let label = if named { None } else { path.get(from..).map(str::to_owned) };
        let times = self.used.entry((parent, m.style, m.value, m.sub)).or_insert(0);
        *times += 1;
        if *times > 1 {
            path.push('~');
            path.push_str(&times.to_string());
        }
        self.push(kind, rank, line, path, label);
    }

    /// Adds a clause that is only counted: 第二款, 第三段, 表一.
    #[expect(clippy::too_many_arguments, reason = "one private helper for three forms of an ordinal")]
    fn ordinal(
        &mut self,
        kind: ClauseKind,
        rank: Option<u8>,
        line: Line<'_>,
        before: &str,
        n: u32,
        after: &str,
        numbered: bool,
    ) {
        let parent = self.top().index;
        let mut path = self.path_under(parent, 24);
        let from = path.len();
        path.push_str(before);
        number::push_chinese(&mut path, n);
        path.push_str(after);
        let label = if numbered { path.get(from..).map(str::to_owned) } else { None };
        self.push(kind, rank, line, path, label);
    }

    fn path_under(&self, parent: Option<usize>, more: usize) -> String {
        let above = parent.and_then(|p| self.clauses.get(p)).map_or("", |c| c.path.as_str());
        let mut path = String::with_capacity(above.len() + more + 1);
        path.push_str(above);
        if !above.is_empty() {
            path.push('/');
        }
        path
    }

    fn push(
        &mut self,
        kind: ClauseKind,
        rank: Option<u8>,
        line: Line<'_>,
        path: String,
        number: Option<String>,
    ) {
        let parent = self.top().index;
        let level = u8::try_from(self.open.len()).unwrap_or(u8::MAX);
        let index = self.clauses.len();
        self.clauses.push(Clause { path, kind, number, text: String::new(), parent, level });
        self.starts.push(line.start);
        if let Some(rank) = rank {
            self.open.push(Open::new(rank, Some(index), Some(kind)));
        }
    }

    fn finish(mut self) -> Outline {
        let end = self.source.len();
        let first = self.starts.first().copied().unwrap_or(end);
        let title = self.source.get(..first).unwrap_or("").trim().to_owned();
        let ends = self.starts.iter().copied().skip(1).chain(std::iter::once(end));
        for ((clause, start), end) in self.clauses.iter_mut().zip(&self.starts).zip(ends) {
            clause.text = self.source.get(*start..end).unwrap_or("").trim().to_owned();
            if !self.structured && clause.kind == ClauseKind::Preamble {
                // Without a body there is no preamble: these are the text itself.
                clause.kind = ClauseKind::Text;
                if let Some(rest) = clause.path.strip_prefix("开头/") {
                    clause.path = rest.to_owned();
                }
            }
        }
        Outline { title, counts: self.counts, clauses: self.clauses }
    }
}

/// How many lines after 目录 are its entries.
///
/// The entries come again as the headings of the body: the list ends before the
/// first entry's second appearance. Without one there is no list to skip.
fn contents_length(ahead: &[Line<'_>]) -> usize {
    let Some(first) = ahead.get(1).map(|l| entry(l.text)).filter(|e| !e.is_empty()) else {
        return 0;
    };
    let mut prose = None;
    for (n, line) in ahead.iter().enumerate().take(CONTENTS_REACH).skip(2) {
        if entry(line.text) == first {
            return prose.unwrap_or(n - 1);
        }
        if prose.is_none() && (!mark::is_short(line.text, 80) || line.text.ends_with(['。', '；'])) {
            prose = Some(n - 1);
        }
    }
    0
}

/// An entry without its blanks, leaders and page number.
fn entry(line: &str) -> String {
    let head: String = line.chars().take(80).filter(|c| !mark::is_blank(*c)).collect();
    head.trim_end_matches(|c: char| {
        number::digit(c).is_some()
            || matches!(c, '.' | '…' | '·' | '．' | '-' | '—' | '－' | '(' | ')' | '（' | '）')
    })
    .to_owned()
}

#[cfg(test)]
#[path = "cut_tests.rs"]
mod tests;
