//! What can go wrong with a backup, in words for the person at the terminal.

use std::io;
use std::path::Path;

use sea_orm::DbErr;
use thiserror::Error;

use crate::problem::Problem;

#[derive(Debug, Error)]
pub enum Fault {
    /// Not done, because it would destroy something or make no sense.
    #[error("{0}")]
    Refused(String),
    /// The archive is not what was once written.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    #[error("{0}")]
    Problem(#[from] Problem),
}

impl Fault {
    pub(super) fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }

    pub(super) fn damaged(words: impl Into<String>) -> Self {
        Self::Damaged(words.into())
    }

    /// For `map_err`: `Fault::io("cannot write", path)`.
    pub(super) fn io(what: &str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let what = format!("{what} {}", path.display());
        move |source| Self::Io { what, source }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Problem(problem) => problem,
            Fault::Database(e) => e.into(),
            other => Self::internal(other),
        }
    }
}
