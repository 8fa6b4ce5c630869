//! What the API of documents takes and gives.

use chrono::{DateTime, Utc};
use entity::clause;
use entity::document::Model;
use entity::enums::DocumentKind;
use entity::id::{ClauseId, DocumentId, FileId, LineageId};
use poem_openapi::payload::Json;
use poem_openapi::types::Base64;
use poem_openapi::{ApiResponse, Enum, Object, SecurityScheme};

use super::compare::{Row, RowKind, Word};
use super::store::{FileHead, Head};
use super::{Upload, label_of_clause};
use crate::http::api::StaffToken;
use crate::http::visitor::Visitor;

/// A token where one helps: without it the answer holds what everybody may see.
#[derive(SecurityScheme)]
#[expect(clippy::large_enum_variant, reason = "one for a request, never kept")]
pub enum MaybeStaff {
    Staff(StaffToken),
    #[oai(fallback)]
    Public,
}

impl MaybeStaff {
    /// Who asks.
    pub fn actor(self, visitor: &Visitor) -> crate::actor::Actor {
        match self {
            Self::Staff(token) => token.0,
            Self::Public => visitor.actor.clone(),
        }
    }
}

/// A file to keep beside the text: .docx, .txt or .pdf, told by its content.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "DocumentFileIn")]
pub struct FileIn {
    pub name: String,
    /// The bytes, base64.
    pub content: Base64<Vec<u8>>,
}

/// A new version of a document.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "DocumentIn")]
pub struct DocumentIn {
    pub kind: DocumentKind,
    /// Without one the first line of the text is the title.
    #[oai(default)]
    pub title: String,
    /// Without one it is read from the first file that has a text.
    #[oai(default)]
    pub text: String,
    #[oai(default)]
    pub files: Vec<FileIn>,
    /// What was corrected against the version before.
    #[oai(default)]
    pub correction_notice: Option<String>,
}

/// An unpublished version written anew.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "DocumentEditIn")]
pub struct DocumentEditIn {
    #[oai(default)]
    pub title: String,
    #[oai(default)]
    pub text: String,
    /// Files to add.
    #[oai(default)]
    pub files: Vec<FileIn>,
    /// Files to drop.
    #[oai(default)]
    pub drop_files: Vec<FileId>,
    #[oai(default)]
    pub correction_notice: Option<String>,
    /// The content hash you saw; another one in the database is answered with 412.
    #[oai(default)]
    pub seen: Option<String>,
}

/// An original to download from `/files/{id}`.
#[derive(Object)]
#[oai(rename = "DocumentFile")]
pub struct FileOut {
    id: FileId,
    name: String,
    media_type: String,
    size: i64,
    href: String,
}

impl From<&FileHead> for FileOut {
    fn from(f: &FileHead) -> Self {
        Self {
            id: f.id,
            name: f.name.clone(),
            media_type: f.media_type.clone(),
            size: f.size,
            href: format!("/files/{}", f.id),
        }
    }
}

/// A version without its text.
#[derive(Object)]
#[oai(rename = "DocumentVersion")]
pub struct VersionOut {
    id: DocumentId,
    kind: DocumentKind,
    version: i32,
    title: String,
    /// Characters; 0 when the version is a file only.
    chars: i64,
    /// SHA-256 of the text, hex.
    content_hash: String,
    #[oai(skip_serializing_if_is_none)]
    correction_notice: Option<String>,
    /// Once set, the version never changes.
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
    files: Vec<FileOut>,
}

impl VersionOut {
    pub fn new(head: &Head, files: &[FileHead]) -> Self {
        Self {
            id: head.id,
            kind: head.kind,
            version: head.version,
            title: head.title.clone(),
            chars: head.chars,
            content_hash: head.content_hash.clone(),
            correction_notice: head.correction_notice.clone(),
            published_at: head.published_at,
            files: files.iter().filter(|f| f.document_id == head.id).map(FileOut::from).collect(),
        }
    }
}

impl VersionOut {
    /// The same from a whole row.
    pub fn of(d: &Model, files: &[FileHead]) -> Self {
        Self {
            id: d.id,
            kind: d.kind,
            version: d.version,
            title: d.title.clone(),
            chars: i64::try_from(d.body.chars().count()).unwrap_or(i64::MAX),
            content_hash: d.content_hash.clone(),
            correction_notice: d.correction_notice.clone(),
            published_at: d.published_at,
            files: files.iter().filter(|f| f.document_id == d.id).map(FileOut::from).collect(),
        }
    }
}

