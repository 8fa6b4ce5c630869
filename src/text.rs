//! Text from people: what is taken as it is, what is cleaned, what is refused.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use validator::ValidationError;

/// Typed text made regular before it is measured and kept: NFC, `\n` line ends, without the invisible
/// characters that word processors leave behind (zero-width space, byte order mark, soft hyphen), without
/// white space around it. Nothing a reader could see is touched.
pub fn tidy(input: &str) -> String {
    let visible = input
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{00ad}' | '\u{2060}'))
        .nfc()
        .collect::<String>();
    visible.trim_matches(|c: char| c.is_whitespace()).to_owned()
}

/// Several lines: refuses control characters and characters that reverse the reading direction, which
/// could make a reviewer read something else than what is stored.
pub fn several_lines(text: &str) -> Result<(), ValidationError> {
    if text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || deceptive(c)) {
        return Err(ValidationError::new(
            "含有看不见的控制字符，请粘贴为纯文本后重试|Contains invisible control characters; please paste it as plain text",
        ));
    }
    Ok(())
}

/// One line: also refuses line ends and tabs.
pub fn one_line(text: &str) -> Result<(), ValidationError> {
    if text.contains(['\n', '\t']) {
        return Err(ValidationError::new("请写在一行内|Please keep to one line"));
    }
    several_lines(text)
}

/// An e-mail address or a phone number.
pub fn contact(text: &str) -> Result<(), ValidationError> {
    one_line(text)?;
    if text.is_empty() || is_email(text) || is_phone(text) {
        return Ok(());
    }
    Err(ValidationError::new(
        "请填写正确的手机号码、固定电话或电子邮箱|Please give a valid phone number or e-mail address",
    ))
}

pub fn is_email(text: &str) -> bool {
    text.len() <= 254 && text.parse::<lettre::Address>().is_ok()
}

/// A mobile number of mainland China, which a text message reaches.
pub fn is_mobile(text: &str) -> bool {
    let digits = contact_key(text);
    is_phone(text) && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'))
}

fn deceptive(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// A contact written one way, so that the same person is found again: lower case, digits only for phones.
pub fn contact_key(contact: &str) -> String {
    if is_email(contact) {
        return contact.to_lowercase();
    }
    let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(&digits).to_owned()
}

/// `138****1234`, `z***@example.cn`: enough to recognise one's own, not to reach anybody.
pub fn mask_contact(contact: &str) -> String {
    if let Some((user, host)) = contact.split_once('@') {
        return format!("{}***@{host}", user.chars().next().unwrap_or('*'));
    }
    let chars: Vec<char> = contact.chars().collect();
    if chars.len() < 8 {
        return "****".to_owned();
    }
    let head: String = chars.iter().take(3).collect();
    let tail: String = chars.iter().skip(chars.len() - 4).collect();
    format!("{head}****{tail}")
}

/// 张三 → 张*; a name of one character, or none, → *.
pub fn mask_name(name: &str) -> Cow<'static, str> {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(_)) => Cow::Owned(format!("{first}*")),
        _ => Cow::Borrowed("*"),
    }
}

/// Text reduced to what it says, for telling exact duplicates: no white space, no punctuation, lower case.
pub fn essence(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidy_keeps_everything_visible() {
        assert_eq!(tidy(" \u{feff}第一行\r\n第\u{200b}二行\r "), "第一行\n第二行");
    }

    #[test]
    fn control_and_direction_characters_are_refused() {
        for bad in ["a\0b", "a\u{1b}[31m", "a\u{202e}b", "a\u{7f}"] {
            assert!(several_lines(bad).is_err(), "{bad:?}");
        }
        assert!(several_lines("甲\n乙\t丙👨‍👩‍👧").is_ok());
        assert!(one_line("甲\n乙").is_err());
    }

    #[test]
    fn contacts_are_checked_keyed_and_masked() {
        assert!(contact("138 0000 1234").is_ok() && contact("a@b.cn").is_ok() && contact("").is_ok());
        assert!(contact("foo").is_err() && contact("12").is_err());
        assert_eq!(contact_key("+86 138-0000-1234"), "13800001234");
        assert_eq!(contact_key("A@B.cn"), "a@b.cn");
        assert!(is_mobile("+86 138-0000-1234") && is_mobile("13800001234"));
        assert!(!is_mobile("12800001234") && !is_mobile("010-12345678") && !is_mobile("1380000123x"));
        assert_eq!(mask_contact("13800001234"), "138****1234");
        assert_eq!(mask_contact("zhang@b.cn"), "z***@b.cn");
        assert_eq!(mask_name("张三"), "张*");
    }
}
