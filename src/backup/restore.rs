//! Bringing a site back from an archive, into an empty place.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::archive::Archive;
use super::attached;
use super::check::verify_site;
use super::check_archive::check;
use super::fault::Fault;
use super::load::{self, Filling};
use super::manifest::{self, Manifest};
use super::report::Report;
use super::row;
use super::table::TableDigest;
use crate::actor::Actor;
use crate::app::App;
use crate::attachment::Files;
use crate::audit::{self, Subject};
use crate::config::Config;
use crate::db::Db;
use crate::keys::{self, Keys};
use crate::random::Rng;
use crate::time::Clock;

/// A file of a row; the bureau's limit for uploads is far below.
const LONGEST_FILE: u64 = 1 << 30;

/// Where the key comes from that opens names and contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// The data directory, or else the archive.
    Found,
    File(PathBuf),
    /// Nowhere: names, contacts and lookup codes are lost.
    Lost,
}

/// Restores `path` into the empty place that the settings name, and checks the result. The archive is read
/// once before anything is written, and the rows are all written in one transaction.
///
/// # Errors
/// `Damaged` for an archive that is not what was once written; `Refused` for a place that is not empty, a key
/// that does not fit or is missing, an archive of a later version; the database's own. The place is then as
/// it was, except for empty tables.
pub async fn restore(
    config: Config,
    clock: Clock,
    rng: Rng,
    path: &Path,
    key: &KeyChoice,
) -> Result<Report, Fault> {
    let mut archive = Archive::open(path)?;
    let found = check(&mut archive)?;
    if !found.is_good() {
        return Err(Fault::damaged(format!("nothing was restored\n{found}")));
    }
    let new_key = *key == KeyChoice::Lost && !config.key_file().exists();
    let key = find_key(&config, &mut archive, key)?;
    std::fs::create_dir_all(&config.data_dir).map_err(Fault::io("cannot create", &config.data_dir))?;
    let db = Db::connect(&config.database_url()).await?;
    let place = load::empty_place(&db).await?;
    load::steps_up_to(&db, place, &archive.manifest.schema).await?;
    if let Some(bytes) = key {
        let file = config.key_file();
        keys::write_private(&file, &bytes).map_err(Fault::io("cannot write", &file))?;
    }
    let store = Files::open(&config).map_err(Fault::Refused)?;
    fill(&db, &store, place, &mut archive).await?;
    if new_key {
        db.forget_key().await?;
    }
    db.close().await;

    let app = App::open(config, clock, rng).await.map_err(Fault::Refused)?;
    record(&app, &archive.manifest).await?;
    let mut report = Report::default();
    report.good("archive", format!("of {}, {}", archive.manifest.site, archive.manifest.made_at));
    report.good("tables", format!("{}, each equal to the archive's", archive.manifest.tables.len()));
    verify_site(&app.db, &app.keys, &mut report).await?;
    attached::verify(&app.db, &app.files, &app.keys, &mut report).await?;
    app.db.close().await;
    Ok(report)
}

/// The bytes of the key file that has to be written, if any.
fn find_key(config: &Config, archive: &mut Archive, choice: &KeyChoice) -> Result<Option<Vec<u8>>, Fault> {
    let wanted = archive.manifest.key.fingerprint.clone();
    let fits = |keys: &Keys, whose: &str| {
        if keys.fingerprint() == wanted {
            return Ok(());
        }
        let found = keys.fingerprint();
        Err(Fault::refused(format!(
            "{whose} has the fingerprint {found}, but the archive was made with {wanted}"
        )))
    };
    let file = config.key_file();
    if file.exists() {
        let keys = Keys::load(&file).map_err(Fault::Refused)?;
        fits(&keys, &format!("the key {}", file.display()))?;
        return Ok(None);
    }
    match choice {
        KeyChoice::File(path) => {
            let keys = Keys::load(path).map_err(Fault::Refused)?;
            fits(&keys, &format!("the key {}", path.display()))?;
            Ok(Some(std::fs::read(path).map_err(Fault::io("cannot read", path))?))
        }
        KeyChoice::Lost => Ok(None),
        KeyChoice::Found if archive.manifest.key.included => {
            let bytes = archive.bytes(manifest::KEY_PATH, 4096)?;
            let text = String::from_utf8_lossy(&bytes);
            let keys = Keys::parse(&text).map_err(|why| Fault::damaged(format!("its key {why}")))?;
            fits(&keys, "the key in the archive")?;
            Ok(Some(bytes))
        }
        KeyChoice::Found => Err(Fault::refused(format!(
            "the archive does not hold the key (fingerprint {wanted}) that opens names, contacts and lookup \
             codes. Give it with --key FILE, or give them up for ever with --without-key"
        ))),
    }
}

async fn fill(db: &Db, store: &Files, place: load::Place, archive: &mut Archive) -> Result<(), Fault> {
    let entries = archive.manifest.tables.clone();
    let mut files = archive.again()?;
    let filling = Filling::begin(db, place).await?;
    let mut expected = Vec::with_capacity(entries.len());
    for entry in &entries {
        let mut loader = filling.table(&entry.table())?;
        let mut lines = archive.lines(&entry.path)?;
        while let Some(line) = lines.next()? {
            let row = row::parse(loader.table, line, &mut |path| files.bytes(path, LONGEST_FILE))?;
            if let Some(named) = attached::named(loader.table, &row) {
                attached::restore(&mut files, store, named, LONGEST_FILE).await?;
            }
            loader.push(row).await?;
        }
        loader.flush().await?;
        let (name, sha256) = (entry.name.clone(), entry.sha256.clone());
        expected.push(TableDigest { name, rows: entry.rows, sha256 });
    }
    filling.finish(&expected).await
}

/// The restored site remembers that it was restored.
async fn record(app: &App, manifest: &Manifest) -> Result<(), Fault> {
    let write = app.write().await?;
    let subject = Subject { kind: entity::enums::SubjectKind::Setting, id: None };
    let detail = json!({
        "made_at": manifest.made_at,
        "records": manifest.audit.records,
        "version": manifest.product_version,
    });
    audit::record(app, &write, &Actor::system(), "backup.restore", subject, detail).await?;
    Ok(write.commit().await?)
}
