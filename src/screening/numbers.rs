//! Numbers that belong to a person: mobile and landline telephones, the ID number (居民身份证号,
//! GB 11643-1999), bank cards (Luhn, GB/T 15694.1), however their digits are written and set apart.

use super::fold::Letter;
use super::{Finding, Kind};

/// What may stand between the groups of one number.
const APART: [char; 16] = [' ', '-', '.', '*', '_', '/', '·', '~', '+', '|', '(', ')', '（', '）', '#', '='];
/// Province codes of ID numbers (GB/T 2260).
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83",
];
/// How the numbers of cards begin that are in use: UnionPay and the banks' older ones, Visa, Mastercard, JCB.
const CARDS: [&str; 12] = ["62", "4", "51", "52", "53", "54", "55", "35", "955", "90", "98", "60"];
/// Words that say that a telephone number follows.
const CUES: [&str; 8] = ["电话", "座机", "热线", "致电", "拨打", "来电", "联系方式", "tel"];

/// Digits that stand together: letters `from..to`.
#[derive(Debug)]
struct Group {
    from: usize,
    to: usize,
    digits: String,
}

/// Groups with at most two separators between each and the next.
type Row = Vec<Group>;

pub fn find(letters: &[Letter]) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in rows(letters) {
        read(letters, &row, &mut found);
    }
    found
}

/// The value of a digit in any writing; that of the ways people say numbers on the telephone too.
fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        '〇' | '零' | '○' | '洞' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    })
}

fn rows(letters: &[Letter]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = Row::new();
    let mut i = 0;
    while i < letters.len() {
        if digit(letters[i].plain).is_none() {
            i += 1;
            continue;
        }
        let group = group(letters, i);
        let gap = row.last().map(|last: &Group| &letters[last.to..i]);
        let near = gap.is_some_and(|g| g.len() <= 2 && g.iter().all(|l| APART.contains(&l.plain)));
        if !near && !row.is_empty() {
            rows.push(std::mem::take(&mut row));
        }
        i = group.to;
        row.push(group);
    }
    rows.extend(Some(row).filter(|r| !r.is_empty()));
    rows
}

/// The digits from a place on. The letter o among digits stands for a nought.
fn group(letters: &[Letter], from: usize) -> Group {
    let (mut to, mut digits) = (from, String::new());
    while let Some(letter) = letters.get(to) {
        match digit(letter.plain) {
            Some(d) => digits.push(d),
            None if letter.plain == 'o' && digits.len() >= 2 => digits.push('0'),
            None => break,
        }
        to += 1;
    }
    Group { from, to, digits }
}

fn read(letters: &[Letter], row: &[Group], found: &mut Vec<Finding>) {
    let mut i = 0;
    while i < row.len() {
        let mut best = None;
        let mut digits = String::new();
        for j in i..row.len() {
            digits.push_str(&row[j].digits);
            if digits.len() > 19 {
                break;
            }
            // The check letter of an ID number.
            let x = letters.get(row[j].to).is_some_and(|l| l.plain == 'x' || l.plain == '×');
            let kind = kind(&digits, &row[i..=j], letters, x);
            if let Some(kind) = kind {
                let extra = usize::from(kind == Kind::IdNumber && digits.len() == 17);
                best = Some((kind, j, row[j].to + extra));
            }
        }
        match best {
            Some((kind, j, to)) => {
                if let (Some(first), Some(last)) = (letters.get(row[i].from), letters.get(to - 1)) {
                    found.push(Finding { kind, start: first.start, end: last.end });
                }
                i = j + 1;
            }
            None => i += 1,
        }
    }
}

fn kind(digits: &str, groups: &[Group], letters: &[Letter], x: bool) -> Option<Kind> {
    if is_id(digits, x) {
        return Some(Kind::IdNumber);
    }
    if is_card(digits) && groups.iter().rev().skip(1).all(|g| g.digits.len() >= 4) {
        return Some(Kind::BankCard);
    }
    if is_mobile(digits) && set_as_one(groups, letters) {
        return Some(Kind::Mobile);
    }
    if is_landline(digits, groups) || is_called(digits, groups, letters) {
        return Some(Kind::Landline);
    }
    None
}

/// Eleven digits from 13 to 19 on, with or without the country's code.
fn is_mobile(digits: &str) -> bool {
    let digits = match digits.len() {
        13 => digits.strip_prefix("86"),
        15 => digits.strip_prefix("0086"),
        _ => Some(digits),
    };
    let Some(digits) = digits else { return false };
    digits.len() == 11 && digits.starts_with('1') && digits.as_bytes()[1] >= b'3'
}

/// Groups that are set apart all in one way, or as telephone numbers are: not a date beside a number.
fn set_as_one(groups: &[Group], letters: &[Letter]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|g| g.digits.len()).collect();
    if matches!(lengths[..], [_] | [3, 4, 4] | [2 | 4, 3, 4, 4] | [2 | 4, 11]) {
        return true;
    }
    let gaps = groups.windows(2).map(|w| &letters[w[0].to..w[1].from]);
    let words: Vec<Vec<char>> = gaps.map(|g| g.iter().map(|l| l.plain).collect()).collect();
    words.windows(2).all(|w| w[0] == w[1])
}

/// 18 digits or 17 and an X, of a province, with a date of birth. The check digit (GB 11643-1999) decides
/// nothing: a number with a slip is somebody's all the same.
fn is_id(digits: &str, x: bool) -> bool {
    if digits.len() != 18 && !(digits.len() == 17 && x) {
        return false;
    }
    let born = digits.get(6..14).and_then(|d| chrono::NaiveDate::parse_from_str(d, "%Y%m%d").ok());
    let possible = born.is_some_and(|d| (1900..2100).contains(&chrono::Datelike::year(&d)));
    possible && PROVINCES.contains(&&digits[..2])
}

/// 15 to 19 digits of a known issuer whose last one is right.
fn is_card(digits: &str) -> bool {
    (16..=19).contains(&digits.len()) && CARDS.iter().any(|c| digits.starts_with(c)) && luhn(digits)
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') * if i % 2 == 1 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An area code (010, 02x, 0xxx) and seven or eight digits.
fn is_landline(digits: &str, groups: &[Group]) -> bool {
    let area = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return false,
    };
    let rest = digits.len().saturating_sub(area);
    // A number does not begin with 0 or 1.
    let good = digits.as_bytes().get(area).is_some_and(|b| (b'2'..=b'9').contains(b));
    let set = match groups {
        [_] => digits.len() >= 11,
        [first, ..] => first.digits.len() == area,
        [] => false,
    };
    (7..=8).contains(&rest) && good && set
}

/// Seven or eight digits after a word that says telephone.
fn is_called(digits: &str, groups: &[Group], letters: &[Letter]) -> bool {
    let [group] = groups else { return false };
    if !(7..=8).contains(&digits.len()) || !(b'2'..=b'8').contains(&digits.as_bytes()[0]) {
        return false;
    }
    let before: String = letters[group.from.saturating_sub(7)..group.from].iter().map(|l| l.plain).collect();
    CUES.iter().any(|cue| before.contains(cue))
}

/// The check digit of 17 digits of an ID number (GB 11643-1999), `X` for ten.
pub fn id_check(digits: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|d| d.len() == 17)?;
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}
