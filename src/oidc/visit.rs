//! A visit to a provider: going, coming back, and what the feature makes of it.

use chrono::TimeDelta;
use entity::enums::SubjectKind;
use entity::provider_visit::Model;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::browser::Browser;
use super::exchange::{self, Known, Secrets};
use super::provider::Provider;
use super::refusal::Refusal;
use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::audit::{self, Subject};
use crate::config::Audience;
use crate::db::Write;
use crate::job;
use crate::keys::{Purpose, sha256_hex};
use crate::problem::{Code, Problem, Words, words};
use crate::rate::{self, Act};

/// The job that erases one visit.
pub const ERASE_JOB: &str = "oidc.erase";

/// How long the way there and back may take.
const AWAY: TimeDelta = TimeDelta::minutes(15);
/// How long somebody who arrived may take to go on.
const HERE: TimeDelta = TimeDelta::minutes(30);
/// What was typed is kept so long in any case: somebody who comes back too late still finds it.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// Ours have 43 characters.
const LONGEST_STATE: usize = 100;

/// Why somebody is sent.
#[derive(Clone, Debug)]
pub struct Errand {
    pub audience: Audience,
    /// Such as `opinion:2026-001-1`; who comes back for one purpose serves no other.
    pub purpose: String,
    /// The path of ours that goes on.
    pub back: String,
    /// What was typed; comes back with the person.
    pub carried: Vec<(String, String)>,
}

/// Where the person goes now.
#[derive(Debug)]
pub struct Departure {
    /// At the provider.
    pub url: String,
    /// What people know the provider by.
    pub name: Words,
    /// Set-Cookie.
    pub cookie: String,
}

/// What stays here while somebody is away.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Going {
    nonce: String,
    verifier: String,
    residents: bool,
    carried: Vec<(String, String)>,
}

/// Who arrived.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Arrival {
    /// Keyed hash of issuer and subject.
    pub subject: String,
    /// What the provider calls the person, masked.
    pub label: String,
    /// A contact that the provider has verified; residents always have one.
    pub contact: Option<String>,
    /// The provider asked for a second factor that stands for ours.
    pub second_factor: bool,
    /// By which a form names this visit.
    pub ticket: String,
}

/// A visit as the page of its feature finds it.
#[derive(Clone, Debug)]
pub struct Visit {
    pub id: String,
    /// Name in the settings.
    pub provider: String,
    /// What was typed before; nothing any more once the visit is used.
    pub carried: Vec<(String, String)>,
    /// Missing after a refusal.
    pub arrival: Option<Arrival>,
    pub used: bool,
}

/// What people know a provider by.
pub fn name(provider: &Provider) -> Words {
    words(provider.settings.name.clone(), provider.settings.name_en.clone())
}

fn unavailable(provider: &Provider, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
    let name = name(provider);
    let problem = Problem::new(Code::Unavailable).because(
        format!("暂时无法连接{}，请稍后再试", name.zh),
        format!("{} cannot be reached; please try again later", name.en),
    );
    Problem { source: Some(why.into()), ..problem }
}

/// Sends somebody to a provider.
///
/// # Errors
/// `not_found` for a provider that the settings do not name for this; `too_many_requests`; `unavailable` when the
/// provider does not answer; the database's own.
pub async fn send(
    app: &App,
    actor: &Actor,
    key: &str,
    errand: Errand,
    browser: &Browser,
    lang: &str,
) -> Result<Departure, Problem> {
    let provider = app.providers.get(key).filter(|p| p.settings.is_for(errand.audience));
    let provider = provider.ok_or_else(Problem::not_found)?;
    rate::check(app, Act::Visit, &actor.address).await?;
    let (state, nonce, verifier) = (app.rng.secret(), app.rng.secret(), app.rng.secret());
    let secrets = Secrets { state: &state, nonce: &nonce, verifier: &verifier };
    let url = exchange::address(app, provider, &secrets, lang).await.map_err(|e| unavailable(provider, e))?;
    let now = app.now();
    let id = sha256_hex(state.as_bytes());
    let (browser_hash, browser) = browser.or_new(app);
    let residents = errand.audience == Audience::Residents;
    let going = Going { nonce, verifier, residents, carried: errand.carried };
    let row = Model {
        browser_hash,
        provider: key.to_owned(),
        purpose: errand.purpose,
        back: format!("{}?visit={id}", errand.back),
        going_enc: seal(app, &id, &going)?,
        created_at: now,
        expires_at: now + AWAY,
        returned_at: None,
        ticket_hash: None,
        arrival_enc: None,
        used_at: None,
        id: id.clone(),
    };
    let write = app.write().await?;
    write.unseen();
    store::begin(&write, &row, now - KEPT).await?;
    job::enqueue(app, &write, ERASE_JOB, &format!("visit:{id}"), json!({ "visit": id }), now + KEPT).await?;
    write.commit().await?;
    Ok(Departure { url, name: name(provider), cookie: browser.cookie(app) })
}

