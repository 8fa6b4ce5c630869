//! `manifest.json`: what an archive holds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::schema::{Column, Table};

pub const FORMAT: &str = "jianyan-archive";
/// Raised when older programs could no longer read it.
pub const VERSION: u32 = 1;
/// Of what is public of one consultation.
pub const EXPORT_FORMAT: &str = "jianyan-consultation";
pub const PATH: &str = "manifest.json";
/// Where the key lies, if it is in the archive.
pub const KEY_PATH: &str = "jianyan.key";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    pub format_version: u32,
    pub product_version: String,
    /// Steps of the schema, in order.
    pub schema: Vec<String>,
    pub made_at: DateTime<Utc>,
    /// Name of the site.
    pub site: String,
    /// Which database it came from; says nothing about where it may go.
    pub database: String,
    pub key: KeyNote,
    /// The end of the audit chain.
    pub audit: AuditEnd,
    pub tables: Vec<TableEntry>,
    pub files: Vec<FileEntry>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyNote {
    /// Tells whether a key is the right one, and nothing else about it.
    pub fingerprint: String,
    pub included: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEnd {
    pub records: u64,
    /// Hash of the last record; empty without records.
    pub head: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEntry {
    pub name: String,
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
    pub key: Vec<String>,
    pub columns: Vec<Column>,
}

impl TableEntry {
    pub fn table(&self) -> Table {
        Table { name: self.name.clone(), columns: self.columns.clone(), key: self.key.clone() }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// `files/` and the SHA-256 of its bytes.
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

/// The manifest of a consultation's public content.
#[derive(Clone, Debug, Serialize)]
pub struct ExportManifest {
    pub format: String,
    pub format_version: u32,
    pub product_version: String,
    pub made_at: DateTime<Utc>,
    pub site: String,
    /// Its page.
    pub url: String,
    /// Its code.
    pub consultation: String,
    pub tables: Vec<TableEntry>,
    pub files: Vec<FileEntry>,
}
