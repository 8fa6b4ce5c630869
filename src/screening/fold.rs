//! A text as a suspicious reader sees it: full-width and decorated forms are what they stand for, what cannot be
//! seen is not there, and every character knows its place in the text.

/// A character with its bytes in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    pub start: usize,
    pub end: usize,
    pub plain: char,
}

/// The visible characters, plain and in lower case.
pub fn letters(text: &str) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len() / 3 + 8);
    for (start, c) in text.char_indices() {
        if let Some(plain) = plain(c) {
            letters.push(Letter { start, end: start + c.len_utf8(), plain });
        }
    }
    letters
}

/// What a character stands for; none for one that nobody sees.
fn plain(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    let code = c as u32;
    // Han characters, the bulk of every text.
    if (0x3400..=0x9FFF).contains(&code) {
        return Some(c);
    }
    let digit = |zero: u32| char::from_digit(code - zero, 10);
    match code {
        0x00AD
        | 0x034F
        | 0x061C
        | 0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0x0300..=0x036F
        | 0x20D0..=0x20FF => None,
        0x3000 | 0x00A0 | 0x2000..=0x200A | 0x202F | 0x205F => Some(' '),
        // Punctuation of sentences stays: it ends a link.
        0xFF01 | 0xFF08 | 0xFF09 | 0xFF0C | 0xFF1A | 0xFF1B | 0xFF1F => Some(c),
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).map(|c| c.to_ascii_lowercase()),
        0x2460..=0x2468 => digit(0x245F),
        0x2776..=0x277E => digit(0x2775),
        0x2780..=0x2788 => digit(0x277F),
        0x24F5..=0x24FD => digit(0x24F4),
        0x24EA | 0x24FF => Some('0'),
        0x2080..=0x2089 => digit(0x2080),
        0x2070 | 0x2074..=0x2079 => digit(0x2070),
        0x00B9 => Some('1'),
        0x00B2 => Some('2'),
        0x00B3 => Some('3'),
        0x0660..=0x0669 => digit(0x0660),
        0x06F0..=0x06F9 => digit(0x06F0),
        0x1D7CE..=0x1D7FF => char::from_digit((code - 0x1D7CE) % 10, 10),
        0x24B6..=0x24CF => char::from_u32(code - 0x24B6 + 0x61),
        0x24D0..=0x24E9 => char::from_u32(code - 0x24D0 + 0x61),
        0x2010..=0x2015 | 0x2212 | 0xFE63 => Some('-'),
        0x00B7 | 0x2022 | 0x2027 | 0x30FB | 0xFF65 => Some('·'),
        _ => Some(c),
    }
}

/// The plain characters as one text to search in, with the way back.
pub struct Folded<'a> {
    pub text: String,
    letters: &'a [Letter],
    /// For each byte of `text`, the letter it belongs to.
    at: Vec<u32>,
}

impl<'a> Folded<'a> {
    pub fn of(letters: &'a [Letter], keep: impl Fn(char) -> bool) -> Self {
        let mut text = String::with_capacity(letters.len() * 3);
        let mut at = Vec::with_capacity(letters.len() * 3);
        for (i, letter) in letters.iter().enumerate().filter(|(_, l)| keep(l.plain)) {
            text.push(letter.plain);
            at.resize(text.len(), u32::try_from(i).unwrap_or(u32::MAX));
        }
        Self { text, letters, at }
    }

    /// The bytes in the original of some bytes of `text`.
    pub fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let letter = |byte: usize| self.letters.get(*self.at.get(byte)? as usize);
        Some((letter(start)?.start, letter(end.checked_sub(1)?)?.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        letters(text).iter().map(|l| l.plain).collect()
    }

    #[test]
    fn disguises_fall_off() {
        assert_eq!(folded("１３８①③⑧²₃𝟗٣ＡＢⓒ"), "1381382393abc");
        assert_eq!(folded("1\u{200b}3\u{fe0f}8\u{2060}"), "138");
        assert_eq!(folded("a　b–c・d"), "a b-c·d");
        assert_eq!(folded("第八条，可以。"), "第八条，可以。");
    }

    #[test]
    fn every_letter_knows_its_place() {
        let text = "电\u{200b}话１";
        let letters = letters(text);
        let folded = Folded::of(&letters, |_| true);
        let at = folded.text.find('1').unwrap();
        let (start, end) = folded.place(at, at + 1).unwrap();
        assert_eq!(&text[start..end], "１");
        assert_eq!(folded.place(at, at + 9), None);
    }
}