fn seal(app: &App, id: &str, what: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let bytes = serde_json::to_vec(what).map_err(Problem::internal)?;
    Ok(app.keys.seal(Purpose::Visit, id.as_bytes(), &bytes, &app.rng))
}

fn open<T: for<'a> Deserialize<'a>>(app: &App, id: &str, sealed: &[u8]) -> Option<T> {
    let bytes = app.keys.open(Purpose::Visit, id.as_bytes(), sealed)?;
    serde_json::from_slice(&bytes).ok()
}

/// What the address said with which somebody came back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Callback {
    pub state: String,
    pub code: String,
    pub error: String,
    /// Who says that they answer (RFC 9207).
    pub iss: String,
}

/// What became of it.
#[derive(Debug)]
pub enum Outcome {
    /// The feature's page goes on.
    Arrived { back: String },
    Refused {
        why: Refusal,
        provider: Option<Words>,
        /// Where to begin again; only for the browser that was sent.
        back: Option<String>,
    },
}

/// Takes the answer of a provider, once, from the browser that was sent.
///
/// # Errors
/// `too_many_requests`; the database's own. Everything that a provider can answer is an [`Outcome`].
pub async fn come_back(
    app: &App,
    actor: &Actor,
    said: &Callback,
    browser: &Browser,
) -> Result<Outcome, Problem> {
    rate::check(app, Act::Visit, &actor.address).await?;
    let nobody = |why| Ok(Outcome::Refused { why, provider: None, back: None });
    if said.state.is_empty() || said.state.len() > LONGEST_STATE {
        return nobody(Refusal::Unknown);
    }
    let row = store::find(app.db.read(), &sha256_hex(said.state.as_bytes())).await?;
    let Some(row) = row.filter(|row| row.created_at > app.now() - KEPT) else {
        return nobody(Refusal::Unknown);
    };
    let Some(provider) = app.providers.get(&row.provider) else { return nobody(Refusal::Unknown) };
    if browser.hash().as_ref() != Some(&row.browser_hash) {
        record(app, actor, &row, Some(Refusal::OtherBrowser)).await?;
        return nobody(Refusal::OtherBrowser);
    }
    let back = row.back.clone();
    let refused = |why| Outcome::Refused { why, provider: Some(name(provider)), back: Some(back.clone()) };
    if row.returned_at.is_some() {
        return Ok(refused(Refusal::Repeated));
    }
    if row.expires_at <= app.now() {
        return Ok(refused(Refusal::Late));
    }
    let write = app.write().await?;
    write.unseen();
    let first = store::take(&write, &row.id, app.now()).await?;
    write.commit().await?;
    if !first {
        return Ok(refused(Refusal::Repeated));
    }
    match ask(app, provider, &row, said).await {
        Ok(known) => {
            arrive(app, actor, &row, known).await?;
            Ok(Outcome::Arrived { back })
        }
        Err(why) => {
            record(app, actor, &row, Some(why)).await?;
            Ok(refused(why))
        }
    }
}

/// Who it is, by what the provider says.
async fn ask(app: &App, provider: &Provider, row: &Model, said: &Callback) -> Result<Known, Refusal> {
    let named = !said.iss.is_empty();
    let missing = !named && exchange::names_itself(app, provider).await?;
    if missing || named && said.iss != provider.settings.issuer {
        return Err(Refusal::MixedUp);
    }
    match said.error.as_str() {
        "" => {}
        "access_denied" | "login_required" | "interaction_required" | "consent_required" => {
            return Err(Refusal::Denied);
        }
        "unmet_authentication_requirements" => return Err(Refusal::TooWeak),
        _ => {
            // Its own words are not repeated: anybody can write an address.
            tracing::warn!(provider = provider.key, "a provider answered with an error");
            return Err(Refusal::Provider);
        }
    }
    let going: Going = open(app, &row.id, &row.going_enc).ok_or(Refusal::Unknown)?;
    let audience = if going.residents { Audience::Residents } else { Audience::Staff };
    let known =
        exchange::exchange(app, provider, audience, &said.code, &going.nonce, &going.verifier).await?;
    if going.residents && known.contact.is_none() {
        return Err(Refusal::NoContact(provider.settings.contact));
    }
    Ok(known)
}

