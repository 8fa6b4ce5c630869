//! The archive as a file: a ZIP of JSON lines that any tool opens. Written beside its place and put there
//! when it is whole; read entry by entry, never whole.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::fault::Fault;
use super::manifest::{self, Listing, Manifest};

/// Unfinished archives end like this; one that is left over may be deleted.
pub const UNFINISHED: &str = ".part";
/// Light compression: text shrinks to about a quarter, and the disk stays the slower part.
const LEVEL: i64 = 3;
/// The manifest of a site with a hundred thousand files has about 20 MB.
const LONGEST_MANIFEST: u64 = 256 << 20;
/// A row holds a document at most; its files are not in the line.
const LONGEST_LINE: u64 = 256 << 20;

/// Bytes and SHA-256 of something that was written or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub bytes: u64,
    pub sha256: String,
}

pub struct Writer {
    zip: ZipWriter<BufWriter<NamedTempFile>>,
    place: PathBuf,
}

impl Writer {
    /// Begins an archive that will lie at `place`; until then only a temporary file is beside it, readable by
    /// its owner alone.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn begin(place: &Path, prefix: &str) -> Result<Self, Fault> {
        let folder = folder_of(place);
        let file = tempfile::Builder::new()
            .prefix(prefix)
            .suffix(UNFINISHED)
            .tempfile_in(folder)
            .map_err(Fault::io("cannot write to", folder))?;
        let zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, file));
        Ok(Self { zip, place: place.to_owned() })
    }

    /// Begins an entry; what is written next is its content.
    pub fn entry(&mut self, path: &str) -> Result<(), Fault> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .large_file(true)
            .unix_permissions(0o600);
        self.zip.start_file(path, options).map_err(|e| self.failed(e.into()))
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.zip.write_all(bytes).map_err(|e| self.failed(e))
    }

    /// An entry of bytes that are at hand.
    pub fn whole(&mut self, path: &str, bytes: &[u8]) -> Result<Sum, Fault> {
        self.entry(path)?;
        self.write(bytes)?;
        Ok(Sum { bytes: bytes.len() as u64, sha256: HEXLOWER.encode(&Sha256::digest(bytes)) })
    }

    /// Puts the archive onto the disk, has it checked, and then gives it its name.
    ///
    /// # Errors
    /// A full disk; a file that is there already, unless `force`; what the check says.
    pub fn finish(self, force: bool, check: impl FnOnce(&Path) -> Result<(), Fault>) -> Result<Sum, Fault> {
        let Self { zip, place } = self;
        let cannot = |source| Fault::Io { what: format!("cannot write {}", place.display()), source };
        let buffer = zip.finish().map_err(|e| cannot(e.into()))?;
        let file = buffer.into_inner().map_err(|e| cannot(e.into_error()))?;
        file.as_file().sync_all().map_err(cannot)?;
        check(file.path())?;
        let sum = sum_of_file(file.path())?;
        if force {
            file.persist(&place).map_err(|e| cannot(e.error))?;
        } else {
            file.persist_noclobber(&place).map_err(|e| match e.error.kind() {
                io::ErrorKind::AlreadyExists => already_there(&place),
                _ => cannot(e.error),
            })?;
        }
        // The name is on the disk only when the folder is.
        File::open(folder_of(&place)).and_then(|folder| folder.sync_all()).map_err(cannot)?;
        Ok(sum)
    }

    fn failed(&self, source: io::Error) -> Fault {
        Fault::Io { what: format!("cannot write {}", self.place.display()), source }
    }
}

pub fn already_there(place: &Path) -> Fault {
    Fault::refused(format!("{} exists already; --force overwrites it", place.display()))
}

fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// # Errors
/// A file that cannot be read.
pub fn sum_of_file(path: &Path) -> Result<Sum, Fault> {
    let mut file = File::open(path).map_err(Fault::io("cannot read", path))?;
    sum(&mut file, |_| {}).map_err(Fault::io("cannot read", path))
}

fn sum(from: &mut impl Read, mut see: impl FnMut(&[u8])) -> io::Result<Sum> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = from.read(&mut buffer)?;
        let Some(part @ [_, ..]) = buffer.get(..n) else { break };
        hash.update(part);
        see(part);
        bytes += n as u64;
    }
    Ok(Sum { bytes, sha256: HEXLOWER.encode(&hash.finalize()) })
}

pub struct Archive<M = Manifest> {
    zip: ZipArchive<BufReader<File>>,
    path: PathBuf,
    pub manifest: M,
}

