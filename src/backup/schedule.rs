//! The backup of every night: made once a day by whichever worker takes the job, kept for so long, told to
//! administrators when it fails.

use std::path::Path;
use std::time::Duration;

use chrono::{Days, NaiveDate, TimeDelta};
use entity::backup::Model;
use entity::enums::{BackupOrigin, BackupState, SubjectKind};
use entity::id::BackupId;
use serde_json::json;
use tokio::runtime::Handle;
use uuid::Uuid;

use super::archive::UNFINISHED;
use super::fault::Fault;
use super::keep;
use super::make::{Made, Order, make};
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::calendar::civil;
use crate::db::Write;
use crate::job;
use crate::notice::{self, Message, Recipient};
use crate::problem::Problem;

/// The job that makes one.
pub const JOB: &str = "backup.make";
/// Unfinished files of the schedule begin like this; only one is made at a time.
const PREFIX: &str = ".scheduled-";
/// How often a running backup says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// Without a whole backup for so long, administrators are told.
const LONGEST_WITHOUT: TimeDelta = TimeDelta::days(2);
/// The backup itself as a subject of the audit record.
const SITE: Subject = Subject { kind: SubjectKind::Setting, id: None };

/// Plans the backup of the day once its hour has come: one job, however many processes plan it. A day whose
/// hour passed while the site was down is made up for.
///
/// # Errors
/// The database's own.
pub async fn plan(app: &App) -> Result<(), Problem> {
    if app.config.backup.dir.is_none() {
        return Ok(());
    }
    let day = day_due(app);
    if app.backup_planned() == Some(day) {
        return Ok(());
    }
    let write = app.write().await?;
    write.unseen();
    job::enqueue(app, &write, JOB, &format!("backup:{day}"), json!({ "day": day }), app.now()).await?;
    tell_if_none_lately(app, &write, day).await?;
    write.commit().await?;
    app.plan_backup(day);
    Ok(())
}

/// The last day whose hour has come.
fn day_due(app: &App) -> NaiveDate {
    let now = civil::local_time(app.now());
    if now.time() >= app.config.backup.time() { now.date() } else { now.date() - Days::new(1) }
}

/// The last backup that was tried, however it ended.
///
/// # Errors
/// The database's own.
pub async fn last(app: &App) -> Result<Option<Model>, Problem> {
    store::last(app.db.read()).await
}

/// The last backup that is whole.
///
/// # Errors
/// The database's own.
pub async fn last_done(app: &App) -> Result<Option<Model>, Problem> {
    store::last_done(app.db.read()).await
}

/// Does the job: makes the backup of a day and takes away those that need not be kept.
///
/// # Errors
/// Whatever stopped it; it is tried again. It is recorded, and administrators are told once a day.
pub async fn run(app: &App, job: &entity::job::Model) -> Result<(), Problem> {
    let Some(dir) = app.config.backup.dir.clone() else { return Ok(()) };
    let place = dir.join(keep::name(civil::local_time(app.now())));
    let row = begun(app, BackupOrigin::Scheduled, app.now(), &place).await?;
    let made = match prepare(&dir) {
        Ok(()) => make_apart(app, job, &row).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(made) => {
            let removed = remove_old(app, &dir);
            finish(app, row.id, &made, removed).await
        }
        Err(fault) => {
            tell_failure(app, job, &row, &fault).await?;
            Err(fault.into())
        }
    }
}

/// Makes the folder, and removes what a process that died left in it.
fn prepare(dir: &Path) -> Result<(), Fault> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir).map_err(Fault::io("cannot create", dir))?;
    for name in names(dir)? {
        if name.starts_with(PREFIX) && name.ends_with(UNFINISHED) {
            let path = dir.join(name);
            std::fs::remove_file(&path).map_err(Fault::io("cannot remove", &path))?;
        }
    }
    Ok(())
}

fn names(dir: &Path) -> Result<Vec<String>, Fault> {
    let entries = std::fs::read_dir(dir).map_err(Fault::io("cannot read", dir))?;
    Ok(entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect())
}

/// On a thread of its own, for it compresses for minutes; meanwhile the lease of the job is renewed.
async fn make_apart(app: &App, job: &entity::job::Model, row: &Model) -> Result<Made, Fault> {
    let (own, place, runtime) = (app.clone(), row.path.clone(), Handle::current());
    let mut work = tokio::task::spawn_blocking(move || {
        let order = Order { prefix: PREFIX, ..Order::to(Path::new(&place)) };
        runtime.block_on(make(&own.db, &own.config, &own.clock, &order))
    });
    loop {
        tokio::select! {
            made = &mut work => {
                return made.unwrap_or_else(|e| Err(Fault::refused(format!("the backup stopped: {e}"))));
            }
            () = tokio::time::sleep(HEARTBEAT) => {
                if let Err(problem) = job::renew(app, job).await {
                    tracing::warn!(%problem, "backup: the lease was not renewed");
                }
            }
        }
    }
}

