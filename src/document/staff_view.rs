//! What the staff pages of documents show.

use std::collections::HashMap;

use entity::decision;
use entity::document::Model;
use entity::enums::DocumentKind;
use entity::id::DocumentId;
use web::consultation::DraftView;
use web::desk::document::{CutView, DocumentGroup, DocumentsView, VersionRow};
use web::form::FormState;
use web::lang::Lang;
use web::link::Href;

use super::page::reference;
use super::reader::{Block, blocks};
use super::store::{FileHead, Head};
use super::{is_cut, label, show, store};
use crate::app::App;
use crate::calendar::civil;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// The kinds in the order they are written.
const KINDS: [DocumentKind; 4] =
    [DocumentKind::Draft, DocumentKind::Explanation, DocumentKind::Basis, DocumentKind::Final];

/// The levels of the cut worth counting, as the cutter names them.
const LEVELS: [(&str, &str, &str); 9] = [
    ("part", "编", "Parts"),
    ("chapter", "章", "Chapters"),
    ("section", "节", "Sections"),
    ("article", "条", "Articles"),
    ("paragraph", "款（第二款起）", "Further paragraphs"),
    ("item", "项", "Items"),
    ("subitem", "目", "Sub-items"),
    ("heading", "编号标题", "Numbered headings"),
    ("annex", "附件", "Annexes"),
];

pub async fn documents(
    app: &App,
    visitor: &Visitor,
    decision: &decision::Model,
) -> Result<DocumentsView, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    // Those who only read are offered nothing to change.
    let runs = crate::decision::may_run(&visitor.actor, decision).is_ok();
    let heads = store::heads(db, decision.id).await?;
    let ids: Vec<DocumentId> = heads.iter().map(|h| h.id).collect();
    let counts = store::cut_counts(db, &ids).await?;
    let files = store::files_of(db, &ids).await?;
    let base = format!("/desk/decisions/{}/documents", decision.code);
    let groups = KINDS
        .iter()
        .map(|kind| {
            let mine: Vec<&Head> = heads.iter().filter(|h| h.kind == *kind).collect();
            let open = mine.first().is_some_and(|h| h.published_at.is_none());
            let words = label::kind_words(*kind);
            DocumentGroup {
                title: lang.t(&words.zh, &words.en).to_owned(),
                hint: hint(lang, *kind).to_owned(),
                versions: mine
                    .iter()
                    .enumerate()
                    .map(|(i, h)| {
                        let row = row(lang, &base, h, mine.get(i + 1).copied(), &counts, &files);
                        VersionRow { edit: row.edit.filter(|_| runs), ..row }
                    })
                    .collect(),
                add: (runs && !open).then(|| Href::new(format!("{base}/new?kind={kind}"))),
            }
        })
        .collect();
    let ready = |kind| heads.iter().any(|h| h.kind == kind);
    let waits = heads.iter().any(|h| h.kind == DocumentKind::Draft && h.published_at.is_none());
    let next = (runs && ready(DocumentKind::Draft) && ready(DocumentKind::Explanation)).then(|| {
        let label = lang.t("发起公开征求意见", "Prepare a consultation").to_owned();
        (label, Href::new(format!("/desk/decisions/{}/consultations/new", decision.code)), waits)
    });
    Ok(DocumentsView { decision: reference(decision), groups, next })
}

fn hint(lang: Lang, kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Draft => lang.t(
            "征求意见的草案全文。粘贴或上传后会切分为条款，公众可以逐条提意见。",
            "The text people are asked about; cut into clauses they can speak on.",
        ),
        DocumentKind::Explanation => lang.t(
            "为什么制定、主要内容、需要重点听取意见的问题。公开征求意见时必须一并公布。",
            "Why, what, and what you most want to hear about. It must be published with the draft.",
        ),
        DocumentKind::Basis => lang.t("法律、法规、规章和政策依据。", "The laws and policies it rests on."),
        DocumentKind::Final => lang.t(
            "决策出台后公布的文本；与草案逐条对应，便于公众查看哪些意见被采纳。",
            "The text as issued; matched with the draft clause by clause, so people see what changed.",
        ),
    }
}

