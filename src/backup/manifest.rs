//! `manifest.json`: what an archive holds.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::schema::{Column, Table};

pub const FORMAT: &str = "jianyan-archive";
/// Raised when older programs could no longer read it.
pub const VERSION: u32 = 1;
/// Of what is public of one consultation.
pub const EXPORT_FORMAT: &str = "jianyan-consultation";
/// Raised with every change of its tables or columns. Version 1 lacked what an import needs, version 2
/// attachments, version 3 questionnaires.
pub const EXPORT_VERSION: u32 = 4;
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
    /// Files of attachments that the site had lost when this was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
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
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// What every kind of archive lists.
pub trait Listing: DeserializeOwned {
    const FORMAT: &'static str;
    /// The versions this program reads.
    const VERSIONS: RangeInclusive<u32>;

    fn tables(&self) -> &[TableEntry];
    fn files(&self) -> &[FileEntry];
    /// Entries that are not listed.
    fn others(&self) -> usize {
        1
    }
}

impl Listing for Manifest {
    const FORMAT: &'static str = FORMAT;
    const VERSIONS: RangeInclusive<u32> = 0..=VERSION;

    fn tables(&self) -> &[TableEntry] {
        &self.tables
    }

    fn files(&self) -> &[FileEntry] {
        &self.files
    }

    fn others(&self) -> usize {
        1 + usize::from(self.key.included)
    }
}

impl Listing for ExportManifest {
    const FORMAT: &'static str = EXPORT_FORMAT;
    const VERSIONS: RangeInclusive<u32> = EXPORT_VERSION..=EXPORT_VERSION;

    fn tables(&self) -> &[TableEntry] {
        &self.tables
    }

    fn files(&self) -> &[FileEntry] {
        &self.files
    }
}
