//! The API of those who run the site.

use chrono::{DateTime, Utc};
use entity::enums::Role;
use entity::id::JobId;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::State;
use crate::app::App;
use crate::http::api::{Area, StaffToken};
use crate::job;
use crate::problem::Problem;

pub struct Api;

/// How the site stands.
#[derive(Object)]
struct SystemState {
    version: String,
    /// The process that answered.
    instance: String,
    started_at: DateTime<Utc>,
    database: DatabaseState,
    jobs: JobCounts,
    /// Jobs given up, the oldest first; at most 50.
    parked_jobs: Vec<ParkedJob>,
    duties: DutyCounts,
    mails: MailCounts,
    /// The last one that is whole.
    #[oai(skip_serializing_if_is_none)]
    last_backup: Option<LastBackup>,
    /// Years whose holiday notice is loaded.
    calendar_years: Vec<i32>,
    /// This year or the next, as long as its notice is not loaded: periods in it are provisional.
    calendar_missing: Vec<i32>,
    /// Providers (统一身份认证) of the settings, as they answered this process last.
    providers: Vec<ProviderState>,
}

#[derive(Object)]
struct ProviderState {
    /// Name in the settings.
    key: String,
    issuer: String,
    #[oai(skip_serializing_if_is_none)]
    ok_at: Option<DateTime<Utc>>,
    /// Since when it is of no use.
    #[oai(skip_serializing_if_is_none)]
    failed_at: Option<DateTime<Utc>>,
    #[oai(skip_serializing_if_is_none)]
    failure: Option<String>,
}

#[derive(Object)]
struct DatabaseState {
    /// Name and version.
    kind: String,
    size_bytes: i64,
    /// How long it took to answer.
    ping_ms: f64,
    migrations: Vec<String>,
    migrations_pending: Vec<String>,
}

#[derive(Object)]
struct JobCounts {
    waiting: i64,
    running: i64,
    parked: i64,
    /// Since when the oldest job that is due waits.
    #[oai(skip_serializing_if_is_none)]
    oldest_due: Option<DateTime<Utc>>,
}

/// A job given up after its last try.
#[derive(Object)]
struct ParkedJob {
    id: JobId,
    kind: String,
    created_at: DateTime<Utc>,
    attempts: i32,
    /// Code of the last problem.
    #[oai(skip_serializing_if_is_none)]
    last_error: Option<String>,
}

#[derive(Object)]
struct DutyCounts {
    open: i64,
    overdue: i64,
    /// Open ones counted in part by weekends alone (暂按周末推算).
    provisional: i64,
}

#[derive(Object)]
struct MailCounts {
    waiting: i64,
    /// Given up.
    parked: i64,
}

/// A backup that is whole.
#[derive(Object)]
struct LastBackup {
    started_at: DateTime<Utc>,
    /// Of the archive.
    size_bytes: i64,
    /// Of the archive, hex.
    sha256: String,
    /// On the machine that made it.
    path: String,
}

#[derive(ApiResponse)]
enum Retried {
    /// 已重新排队 Queued again
    #[oai(status = 204)]
    Done,
}

#[OpenApi(tag = "Area::Administration")]
impl Api {
    /// 系统状态 How the site stands: database, jobs, duties, mails, calendar
    #[oai(path = "/system", method = "get", operation_id = "getSystem")]
    async fn show(&self, Data(app): Data<&App>, token: StaffToken) -> Result<Json<SystemState>, Problem> {
        token.0.require(Role::Admin)?;
        Ok(Json(out(app, super::read(app, &token.0).await?)))
    }

    /// 重试已搁置的任务 Tries a parked job once more
    #[oai(path = "/system/jobs/:id/retry", method = "post", operation_id = "retryJob")]
    async fn retry(
        &self,
        Data(app): Data<&App>,
        token: StaffToken,
        id: Path<JobId>,
    ) -> Result<Retried, Problem> {
        job::retry(app, &token.0, id.0).await?;
        Ok(Retried::Done)
    }
}

fn out(app: &App, s: State) -> SystemState {
    SystemState {
        version: env!("CARGO_PKG_VERSION").into(),
        instance: app.config.instance(),
        started_at: app.started_at,
        database: DatabaseState {
            kind: s.database.kind,
            size_bytes: s.database.size,
            ping_ms: s.ping.as_secs_f64() * 1000.0,
            migrations: s.database.migrations,
            migrations_pending: s.database.pending,
        },
        jobs: JobCounts {
            waiting: s.queue.waiting,
            running: s.queue.running,
            parked: s.queue.parked,
            oldest_due: s.queue.oldest_due,
        },
        parked_jobs: s
            .parked
            .into_iter()
            .map(|job| ParkedJob {
                id: job.id,
                kind: job.kind,
                created_at: job.created_at,
                attempts: job.attempts,
                last_error: job.last_error,
            })
            .collect(),
        duties: DutyCounts {
            open: s.duties.open,
            overdue: s.duties.overdue,
            provisional: s.duties.provisional,
        },
        mails: MailCounts { waiting: s.mails.waiting, parked: s.mails.parked },
        last_backup: s.backup.map(|b| LastBackup {
            started_at: b.started_at,
            size_bytes: b.bytes.unwrap_or(0),
            sha256: b.sha256.unwrap_or_default(),
            path: b.path,
        }),
        calendar_years: s.years,
        calendar_missing: s.missing_years,
        providers: s
            .providers
            .into_iter()
            .map(|p| {
                let (failed_at, failure) = p.seen.failed.unzip();
                ProviderState { key: p.key, issuer: p.issuer, ok_at: p.seen.ok_at, failed_at, failure }
            })
            .collect(),
    }
}
