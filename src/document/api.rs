//! The API of documents: versions written by staff, published ones for everybody.

use chrono::{DateTime, Utc};
use entity::clause;
use entity::document::Model;
use entity::enums::DocumentKind;
use entity::id::{ClauseId, DocumentId, FileId, LineageId};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Base64;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi, SecurityScheme};

use super::compare::{RowKind, Word};
use super::store::{FileHead, Head};
use super::{
    Edit, NewVersion, Upload, compare_versions, edit_version, label_of_clause, publish_final, read,
    remove_version, store,
};
use crate::app::App;
use crate::decision;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct Api;

/// A token where one helps: without it the answer holds what everybody may see.
#[derive(SecurityScheme)]
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
struct FileIn {
    name: String,
    /// The bytes, base64.
    content: Base64<Vec<u8>>,
}

/// A new version of a document.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "DocumentIn")]
struct DocumentIn {
    kind: DocumentKind,
    /// Without one the first line of the text is the title.
    #[oai(default)]
    title: String,
    /// Without one it is read from the first file that has a text.
    #[oai(default)]
    text: String,
    #[oai(default)]
    files: Vec<FileIn>,
    /// What was corrected against the version before.
    #[oai(default)]
    correction_notice: Option<String>,
}

/// An unpublished version written anew.
#[derive(Object)]
#[oai(deny_unknown_fields, rename = "DocumentEditIn")]
struct DocumentEditIn {
    #[oai(default)]
    title: String,
    #[oai(default)]
    text: String,
    /// Files to add.
    #[oai(default)]
    files: Vec<FileIn>,
    /// Files to drop.
    #[oai(default)]
    drop_files: Vec<FileId>,
    #[oai(default)]
    correction_notice: Option<String>,
    /// The content hash you saw; another one in the database is answered with 412.
    #[oai(default)]
    seen: Option<String>,
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
struct DocumentOut {
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
    fn new(d: Model, files: &[FileHead]) -> Self {
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
enum Created {
    /// 已新增 Added
    #[oai(status = 201)]
    Document(Json<DocumentOut>),
}

#[derive(ApiResponse)]
enum Removed {
    /// 已删除 Removed
    #[oai(status = 204)]
    Done,
}

/// What became of a clause.
#[derive(Enum)]
#[oai(rename = "ClauseChangeKind", rename_all = "snake_case")]
enum ChangeKind {
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
enum PieceKind {
    Equal,
    Insert,
    Delete,
}

#[derive(Object)]
#[oai(rename = "ComparePiece")]
struct Piece {
    kind: PieceKind,
    text: String,
}

/// One clause of a comparison.
#[derive(Object)]
#[oai(rename = "ClauseChange")]
struct ChangeOut {
    change: ChangeKind,
    /// Empty for an added clause.
    old_label: String,
    /// Empty for a removed clause.
    new_label: String,
    pieces: Vec<Piece>,
}

fn uploads(files: Vec<FileIn>) -> Vec<Upload> {
    files.into_iter().map(|f| Upload { name: f.name, bytes: f.content.0 }).collect()
}

#[OpenApi(tag = "Area::Consultation")]
impl Api {
    /// 新增文件版本 Add a version of a draft, explanation, basis or final text
    #[oai(path = "/decisions/:code/documents", method = "post", operation_id = "addDocument")]
    async fn add(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
        input: Json<DocumentIn>,
    ) -> Result<Created, Problem> {
        token.0.require_staff()?;
        let decision = decision::by_code(app.db.read(), &code).await?;
        let input = input.0;
        let new = NewVersion {
            kind: input.kind,
            title: input.title,
            body: input.text,
            uploads: uploads(input.files),
            correction_notice: input.correction_notice,
        };
        let row = super::add_version(&app, &token.0, decision.id, new).await?;
        let files = store::files(app.db.read(), row.id).await?;
        Ok(Created::Document(Json(DocumentOut::new(row, &files))))
    }

    /// 决策事项的全部文件版本 Every version of a decision's documents, newest first within a kind
    #[oai(path = "/decisions/:code/documents", method = "get", operation_id = "listDocuments")]
    async fn list(
        &self,
        app: Data<&App>,
        token: StaffToken,
        code: Path<String>,
    ) -> Result<Json<Vec<VersionOut>>, Problem> {
        let db = app.db.read();
        let decision = decision::by_code(db, &code).await?;
        decision::may_run(&token.0, &decision)?;
        let heads = store::heads(db, decision.id).await?;
        let ids: Vec<DocumentId> = heads.iter().map(|h| h.id).collect();
        let files = store::files_of(db, &ids).await?;
        Ok(Json(heads.iter().map(|h| VersionOut::new(h, &files)).collect()))
    }

    /// 修改未公布的版本 Rewrite a version that is not published
    #[oai(path = "/documents/:id", method = "put", operation_id = "editDocument")]
    async fn edit(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<DocumentId>,
        input: Json<DocumentEditIn>,
    ) -> Result<Json<DocumentOut>, Problem> {
        let input = input.0;
        let edit = Edit {
            title: input.title,
            body: input.text,
            uploads: uploads(input.files),
            drop_files: input.drop_files,
            correction_notice: input.correction_notice,
            seen: input.seen,
        };
        let row = edit_version(&app, &token.0, *id, edit).await?;
        let files = store::files(app.db.read(), row.id).await?;
        Ok(Json(DocumentOut::new(row, &files)))
    }

    /// 删除未公布的版本 Remove a version that is not published
    #[oai(path = "/documents/:id", method = "delete", operation_id = "removeDocument")]
    async fn remove(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<DocumentId>,
    ) -> Result<Removed, Problem> {
        remove_version(&app, &token.0, *id).await?;
        Ok(Removed::Done)
    }

    /// 公布正式文本 Publish the final text of a decision that was issued
    #[oai(path = "/documents/:id/publish", method = "post", operation_id = "publishFinalText")]
    async fn publish(
        &self,
        app: Data<&App>,
        token: StaffToken,
        id: Path<DocumentId>,
    ) -> Result<Json<DocumentOut>, Problem> {
        let row = publish_final(&app, &token.0, *id).await?;
        let files = store::files(app.db.read(), row.id).await?;
        Ok(Json(DocumentOut::new(row, &files)))
    }

    /// 文件全文 One version with its text
    #[oai(path = "/documents/:id", method = "get", operation_id = "getDocument")]
    async fn get(
        &self,
        app: Data<&App>,
        token: MaybeStaff,
        visitor: Visitor,
        id: Path<DocumentId>,
    ) -> Result<Json<DocumentOut>, Problem> {
        let db = app.db.read();
        let document = read(db, &token.actor(&visitor), *id).await?;
        let files = store::files(db, document.id).await?;
        Ok(Json(DocumentOut::new(document, &files)))
    }

    /// 文件的条款 The clauses of a version in the order of the text
    #[oai(path = "/documents/:id/clauses", method = "get", operation_id = "listClauses")]
    async fn clauses(
        &self,
        app: Data<&App>,
        token: MaybeStaff,
        visitor: Visitor,
        id: Path<DocumentId>,
    ) -> Result<Json<Vec<ClauseOut>>, Problem> {
        let db = app.db.read();
        let document = read(db, &token.actor(&visitor), *id).await?;
        let rows = store::clauses(db, document.id).await?;
        Ok(Json(rows.iter().map(ClauseOut::from).collect()))
    }

    /// 逐条比较两个版本 Compare two versions of a decision clause by clause
    #[oai(path = "/documents/:id/changes", method = "get", operation_id = "compareDocuments")]
    async fn changes(
        &self,
        app: Data<&App>,
        token: MaybeStaff,
        visitor: Visitor,
        id: Path<DocumentId>,
        /// The older version.
        from: Query<DocumentId>,
    ) -> Result<Json<Vec<ChangeOut>>, Problem> {
        let (_, _, comparison) = compare_versions(&app, &token.actor(&visitor), *from, *id).await?;
        Ok(Json(comparison.rows.into_iter().map(change_out).collect()))
    }
}

fn change_out(row: super::Row) -> ChangeOut {
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
