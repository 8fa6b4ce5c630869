//! Settings of attachments: how many, how large, and where they lie.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Attachments {
    /// Files with one opinion; 0 takes none.
    pub most: u32,
    /// Largest file, bytes.
    pub file_bytes: usize,
    /// All files of one opinion together, bytes.
    pub total_bytes: usize,
    /// Directory for the files where they do not go to S3; by default `attachments` in the data directory.
    pub dir: Option<PathBuf>,
}

/// A store that speaks the protocol of S3 (`s3.bucket`, …; `JIANYAN_S3__SECRET_KEY` in the environment).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    pub bucket: String,
    /// `https://host`; without it, Amazon's own for the region.
    pub endpoint: Option<String>,
    #[serde(default = "region")]
    pub region: String,
    pub access_key: SecretString,
    pub secret_key: SecretString,
    /// What the names of our objects begin with.
    #[serde(default)]
    pub prefix: String,
}

fn region() -> String {
    "us-east-1".to_owned()
}

impl Default for Attachments {
    fn default() -> Self {
        Self { most: 5, file_bytes: 10 * 1024 * 1024, total_bytes: 30 * 1024 * 1024, dir: None }
    }
}

impl Attachments {
    /// # Errors
    /// The setting that makes no sense.
    pub(super) fn check(&self) -> Result<(), String> {
        let most = 64 * 1024 * 1024;
        if self.most > 20 {
            return Err(format!("wrong setting: attachments.most must be at most 20, not {}", self.most));
        }
        if self.file_bytes == 0 || self.file_bytes > self.total_bytes || self.total_bytes > most {
            return Err(format!(
                "wrong setting: attachments.file_bytes must be at least 1 and at most attachments.total_bytes, \
                 and that at most {most}"
            ));
        }
        Ok(())
    }

    /// The largest file in whole MB, as people are told it.
    pub fn file_mb(&self) -> usize {
        self.file_bytes / (1024 * 1024)
    }
}
