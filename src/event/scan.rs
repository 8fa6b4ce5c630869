//! The door while the network is gone: a phone keeps what was scanned, with the time of it, and sends it when it can.
//! Each scan has a key of its own, so that one that is sent again is told what it was told before; one that comes
//! late counts for the time at which it was made.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::door::{self, Tally, at_door, enter};
use super::seats::Hall;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::problem::{Code, Problem, Words};

/// The scope of the keys.
const SCOPE: &str = "event_scan";
/// No network is away for longer.
const LATEST: TimeDelta = TimeDelta::days(2);

/// A scan as it was kept.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    pub event: String,
    pub session: i32,
    /// As [`super::CheckIn::typed`].
    pub typed: String,
    pub people: Option<i32>,
    /// When it was made, by the clock of the phone; none: now.
    pub at: Option<DateTime<Utc>>,
    pub key: String,
}

/// What a scan led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub let_in: bool,
    /// Why not: twice, the wrong session, cancelled; or who came in.
    pub zh: String,
    pub en: String,
    /// Place in the order of arrival, of who was let in.
    pub number: Option<i32>,
}

impl Outcome {
    fn of(result: Result<entity::event_registration::Model, Problem>) -> Result<Self, Problem> {
        match result {
            Ok(r) => Ok(Self {
                let_in: true,
                zh: format!("{} 号已签到：{}/{} 人", r.number, r.came, r.seats),
                en: format!("No. {} is in: {} of {}", r.number, r.came, r.seats),
                number: Some(r.number),
            }),
            // What a person at the door must hear, not a failure of ours.
            Err(problem) if matches!(problem.code, Code::Conflict | Code::Invalid) => {
                let words = words(&problem);
                let (zh, en) = (words.zh.into_owned(), words.en.into_owned());
                Ok(Self { let_in: false, zh, en, number: None })
            }
            Err(problem) => Err(problem),
        }
    }
}

fn words(problem: &Problem) -> Words {
    let said = problem.detail.clone().or_else(|| problem.fields.first().map(|f| f.message.clone()));
    said.unwrap_or_else(|| problem.code.title())
}

/// Lets in who was scanned, at the time of the scan; says what came of it, and how it stands at the door.
///
/// # Errors
/// `not_found`, `forbidden`; `invalid` for a key that is none or a time that cannot be; `key_reused`; the database's
/// own. That somebody is not let in is no error.
pub async fn scan(app: &App, actor: &Actor, input: &Scan) -> Result<(Outcome, Tally), Problem> {
    let (event, session) = at_door(app, actor, &input.event, input.session).await?;
    let at = time(app, input)?;
    if !((16..=200).contains(&input.key.len()) && input.key.bytes().all(|b| b.is_ascii_graphic())) {
        return Err(Problem::invalid(
            "key",
            "编号应为 16 至 200 个可见 ASCII 字符",
            "The key must be 16 to 200 visible ASCII characters",
        ));
    }
    let request = json!([session.id, input.typed.trim(), input.people, input.at]).to_string();
    let request = crate::keys::sha256_hex(request.as_bytes());
    let write = app.write().await?;
    write.unseen();
    let mut hall = Hall::lock(&write, session.id).await?;
    if let Some(before) = store::answer_to(&write, SCOPE, &input.key, &request).await? {
        let outcome = serde_json::from_value(before).map_err(Problem::internal)?;
        write.commit().await?;
        return Ok((outcome, tally(app, &event, session.number).await?));
    }
    let entered =
        enter(app, &write, actor, &event, &mut hall, (input.typed.as_str(), input.people), at).await;
    let outcome = Outcome::of(entered)?;
    let answer = serde_json::to_value(&outcome).map_err(Problem::internal)?;
    store::keep_answer(&write, SCOPE, &input.key, &request, answer, app.now()).await?;
    write.commit().await?;
    Ok((outcome, tally(app, &event, session.number).await?))
}

async fn tally(app: &App, event: &entity::event::Model, number: i32) -> Result<Tally, Problem> {
    let db = app.db.read();
    let session = store::session(db, event.id, number).await?;
    door::tally(db, &session, app.now()).await
}

/// A phone whose clock runs ahead scanned now; one that was without a network for days is not believed.
fn time(app: &App, input: &Scan) -> Result<DateTime<Utc>, Problem> {
    let now = app.now();
    let at = input.at.unwrap_or(now);
    if now.signed_duration_since(at) > LATEST {
        return Err(Problem::invalid("at", "这次扫码时间太久", "This scan is too old"));
    }
    // The database keeps microseconds.
    let at = DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(now);
    Ok(at.min(now))
}
