//! The API of search.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::find::clean;
use super::{Hit, Segments, search};
use crate::app::App;
use crate::http::api::Area;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct Api;

/// A page of what was found, best first.
#[derive(Object)]
struct SearchOut {
    /// 总数 How many publications were found, in the column asked for
    total: u64,
    page: u64,
    per_page: u64,
    /// 各栏目的数量 How many in each column
    columns: Vec<SearchColumn>,
    items: Vec<SearchItem>,
}

#[derive(Object)]
struct SearchColumn {
    /// 栏目
    name: String,
    count: u64,
}

/// A publication with the best passages of its text.
#[derive(Object)]
struct SearchItem {
    title: Vec<SearchSegment>,
    /// Address of its page
    url: String,
    /// 栏目
    column: String,
    /// 信息来源
    source: String,
    published_at: DateTime<Utc>,
    /// 含有搜索词的段落，最多三段 Up to three passages with what was found
    passages: Vec<Vec<SearchSegment>>,
}

/// A piece of text; joined together the pieces are the text.
#[derive(Object)]
struct SearchSegment {
    text: String,
    /// Whether this is what was looked for
    found: bool,
}

fn segments(segments: Segments) -> Vec<SearchSegment> {
    segments.into_iter().map(|(found, text)| SearchSegment { text, found }).collect()
}

fn item(app: &App, hit: Hit) -> SearchItem {
    SearchItem {
        title: segments(hit.title),
        url: format!("{}{}", app.config.base_url(), hit.path),
        column: hit.column,
        source: hit.source,
        published_at: hit.published_at,
        passages: hit.passages.into_iter().map(segments).collect(),
    }
}

#[OpenApi(tag = "Area::Search")]
impl Api {
    /// 全文搜索 Full-text search over everything that is public
    ///
    /// 标题和正文中出现的任何中文词（两个字以上）都能搜到；多个词用空格分开，须同时出现。
    /// Every Chinese word of two or more characters that stands in a title or a text finds it; words are
    /// separated by spaces and must all be there.
    #[oai(path = "/search", method = "get", operation_id = "search")]
    async fn search(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        /// 搜索词，不超过 100 字 Words, 100 characters at most
        q: Query<String>,
        /// 只搜索此栏目 Only in this column
        column: Query<Option<String>>,
        /// 页码，从 1 起 Page, from 1
        #[oai(default = "one", validator(minimum(value = "1"), maximum(value = "100")))]
        page: Query<u64>,
        /// 每页条数 Items a page
        #[oai(default = "twenty", validator(minimum(value = "1"), maximum(value = "100")))]
        per_page: Query<u64>,
    ) -> Result<Json<SearchOut>, Problem> {
        let query = super::Query {
            words: clean(&q.0),
            column: column.0.map(|c| clean(&c)),
            page: page.0,
            per_page: per_page.0,
        };
        let found = search(app.0, &visitor.actor, &query).await?;
        Ok(Json(SearchOut {
            total: found.total,
            page: query.page,
            per_page: query.per_page,
            columns: found.columns.into_iter().map(|(name, count)| SearchColumn { name, count }).collect(),
            items: found.hits.into_iter().map(|hit| item(app.0, hit)).collect(),
        }))
    }
}

fn one() -> u64 {
    1
}

fn twenty() -> u64 {
    20
}
