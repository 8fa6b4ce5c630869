//! The API of documents: versions written by staff, published ones for everybody.

use entity::id::DocumentId;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::api_types::{
    ChangeOut, Created, DocumentEditIn, DocumentIn, DocumentOut, Removed, change_out, uploads,
};
pub use super::api_types::{ClauseOut, MaybeStaff, VersionOut};
use super::{Edit, NewVersion, compare_versions, edit_version, publish_final, read, remove_version, store};
use crate::app::App;
use crate::decision;
use crate::http::api::{Area, StaffToken};
use crate::http::visitor::Visitor;
use crate::problem::Problem;

pub struct Api;

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
