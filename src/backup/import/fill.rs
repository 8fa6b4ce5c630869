//! What an archive does not tell of a row, because it is not public, and a table asks for.

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use super::check::Cells;
use crate::backup::fault::Fault;
use crate::backup::schema::Kind;
use crate::keys::sha256_hex;
use crate::text;

/// Columns that are not public, and must be filled.
pub fn filled(table: &str) -> &'static [(&'static str, Kind)] {
    match table {
        "department" => &[
            ("address", Kind::Text),
            ("postcode", Kind::Text),
            ("email", Kind::Text),
            ("phone", Kind::Text),
            ("position", Kind::Integer),
            ("created_at", Kind::Instant),
        ],
        "decision" => {
            &[("created_at", Kind::Instant), ("updated_at", Kind::Instant), ("revision", Kind::Integer)]
        }
        "document" | "file" => &[("created_at", Kind::Instant)],
        "consultation" => &[("created_at", Kind::Instant), ("revision", Kind::Integer)],
        "opinion" => &[
            ("show_as", Kind::Text),
            ("text", Kind::Text),
            ("text_hash", Kind::Text),
            ("state", Kind::Text),
            ("reviewed_at", Kind::Instant),
            ("revision", Kind::Integer),
        ],
        "questionnaire" => {
            &[("created_at", Kind::Instant), ("updated_at", Kind::Instant), ("revision", Kind::Integer)]
        }
        // What [`super::attached`] made of its file.
        "attachment" => &[
            ("stored_hash", Kind::Text),
            ("key_enc", Kind::Bytes),
            ("state", Kind::Text),
            ("created_at", Kind::Instant),
        ],
        "topic" => &[
            ("gist", Kind::Text),
            ("people", Kind::Integer),
            ("created_by", Kind::Uuid),
            ("created_at", Kind::Instant),
        ],
        "topic_opinion" => &[("added_by", Kind::Uuid), ("added_at", Kind::Instant)],
        "response" => &[
            ("outcome", Kind::Text),
            ("reason", Kind::Text),
            ("final_clause_id", Kind::Uuid),
            ("created_by", Kind::Uuid),
            ("created_at", Kind::Instant),
            ("updated_at", Kind::Instant),
        ],
        "summary" => &[
            ("state", Kind::Text),
            ("title", Kind::Text),
            ("participation", Kind::Text),
            ("overview", Kind::Text),
            ("participation_edited", Kind::Boolean),
            ("overview_edited", Kind::Boolean),
            ("created_at", Kind::Instant),
            ("updated_at", Kind::Instant),
            ("revision", Kind::Integer),
        ],
        _ => &[],
    }
}

/// The value of such a column.
pub fn fill(cells: &Cells<'_>, column: &str, now: DateTime<Utc>) -> Result<Value, Fault> {
    let said = |name: &str| match cells.get("snapshot") {
        Ok(Value::Json(Some(json))) => json[name].as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    Ok(match (cells.table.name.as_str(), column) {
        ("department" | "file", "created_at") => now.into(),
        ("topic" | "topic_opinion" | "response", "created_at" | "added_at" | "updated_at") => now.into(),
        ("questionnaire", "created_at" | "updated_at") => cells.get("ready_at")?.clone(),
        (_, "created_at" | "updated_at" | "reviewed_at") => cells.get("published_at")?.clone(),
        (_, "revision") => Value::BigInt(Some(1)),
        (_, "position" | "people") => Value::BigInt(Some(0)),
        // Nobody of this site.
        (_, "created_by" | "added_by") => Uuid::nil().into(),
        ("opinion", "show_as") => "anonymous".into(),
        ("opinion", "state") | ("summary", "state") => "published".into(),
        ("opinion", "text") => cells.text("public_text")?.into(),
        ("opinion", "text_hash") => sha256_hex(text::essence(cells.text("public_text")?).as_bytes()).into(),
        ("response", "outcome") => cells.get("public_outcome")?.clone(),
        ("response", "reason") => cells.text("public_reason")?.into(),
        ("response", "final_clause_id") => cells.get("public_clause_id")?.clone(),
        ("summary", "participation_edited" | "overview_edited") => true.into(),
        ("summary", name) => said(name).into(),
        _ => "".into(),
    })
}
