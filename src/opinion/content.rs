//! What every opinion says of itself, however it came: words, name, contact, kind of person, how it may be
//! shown. Checked once, for the form, the program and the clerk alike.

use entity::enums::{PersonKind, ShowAs};
use validator::Validate;

use crate::config::Config;
use crate::keys::{Keys, Purpose, sha256_hex};
use crate::problem::Problem;
use crate::text;

use super::wording;

/// As it was typed.
#[derive(Clone, Debug, Default, Validate)]
pub struct Content {
    #[validate(custom(function = text::several_lines))]
    pub text: String,
    /// The words the clause should have (修改建议稿); may be empty.
    #[validate(custom(function = text::several_lines))]
    pub wording: String,
    /// Name or alias; may be empty.
    #[validate(length(max = 60), custom(function = text::one_line))]
    pub name: String,
    /// E-mail or phone; may be empty unless the settings ask for it.
    #[validate(custom(function = text::contact))]
    pub contact: String,
    pub person_kind: Option<PersonKind>,
    pub show_as: Option<ShowAs>,
}

/// As it is kept.
#[derive(Debug)]
pub(super) struct Checked {
    pub text: String,
    pub text_hash: String,
    pub name: Option<String>,
    pub contact: Option<String>,
    pub person_hash: Option<String>,
    pub person_kind: PersonKind,
    pub show_as: ShowAs,
}

impl Content {
    /// Everything that is wrong with it, at once; and what is to be kept.
    pub(super) fn check(
        &self,
        config: &Config,
        keys: &Keys,
        contact_required: bool,
    ) -> Result<Checked, Problem> {
        let tidy = Self {
            text: text::tidy(&self.text),
            wording: text::tidy(&self.wording),
            name: text::tidy(&self.name),
            contact: text::tidy(&self.contact),
            ..*self
        };
        let mut problem = match tidy.validate() {
            Ok(()) => None,
            Err(errors) => Some(Problem::from(errors)),
        };
        for (field, words) in tidy.lengths(config.limits.opinion_chars) {
            add(&mut problem, field, words);
        }
        if contact_required && tidy.contact.is_empty() {
            let words = ("请填写手机号或电子邮箱", "Please give a phone number or e-mail address");
            add(&mut problem, "contact", (words.0.into(), words.1.into()));
        }
        let choose = || ("请选择一项".to_owned(), "Please choose one".to_owned());
        if tidy.person_kind.is_none() {
            add(&mut problem, "person_kind", choose());
        }
        if tidy.show_as.is_none() {
            add(&mut problem, "show_as", choose());
        }
        let (Some(person_kind), Some(show_as), None) = (tidy.person_kind, tidy.show_as, &problem) else {
            return Err(problem.unwrap_or_else(|| Problem::new(crate::problem::Code::Invalid)));
        };
        let said = wording::join(&tidy.text, &tidy.wording);
        let some = |s: String| Some(s).filter(|s| !s.is_empty());
        let contact = some(tidy.contact);
        Ok(Checked {
            text_hash: text_hash(&said),
            person_hash: contact.as_deref().map(|c| keys.mac_hex(Purpose::Contact, &text::contact_key(c))),
            text: said,
            name: some(tidy.name),
            contact,
            person_kind,
            show_as,
        })
    }

    /// What is wrong with the lengths of text and proposed words; one of them is enough.
    fn lengths(&self, max: u32) -> Vec<(&'static str, (String, String))> {
        if self.wording.is_empty() {
            return length(&self.text, max).map(|words| ("text", words)).into_iter().collect();
        }
        let mut wrong: Vec<_> = longer(&self.text, max).map(|words| ("text", words)).into_iter().collect();
        wrong.extend(longer(&self.wording, max).map(|words| ("wording", words)));
        if [&self.text, &self.wording].iter().any(|t| t.lines().any(|l| l.trim() == wording::MARK)) {
            let mark = wording::MARK;
            let zh = format!("“{mark}”由系统添加，请不要在文字中再写");
            wrong.push(("wording", (zh, format!("{mark} is put in by the site; please leave it out"))));
        }
        wrong
    }
}

/// Texts that say the same have the same hash.
pub(super) fn text_hash(text: &str) -> String {
    sha256_hex(text::essence(text).as_bytes())
}

/// What is wrong with the length of an opinion's text, in words: characters as people count them, those of
/// proposed words for themselves.
pub(super) fn length(text: &str, max: u32) -> Option<(String, String)> {
    if text.is_empty() {
        return Some(("请填写意见内容".into(), "Please write your opinion".into()));
    }
    let (reason, words) = wording::split(text);
    longer(reason, max).or_else(|| longer(words.unwrap_or_default(), max))
}

fn longer(text: &str, max: u32) -> Option<(String, String)> {
    let (count, max) = (text.chars().count(), max as usize);
    (count > max).then(|| {
        let over = count - max;
        (
            format!("超出 {over} 字：最多 {max} 字，现有 {count} 字。可以删减，或分成几条提交"),
            format!("{over} characters too many: at most {max}, there are {count}"),
        )
    })
}

fn add(problem: &mut Option<Problem>, field: &'static str, (zh, en): (String, String)) {
    let so_far = problem.take().unwrap_or_else(|| Problem::new(crate::problem::Code::Invalid));
    *problem = Some(so_far.field(field, zh, en));
}

/// A consultation's code or an opinion's number in an address; anything else was never issued, and some of
/// it (NUL) not every database takes.
///
/// # Errors
/// `not_found`.
pub fn code(typed: &str) -> Result<&str, Problem> {
    let fine = typed.len() <= 40 && typed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { Ok(typed) } else { Err(Problem::not_found()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_as_people_do() {
        assert_eq!(length("三个字", 3), None);
        assert!(length("", 3).is_some());
        let (zh, _) = length("四个字呢", 3).unwrap();
        assert!(zh.contains("超出 1 字") && zh.contains("现有 4 字"), "{zh}");
    }

    #[test]
    fn only_codes_are_looked_up() {
        assert!(code("2026-007-1-000012").is_ok());
        for bad in ["2026\0", "a b", "../x", "意见", &"9".repeat(41)] {
            assert!(code(bad).is_err(), "{bad:?}");
        }
    }
}
