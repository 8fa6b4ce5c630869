//! What attachments are called.

use entity::attachment::Model;
use entity::enums::AttachmentFormat;

/// As browsers are told it.
pub fn media_type(format: AttachmentFormat) -> &'static str {
    match format {
        AttachmentFormat::Jpeg => "image/jpeg",
        AttachmentFormat::Png => "image/png",
        AttachmentFormat::Pdf => "application/pdf",
        AttachmentFormat::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        AttachmentFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        AttachmentFormat::Text => "text/plain; charset=utf-8",
    }
}

pub fn is_picture(format: AttachmentFormat) -> bool {
    matches!(format, AttachmentFormat::Jpeg | AttachmentFormat::Png)
}

/// `PNG，1.2 MB`
pub fn size(row: &Model) -> String {
    let bytes = u64::try_from(row.size).unwrap_or(0);
    let kind = match row.format {
        AttachmentFormat::Jpeg => "JPG",
        AttachmentFormat::Png => "PNG",
        AttachmentFormat::Pdf => "PDF",
        AttachmentFormat::Docx => "DOCX",
        AttachmentFormat::Xlsx => "XLSX",
        AttachmentFormat::Text => "TXT",
    };
    if bytes < 1024 * 1024 {
        return format!("{kind}, {} KB", bytes.div_ceil(1024));
    }
    let tenths = bytes * 10 / (1024 * 1024);
    format!("{kind}, {}.{} MB", tenths / 10, tenths % 10)
}
