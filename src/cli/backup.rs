//! Backup, restore, verify and move on the command line.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::{Failure, log};
use crate::actor::Actor;
use crate::app::App;
use crate::attachment::Files;
use crate::backup::{self, ImportOrder, KeyChoice, Made, Order, Readable, Report};
use crate::config::{Config, Flags};
use crate::db::Db;
use crate::keys::Keys;
use crate::random::Rng;
use crate::time::Clock;
use crate::{questionnaire, summary};

#[derive(Args)]
pub struct BackupArgs {
    /// Where to; a .zip
    file: PathBuf,
    /// Overwrite what is there
    #[arg(long)]
    force: bool,
    /// Put the site's key into the backup: whoever has the file can then read every name and contact
    #[arg(long)]
    with_key: bool,
}

#[derive(Args)]
pub struct RestoreArgs {
    /// A backup
    file: PathBuf,
    /// The key file of the site, if it is neither in the data directory nor in the backup
    #[arg(long, value_name = "FILE", conflicts_with = "without_key")]
    key: Option<PathBuf>,
    /// Give up names, contacts and lookup codes for ever
    #[arg(long)]
    without_key: bool,
}

#[derive(Args)]
pub struct VerifyArgs {
    /// A backup; without one, the site of these settings
    file: Option<PathBuf>,
}

#[derive(Args)]
pub struct MoveArgs {
    /// sqlite:///path/file.db or postgres://user:password@host/name; must be empty
    #[arg(long, value_name = "DATABASE_URL", env = "JIANYAN_MOVE_TO", hide_env_values = true)]
    to: String,
}

#[derive(Args)]
pub struct ExportArgs {
    /// Code of the consultation, as in its address
    consultation: String,
    /// Where to; a .zip
    file: PathBuf,
    /// Overwrite what is there
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
#[command(long_about = "Take over a closed consultation that another site exported\n\n\
    Everything is checked before anything is written, and all is written or nothing. The consultation stays \
    marked with the site it came from. What is here already is never overwritten: the same archive twice \
    changes nothing, and a later archive of the same consultation adds what is new.")]
pub struct ImportArgs {
    /// What `jianyan export` wrote
    file: PathBuf,
    /// Tell what would happen, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Put this before the codes that come, where this site has such codes of its own: SH makes SH-2026-001-1
    #[arg(long)]
    prefix: Option<String>,
    /// Key of the department here that the decision shall belong to, instead of the one in the archive
    #[arg(long, value_name = "KEY")]
    department: Option<String>,
}

pub(super) async fn import(flags: &Flags, args: &ImportArgs, out: &mut impl Write) -> Result<(), Failure> {
    let config = Config::load(flags)?;
    log(config.log_format);
    site(&config).await?.close().await;
    let app = App::open(config, Clock::System, Rng::system()).await?;
    let order = ImportOrder {
        file: &args.file,
        dry_run: args.dry_run,
        prefix: args.prefix.as_deref(),
        department: args.department.as_deref(),
        readable: Readable { snapshot: summary::is_snapshot, questions: questionnaire::are_questions },
    };
    let arrival = backup::import(&app, &Actor::system(), &order).await;
    app.db.close().await;
    Ok(write!(out, "{}", arrival?)?)
}

pub(super) async fn backup(flags: &Flags, args: &BackupArgs, out: &mut impl Write) -> Result<(), Failure> {
    let config = Config::load(flags)?;
    log(config.log_format);
    let db = site(&config).await?;
    let order = Order { force: args.force, with_key: args.with_key, ..Order::to(&args.file) };
    let started = Clock::System.now();
    let made = backup::make(&db, &config, &Clock::System, &order).await;
    let current = backup::is_current(&db).await;
    db.close().await;
    let made = made?;
    // A site of an older version, saved before an upgrade, is left as it is.
    if current? {
        let app = App::open(config.clone(), Clock::System, Rng::system()).await?;
        let recorded = backup::record_manual(&app, &made, started).await;
        app.db.close().await;
        recorded?;
    }
    describe(&made, out)?;
    if args.with_key {
        eprintln!(
            "\n  WARNING: this backup holds the key of the site. Whoever has the file can read every name and\n  \
             contact. Keep it like the key itself: encrypted, and not where the other backups are.\n"
        );
    } else {
        eprintln!(
            "the key {} is not in it; keep a copy of the key elsewhere, or names and contacts are lost with it",
            config.key_file().display()
        );
    }
    Ok(())
}

pub(super) async fn restore(flags: &Flags, args: RestoreArgs, out: &mut impl Write) -> Result<(), Failure> {
    let key = match args.key {
        Some(file) => KeyChoice::File(file),
        None if args.without_key => KeyChoice::Lost,
        None => KeyChoice::Found,
    };
    let config = Config::load(flags)?;
    log(config.log_format);
    let report = backup::restore(config, Clock::System, Rng::system(), &args.file, &key).await?;
    print(&report, out)
}

pub(super) async fn verify(flags: &Flags, args: &VerifyArgs, out: &mut impl Write) -> Result<(), Failure> {
    if let Some(file) = &args.file {
        return print(&backup::verify_archive(file)?, out);
    }
    let config = Config::load(flags)?;
    log(config.log_format);
    let db = site(&config).await?;
    let keys = Keys::load(&config.key_file())?;
    let mut report = Report::default();
    let files = Files::open(&config)?;
    let mut checked = backup::verify_site(&db, &keys, &mut report).await;
    if checked.is_ok() {
        checked = backup::verify_attachments(&db, &files, &keys, &mut report).await;
    }
    db.close().await;
    checked?;
    print(&report, out)
}

pub(super) async fn transfer(flags: &Flags, args: &MoveArgs, out: &mut impl Write) -> Result<(), Failure> {
    let config = Config::load(flags)?;
    log(config.log_format);
    if config.database_url() == args.to {
        return Err("the site is in this database already".into());
    }
    let source = site(&config).await?;
    let target = Db::connect(&args.to).await.map_err(|e| format!("cannot open the target: {e}"))?;
    let report = backup::transfer(&source, &target).await;
    source.close().await;
    target.close().await;
    print(&report?, out)?;
    eprintln!(
        "now set database_url to the new database; the data directory {} with its key stays in use, and so do the attachments where they are",
        config.data_dir.display()
    );
    Ok(())
}

pub(super) async fn export(flags: &Flags, args: &ExportArgs, out: &mut impl Write) -> Result<(), Failure> {
    let config = Config::load(flags)?;
    log(config.log_format);
    let db = site(&config).await?;
    let made = backup::export(&db, &config, &Clock::System, &args.consultation, &args.file, args.force).await;
    db.close().await;
    describe(&made?, out)
}

fn describe(made: &Made, out: &mut impl Write) -> Result<(), Failure> {
    let Made { place, tables, rows, files, bytes, sha256 } = made;
    let place = place.display();
    Ok(writeln!(out, "{place}: {tables} tables, {rows} rows, {files} files, {bytes} bytes\nsha256 {sha256}")?)
}

/// The database of a site that is there already; nothing is made.
async fn site(config: &Config) -> Result<Db, Failure> {
    if !config.has_database() {
        return Err(format!("there is no site in {}", config.data_dir.display()).into());
    }
    Ok(Db::connect(&config.database_url()).await.map_err(|e| format!("cannot open the database: {e}"))?)
}

fn print(report: &Report, out: &mut impl Write) -> Result<(), Failure> {
    write!(out, "{report}")?;
    match report.problems() {
        0 => Ok(()),
        n => Err(format!("{n} of these checks failed").into()),
    }
}
