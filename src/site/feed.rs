//! Atom feeds (RFC 4287) of what was published: consultations and adoption summaries.

use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use chrono::{DateTime, Utc};
use entity::publication::Model;
use poem::web::Data;
use poem::{IntoResponse as _, Response, handler};
use web::path;

use crate::app::App;
use crate::publication::{self, CONSULTATIONS, SUMMARIES};

/// Entries of a feed.
const ENTRIES: u64 = 50;
/// Characters of the text that an entry tells; the page has the rest.
const TOLD: usize = 300;

#[handler]
pub async fn consultations(Data(app): Data<&App>) -> poem::Result<Response> {
    answer(app, CONSULTATIONS, path::CONSULTATIONS, path::FEED_CONSULTATIONS).await
}

#[handler]
pub async fn summaries(Data(app): Data<&App>) -> poem::Result<Response> {
    answer(app, SUMMARIES, path::SUMMARIES, path::FEED_SUMMARIES).await
}

async fn answer(app: &App, column: &str, page: &str, own: &str) -> poem::Result<Response> {
    let rows = publication::recent(app.db.read(), column, ENTRIES).await?;
    let text = feed(app, column, page, own, &rows).to_string();
    Ok(text.with_content_type("application/atom+xml; charset=utf-8").into_response())
}

fn feed(app: &App, column: &str, page: &str, own: &str, rows: &[Model]) -> Feed {
    let base = app.config.base_url();
    let updated = rows.iter().map(|p| p.published_at).max().unwrap_or(DateTime::UNIX_EPOCH);
    Feed {
        title: Text::plain(format!("{}：{column}", app.config.site.name)),
        id: format!("{base}{own}"),
        updated: instant(updated),
        authors: vec![Person { name: app.config.site.sponsor.clone(), ..Person::default() }],
        generator: Some(Generator { value: "Jianyan".into(), ..Generator::default() }),
        links: vec![link("self", format!("{base}{own}")), link("alternate", format!("{base}{page}"))],
        lang: Some("zh-CN".into()),
        entries: rows.iter().map(|p| entry(&base, p)).collect(),
        ..Feed::default()
    }
}

/// A correction keeps the entry's id: readers see the same matter, updated.
fn entry(base: &str, p: &Model) -> Entry {
    let source = p.meta["source"].as_str().unwrap_or_default();
    Entry {
        title: Text::plain(plain(&p.title)),
        id: format!("urn:uuid:{}", p.subject_id),
        updated: instant(p.published_at),
        published: Some(instant(p.published_at)),
        authors: vec![Person { name: plain(source), ..Person::default() }],
        categories: vec![Category { term: p.column_name.clone(), ..Category::default() }],
        links: vec![link("alternate", format!("{base}{}", p.path))],
        summary: Some(Text::plain(beginning(&p.body))),
        ..Entry::default()
    }
}

fn link(rel: &str, href: String) -> Link {
    Link { rel: rel.into(), href, ..Link::default() }
}

fn instant(at: DateTime<Utc>) -> FixedDateTime {
    at.into()
}

/// XML 1.0 has no place for most control characters, not even escaped.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn beginning(body: &str) -> String {
    let body = plain(body);
    if body.chars().count() <= TOLD {
        return body;
    }
    let head: String = body.chars().take(TOLD).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_xml_can_hold_is_told() {
        assert_eq!(plain("甲\u{0}乙\u{b}丙\n丁"), "甲乙丙\n丁");
        let long = "长".repeat(400);
        assert_eq!(beginning(&long).chars().count(), TOLD + 1);
    }
}
