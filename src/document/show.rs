//! Documents as the views of pages want them.

use entity::clause::Model;
use entity::id::FileId;
use web::component::{Change, FileLink};
use web::consultation::{ClauseLine, ClauseView, DraftPart, LineKind};
use web::link::Href;

use super::compare::Word;
use super::label::label_of_clause;
use super::reader::{Block, Unit};
use super::store::FileHead;

/// What a page adds to a unit.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub count: u64,
    pub speak: Option<Href>,
    pub more: Option<Href>,
}

/// The anchor of a clause: the same in every version.
pub fn anchor(clause: &Model) -> String {
    let id = clause.lineage_id.0.simple().to_string();
    format!("c-{}", id.get(20..).unwrap_or(&id))
}

/// The parts of a text; `beside` says what stands beside each unit.
pub fn parts(blocks: &[Block<'_>], beside: impl Fn(&Unit<'_>) -> Beside) -> Vec<DraftPart> {
    blocks
        .iter()
        .map(|block| match block {
            Block::Title(row) => DraftPart::Title(one_line(&row.text)),
            Block::Heading(row, level) => {
                DraftPart::Heading { anchor: anchor(row), level: *level, text: one_line(&row.text) }
            }
            Block::Text(row) if row.kind == "table" => DraftPart::Table(row.text.clone()),
            Block::Text(row) => DraftPart::Text(row.text.clone()),
            Block::Unit(unit) => {
                let Beside { count, speak, more } = beside(unit);
                DraftPart::Clause(ClauseView {
                    anchor: anchor(unit.head),
                    label: label_of_clause(unit.head),
                    lines: lines(unit),
                    count,
                    speak,
                    opinions: Vec::new(),
                    more,
                })
            }
        })
        .collect()
}

/// The lines of a unit, each with its depth.
pub fn lines(unit: &Unit<'_>) -> Vec<ClauseLine> {
    let of = |row: &Model| {
        let kind = match row.kind.as_str() {
            "item" => LineKind::Item,
            "subitem" | "point" => LineKind::Subitem,
            "table" => LineKind::Table,
            _ => LineKind::Paragraph,
        };
        if kind == LineKind::Table {
            return vec![ClauseLine { kind, text: row.text.clone() }];
        }
        let lines = row.text.lines().map(str::trim).filter(|l| !l.is_empty());
        lines.map(|l| ClauseLine { kind, text: l.to_owned() }).collect()
    };
    unit.members.iter().flat_map(|row| of(row)).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn file_link(file: &FileHead) -> FileLink {
    let format = match file.name.rsplit_once('.').map(|(_, e)| e) {
        Some("docx") => "Word",
        Some("pdf") => "PDF",
        _ => "TXT",
    };
    FileLink {
        label: file.name.clone(),
        href: file_href(file.id),
        format: format.to_owned(),
        size: size(file.size),
    }
}

pub fn file_href(id: FileId) -> Href {
    Href::new(format!("/files/{id}"))
}

/// `86 KB`, `1.2 MB`
pub fn size(bytes: i64) -> String {
    let kib = (bytes.max(0) + 1023) / 1024;
    if kib < 1000 { format!("{kib} KB") } else { format!("{}.{} MB", kib / 1024, kib % 1024 * 10 / 1024) }
}

pub fn changes(words: &[Word]) -> Vec<Change> {
    words
        .iter()
        .map(|w| match w {
            Word::Equal(t) => Change::Equal(t.clone()),
            Word::Insert(t) => Change::Insert(t.clone()),
            Word::Delete(t) => Change::Delete(t.clone()),
        })
        .collect()
}
