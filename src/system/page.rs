//! The page "system" of administrators.

use entity::id::JobId;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::desk::admin::system as view;
use web::desk::admin::system::{BackupView, DatabaseView, ParkedRow, ProviderView, QueueView, SystemView};
use web::layout::Nav;

use super::State;
use crate::app::App;
use crate::calendar::civil;
use crate::http::desk;
use crate::http::form::Form;
use crate::http::pages::Pages;
use crate::http::render::{done, page};
use crate::http::visitor::Visitor;
use crate::job;
use crate::problem::Problem;

const PATH: &str = "/desk/admin/system";

pub fn add(pages: Pages) -> Pages {
    pages.get(PATH, show).post("/desk/admin/system/jobs/:id/retry", retry)
}

#[handler]
async fn show(Data(app): Data<&App>, visitor: Visitor) -> poem::Result<Response> {
    let state = super::read(app, &visitor.actor).await?;
    let view = of(app, &visitor, state);
    let side = desk::side(app, &visitor, PATH).await?;
    Ok(page(view::system(&visitor.frame(app, Nav::None), &side, &view)))
}

#[handler]
async fn retry(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    _form: Form,
) -> poem::Result<Response> {
    let id: JobId = id.parse().map_err(|_| Problem::not_found())?;
    job::retry(app, &visitor.actor, id).await?;
    Ok(done(PATH, "requeued"))
}

fn of(app: &App, visitor: &Visitor, s: State) -> SystemView {
    let oldest_wait = s.oldest_wait();
    SystemView {
        version: env!("CARGO_PKG_VERSION").into(),
        instance: app.config.instance(),
        started: civil::local_time(app.started_at),
        up_seconds: (s.now - app.started_at).num_seconds(),
        database: DatabaseView {
            kind: s.database.kind,
            size: s.database.size,
            ping_ms: s.ping.as_secs_f64() * 1000.0,
            migrations: s.database.migrations.len(),
            newest: s.database.migrations.last().cloned().unwrap_or_default(),
            pending: s.database.pending,
        },
        queue: QueueView {
            waiting: s.queue.waiting,
            running: s.queue.running,
            parked: s.queue.parked,
            oldest_wait,
        },
        parked: s
            .parked
            .into_iter()
            .map(|job| ParkedRow {
                id: job.id.to_string(),
                kind: job.kind,
                created: civil::local_time(job.created_at),
                attempts: job.attempts,
                error: job.last_error.unwrap_or_default(),
            })
            .collect(),
        open_duties: s.duties.open,
        overdue_duties: s.duties.overdue,
        provisional_duties: s.duties.provisional,
        waiting_mails: s.mails.waiting,
        parked_mails: s.mails.parked,
        backup: s.backup.map(|b| BackupView {
            made: civil::local_time(b.started_at),
            hours_ago: (s.now - b.started_at).num_hours(),
            bytes: b.bytes.unwrap_or(0),
            path: b.path,
        }),
        backups_planned: app.config.backup.dir.is_some(),
        providers: s
            .providers
            .into_iter()
            .map(|p| ProviderView {
                name: visitor.say(&p.name),
                issuer: p.issuer,
                ok: p.seen.ok_at.map(civil::local_time),
                failed: p.seen.failed.map(|(at, why)| (civil::local_time(at), why)),
            })
            .collect(),
        years: s.years,
        missing_years: s.missing_years,
        csrf: visitor.csrf().to_owned(),
    }
}
