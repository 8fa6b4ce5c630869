//! Chinese and Arabic numerals as they number the clauses of a draft.

/// The longest numeral that is still taken for a number. Longer runs are junk
/// (or an attack) and reading them would only cost time.
const LONGEST: usize = 16;

/// The value of one numeral character, or of a unit such as 十.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Glyph {
    Digit(u32),
    Unit(u32),
}

/// Reads one character of a numeral. Only the characters that official texts
/// number with are known; the banker's forms (壹、贰) never number clauses.
fn glyph(c: char) -> Option<Glyph> {
    Some(match c {
        '〇' | '○' | '零' => Glyph::Digit(0),
        '一' => Glyph::Digit(1),
        '二' | '两' => Glyph::Digit(2),
        '三' => Glyph::Digit(3),
        '四' => Glyph::Digit(4),
        '五' => Glyph::Digit(5),
        '六' => Glyph::Digit(6),
        '七' => Glyph::Digit(7),
        '八' => Glyph::Digit(8),
        '九' => Glyph::Digit(9),
        '十' => Glyph::Unit(10),
        '百' => Glyph::Unit(100),
        '千' => Glyph::Unit(1000),
        '万' => Glyph::Unit(10_000),
        _ => return None,
    })
}

/// The value of an ASCII or full-width digit.
#[must_use]
pub fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

/// Whether a character may stand in a Chinese numeral.
#[must_use]
pub fn is_chinese(c: char) -> bool {
    glyph(c).is_some()
}

/// Parses a Chinese numeral: 一百二十三, 二〇二四, 十, 一千零一.
///
/// Returns `None` for an empty, unreadable or overlong text. Never overflows.
#[must_use]
pub fn parse_chinese(text: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut current: Option<u32> = None;
    let mut seen = 0;
    for c in text.chars() {
        seen += 1;
        if seen > LONGEST {
            return None;
        }
        match glyph(c)? {
            Glyph::Digit(d) => {
                current = Some(match current {
                    // 二〇二四 is read digit by digit; after a unit only a
                    // leading zero (一百零三) is swallowed.
                    Some(v) => v.checked_mul(10)?.checked_add(d)?,
                    None => d,
                });
            }
            Glyph::Unit(10_000) => {
                total = total.checked_add(current.take().unwrap_or(0))?.max(1);
                total = total.checked_mul(10_000)?;
            }
            Glyph::Unit(u) => {
                // 十二 and 一百零十: a unit without a digit before it counts once.
                let times = current.take().filter(|v| *v != 0).unwrap_or(1);
                total = total.checked_add(times.checked_mul(u)?)?;
            }
        }
    }
    if seen == 0 {
        return None;
    }
    total.checked_add(current.unwrap_or(0))
}

/// Parses a numeral made of Chinese characters or of digits.
#[must_use]
pub fn parse(text: &str) -> Option<u32> {
    let first = text.chars().next()?;
    if digit(first).is_none() {
        return parse_chinese(text);
    }
    let mut value: u32 = 0;
    for (seen, c) in text.chars().enumerate() {
        if seen >= LONGEST {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(digit(c)?)?;
    }
    Some(value)
}

/// Writes a number in Chinese numerals as official texts do: 十二, 一百零三.
///
/// Numbers of ten thousand and more are written in digits: no clause of a
/// readable draft has such a number.
pub fn push_chinese(out: &mut String, n: u32) {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    const UNITS: [(u32, &str); 4] = [(1000, "千"), (100, "百"), (10, "十"), (1, "")];
    if n == 0 || n >= 10_000 {
        if n == 0 {
            out.push('零');
        } else {
            out.push_str(&n.to_string());
        }
        return;
    }
    let mut rest = n;
    let mut gap = false;
    for (unit, name) in UNITS {
        let d = rest / unit;
        rest %= unit;
        if d == 0 {
            gap = n >= unit && rest > 0;
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        // 十二, not 一十二; but 一百一十二.
        if !(unit == 10 && d == 1 && n < 20) {
            out.push_str(DIGITS.get(d as usize).copied().unwrap_or(""));
        }
        out.push_str(name);
    }
}

/// A number in Chinese numerals.
#[must_use]
pub fn to_chinese(n: u32) -> String {
    let mut out = String::new();
    push_chinese(&mut out, n);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_the_round_trip() {
        for n in 1..10_000 {
            assert_eq!(parse_chinese(&to_chinese(n)), Some(n), "{}", to_chinese(n));
        }
    }

    #[test]
    fn numbers_are_written_as_in_the_laws() {
        for (n, text) in [
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (100, "一百"),
            (103, "一百零三"),
            (110, "一百一十"),
            (1001, "一千零一"),
            (1010, "一千零一十"),
            (1100, "一千一百"),
            (1260, "一千二百六十"),
        ] {
            assert_eq!(to_chinese(n), text);
        }
    }

    #[test]
    fn other_forms_are_read() {
        assert_eq!(parse_chinese("二〇二四"), Some(2024));
        assert_eq!(parse_chinese("一百〇三"), Some(103));
        assert_eq!(parse("１２"), Some(12));
        assert_eq!(parse("12"), Some(12));
        assert_eq!(parse("一万二千"), Some(12_000));
        assert_eq!(parse(""), None);
        assert_eq!(parse("1一"), None);
        assert_eq!(parse("条"), None);
    }

    #[test]
    fn junk_neither_overflows_nor_panics() {
        assert_eq!(parse(&"九".repeat(1000)), None);
        assert_eq!(parse("99999999999"), None);
        assert_eq!(parse("万万万万万万"), None);
        assert_eq!(parse_chinese("九九九九九九九九九九九"), None);
    }
}
