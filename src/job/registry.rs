//! Who does which job. An engine never names a feature; this list does.

use entity::job::Model;

use crate::app::App;
use crate::attachment;
use crate::backup;
use crate::db::Write;
use crate::event;
use crate::identity;
use crate::notice;
use crate::oidc;
use crate::opinion;
use crate::problem::Problem;
use crate::qa;
use crate::summary;

/// # Errors
/// What the job's handler answers; an unknown kind is parked by repeated failure, never dropped.
pub async fn run(app: &App, job: &Model) -> Result<(), Problem> {
    match job.kind.as_str() {
        notice::MAIL_JOB => notice::deliver(app, &job.payload).await,
        attachment::JOB => attachment::sweep(app).await,
        backup::JOB => backup::run(app, job).await,
        identity::ERASE_JOB => identity::erase(app, &job.payload).await,
        oidc::ERASE_JOB => oidc::erase(app, &job.payload).await,
        summary::TELL_JOB => summary::tell(app, &job.payload).await,
        event::OFFER_JOB => event::expire(app, &job.payload).await,
        event::REMIND_JOB => event::remind(app, &job.payload).await,
        event::TELL_JOB => event::tell_all(app, &job.payload).await,
        event::DRAW_JOB => event::draw_due(app, &job.payload).await,
        event::YEAR_JOB => event::follow_year(app).await,
        event::ERASE_JOB => event::erase(app, &job.payload).await,
        qa::ERASE_JOB => qa::erase(app, &job.payload).await,
        qa::END_JOB => qa::end(app, &job.payload).await,
        unknown => Err(Problem::internal(format!("no handler for job kind {unknown}"))),
    }
}

/// Plans what features do from time to time, by the clock alone.
///
/// # Errors
/// The database's own.
pub async fn plan(app: &App) -> Result<(), Problem> {
    attachment::plan(app).await?;
    opinion::flood::end_quiet(app).await?;
    opinion::near::sketch_new(app).await?;
    event::plan_year(app).await
}

/// Tells the handler's feature that a job is given up and waits for a person.
///
/// # Errors
/// The database's own.
pub async fn parked(app: &App, write: &Write, job: &Model) -> Result<(), Problem> {
    match job.kind.as_str() {
        notice::MAIL_JOB => notice::give_up(app, write, &job.payload).await,
        _ => Ok(()),
    }
}

/// Tells the handler's feature that a job it gave up is tried once more.
///
/// # Errors
/// The database's own.
pub async fn taken_up(app: &App, write: &Write, job: &Model) -> Result<(), Problem> {
    match job.kind.as_str() {
        notice::MAIL_JOB => notice::take_up(app, write, &job.payload).await,
        _ => Ok(()),
    }
}