async fn arrive(app: &App, actor: &Actor, row: &Model, known: Known) -> Result<(), Problem> {
    let arrival = Arrival {
        subject: known.subject,
        label: known.label,
        contact: known.contact,
        second_factor: known.second_factor,
        ticket: app.rng.secret(),
    };
    let sealed = seal(app, &row.id, &arrival)?;
    let write = app.write().await?;
    write.unseen();
    store::arrive(&write, &row.id, &sha256_hex(arrival.ticket.as_bytes()), sealed).await?;
    note(app, &write, actor, row, None).await?;
    write.commit().await
}

async fn record(app: &App, actor: &Actor, row: &Model, why: Option<Refusal>) -> Result<(), Problem> {
    let write = app.write().await?;
    write.unseen();
    note(app, &write, actor, row, why).await?;
    write.commit().await
}

async fn note(
    app: &App,
    write: &Write,
    actor: &Actor,
    row: &Model,
    why: Option<Refusal>,
) -> Result<(), Problem> {
    let subject = Subject { kind: SubjectKind::ProviderVisit, id: None };
    // For what kind of thing, never for which: a link to a person would be one to an opinion.
    let purpose = row.purpose.split(':').next().unwrap_or_default();
    let detail = json!({ "provider": row.provider, "for": purpose, "reason": why.map(Refusal::as_str) });
    let action = if why.is_none() { "visit.arrive" } else { "visit.refuse" };
    audit::record(app, write, actor, action, subject, detail).await
}

/// The visit that a page of its feature was led to.
///
/// # Errors
/// `not_found` for one that is over, of another browser, or for another purpose; the database's own.
pub async fn look(app: &App, browser: &Browser, id: &str, purpose: &str) -> Result<Visit, Problem> {
    let fine = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let row = if fine { store::find(app.db.read(), id).await? } else { None };
    let row = row.filter(|row| row.purpose == purpose && row.created_at > app.now() - KEPT);
    let row = row.filter(|row| browser.hash().as_ref() == Some(&row.browser_hash));
    let row = row.ok_or_else(|| {
        let why = Refusal::Unknown.advice();
        Problem::not_found().because(why.zh, why.en)
    })?;
    let going: Going = open(app, &row.id, &row.going_enc).unwrap_or_default();
    let arrival = arrival(app, &row);
    Ok(Visit {
        used: row.used_at.is_some(),
        id: row.id,
        provider: row.provider,
        carried: going.carried,
        arrival,
    })
}

fn arrival(app: &App, row: &Model) -> Option<Arrival> {
    let fresh = row.returned_at.is_some_and(|at| at > app.now() - HERE);
    row.arrival_enc.as_deref().filter(|_| fresh).and_then(|sealed| open(app, &row.id, sealed))
}

/// The visit that a form names, used or not; none when it is over or was for another purpose.
///
/// # Errors
/// The database's own.
pub async fn by_ticket(app: &App, ticket: &str, purpose: &str) -> Result<Option<(String, Arrival)>, Problem> {
    let row = store::by_ticket(app.db.read(), &sha256_hex(ticket.as_bytes())).await?;
    Ok(row.filter(|row| row.purpose == purpose).and_then(|row| Some((row.id.clone(), arrival(app, &row)?))))
}

/// Uses a visit up; false when it was used before, or is over.
///
/// # Errors
/// The database's own.
pub async fn spend(app: &App, write: &Write, id: &str) -> Result<bool, Problem> {
    store::spend(write, id, app.now(), app.now() - HERE).await
}

/// Forgets a visit.
///
/// # Errors
/// The database's own.
pub async fn erase(app: &App, payload: &Value) -> Result<(), Problem> {
    let id = payload["visit"].as_str().unwrap_or_default();
    let write = app.write().await?;
    write.unseen();
    store::remove(&write, id).await?;
    write.commit().await
}
