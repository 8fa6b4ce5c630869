//! `/metrics` for Prometheus: what this process did, and how the site stands (the same on every instance).
//! Only for the loopback, or with the token of the setting `metrics_token`; for everybody else the address does
//! not exist.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use poem::http::header;
use poem::web::Data;
use poem::{IntoResponse as _, Request, Response, handler};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use secrecy::ExposeSecret as _;

use crate::app::App;
use crate::http::load::{Load, Rank};
use crate::keys::sha256_hex;
use crate::problem::Problem;
use crate::system::{self, State};

const PREFIX: &str = "jianyan";
/// Seconds.
const BUCKETS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Addresses that nobody made: one name for all, or a scanner could fill the memory with them.
const ELSEWHERE: &str = "elsewhere";

/// What passes through this process.
pub struct Traffic {
    pub load: Load,
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram>,
    shed: Family<Shed, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Route(Arc<str>);

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> fmt::Result {
        EncodeLabelValue::encode(&&*self.0, encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: Route,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Route,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Shed {
    rank: &'static str,
}

impl Traffic {
    pub fn new(places: u32) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let requests = Family::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let shed = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to the answer", seconds.clone());
        registry.register("http_shed", "Requests refused because there were too many at once", shed.clone());
        Self { load: Load::new(places), registry, requests, seconds, shed }
    }

    /// Counts an answer; `pattern` is none where no address fits.
    pub fn answered(&self, method: &str, pattern: Option<&Arc<str>>, status: u16, took: Duration) {
        let route = Route(pattern.map_or_else(|| ELSEWHERE.into(), Arc::clone));
        let method = known_method(method);
        self.seconds.get_or_create(&Asked { method, route: route.clone() }).observe(took.as_secs_f64());
        let status = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&Answered { method, route, status }).inc();
    }

    pub fn shed(&self, rank: Rank) {
        self.shed.get_or_create(&Shed { rank: rank.as_str() }).inc();
    }
}

impl Default for Traffic {
    fn default() -> Self {
        Self::new(1)
    }
}

/// A client may write any word there.
fn known_method(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

#[handler]
pub async fn show(
    request: &Request,
    Data(app): Data<&App>,
    Data(traffic): Data<&Arc<Traffic>>,
) -> poem::Result<Response> {
    if !may_read(app, request) {
        return Err(Problem::not_found().into());
    }
    // A site whose database is away still tells about the process.
    let state = system::state(app).await.ok();
    let text = render(app, traffic, state.as_ref()).map_err(Problem::internal)?;
    Ok(text
        .with_content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .with_header(header::CACHE_CONTROL, "no-store")
        .into_response())
}

/// With a token, only who has it. Without one, the loopback; a header of a proxy shows that somebody else is
/// behind the connection, also where the proxy was never told to be trusted.
fn may_read(app: &App, request: &Request) -> bool {
    match &app.config.metrics_token {
        Some(token) => {
            let given = request.header(header::AUTHORIZATION).and_then(|v| v.strip_prefix("Bearer "));
            // Hashes are compared, so that the time tells nothing of the token.
            given.is_some_and(|given| {
                sha256_hex(given.as_bytes()) == sha256_hex(token.expose_secret().as_bytes())
            })
        }
        None => {
            let peer = request.remote_addr().as_socket_addr().map(|a| a.ip().to_canonical());
            let forwarded = ["x-forwarded-for", "forwarded", "x-real-ip"];
            peer.is_some_and(|ip| ip.is_loopback()) && forwarded.iter().all(|h| request.header(*h).is_none())
        }
    }
}

fn render(app: &App, traffic: &Traffic, state: Option<&State>) -> Result<String, fmt::Error> {
    let mut now = Registry::with_prefix(PREFIX);
    let mut put = |name: &str, help: &str, labels: &[(&'static str, &'static str, i64)]| {
        let family = Family::<Vec<(&'static str, &'static str)>, Gauge>::default();
        for (label, value, n) in labels {
            let set = if label.is_empty() { vec![] } else { vec![(*label, *value)] };
            family.get_or_create(&set).set(*n);
        }
        now.register(name, help, family);
    };
    put("build_info", "The version of the program", &[("version", env!("CARGO_PKG_VERSION"), 1)]);
    put("started_seconds", "When the process started, Unix time", &[("", "", app.started_at.timestamp())]);
    put("http_in_flight", "Requests worked on now", &[("", "", i64::from(traffic.load.taken()))]);
    let pools = app.db.pools();
    let pool = |f: fn(&crate::db::Pool) -> u32| {
        pools.iter().map(|p| ("pool", p.name, i64::from(f(p)))).collect::<Vec<_>>()
    };
    put("database_connections", "Open connections of a pool", &pool(|p| p.open));
    put("database_connections_idle", "Connections of a pool that nobody uses", &pool(|p| p.idle));
    put("database_up", "Whether the database answered", &[("", "", i64::from(state.is_some()))]);
    if let Some(s) = state {
        put("database_size_bytes", "Size of the database", &[("", "", s.database.size)]);
        put(
            "database_migrations_pending",
            "Migrations not yet run",
            &[("", "", whole(s.database.pending.len()))],
        );
        let q = &s.queue;
        put(
            "jobs",
            "Jobs by state",
            &[
                ("state", "waiting", q.waiting),
                ("state", "running", q.running),
                ("state", "parked", q.parked),
            ],
        );
        put(
            "job_oldest_seconds",
            "How long the oldest job that is due has waited",
            &[("", "", s.oldest_wait())],
        );
        let d = &s.duties;
        put(
            "duties",
            "Duties that are not done",
            &[
                ("state", "open", d.open),
                ("state", "overdue", d.overdue),
                ("state", "provisional", d.provisional),
            ],
        );
        put(
            "mails",
            "Mails that did not leave",
            &[("state", "waiting", s.mails.waiting), ("state", "parked", s.mails.parked)],
        );
        if let Some(b) = &s.backup {
            let at = &[("", "", b.started_at.timestamp())];
            put("backup_seconds", "When the last whole backup was begun, Unix time", at);
        }
    }
    let mut text = String::new();
    encode_registry(&mut text, &traffic.registry)?;
    encode_registry(&mut text, &now)?;
    encode_eof(&mut text)?;
    Ok(text)
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
