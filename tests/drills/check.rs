//! What was promised against what is there. Pure, so that the controls can feed it broken histories.

use std::collections::HashMap;
use std::fmt;

use crate::store::Store;

/// What the client knows of one opinion it tried to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A receipt was given.
    Acknowledged { number: String, code: String },
    /// It may be there or not, never twice.
    Unknown,
    /// It never left the client.
    NotSent,
}

#[derive(Clone, Debug)]
pub struct Attempt {
    /// Unique, and part of the text.
    pub id: String,
    pub key: String,
    pub text: String,
    pub fate: Fate,
}

/// A row of the site.
#[derive(Clone, Debug)]
pub struct Stored {
    pub number: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Acknowledged and not there.
    Lost(String),
    /// There with other words, or under another number than the receipt says.
    Altered(String),
    /// There twice.
    Twice(String),
    /// There, and nobody sent it.
    Unexpected(String),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// The opinions of a site.
pub fn stored(store: &Store) -> Vec<Stored> {
    let rows = store.rows("select number, text from opinion order by number");
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| Stored { number: text(row, "number"), text: text(row, "text") }).collect()
}

/// Everything acknowledged is there as it was sent; everything there was sent; nothing is there twice.
pub fn check(attempts: &[Attempt], stored: &[Stored]) -> Vec<Violation> {
    let mut found = Vec::new();
    let sent: HashMap<&str, &Attempt> = attempts.iter().map(|a| (a.id.as_str(), a)).collect();
    let mut there: HashMap<&str, &Stored> = HashMap::new();
    for row in stored {
        match sent.get(id_of(&row.text)) {
            None => found.push(Violation::Unexpected(row.number.clone())),
            Some(attempt) if attempt.fate == Fate::NotSent => {
                found.push(Violation::Unexpected(row.number.clone()))
            }
            Some(attempt) => {
                if there.insert(&attempt.id, row).is_some() {
                    found.push(Violation::Twice(attempt.id.clone()));
                }
            }
        }
    }
    for attempt in attempts {
        let row = there.get(attempt.id.as_str());
        if row.is_some_and(|row| row.text != attempt.text) {
            found.push(Violation::Altered(attempt.id.clone()));
        }
        if let Fate::Acknowledged { number, .. } = &attempt.fate {
            match row {
                None => found.push(Violation::Lost(attempt.id.clone())),
                Some(row) if row.number != *number => found.push(Violation::Altered(attempt.id.clone())),
                Some(_) => {}
            }
        }
    }
    found
}

/// The unique part of a text of ours.
fn id_of(text: &str) -> &str {
    text.strip_prefix('〔').and_then(|rest| rest.split('〕').next()).unwrap_or_default()
}

/// Stops the drill when there is a violation.
pub fn assert_kept(attempts: &[Attempt], store: &Store) {
    let found = check(attempts, &stored(store));
    let shown: Vec<String> = found.iter().take(10).map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} violations: {}", found.len(), shown.join(", "));
    let difference = store.count(
        "select (select count(*) from opinion) - (select cast(coalesce(sum(n), 0) as bigint) from opinion_tally)",
    );
    assert_eq!(difference, 0, "opinions that the running count does not know");
}
