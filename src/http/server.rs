//! Listening and stopping. The loop is ours and not poem's, which knows no timeouts against clients that send
//! or read slowly. HTTP/1.1 only: in front stands a proxy that speaks TLS and HTTP/2 with browsers.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use poem::endpoint::BoxEndpoint;
use poem::http::uri::Scheme;
use poem::http::{self, HeaderValue, header};
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Endpoint as _, Request, Response};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_io_timeout::TimeoutStream;

use crate::app::App;
use crate::http::endpoint;
use crate::job;

/// How long a client may take to send the head of a request, counted from the answer before it: it bounds
/// idle connections as well. Longer than a proxy keeps its own idle connections.
const HEAD: Duration = Duration::from_secs(15);
/// How long a client may read nothing of its answer.
const STALL: Duration = Duration::from_secs(30);
/// From being told to stop to the end, with a second left for closing the database.
const LONGEST_STOP: Duration = Duration::from_secs(9);
const CLOSING: Duration = Duration::from_millis(800);
/// Out of file descriptors: a moment for connections to end.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until the process is told to stop.
///
/// # Errors
/// An address that cannot be listened on.
pub async fn serve(app: App, with_worker: bool) -> io::Result<()> {
    let told = shutdown();
    let listener = TcpListener::bind(app.config.listen).await?;
    tracing::info!(address = %app.config.listen, instance = %app.config.instance(), "listening");
    serve_on(app, listener, with_worker, told).await;
    Ok(())
}

/// Serves until `told` to stop. Then `/readyz` says 503 at once and answers close their connections; new
/// connections are taken for the time a load balancer needs to notice; what is in flight is answered, the
/// worker finishes its job, the database is closed. All of it takes ten seconds at most; a job cut off by that
/// is leased and runs again.
pub async fn serve_on(app: App, listener: TcpListener, with_worker: bool, told: impl Future<Output = ()>) {
    let (stop, stopped) = watch::channel(false);
    let mut helpers = vec![spawn(job::watch_forever(app.clone(), stopped.clone()))];
    if with_worker {
        helpers.push(spawn(job::run_forever(app.clone(), stopped)));
    }
    let doors = Doors::new(app.clone());
    doors.open(&listener, told).await;

    tracing::info!("told to stop");
    app.health.stop();
    let _ = stop.send(true);
    let end = Instant::now() + LONGEST_STOP;
    doors.open(&listener, tokio::time::sleep(Duration::from_secs(app.config.drain_seconds))).await;
    drop(listener);
    if timeout_at(end, doors.connections.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
    for mut helper in helpers {
        if timeout_at(end, &mut helper).await.is_err() {
            tracing::warn!("a job was cut off; it will run again");
            helper.abort();
        }
    }
    let _ = timeout(CLOSING, app.db.close()).await;
}

#[expect(clippy::disallowed_methods, reason = "the edge's own tasks: connections, the worker, its watcher")]
fn spawn<F: Future<Output: Send> + Send + 'static>(work: F) -> tokio::task::JoinHandle<F::Output> {
    tokio::spawn(work)
}

/// Where connections come in.
struct Doors {
    app: App,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    places: Arc<Semaphore>,
    connections: GracefulShutdown,
}

impl Doors {
    fn new(app: App) -> Self {
        let endpoint = Arc::new(endpoint(app.clone()));
        let places = Arc::new(Semaphore::new(app.config.limits.connections as usize));
        Self { app, endpoint, places, connections: GracefulShutdown::new() }
    }

    /// Takes connections until `enough`.
    async fn open(&self, listener: &TcpListener, enough: impl Future<Output = ()>) {
        tokio::pin!(enough);
        loop {
            let next = async {
                let place = self.places.clone().acquire_owned().await;
                (place, listener.accept().await)
            };
            let (place, accepted) = tokio::select! {
                () = &mut enough => return,
                next = next => next,
            };
            match (place, accepted) {
                (Ok(place), Ok((stream, peer))) => {
                    let local = listener.local_addr().unwrap_or(peer);
                    let (app, endpoint) = (self.app.clone(), self.endpoint.clone());
                    let visit = Visit { app, endpoint, local, peer };
                    drop(spawn(visit.serve(stream, place, self.connections.watcher())));
                }
                (_, Err(error)) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
                // The semaphore is never closed.
                (Err(_), _) => return,
            }
        }
    }
}

/// One connection.
struct Visit {
    app: App,
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    local: SocketAddr,
    peer: SocketAddr,
}

impl Visit {
    async fn serve(self, stream: TcpStream, place: OwnedSemaphorePermit, watcher: Watcher) {
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(STALL));
        let (local, remote) = (LocalAddr(self.local.into()), RemoteAddr(self.peer.into()));
        let service = hyper::service::service_fn(move |request: http::Request<Incoming>| {
            let request = Request::from((request, local.clone(), remote.clone(), Scheme::HTTP));
            let (app, endpoint) = (self.app.clone(), self.endpoint.clone());
            async move {
                let mut response = endpoint.get_response(request).await;
                if app.health.is_stopping() {
                    // So that no client sends its next request into a connection that is about to close.
                    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(http::Response::from(response))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        // What goes wrong here is the client's affair: it left, or it was too slow.
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "connection");
        }
        drop(place);
    }
}

/// Resolves at Ctrl-C or SIGTERM. They are listened for from the call on, not only once the future is polled: a signal
/// that comes in between would end the process without its leave.
pub fn shutdown() -> impl Future<Output = ()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
        async move {
            let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) else {
                let _ = tokio::signal::ctrl_c().await;
                return;
            };
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        }
    }
    #[cfg(not(unix))]
    async {
        let _ = tokio::signal::ctrl_c().await;
    }
}
