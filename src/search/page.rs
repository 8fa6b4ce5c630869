//! The search page.

use poem::web::{Data, Query};
use poem::{Response, handler};
use web::component::{Pager, Tab};
use web::lang::Lang;
use web::layout::Nav;
use web::link::Href;
use web::search::{SearchHit, SearchView};
use web::{link, path};

use super::find::clean;
use super::{Found, Hit, search};
use crate::app::App;
use crate::calendar::civil;
use crate::http::pages::Pages;
use crate::http::visitor::Visitor;
use crate::http::{form, render};
use crate::problem::Problem;
use crate::publication;

const PER_PAGE: u64 = 20;

pub fn add(pages: Pages) -> Pages {
    pages.get(path::SEARCH, show)
}

#[handler]
async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> poem::Result<Response> {
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let query = super::Query {
        words: clean(value("q")),
        column: Some(clean(value("column"))).filter(|c| !c.is_empty()),
        page: value("page").parse().unwrap_or(1),
        per_page: PER_PAGE,
    };
    let blank = SearchView {
        query: query.words.clone(),
        column: query.column.clone().unwrap_or_default(),
        ..SearchView::default()
    };
    let frame = visitor.frame(app, Nav::Search);
    if query.words.is_empty() {
        return Ok(render::page(web::search::search(&frame, &blank)));
    }
    match search(app, &visitor.actor, &query).await {
        Ok(found) => {
            let view = view(visitor.lang, &query, found, blank);
            Ok(render::page(web::search::search(&frame, &view)))
        }
        Err(problem) => render::form_again(problem, |problem| {
            let view = SearchView { problem: say(problem, visitor.lang), ..blank };
            web::search::search(&frame, &view)
        }),
    }
}

fn say(problem: &Problem, lang: Lang) -> String {
    let errors = form::errors(problem, lang);
    errors.into_iter().map(|e| e.message).collect::<Vec<_>>().join(lang.t("；", "; "))
}

fn view(lang: Lang, query: &super::Query, found: Found, blank: SearchView) -> SearchView {
    let from = (query.page - 1) * query.per_page;
    let shown = found.hits.len() as u64;
    let page = |number: u64| address(query, query.column.as_deref(), number);
    let note = match lang {
        Lang::Zh => format!("第 {}–{} 条，共 {} 条", from + 1, from + shown, found.total),
        Lang::En => format!("{}–{} of {}", from + 1, from + shown, found.total),
    };
    let many = found.total > query.per_page && shown > 0;
    SearchView {
        filters: filters(lang, query, &found),
        total: found.total,
        pager: Pager {
            previous: (query.page > 1).then(|| page(query.page - 1)),
            next: (from + shown < found.total && shown > 0).then(|| page(query.page + 1)),
            note: if many { note } else { String::new() },
        },
        hits: found.hits.into_iter().map(|hit| hit_view(lang, hit)).collect(),
        ..blank
    }
}

/// The columns with their counts, where there is something to choose.
fn filters(lang: Lang, query: &super::Query, found: &Found) -> Vec<Tab> {
    if found.columns.len() < 2 && query.column.is_none() {
        return Vec::new();
    }
    let all = Tab::new(lang.t("全部", "All"), address(query, None, 1))
        .count(found.columns.iter().map(|(_, n)| n).sum())
        .current_if(query.column.is_none());
    let columns = found.columns.iter().map(|(name, n)| {
        Tab::new(column_label(lang, name), address(query, Some(name), 1))
            .count(*n)
            .current_if(query.column.as_ref() == Some(name))
    });
    std::iter::once(all).chain(columns).collect()
}

fn address(query: &super::Query, column: Option<&str>, page: u64) -> Href {
    let number = page.to_string();
    let mut pairs = vec![("q", query.words.as_str())];
    pairs.extend(column.map(|c| ("column", c)));
    if page > 1 {
        pairs.push(("page", &number));
    }
    link::with_pairs(path::SEARCH, &pairs)
}

fn column_label(lang: Lang, name: &str) -> String {
    let english = match name {
        publication::CATALOGUE => "Catalogue",
        publication::DECISIONS => "Decisions",
        publication::CONSULTATIONS => "Consultations",
        publication::SUMMARIES => "Summaries",
        publication::EVENTS => "Events",
        publication::MESSAGES => "Messages",
        publication::QA => "Online Q&A",
        other => other,
    };
    lang.t(name, english).to_owned()
}

fn hit_view(lang: Lang, hit: Hit) -> SearchHit {
    SearchHit {
        title: hit.title,
        href: hit.path.into(),
        kind: column_label(lang, &hit.column),
        department: hit.source,
        on: civil::local_date(hit.published_at),
        passages: hit.passages,
    }
}
