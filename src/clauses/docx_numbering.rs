//! The numbers that Word counts by itself.
//!
//! In many drafts 第一条 and （一） are not typed: the paragraph only says "next
//! number of list 3". People see the number, so the text must have it.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::number;

/// Word has nine levels.
const LEVELS: usize = 9;
/// A style may rest on another; no honest chain is longer.
const CHAIN: usize = 10;

#[derive(Clone, Default)]
struct Level {
    start: u32,
    format: String,
    text: String,
    tight: bool,
}

#[derive(Clone, Default)]
struct Style {
    list: Option<String>,
    level: Option<usize>,
    parent: Option<String>,
}

/// What a paragraph says about its number.
#[derive(Clone, Default)]
pub(super) struct Numbered {
    pub list: Option<String>,
    pub level: Option<usize>,
    pub style: Option<String>,
}

/// The lists of a document and how far each has counted.
#[derive(Default)]
pub(super) struct Numbering {
    patterns: HashMap<String, Vec<Level>>,
    /// List to its pattern, and whether it counts for itself.
    lists: HashMap<String, (String, bool)>,
    styles: HashMap<String, Style>,
    style_levels: HashMap<String, usize>,
    counted: HashMap<String, [u32; LEVELS]>,
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let found =
        element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    let raw = String::from_utf8_lossy(&found.value).into_owned();
    Some(quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned))
}

/// Every opening tag of a part. A part that breaks off just ends: numbers are a
/// help, and the document itself is judged elsewhere.
fn tags(xml: &str, mut seen: impl FnMut(&str, &BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(e) | Event::Empty(e)) => {
                let name = String::from_utf8_lossy(e.local_name().as_ref()).into_owned();
                seen(&name, &e);
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

impl Numbering {
    /// Reads the parts `numbering.xml` and `styles.xml`.
    pub fn new(numbering: &str, styles: &str) -> Self {
        let mut this = Self::default();
        this.read_lists(numbering);
        this.read_styles(styles);
        this
    }

    fn read_lists(&mut self, xml: &str) {
        let (mut pattern, mut list, mut level) = (String::new(), String::new(), 0_usize);
        let mut overriding = false;
        tags(xml, |name, e| {
            let value = || attribute(e, b"val").unwrap_or_default();
            let levels = self.patterns.get_mut(&pattern);
            let current = levels.and_then(|l| l.get_mut(level)).filter(|_| !overriding);
            match (name, current) {
                ("abstractNum", _) => {
                    pattern = attribute(e, b"abstractNumId").unwrap_or_default();
                    overriding = false;
                    self.patterns
                        .insert(pattern.clone(), vec![Level { start: 1, ..Level::default() }; LEVELS]);
                }
                ("num", _) => {
                    list = attribute(e, b"numId").unwrap_or_default();
                    overriding = true;
                }
                ("abstractNumId", _) => drop(self.lists.insert(list.clone(), (value(), false))),
                ("startOverride", _) => {
                    if let Some(entry) = self.lists.get_mut(&list) {
                        entry.1 = true;
                    }
                }
                ("lvl", _) => level = attribute(e, b"ilvl").and_then(|v| v.parse().ok()).unwrap_or(0),
                ("start", Some(l)) => l.start = value().parse().unwrap_or(1),
                ("numFmt", Some(l)) => l.format = value(),
                ("lvlText", Some(l)) => l.text = value(),
                ("suff", Some(l)) => l.tight = value() == "nothing",
                ("pStyle", Some(_)) => drop(self.style_levels.insert(value(), level)),
                _ => {}
            }
        });
    }

    fn read_styles(&mut self, xml: &str) {
        let mut id = String::new();
        tags(xml, |name, e| {
            let value = || attribute(e, b"val");
            if name == "style" {
                id = attribute(e, b"styleId").unwrap_or_default();
                self.styles.insert(id.clone(), Style::default());
            } else if let Some(style) = self.styles.get_mut(&id) {
                match name {
                    "basedOn" => style.parent = value(),
                    "numId" => style.list = value(),
                    "ilvl" => style.level = value().and_then(|v| v.parse().ok()),
                    _ => {}
                }
            }
        });
    }

    /// The list and level of a paragraph, from itself or from its style.
    fn place(&self, of: &Numbered) -> Option<(String, usize)> {
        if let Some(list) = &of.list {
            return Some((list.clone(), of.level.unwrap_or(0)));
        }
        let mut name = of.style.clone()?;
        for _ in 0..CHAIN {
            let style = self.styles.get(&name)?;
            if let Some(list) = &style.list {
                let level = of.level.or(style.level).or_else(|| self.style_levels.get(&name).copied());
                return Some((list.clone(), level.unwrap_or(0)));
            }
            name = style.parent.clone()?;
        }
        None
    }

    /// Counts a paragraph and gives the number that Word shows before it.
    pub fn label(&mut self, of: &Numbered) -> String {
        let Some((list, at)) = self.place(of) else { return String::new() };
        let Some((pattern, own)) = self.lists.get(&list) else { return String::new() };
        let Some(levels) = self.patterns.get(pattern) else { return String::new() };
        let Some(level) = levels.get(at) else { return String::new() };
        let key = if *own { format!("list {list}") } else { pattern.clone() };
        let counted = self.counted.entry(key).or_insert([0; LEVELS]);
        for (n, (count, l)) in counted.iter_mut().zip(levels).enumerate() {
            match n.cmp(&at) {
                std::cmp::Ordering::Less if *count == 0 => *count = l.start,
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal if *count == 0 => *count = l.start,
                std::cmp::Ordering::Equal => *count = count.saturating_add(1),
                std::cmp::Ordering::Greater => *count = 0,
            }
        }
        if matches!(level.format.as_str(), "bullet" | "none") {
            return String::new();
        }
        let mut out = String::new();
        let mut chars = level.text.chars().peekable();
        while let Some(c) = chars.next() {
            let which = chars.peek().and_then(|d| d.to_digit(10)).and_then(|d| (d as usize).checked_sub(1));
            match which.filter(|_| c == '%').and_then(|k| Some((counted.get(k)?, levels.get(k)?))) {
                Some((count, l)) => {
                    chars.next();
                    push_number(&mut out, *count, &l.format);
                }
                None => out.push(c),
            }
        }
        if !level.tight && !out.is_empty() {
            out.push(' ');
        }
        out
    }
}

/// Writes a number in one of Word's formats; unknown ones as digits.
fn push_number(out: &mut String, n: u32, format: &str) {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "ideographDigital"
        | "taiwaneseDigital"
        | "japaneseDigitalTenThousand" => number::push_chinese(out, n),
        "upperLetter" | "lowerLetter" if (1..=26).contains(&n) => {
            let letter = char::from_digit(n + 9, 36).unwrap_or('?');
            out.push(if format == "upperLetter" { letter.to_ascii_uppercase() } else { letter });
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&n) => {
            out.extend(char::from_u32(u32::from('①') + n - 1));
        }
        _ => out.push_str(&n.to_string()),
    }
}
