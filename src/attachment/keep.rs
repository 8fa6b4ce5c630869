//! Taking a file: checked, sealed, put into the store, and only then known to the database. It belongs to nothing
//! until something names it with the key that its upload gave.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use entity::attachment::Model;
use entity::enums::AttachmentState;
use entity::id::AttachmentId;

use super::check::{Checked, check, named};
use super::files::Place;
use super::{name, store};
use crate::actor::Actor;
use crate::app::App;
use crate::keys::{Keys, Purpose, sha256_hex};
use crate::problem::{Code, Problem, Words, words};
use crate::rate::{self, Act};

/// A file as it came: not yet in memory.
#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    /// Without a name of its own: it is gone with the last who holds it.
    pub file: Arc<File>,
    pub size: u64,
}

impl Upload {
    /// An upload of bytes that are at hand.
    ///
    /// # Errors
    /// A disk that takes no temporary file.
    pub fn of(name: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let mut file = tempfile::tempfile().map_err(Problem::internal)?;
        file.write_all(bytes).map_err(Problem::internal)?;
        Ok(Self { name: name.to_owned(), file: Arc::new(file), size: bytes.len() as u64 })
    }
}

/// An upload that was taken.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What names it later: its id, and a proof that its uploader was told it.
    pub ticket: String,
    pub row: Model,
}

/// The field that problems with files belong to.
pub const FIELD: &str = "files";
/// Every field whose files are taken: some pages have two forms for them.
pub const FIELDS: [&str; 2] = [FIELD, "material"];

/// Takes a file.
///
/// # Errors
/// `too_many_requests`; `invalid` with the field `files` for a file that is refused, `too_large` for one that is
/// too large; `unavailable` when the store does not take it; the database's own.
pub async fn upload(app: &App, actor: &Actor, upload: Upload) -> Result<Kept, Problem> {
    if actor.staff_id().is_none() && !actor.is_system() {
        rate::check(app, Act::Upload, &actor.address).await?;
    }
    let limit = app.config.attachments.file_bytes;
    if upload.size > limit as u64 {
        let mb = app.config.attachments.file_mb();
        let why = words(format!("单个文件不超过 {mb} MB"), format!("a file may have {mb} MB at most"));
        return Err(refused(Code::TooLarge, named(&name::shown(&upload.name), &why)));
    }
    let at = app.clone();
    let (row, sealed) = app
        .files
        .bench
        .work(move || {
            // Read only now: whoever waits holds no memory.
            let checked = read_and_check(upload)?;
            Ok::<_, Problem>(prepare(&at, &checked))
        })
        .await??;
    app.files.put(&Place::new(row.created_at, &row.stored_hash), sealed).await?;
    let write = app.write().await?;
    write.unseen();
    store::insert(&write, row.clone()).await?;
    write.commit().await?;
    Ok(Kept { ticket: ticket(&app.keys, row.id), row })
}

fn read_and_check(upload: Upload) -> Result<Checked, Problem> {
    let mut bytes = Vec::with_capacity(usize::try_from(upload.size).unwrap_or_default());
    let mut file = &*upload.file;
    file.seek(SeekFrom::Start(0)).map_err(Problem::internal)?;
    file.take(upload.size).read_to_end(&mut bytes).map_err(Problem::internal)?;
    check(&upload.name, bytes).map_err(|why| refused(Code::Invalid, why))
}

fn refused(code: Code, why: Words) -> Problem {
    Problem::new(code).field(FIELD, why.zh, why.en)
}

/// Seals the bytes of an attachment: the hash of what is to be stored, the sealed key, what is to be stored. Every
/// file has a key of its own: with its row the key goes, and no copy of the store opens any more.
pub fn seal(app: &App, id: AttachmentId, bytes: &[u8]) -> (String, Vec<u8>, Vec<u8>) {
    let key = app.rng.bytes::<32>();
    let owner = id.0.as_bytes();
    let sealed = Keys::from_master(key).seal(Purpose::Attachment, owner, bytes, &app.rng);
    (sha256_hex(&sealed), app.keys.seal(Purpose::Attachment, owner, &key, &app.rng), sealed)
}

/// The row and the bytes to store.
fn prepare(app: &App, checked: &Checked) -> (Model, Vec<u8>) {
    let id = app.id::<AttachmentId>();
    let (stored_hash, key_enc, sealed) = seal(app, id, &checked.bytes);
    let pixels = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let row = Model {
        id,
        subject_kind: None,
        subject_id: None,
        position: 0,
        name: checked.name.clone(),
        format: checked.kind.format(),
        size: i64::try_from(checked.bytes.len()).unwrap_or(i64::MAX),
        width: checked.size.map(|(w, _)| pixels(w)),
        height: checked.size.map(|(_, h)| pixels(h)),
        alt: String::new(),
        content_hash: sha256_hex(&checked.bytes),
        stored_hash,
        key_enc,
        state: AttachmentState::Unclaimed,
        created_at: app.now(),
        decided_by: None,
        decided_at: None,
    };
    (row, sealed)
}

/// The bytes as they were kept.
///
/// # Errors
/// `unavailable` when the store does not answer; `internal` for a file that is gone or does not open.
pub async fn bytes(app: &App, row: &Model) -> Result<Vec<u8>, Problem> {
    let sealed = app.files.get(&Place::new(row.created_at, &row.stored_hash)).await?;
    open(&app.keys, row, &sealed)
        .ok_or_else(|| Problem::internal(format!("the file {} does not open", row.id)))
}

/// Opens what was sealed; none with another key, or when it is not what the row says.
pub fn open(keys: &Keys, row: &Model, sealed: &[u8]) -> Option<Vec<u8>> {
    let owner = row.id.0.as_bytes();
    let key = keys.open(Purpose::Attachment, owner, &row.key_enc)?;
    let key = <[u8; 32]>::try_from(key).ok()?;
    let bytes = Keys::from_master(key).open(Purpose::Attachment, owner, sealed)?;
    (sha256_hex(&bytes) == row.content_hash).then_some(bytes)
}

fn ticket(keys: &Keys, id: AttachmentId) -> String {
    let proof = keys.mac_hex(Purpose::Upload, &id.to_string());
    format!("{id}.{}", proof.get(..32).unwrap_or_default())
}

/// The upload that a ticket stands for; none for one that was never given.
pub(super) fn read_ticket(keys: &Keys, typed: &str) -> Option<AttachmentId> {
    let id = typed.split('.').next()?.parse::<AttachmentId>().ok()?;
    (ticket(keys, id) == typed).then_some(id)
}
