//! Whether this process should be sent requests. Asked by load balancers (`/readyz`), and by the edge, which
//! refuses at once what would only wait for a database that is away.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::DbErr;

use crate::app::App;
use crate::problem::{Code, Problem};

#[derive(Debug, Default)]
pub struct Health {
    stopping: AtomicBool,
    away: AtomicBool,
}

impl Health {
    /// The process was told to stop: it finishes what it has begun.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// What the last look at the database found.
    pub fn heard(&self, trouble: Option<&DbErr>) {
        let was_away = self.away.swap(trouble.is_some(), Ordering::SeqCst);
        match trouble {
            Some(error) if !was_away => tracing::error!(%error, "the database does not answer"),
            None if was_away => tracing::info!("the database answers again"),
            _ => {}
        }
    }

    /// Whether the last look at the database found that it does not answer.
    pub fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }
}

/// Fit for requests: not stopping, the database answers, and its schema is this program's.
///
/// # Errors
/// `unavailable` with the reason.
pub async fn check(app: &App) -> Result<(), Problem> {
    let not_ready = |zh: &'static str, en: &'static str| Problem::new(Code::Unavailable).because(zh, en);
    if app.health.is_stopping() {
        return Err(not_ready("本实例正在停止", "This instance is stopping"));
    }
    match app.db.pending().await {
        Ok(pending) if pending.is_empty() => Ok(()),
        Ok(_) => Err(not_ready("数据库结构尚未更新", "The database schema is not up to date")),
        Err(e) => {
            let problem = not_ready("数据库没有应答", "The database does not answer");
            Err(Problem { source: Some(Box::new(e)), ..problem })
        }
    }
}