/// How many old ones were taken away. One that cannot be is no reason to call the new one failed.
fn remove_old(app: &App, dir: &Path) -> usize {
    let settings = &app.config.backup;
    let (daily, weekly) = (settings.keep_daily as usize, settings.keep_weekly as usize);
    let names = names(dir).unwrap_or_default();
    let mut removed = 0;
    for name in keep::superfluous(&names, app.today(), daily, weekly) {
        match std::fs::remove_file(dir.join(&name)) {
            Ok(()) => removed += 1,
            Err(error) => tracing::warn!(name, %error, "an old backup cannot be removed"),
        }
    }
    removed
}

async fn finish(app: &App, id: BackupId, made: &Made, removed: usize) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    store::done(&write, id, app.now(), made).await?;
    let detail = json!({ "sha256": made.sha256, "bytes": made.bytes, "rows": made.rows, "removed": removed });
    audit::record(app, &write, &Actor::system(), "backup.make", SITE, detail).await?;
    write.commit().await?;
    tracing::info!(bytes = made.bytes, rows = made.rows, removed, "backup made");
    Ok(())
}

/// Records a backup that somebody made at the command line.
///
/// # Errors
/// The database's own.
pub async fn record_manual(
    app: &App,
    made: &Made,
    started_at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Problem> {
    let row = begun(app, BackupOrigin::Manual, started_at, &made.place).await?;
    finish(app, row.id, made, 0).await
}

/// Notes that a backup is being made.
async fn begun(
    app: &App,
    origin: BackupOrigin,
    started_at: chrono::DateTime<chrono::Utc>,
    place: &Path,
) -> Result<Model, Problem> {
    let row = Model {
        id: app.id::<BackupId>(),
        origin,
        state: BackupState::Running,
        started_at,
        finished_at: None,
        path: place.display().to_string(),
        bytes: None,
        sha256: None,
        rows: None,
        error: None,
    };
    let write = app.write().await?;
    write.unseen();
    store::insert(&write, &row).await?;
    write.commit().await?;
    Ok(row)
}

async fn tell_failure(
    app: &App,
    job: &entity::job::Model,
    row: &Model,
    fault: &Fault,
) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    store::failed(&write, row.id, app.now(), &fault.to_string()).await?;
    audit::record(app, &write, &Actor::system(), "backup.fail", SITE, json!({ "attempt": job.attempts }))
        .await?;
    let day = job.payload["day"].as_str().unwrap_or_default();
    let message = Message {
        subject_kind: SubjectKind::Job,
        subject_id: job.id.0,
        stage: "backup.failed",
        title: format!("数据备份失败（{day}） Backup failed"),
        body: format!(
            "{day} 的自动备份没有成功，系统会再试。请检查备份目录是否存在、是否写满。\n\
             The scheduled backup of {day} failed and will be tried again. Please check the backup folder and its \
             free space.\n\n{fault}"
        ),
        path: web::path::DESK.to_owned(),
    };
    tell(app, &write, &message).await?;
    write.commit().await
}

/// Failures tell of themselves; this is for backups whose process died each time, or that nobody ran.
async fn tell_if_none_lately(app: &App, write: &Write, day: NaiveDate) -> Result<(), Problem> {
    let Some(first) = store::first(&**write).await? else { return Ok(()) };
    let last = store::last_done(&**write).await?;
    let since = last.as_ref().map_or(first.started_at, |row| row.started_at);
    if app.now() - since <= LONGEST_WITHOUT {
        return Ok(());
    }
    let since = civil::local_date(since);
    let message = Message {
        subject_kind: SubjectKind::Job,
        subject_id: Uuid::nil(),
        stage: &format!("backup.none:{day}"),
        title: "已超过两天没有成功的备份 No backup for two days".to_owned(),
        body: format!(
            "自 {since} 以来没有成功的自动备份。请尽快检查，或用 jianyan backup 手工备份。\n\
             No backup has succeeded since {since}. Please look into it, or make one with `jianyan backup`."
        ),
        path: web::path::DESK.to_owned(),
    };
    tell(app, write, &message).await
}

async fn tell(app: &App, write: &Write, message: &Message<'_>) -> Result<(), Problem> {
    for id in store::administrators(&**write).await? {
        notice::send(app, write, &Recipient::Staff(id), message).await?;
    }
    Ok(())
}
