//! The queries over the full-text index. They read across publications and passages, which belong to the
//! engine that writes them, and change nothing.
//!
//! What a person typed travels as bound parameters in the grammar of the index (one quoted phrase each);
//! the SQL itself is put together from the constants of this file and from numbers.

use std::collections::HashMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use entity::id::PublicationId;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use crate::problem::Problem;
use crate::publication::tokens::Phrase;

/// Passages shown of one publication.
pub const PASSAGES: usize = 3;

/// The phrases of a query in the grammar of the database, and the SQL that finds their passages.
pub struct Matches {
    backend: DbBackend,
    phrases: Vec<Value>,
    /// `WITH hit AS (…)`: a row for every phrase and passage: id of the passage, number of the phrase,
    /// score, the smaller the better.
    hit: String,
}

impl Matches {
    pub fn of(backend: DbBackend, phrases: &[Phrase]) -> Self {
        let mut hit = String::from("WITH hit AS MATERIALIZED (");
        for number in 0..phrases.len() {
            let parameter = number + 1;
            let union = if number == 0 { "" } else { " UNION ALL " };
            let select = if backend == DbBackend::Sqlite {
                format!(
                    "SELECT rowid AS id, {number} AS k, rank AS score FROM passage_index WHERE passage_index MATCH ${parameter}"
                )
            } else {
                format!(
                    "SELECT passage_id AS id, {number} AS k, -ts_rank_cd(tokens, CAST(${parameter} AS tsquery), 1) AS score FROM passage_index WHERE tokens @@ CAST(${parameter} AS tsquery)"
                )
            };
            // Writing to a string cannot fail.
            let _ = write!(hit, "{union}{select}");
        }
        hit.push(')');
        let written = if backend == DbBackend::Sqlite { fts5 } else { tsquery };
        Self { backend, phrases: phrases.iter().map(|p| written(p).into()).collect(), hit }
    }

    /// A statement that begins with the hits; further parameters follow those of the phrases.
    fn statement(&self, rest: &str, further: impl IntoIterator<Item = Value>) -> Statement {
        let values: Vec<Value> = self.phrases.iter().cloned().chain(further).collect();
        Statement::from_sql_and_values(self.backend, format!("{}{rest}", self.hit), values)
    }

    /// The hits with their passages, then the passages with the number of phrases in each, then the
    /// publications where every phrase stands.
    fn found(&self, only: &str) -> String {
        let all = self.phrases.len();
        format!(
            ", joined AS MATERIALIZED (SELECT h.k, h.score, p.publication_id, p.position FROM hit h JOIN passage p ON p.id = h.id{only}), \
             found AS (SELECT publication_id, position, COUNT(*) AS n, MIN(k) AS k, SUM(score) AS score FROM joined GROUP BY publication_id, position), \
             complete AS (SELECT publication_id FROM joined GROUP BY publication_id HAVING COUNT(DISTINCT k) = {all})"
        )
    }
}

/// One phrase for FTS5: a quoted string of tokens, `*` where the last may go on.
fn fts5(phrase: &Phrase) -> String {
    let tokens = phrase.tokens.join(" ").replace('"', "\"\"");
    let open = if phrase.open_end { " *" } else { "" };
    format!("\"{tokens}\"{open}")
}

/// One phrase for PostgreSQL: quoted lexemes that follow each other, `:*` where the last may go on.
fn tsquery(phrase: &Phrase) -> String {
    let quoted = phrase.tokens.iter().map(|t| format!("'{}'", t.replace('\\', "\\\\").replace('\'', "''")));
    let open = if phrase.open_end { ":*" } else { "" };
    format!("{}{open}", quoted.collect::<Vec<_>>().join(" <-> "))
}

#[derive(FromQueryResult)]
pub struct Row {
    pub id: PublicationId,
    pub title: String,
    pub path: String,
    pub column_name: String,
    pub meta: serde_json::Value,
    pub published_at: DateTime<Utc>,
}

/// How many publications were found in each column.
pub async fn columns(db: &impl ConnectionTrait, matches: &Matches) -> Result<Vec<(String, u64)>, Problem> {
    #[derive(FromQueryResult)]
    struct Count {
        column_name: String,
        n: i64,
    }
    let rest = format!(
        "{} SELECT u.column_name, COUNT(*) AS n FROM complete c JOIN publication u ON u.id = c.publication_id \
         WHERE u.current GROUP BY u.column_name ORDER BY n DESC, u.column_name",
        matches.found("")
    );
    let rows = Count::find_by_statement(matches.statement(&rest, [])).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.column_name, u64::try_from(row.n).unwrap_or(0))).collect())
}

