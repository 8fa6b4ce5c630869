//! What an import did, or would do, for the person at the terminal.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::backup::manifest::ExportManifest;

/// What came of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    pub table: &'static str,
    pub new: u64,
    /// They follow the archive.
    pub changed: u64,
    pub same: u64,
    /// Different in the archive, and left as they were published here.
    pub left: u64,
    /// Here, and no longer in the archive.
    pub gone: u64,
}

#[derive(Clone, Debug)]
pub struct Arrival {
    site: String,
    url: String,
    made_at: DateTime<Utc>,
    sha256: String,
    codes: Option<(String, String)>,
    pub brought: Vec<Brought>,
    dry_run: bool,
    kept: bool,
}

impl Arrival {
    pub(super) fn of(manifest: &ExportManifest, sha256: &str, dry_run: bool) -> Self {
        Self {
            site: manifest.site.clone(),
            url: manifest.url.clone(),
            made_at: manifest.made_at,
            sha256: sha256.to_owned(),
            codes: None,
            brought: Vec::new(),
            dry_run,
            kept: false,
        }
    }

    pub(super) fn codes(&mut self, decision: &str, consultation: &str) {
        self.codes = Some((decision.to_owned(), consultation.to_owned()));
    }

    pub(super) fn kept(&mut self) {
        self.kept = true;
    }

    /// SHA-256 of the archive, hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// New rows and changed ones.
    pub fn totals(&self) -> (u64, u64) {
        (self.brought.iter().map(|b| b.new).sum(), self.brought.iter().map(|b| b.changed).sum())
    }

    /// Whether there is anything that was not here before.
    pub fn is_news(&self) -> bool {
        self.totals() != (0, 0)
    }

    /// Whether anything was written.
    pub fn is_kept(&self) -> bool {
        self.kept
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.made_at.format("%Y-%m-%d %H:%M UTC");
        writeln!(f, "from {} ({}), archive of {at}\nsha256 {}", self.site, self.url, self.sha256)?;
        let Some((decision, consultation)) = &self.codes else {
            return writeln!(f, "this archive was imported already; nothing changed");
        };
        writeln!(f, "decision {decision}, consultation {consultation}")?;
        for b in &self.brought {
            write!(f, "{:<24}{} new, {} changed, {} as before", b.table, b.new, b.changed, b.same)?;
            if b.left > 0 {
                write!(f, "; {} differ and stay as published here", b.left)?;
            }
            if b.gone > 0 {
                write!(f, "; {} not in the archive any more, not touched", b.gone)?;
            }
            writeln!(f)?;
        }
        match (self.is_news(), self.dry_run) {
            (false, _) => writeln!(f, "nothing new; nothing changed"),
            (true, true) => writeln!(f, "dry run: nothing was written"),
            (true, false) => writeln!(f, "imported"),
        }
    }
}
