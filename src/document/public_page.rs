//! What everybody may see of documents: one version to read, two to compare, and the originals.

use entity::id::{DocumentId, FileId};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::component::{FileLink, Tab};
use web::consultation::DraftView;
use web::document::{ClauseChange, CompareRow, CompareView, DocumentView};
use web::lang::Lang;
use web::layout::Nav;
use web::link::{Href, with_query};

use super::compare::{Comparison, Row, RowKind};
use super::reader::blocks;
use super::store::Head;
use super::{compare_versions, is_cut, label, may_read, read, show, staff_view, store};
use crate::app::App;
use crate::calendar::civil;
use crate::http::pages::Pages;
use crate::http::render::{download, page};
use crate::http::visitor::Visitor;
use crate::problem::Problem;
use crate::{decision, department};

pub fn add(pages: Pages) -> Pages {
    pages
        .shared("/documents/compare", show_compare)
        .shared("/documents/:id", show_document)
        .shared("/documents/:id/text", show_text)
        .get("/files/:id", show_file)
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

#[handler]
async fn show_document(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(document): Path<String>,
) -> poem::Result<Response> {
    let db = app.db.read();
    let document = read(db, &visitor.actor, id::<DocumentId>(&document)?).await?;
    let decision = decision::find(db, document.decision_id).await?;
    let source = department::find(db, decision.department_id).await?.name;
    let mut versions = store::heads(db, decision.id).await?;
    versions.retain(|v| v.kind == document.kind && (v.published_at.is_some() || v.id == document.id));
    let rows = store::clauses(db, document.id).await?;
    let mut files: Vec<FileLink> = store::files(db, document.id).await?.iter().map(show::file_link).collect();
    if !document.body.is_empty() {
        files.insert(0, text_link(visitor.lang, document.id, document.body.len()));
    }
    let before = versions.iter().filter(|v| v.version < document.version).max_by_key(|v| v.version);
    let view = DocumentView {
        kind: visitor.say(&label::kind_words(document.kind)),
        title: document.title.clone(),
        version: document.version,
        source,
        published: document.published_at.map(civil::local_time),
        notice: document.correction_notice.clone().unwrap_or_default(),
        draft: DraftView {
            version: u32::try_from(document.version).unwrap_or(0),
            compare: before.map(|b| staff_view::compare_href(b.id, document.id)),
            parts: show::parts(&blocks(&rows), |_| show::Beside::default()),
            ..DraftView::default()
        },
        text: if is_cut(document.kind) { String::new() } else { document.body.clone() },
        files,
        decision: decision.published_at.map(|_| Href::new(format!("/decisions/{}", decision.code))),
        newer: newer(&versions, document.version),
        versions: versions.iter().rev().map(|v| version_tab(visitor.lang, v, document.id)).collect(),
    };
    let mut frame = visitor.article(app, Nav::Decisions, None);
    frame.meta.article_title.clone_from(&document.title);
    frame.meta.pub_date = view.published;
    frame.meta.content_source.clone_from(&view.source);
    frame.no_index = view.published.is_none() || view.newer.is_some();
    Ok(page(web::document::document(&frame, &view)))
}

fn newer(versions: &[Head], than: i32) -> Option<Href> {
    let newest = versions.iter().max_by_key(|v| v.version).filter(|v| v.version > than)?;
    Some(Href::new(format!("/documents/{}", newest.id)))
}

fn version_tab(lang: Lang, v: &Head, current: DocumentId) -> Tab {
    let name = web::desk::document::version_word(lang, v.version);
    Tab::new(name, Href::new(format!("/documents/{}", v.id))).current_if(v.id == current)
}

/// The text as a file to take away.
pub fn text_link(lang: Lang, document: DocumentId, bytes: usize) -> FileLink {
    FileLink {
        label: lang.t("全文（纯文本）", "Whole text (plain)").to_owned(),
        href: Href::new(format!("/documents/{document}/text")),
        format: "TXT".to_owned(),
        size: show::size(i64::try_from(bytes).unwrap_or(i64::MAX)),
    }
}

#[handler]
async fn show_text(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(document): Path<String>,
) -> poem::Result<Response> {
    let document = read(app.db.read(), &visitor.actor, id::<DocumentId>(&document)?).await?;
    if document.body.is_empty() {
        return Err(Problem::not_found().into());
    }
    Ok(as_text(&document.title, &document.body))
}

/// A text to save, with the mark by which Notepad knows UTF-8 and the line ends it expects.
pub fn as_text(title: &str, body: &str) -> Response {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(body.replace('\n', "\r\n").into_bytes());
    let name: String = title.chars().filter(|c| !"/\\<>:\"|?*".contains(*c)).take(80).collect();
    download(&format!("{name}.txt"), "text/plain; charset=utf-8", bytes)
}

#[handler]
async fn show_file(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> poem::Result<Response> {
    let db = app.db.read();
    let file = store::file(db, id::<FileId>(&file)?).await?;
    let head = store::head(db, file.document_id).await?;
    may_read(db, &visitor.actor, head.published_at.is_some(), head.decision_id).await?;
    Ok(download(&file.name, &file.media_type, file.bytes))
}

#[derive(Deserialize)]
struct CompareQuery {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    all: String,
}

#[handler]
async fn show_compare(
    Data(app): Data<&App>,
    visitor: Visitor,
    Query(query): Query<CompareQuery>,
) -> poem::Result<Response> {
    let (from, to) = (id::<DocumentId>(&query.from)?, id::<DocumentId>(&query.to)?);
    let (old, new, comparison) = compare_versions(app, &visitor.actor, from, to).await?;
    let all = query.all == "1";
    let name = |d: &entity::document::Model| {
        let kind = visitor.say(&label::kind_words(d.kind));
        let version = web::desk::document::version_word(visitor.lang, d.version);
        (format!("{kind} {version}"), Href::new(format!("/documents/{}", d.id)))
    };
    let here = format!("/documents/compare?from={from}&to={to}");
    let view = CompareView {
        from: name(&old),
        to: name(&new),
        title: new.title.clone(),
        counts: counts(&comparison),
        rows: comparison.rows.iter().filter(|r| all || r.kind != RowKind::Kept).map(compare_row).collect(),
        all,
        switch: with_query(&here, "all", if all { "0" } else { "1" }),
    };
    Ok(page(web::document::compare(&visitor.frame(app, Nav::Decisions), &view)))
}

fn counts(comparison: &Comparison) -> [usize; 6] {
    [RowKind::Kept, RowKind::Reworded, RowKind::Renumbered, RowKind::Both, RowKind::Added, RowKind::Removed]
        .map(|kind| comparison.count(kind))
}

fn compare_row(row: &Row) -> CompareRow {
    let change = match row.kind {
        RowKind::Kept => ClauseChange::Kept,
        RowKind::Reworded => ClauseChange::Reworded,
        RowKind::Renumbered => ClauseChange::Renumbered,
        RowKind::Both => ClauseChange::Both,
        RowKind::Added => ClauseChange::Added,
        RowKind::Removed => ClauseChange::Removed,
    };
    let label = match (row.old_label.as_str(), row.new_label.as_str()) {
        ("", new) => new.to_owned(),
        (old, "") => old.to_owned(),
        (old, new) if old == new => new.to_owned(),
        (old, new) => format!("{old} → {new}"),
    };
    CompareRow { change, label, words: show::changes(&row.words) }
}