/// A page of the publications found, best first.
pub async fn publications(
    db: &impl ConnectionTrait,
    matches: &Matches,
    column: Option<&str>,
    limit: u64,
    offset: u64,
) -> Result<Vec<Row>, Problem> {
    let all = matches.phrases.len();
    let least = if matches.backend == DbBackend::Sqlite { "MIN" } else { "LEAST" };
    let mut further: Vec<Value> = vec![limit.into(), offset.into()];
    let mut filter = String::new();
    if let Some(column) = column {
        filter = format!(" AND u.column_name = ${}", all + 3);
        further.push(column.into());
    }
    // A text that speaks of it often is a little better than one that names it once.
    let rest = format!(
        "{}, best AS (SELECT f.publication_id, \
           MAX(CASE WHEN f.n < {all} THEN 0 WHEN f.position = 0 THEN 2 ELSE 1 END) AS tier, \
           MIN(f.score) * (1 + 0.1 * {least}(COUNT(*), 10)) AS score \
           FROM found f JOIN complete c ON c.publication_id = f.publication_id GROUP BY f.publication_id) \
         SELECT u.id, u.title, u.path, u.column_name, u.meta, u.published_at \
         FROM best b JOIN publication u ON u.id = b.publication_id WHERE u.current{filter} \
         ORDER BY b.tier DESC, b.score, u.published_at DESC, u.id DESC LIMIT ${} OFFSET ${}",
        matches.found(""),
        all + 1,
        all + 2,
    );
    Ok(Row::find_by_statement(matches.statement(&rest, further)).all(db).await?)
}

/// The best passages of some publications: those with all phrases first, then one for each phrase in turn.
/// One more than is shown, because one may repeat the title.
pub async fn passages(
    db: &impl ConnectionTrait,
    matches: &Matches,
    publications: &[PublicationId],
) -> Result<HashMap<PublicationId, Vec<String>>, Problem> {
    #[derive(FromQueryResult)]
    struct Passage {
        publication_id: PublicationId,
        text: String,
    }
    let all = matches.phrases.len();
    let places: Vec<String> = (0..publications.len()).map(|i| format!("${}", all + 1 + i)).collect();
    let only = format!(" AND p.publication_id IN ({})", places.join(", "));
    let rest = format!(
        "{}, numbered AS (SELECT f.*, ROW_NUMBER() OVER (PARTITION BY publication_id, k ORDER BY n DESC, score, position) AS turn \
           FROM found f WHERE position > 0), \
         placed AS (SELECT m.*, ROW_NUMBER() OVER (PARTITION BY publication_id \
           ORDER BY CASE WHEN n = {all} THEN 0 ELSE 1 END, turn, n DESC, score, position) AS place FROM numbered m) \
         SELECT b.publication_id, p.text FROM placed b \
         JOIN passage p ON p.publication_id = b.publication_id AND p.position = b.position \
         WHERE b.place <= {} ORDER BY b.publication_id, b.place",
        matches.found(&only),
        PASSAGES + 1,
    );
    let ids = publications.iter().map(|id| Value::from(id.0));
    let rows = Passage::find_by_statement(matches.statement(&rest, ids)).all(db).await?;
    let mut texts: HashMap<PublicationId, Vec<String>> = HashMap::new();
    for row in rows {
        texts.entry(row.publication_id).or_default().push(row.text);
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publication::tokens::of_query;

    #[test]
    fn phrases_are_quoted_for_each_database() {
        let phrase = &of_query("2026年度体育")[0];
        assert_eq!(fts5(phrase), "\"2026 年度 度体 体育\"");
        assert_eq!(tsquery(phrase), "'2026' <-> '年度' <-> '度体' <-> '体育'");
        let single = &of_query("馆")[0];
        assert_eq!(fts5(single), "\"馆\" *");
        assert_eq!(tsquery(single), "'馆':*");
    }

    #[test]
    fn what_would_be_grammar_stays_text() {
        let hostile = Phrase { tokens: vec!["a\" OR \"b'c\\".into()], open_end: false, text: String::new() };
        assert_eq!(fts5(&hostile), "\"a\"\" OR \"\"b'c\\\"");
        assert_eq!(tsquery(&hostile), "'a\" OR \"b''c\\\\'");
    }
}
