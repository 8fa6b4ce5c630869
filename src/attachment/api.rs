//! The API of uploads: a file first, then what it belongs to, which names it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::attachment::Model;
use entity::enums::{AttachmentFormat, AttachmentState};
use entity::id::AttachmentId;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::types::multipart::Upload as SentFile;
use poem_openapi::{ApiResponse, Multipart, Object, OpenApi};

use super::keep::{Upload, upload};
use crate::app::App;
use crate::http::api::Area;
use crate::http::visitor::Visitor;
use crate::problem::Problem;

/// A file to attach.
#[derive(Multipart)]
struct UploadIn {
    /// JPEG, PNG, WebP, PDF, DOCX, XLSX or TXT, with its name.
    file: SentFile,
}

/// A file that was taken: checked, without what its camera or its author's program wrote into it.
#[derive(Object)]
pub struct UploadOut {
    /// Names the file once, in what it belongs to, within a day. Whoever has it can do so: keep it secret.
    pub ticket: String,
    /// As it will be offered.
    pub name: String,
    pub format: AttachmentFormat,
    /// Bytes, as they will be served.
    pub size: i64,
    /// SHA-256 of them, hex.
    pub content_hash: String,
    #[oai(skip_serializing_if_is_none)]
    pub width: Option<i32>,
    #[oai(skip_serializing_if_is_none)]
    pub height: Option<i32>,
    pub created_at: DateTime<Utc>,
}

/// A file that belongs to something.
#[derive(Object)]
pub struct AttachmentOut {
    pub id: AttachmentId,
    pub name: String,
    pub format: AttachmentFormat,
    pub size: i64,
    pub content_hash: String,
    /// What a picture shows.
    pub alt: String,
    /// Where it is; a path of this site.
    pub path: String,
    /// Who may see it; only for those who may know.
    #[oai(skip_serializing_if_is_none)]
    pub state: Option<AttachmentState>,
}

/// An attachment below the address of what it belongs to.
pub fn attachment_out(base: &str, row: &Model, with_state: bool) -> AttachmentOut {
    AttachmentOut {
        id: row.id,
        name: row.name.clone(),
        format: row.format,
        size: row.size,
        content_hash: row.content_hash.clone(),
        alt: row.alt.clone(),
        path: format!("{base}/files/{}", row.id),
        state: with_state.then_some(row.state),
    }
}

#[derive(ApiResponse)]
enum Uploaded {
    /// 已接收 Taken
    #[oai(status = 201)]
    Created(Json<UploadOut>),
}

pub struct Api;

#[OpenApi(tag = "Area::Opinion")]
impl Api {
    /// 上传附件 Send a file to attach
    ///
    /// 先上传，再在提交时写明 ticket；一天内未使用的自动删除。Send the file first and name its ticket in what it
    /// belongs to; after a day without it the file is deleted.
    #[oai(path = "/uploads", method = "post", operation_id = "uploadFile")]
    async fn upload(
        &self,
        Data(app): Data<&App>,
        visitor: Visitor,
        body: UploadIn,
    ) -> Result<Uploaded, Problem> {
        let name = body.file.file_name().unwrap_or_default().to_owned();
        let size = body.file.size() as u64;
        let file = body.file.into_file().into_std().await;
        let sent = Upload { name, file: Arc::new(file), size };
        let kept = upload(app, &visitor.actor, sent).await?;
        let row = kept.row;
        Ok(Uploaded::Created(Json(UploadOut {
            ticket: kept.ticket,
            name: row.name,
            format: row.format,
            size: row.size,
            content_hash: row.content_hash,
            width: row.width,
            height: row.height,
            created_at: row.created_at,
        })))
    }
}
