//! Listening and stopping: the worker first, then the server with what is in flight.

use std::io;
use std::time::Duration;

use poem::Server;
use poem::listener::TcpListener;

use crate::app::App;
use crate::http::endpoint;
use crate::job;

/// Serves until the process is told to stop, then ends the worker, answers what is in flight and closes the
/// database.
///
/// # Errors
/// An address that cannot be listened on.
pub async fn serve(app: App, with_worker: bool) -> io::Result<()> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    #[expect(clippy::disallowed_methods, reason = "the one background task: the worker, or its watcher")]
    let worker = if with_worker {
        tokio::spawn(job::run_forever(app.clone(), stopped))
    } else {
        tokio::spawn(job::watch_forever(app.clone(), stopped))
    };
    let listener = TcpListener::bind(app.config.listen.to_string());
    Server::new(listener)
        .idle_timeout(Duration::from_secs(60))
        .run_with_graceful_shutdown(endpoint(app.clone()), shutdown(), Some(Duration::from_secs(10)))
        .await?;
    let _ = stop.send(true);
    let _ = worker.await;
    app.db.close().await;
    Ok(())
}

/// Resolves at Ctrl-C or SIGTERM.
pub async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
