//! The founders' shared data (real laws, messages, calendar cases), which is not part of the repository. A
//! folder named in `JIANYAN_SHARED_DATA` must hold it; without one, the tests that need it say that they pass
//! over it.

use std::path::{Path, PathBuf};

/// The file or folder `name` of the shared data.
pub fn path(name: &str) -> Option<PathBuf> {
    if let Some(root) = std::env::var_os("JIANYAN_SHARED_DATA") {
        let path = Path::new(&root).join(name);
        assert!(path.exists(), "{} is not there", path.display());
        return Some(path);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: no {} (set JIANYAN_SHARED_DATA)", path.display());
    None
}

/// Title and text of every real message, the answered ones too.
pub fn messages() -> Option<Vec<String>> {
    let mut all = Vec::new();
    for name in ["messages/messages.csv", "messages/replies.csv"] {
        let mut reader = csv::Reader::from_path(path(name)?).unwrap();
        all.extend(reader.records().map(Result::unwrap).map(|row| format!("{}\n{}", &row[1], &row[3])));
    }
    Some(all)
}
