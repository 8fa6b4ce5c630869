//! Finding what is public by its words.

use chrono::{DateTime, Utc};
use validator::{Validate, ValidationError};

use super::mark::{self, Segments};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::problem::Problem;
use crate::publication::tokens;
use crate::rate::{self, Act};
use crate::text;

/// As long as the overlap of two pieces of one line, so that whatever is asked for stands in one of them.
pub const LONGEST_QUERY: u64 = 100;
/// Each word costs a look into the index.
const MOST_WORDS: usize = 16;
/// Nobody turns so many pages; the deeper the page, the more the database sorts.
const LAST_PAGE: u64 = 100;

/// What somebody looks for.
#[derive(Clone, Debug, Validate)]
pub struct Query {
    #[validate(
        length(max = LONGEST_QUERY),
        custom(function = words)
    )]
    pub words: String,
    /// Only in this column (栏目).
    pub column: Option<String>,
    /// From 1.
    #[validate(range(min = 1, max = LAST_PAGE))]
    pub page: u64,
    #[validate(range(min = 1, max = 100))]
    pub per_page: u64,
}

fn words(query: &str) -> Result<(), ValidationError> {
    match tokens::of_query(query).len() {
        0 => Err(ValidationError::new("请填写要搜索的文字或数字|Please give letters, characters or digits")),
        n if n > MOST_WORDS => Err(ValidationError::new("一次最多搜索 16 个词|16 words at a time at most")),
        _ => Ok(()),
    }
}

/// A page of what was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// In the column asked for.
    pub total: u64,
    /// In each column, whichever was asked for.
    pub columns: Vec<(String, u64)>,
    pub hits: Vec<Hit>,
}

/// A publication with the best passages of its text.
#[derive(Clone, Debug)]
pub struct Hit {
    pub title: Segments,
    pub path: String,
    pub column: String,
    /// 信息来源
    pub source: String,
    pub published_at: DateTime<Utc>,
    pub passages: Vec<Segments>,
}

/// What a query is cleaned to before it is looked for and shown again: what nobody can see becomes a space.
pub fn clean(words: &str) -> String {
    text::tidy(&words.replace(|c: char| c.is_control(), " "))
}

/// # Errors
/// `invalid` for nothing to look for, or too much; `too_many_requests`; the database's own.
pub async fn search(app: &App, actor: &Actor, query: &Query) -> Result<Found, Problem> {
    query.validate()?;
    rate::check(app, Act::Search, &actor.address).await?;
    let phrases = tokens::of_query(&query.words);
    let db = app.db.read();
    let matches = store::Matches::of(app.db.backend(), &phrases);
    let columns = store::columns(db, &matches).await?;
    let total = match &query.column {
        Some(column) => columns.iter().find(|(name, _)| name == column).map_or(0, |(_, n)| *n),
        None => columns.iter().map(|(_, n)| n).sum(),
    };
    let offset = (query.page - 1) * query.per_page;
    if offset >= total {
        return Ok(Found { total, columns, hits: Vec::new() });
    }
    let rows = store::publications(db, &matches, query.column.as_deref(), query.per_page, offset).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut passages = store::passages(db, &matches, &ids).await?;
    let hits = rows.into_iter().map(|row| {
        let texts = passages.remove(&row.id).unwrap_or_default();
        // A text often begins with its own title, which is shown already.
        let texts = texts.into_iter().filter(|text| *text != row.title).take(store::PASSAGES);
        Hit {
            passages: texts.map(|text| mark::excerpt(&text, &phrases)).collect(),
            title: mark::mark(&row.title, &phrases),
            path: row.path,
            column: row.column_name,
            source: row.meta["source"].as_str().unwrap_or_default().to_owned(),
            published_at: row.published_at,
        }
    });
    Ok(Found { total, columns, hits: hits.collect() })
}