fn row(
    lang: Lang,
    base: &str,
    head: &Head,
    before: Option<&Head>,
    counts: &HashMap<DocumentId, Vec<(String, i64)>>,
    files: &[FileHead],
) -> VersionRow {
    let open = head.published_at.is_none();
    VersionRow {
        version: head.version,
        title: head.title.clone(),
        href: Href::new(format!("{base}/{}", head.id)),
        published: published_word(lang, head.published_at),
        cut: cut_word(lang, head.chars, counts.get(&head.id).map_or(&[], Vec::as_slice)),
        notice: head.correction_notice.clone().unwrap_or_default(),
        files: files.iter().filter(|f| f.document_id == head.id).map(show::file_link).collect(),
        compare: before.map(|b| compare_href(b.id, head.id)),
        edit: open.then(|| Href::new(format!("{base}/{}/edit", head.id))),
    }
}

pub fn compare_href(from: DocumentId, to: DocumentId) -> Href {
    Href::new(format!("/documents/compare?from={from}&to={to}"))
}

fn published_word(lang: Lang, at: Option<chrono::DateTime<chrono::Utc>>) -> Option<String> {
    let day = lang.date(civil::local_date(at?));
    Some(match lang {
        Lang::Zh => format!("已于 {day} 公布"),
        Lang::En => format!("Published on {day}"),
    })
}

/// `42 条，12 项，6120 字`
fn cut_word(lang: Lang, chars: i64, counts: &[(String, i64)]) -> String {
    if chars == 0 {
        return lang.t("只有文件", "file only").to_owned();
    }
    let shown =
        LEVELS.iter().filter(|(kind, ..)| matches!(*kind, "chapter" | "article" | "item" | "heading"));
    let mut parts: Vec<String> = shown
        .filter_map(|(kind, zh, en)| {
            let (_, n) = counts.iter().find(|(k, _)| k == kind)?;
            Some(match lang {
                Lang::Zh => format!("{n} {zh}"),
                Lang::En => format!("{n} {}", en.to_lowercase()),
            })
        })
        .collect();
    parts.push(match lang {
        Lang::Zh => format!("{chars} 字"),
        Lang::En => format!("{chars} characters"),
    });
    parts.join(lang.t("，", ", "))
}

pub async fn cut(
    app: &App,
    visitor: &Visitor,
    decision: &decision::Model,
    document: Model,
    state: FormState,
) -> Result<CutView, Problem> {
    let (db, lang) = (app.db.read(), visitor.lang);
    let rows = store::clauses(db, document.id).await?;
    let files = store::files(db, document.id).await?;
    let heads = store::heads(db, decision.id).await?;
    let before = heads
        .iter()
        .filter(|h| h.kind == document.kind && h.version < document.version)
        .max_by_key(|h| h.version);
    let before = before.or_else(|| {
        heads.iter().find(|h| h.kind == DocumentKind::Draft && document.kind == DocumentKind::Final)
    });
    let compare = before.map(|b| compare_href(b.id, document.id));
    let blocks = blocks(&rows);
    let counts = LEVELS
        .iter()
        .map(|(kind, zh, en)| (lang.t(zh, en).to_owned(), rows.iter().filter(|r| r.kind == *kind).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(label, n)| (label, i64::try_from(n).unwrap_or(i64::MAX)))
        .collect();
    let base = format!("/desk/decisions/{}/documents/{}", decision.code, document.id);
    let runs = crate::decision::may_run(&visitor.actor, decision).is_ok();
    let open = document.published_at.is_none();
    let is_final = document.kind == DocumentKind::Final;
    Ok(CutView {
        decision: reference(decision),
        kind: visitor.say(&label::kind_words(document.kind)),
        version: document.version,
        published: published_word(lang, document.published_at),
        notice: document.correction_notice.clone().unwrap_or_default(),
        counts,
        units: blocks.iter().filter(|b| matches!(b, Block::Unit(_))).count(),
        draft: DraftView {
            version: u32::try_from(document.version).unwrap_or(0),
            parts: show::parts(&blocks, |_| show::Beside::default()),
            files: files.iter().map(show::file_link).collect(),
            ..DraftView::default()
        },
        text: if is_cut(document.kind) { String::new() } else { document.body },
        hash: document.content_hash,
        csrf: visitor.csrf().to_owned(),
        edit: (runs && open).then(|| Href::new(format!("{base}/edit"))),
        remove: (runs && open).then(|| Href::new(format!("{base}/remove"))),
        publish: (runs && open && is_final).then(|| Href::new(format!("{base}/publish"))),
        compare,
        public: (!open).then(|| Href::new(format!("/documents/{}", document.id))),
        title: document.title,
        state,
    })
}
