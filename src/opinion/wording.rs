//! Replacement wording (修改建议稿): an opinion on a clause may say in which words the clause should stand.
//!
//! The words proposed are part of what the opinion says, under a mark that stands alone on a line. There is one
//! text: it is hashed, screened, redacted, revised, searched, counted and archived as one, whichever way it
//! came, also in a letter whose writer put the new words under the mark. Only where it is read is it told apart,
//! and the new words are shown against those of the clause, as it stood when it was spoken about.

use std::collections::HashMap;

use entity::clause;
use entity::id::{ClauseId, DocumentId};
use sea_orm::ConnectionTrait;

use super::quote::{Quote, with_members};
use crate::document::{self, Word, word_changes};
use crate::problem::{Problem, Words, words};
use crate::text;

/// Stands alone on the line above the words that are proposed.
pub const MARK: &str = "【建议修改为】";

/// What one page spends on comparing, in characters squared.
pub const BUDGET: usize = 20_000_000;

/// One text of a reason, which may be empty, and proposed words, which may be none.
pub fn join(reason: &str, wording: &str) -> String {
    match (reason.is_empty(), wording.is_empty()) {
        (_, true) => reason.to_owned(),
        (true, false) => format!("{MARK}\n{wording}"),
        (false, false) => format!("{reason}\n\n{MARK}\n{wording}"),
    }
}

/// The reason, and the words under the first mark.
pub fn split(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == MARK {
            let (reason, wording) = (text[..at].trim(), text[at + line.len()..].trim());
            return if wording.is_empty() { (text, None) } else { (reason, Some(wording)) };
        }
        at += line.len();
    }
    (text, None)
}

/// Whether the words of a clause and those proposed differ only in white space around lines.
pub fn is_unchanged(quote: &Quote, wording: &str) -> bool {
    let lines =
        |text: &str| text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
    lines(&quote.text()) == lines(&text::tidy(wording))
}

/// What is said to somebody who proposes what is there already.
pub fn unchanged() -> Words {
    words(
        "建议的文字与草案原文相同，请修改后再提交；不提修改文字的，请清空这一栏",
        "The words are those of the draft; change them, or leave this empty",
    )
}

/// An opinion's text told apart, with the words of its clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// May be empty.
    pub reason: String,
    /// From the clause to the words proposed.
    pub changes: Vec<Word>,
}

/// The proposal in a text on a clause; none where nothing is proposed.
///
/// `base`: the words of the clause.
pub fn proposal(text: &str, base: Option<&str>, budget: &mut usize) -> Option<Proposal> {
    let (reason, wording) = split(text);
    let changes = word_changes(base?, wording?, budget);
    Some(Proposal { reason: reason.to_owned(), changes })
}

/// The words of the clauses of those opinions that propose others; texts without a proposal cost nothing.
///
/// # Errors
/// The database's own.
pub async fn bases<'a>(
    db: &impl ConnectionTrait,
    opinions: impl IntoIterator<Item = (&'a str, Option<ClauseId>)>,
) -> Result<HashMap<ClauseId, String>, Problem> {
    let wanted: Vec<ClauseId> =
        opinions.into_iter().filter_map(|(text, clause)| split(text).1.and(clause)).collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let heads = document::clauses_at(db, wanted).await?;
    let mut texts: HashMap<DocumentId, Vec<clause::Model>> = HashMap::new();
    let mut bases = HashMap::new();
    for (id, head) in heads {
        if !texts.contains_key(&head.document_id) {
            texts.insert(head.document_id, document::clauses(db, head.document_id).await?);
        }
        let rows = texts.get(&head.document_id).cloned().unwrap_or_default();
        bases.insert(id, with_members(head, rows).text());
    }
    Ok(bases)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mark_alone_on_its_line_begins_the_words() {
        assert_eq!(
            split("太短。\n\n【建议修改为】\n第二条 甲。\n（一）乙"),
            ("太短。", Some("第二条 甲。\n（一）乙"))
        );
        assert_eq!(split("【建议修改为】\n第二条 甲。"), ("", Some("第二条 甲。")));
        assert_eq!(split("我【建议修改为】\n甲"), ("我【建议修改为】\n甲", None));
        assert_eq!(split("甲\n【建议修改为】\n"), ("甲\n【建议修改为】\n", None), "nothing is proposed");
        assert_eq!(split("只有意见"), ("只有意见", None));
    }

    proptest! {
        #[test]
        fn what_is_joined_is_told_apart(reason in "([甲乙丙。][甲乙丙。\n]{0,20}[甲乙丙。])?", wording in "[甲乙丙。]([甲乙 \n]{0,20}[甲乙丙。])?") {
            let text = join(&reason, &wording);
            prop_assert_eq!(split(&text), (reason.as_str(), Some(wording.as_str())));
            prop_assert_eq!(join(&reason, ""), reason);
        }
    }
}