/// A version with its text.
#[derive(Object)]
#[oai(rename = "Document")]
pub struct DocumentOut {
    id: DocumentId,
    kind: DocumentKind,
    version: i32,
    title: String,
    text: String,
    content_hash: String,
    #[oai(skip_serializing_if_is_none)]
    correction_notice: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    published_at: Option<DateTime<Utc>>,
    files: Vec<FileOut>,
}

impl DocumentOut {
    pub fn new(d: Model, files: &[FileHead]) -> Self {
        Self {
            id: d.id,
            kind: d.kind,
            version: d.version,
            title: d.title,
            text: d.body,
            content_hash: d.content_hash,
            correction_notice: d.correction_notice,
            published_at: d.published_at,
            files: files.iter().map(FileOut::from).collect(),
        }
    }
}

/// A clause (条款): an addressable part of a text.
#[derive(Object)]
#[oai(rename = "Clause")]
pub struct ClauseOut {
    id: ClauseId,
    /// The same in every version of the document.
    lineage_id: LineageId,
    #[oai(skip_serializing_if_is_none)]
    parent_id: Option<ClauseId>,
    /// Full address, such as 第一章/第八条/第二款.
    path: String,
    /// What people call it, such as 第八条第二款.
    label: String,
    /// `article`, `paragraph`, `item`, `chapter`, `heading` and so on; `title` is the first line.
    kind: String,
    #[oai(skip_serializing_if_is_none)]
    number: Option<String>,
    /// Own text; that of the clauses under it is not repeated.
    text: String,
}

impl From<&clause::Model> for ClauseOut {
    fn from(c: &clause::Model) -> Self {
        Self {
            id: c.id,
            lineage_id: c.lineage_id,
            parent_id: c.parent_id,
            path: c.path.clone(),
            label: label_of_clause(c),
            kind: c.kind.clone(),
            number: c.number.clone(),
            text: c.text.clone(),
        }
    }
}

#[derive(ApiResponse)]
pub enum Created {
    /// 已新增 Added
    #[oai(status = 201)]
    Document(Json<DocumentOut>),
}

#[derive(ApiResponse)]
pub enum Removed {
    /// 已删除 Removed
    #[oai(status = 204)]
    Done,
}

/// What became of a clause.
#[derive(Enum)]
#[oai(rename = "ClauseChangeKind", rename_all = "snake_case")]
pub enum ChangeKind {
    Kept,
    Reworded,
    Renumbered,
    RenumberedAndReworded,
    Added,
    Removed,
}

/// A piece of a comparison.
#[derive(Enum)]
#[oai(rename = "ComparePieceKind", rename_all = "snake_case")]
pub enum PieceKind {
    Equal,
    Insert,
    Delete,
}

#[derive(Object)]
#[oai(rename = "ComparePiece")]
pub struct Piece {
    kind: PieceKind,
    text: String,
}

/// One clause of a comparison.
#[derive(Object)]
#[oai(rename = "ClauseChange")]
pub struct ChangeOut {
    change: ChangeKind,
    /// Empty for an added clause.
    old_label: String,
    /// Empty for a removed clause.
    new_label: String,
    pieces: Vec<Piece>,
}

pub fn uploads(files: Vec<FileIn>) -> Vec<Upload> {
    files.into_iter().map(|f| Upload { name: f.name, bytes: f.content.0 }).collect()
}

pub fn change_out(row: Row) -> ChangeOut {
    let change = match row.kind {
        RowKind::Kept => ChangeKind::Kept,
        RowKind::Reworded => ChangeKind::Reworded,
        RowKind::Renumbered => ChangeKind::Renumbered,
        RowKind::Both => ChangeKind::RenumberedAndReworded,
        RowKind::Added => ChangeKind::Added,
        RowKind::Removed => ChangeKind::Removed,
    };
    let pieces = row.words.into_iter().map(|w| match w {
        Word::Equal(text) => Piece { kind: PieceKind::Equal, text },
        Word::Insert(text) => Piece { kind: PieceKind::Insert, text },
        Word::Delete(text) => Piece { kind: PieceKind::Delete, text },
    });
    ChangeOut { change, old_label: row.old_label, new_label: row.new_label, pieces: pieces.collect() }
}