impl<M: Listing> Archive<M> {
    /// Opens an archive and reads its manifest.
    ///
    /// # Errors
    /// `Damaged` for a file that is no archive, `Refused` for one of a later format.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(Fault::io("cannot read", path))?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| Fault::damaged(e.to_string()))?;
        let mut text = String::new();
        let entry = zip.by_name(manifest::PATH).map_err(|_| Fault::damaged("it has no manifest.json"))?;
        entry.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(damaged(manifest::PATH))?;
        // The version first: a later format may have members that this program does not know.
        let json: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| Fault::damaged(format!("manifest.json: {e}")))?;
        if json["format"] != M::FORMAT {
            let (found, wanted) = (&json["format"], M::FORMAT);
            return Err(Fault::damaged(format!("its manifest says {found}, but {wanted:?} is wanted here")));
        }
        let version = json["format_version"].as_u64().and_then(|v| u32::try_from(v).ok());
        if version.is_none_or(|v| !M::VERSIONS.contains(&v)) {
            return Err(Fault::refused(format!(
                "the archive has version {} of the format {}, made by Jianyan {}; this program reads {} to {}",
                json["format_version"],
                M::FORMAT,
                json["product_version"],
                M::VERSIONS.start(),
                M::VERSIONS.end()
            )));
        }
        let manifest: M =
            serde_json::from_value(json).map_err(|e| Fault::damaged(format!("manifest.json: {e}")))?;
        Ok(Self { zip, path: path.to_owned(), manifest })
    }

    /// A second view of the same archive: its files are read while a table is.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn again(&self) -> Result<Self, Fault> {
        Self::open(&self.path)
    }

    /// Compares every entry with the manifest: nothing missing, nothing added, every size and hash.
    ///
    /// # Errors
    /// `Damaged` with the first thing that is wrong.
    pub fn check_sums(&mut self) -> Result<(), Fault> {
        let mut expected: Vec<(String, u64, String, Option<u64>)> = Vec::new();
        for t in self.manifest.tables() {
            expected.push((t.path.clone(), t.bytes, t.sha256.clone(), Some(t.rows)));
        }
        for f in self.manifest.files() {
            if f.path != format!("files/{}", f.sha256) {
                return Err(Fault::damaged(format!("{} is not called after its hash", f.path)));
            }
            expected.push((f.path.clone(), f.bytes, f.sha256.clone(), None));
        }
        let others = self.manifest.others();
        if self.zip.len() != expected.len() + others {
            let (there, listed) = (self.zip.len(), expected.len() + others);
            return Err(Fault::damaged(format!("it has {there} entries, its manifest lists {listed}")));
        }
        for (path, bytes, sha256, rows) in expected {
            let entry = self.zip.by_name(&path).map_err(|_| Fault::damaged(format!("{path} is missing")))?;
            // One byte more than it should have is enough to know, however much is packed into it.
            let mut entry = entry.take(bytes.saturating_add(1));
            let mut lines = 0;
            let found = sum(&mut entry, |part| {
                if rows.is_some() {
                    lines += part.iter().filter(|b| **b == b'\n').count() as u64;
                }
            })
            .map_err(damaged(&path))?;
            if found != (Sum { bytes, sha256 }) {
                return Err(Fault::damaged(format!("{path} is not what was written")));
            }
            if rows.is_some_and(|rows| rows != lines) {
                return Err(Fault::damaged(format!("{path} has {lines} rows, its manifest says otherwise")));
            }
        }
        Ok(())
    }

    /// The bytes of an entry.
    ///
    /// # Errors
    /// `Damaged` if it is missing, cannot be read or is longer than `longest`.
    pub fn bytes(&mut self, path: &str, longest: u64) -> Result<Vec<u8>, Fault> {
        let entry = self.zip.by_name(path).map_err(|_| Fault::damaged(format!("{path} is missing")))?;
        let mut bytes = Vec::new();
        entry.take(longest + 1).read_to_end(&mut bytes).map_err(damaged(path))?;
        if bytes.len() as u64 > longest {
            return Err(Fault::damaged(format!("{path} is too long")));
        }
        Ok(bytes)
    }

    /// The lines of an entry, one after the other.
    ///
    /// # Errors
    /// As [`Archive::bytes`].
    pub fn lines(&mut self, path: &str) -> Result<Lines<'_>, Fault> {
        let entry = self.zip.by_name(path).map_err(|_| Fault::damaged(format!("{path} is missing")))?;
        Ok(Lines { from: BufReader::new(Box::new(entry)), path: path.to_owned(), line: String::new() })
    }
}

pub struct Lines<'a> {
    from: BufReader<Box<dyn Read + 'a>>,
    path: String,
    line: String,
}

impl Lines<'_> {
    /// The next line, with its end.
    ///
    /// # Errors
    /// `Damaged` for what is not text.
    pub fn next(&mut self) -> Result<Option<&str>, Fault> {
        self.line.clear();
        let mut from = self.from.by_ref().take(LONGEST_LINE);
        let n = from.read_line(&mut self.line).map_err(damaged(&self.path))?;
        Ok((n > 0).then_some(self.line.as_str()))
    }
}

fn damaged(path: &str) -> impl FnOnce(io::Error) -> Fault {
    let path = path.to_owned();
    move |e| Fault::damaged(format!("{path}: {e}"))
}
