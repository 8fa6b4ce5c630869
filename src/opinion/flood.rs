//! Floods (集中涌入): when far more opinions than usual come on one consultation, from one network, or with one text,
//! those that come in it are received, numbered, counted and reviewed like all others, within the same period; they
//! only stand in a lane of their own in the queue, so that other people's opinions are not drowned. A flood is never a
//! reason for a verdict. It ends by itself; a moderator may let what came in it back into the usual queue.

use std::net::IpAddr;
use std::time::Duration;

use chrono::TimeDelta;
use entity::consultation;
use entity::enums::{FloodKind, SubjectKind};
use entity::flood::Model;
use entity::id::{FloodId, OpinionId};
use serde_json::json;

use super::store::{self, flood as rows};
use crate::actor::Actor;
use crate::app::App;
use crate::audit;
use crate::calendar::civil;
use crate::db::Write;
use crate::keys::Purpose;
use crate::problem::{Problem, Words, words};
use crate::screening::Shingles;
use crate::surge::{self, Came};
use crate::text;

pub use rows::{Found, found, of_consultation, waiting_in};

/// Bands of the sketch by which near-equal texts are counted while they come: a campaign that changes a name shares
/// one of three in 97 of 100 cases.
const COMPARED: usize = 3;

/// What an arriving opinion is counted by.
pub(super) struct Arriving<'a> {
    pub consultation: &'a consultation::Model,
    /// Its place among all opinions on the consultation.
    pub place: i64,
    pub address: &'a str,
    /// Its words.
    pub text: &'a str,
}

/// The flood that an opinion comes in, if it comes in one.
///
/// # Errors
/// The database's own.
pub(super) async fn joins(app: &App, write: &Write, x: &Arriving<'_>) -> Result<Option<FloodId>, Problem> {
    let settings = &app.config.flood;
    if !settings.is_used() {
        return Ok(None);
    }
    let window = Duration::from_secs(u64::from(settings.window_minutes) * 60);
    let (kinds, came) = counted(app, x);
    let high = surge::count(app, write, window, &came).await?;
    let Some(at) = high.iter().position(|high| *high) else { return Ok(None) };
    let (Some(kind), Some(came)) = (kinds.get(at), came.get(at)) else { return Ok(None) };
    let begin = Model {
        id: app.id(),
        consultation_id: x.consultation.id,
        kind: *kind,
        key: came.key.clone(),
        threshold: i32::try_from(came.limit).unwrap_or(i32::MAX),
        window_minutes: i32::try_from(settings.window_minutes).unwrap_or(i32::MAX),
        began_at: app.now(),
        last_at: app.now(),
        ended_at: None,
        received: 1,
        released_at: None,
        released_by: None,
    };
    let joined = rows::join(write, &begin).await?;
    if joined.id == begin.id {
        let detail = json!({ "consultation": x.consultation.code, "kind": kind });
        let subject = audit::subject(SubjectKind::Flood, begin.id);
        audit::record(app, write, &Actor::system(), "flood.begin", subject, detail).await?;
    }
    Ok(joined.released_at.is_none().then_some(joined.id))
}

/// By what an opinion is counted. What tells most comes first: a flood from one network is not one of the whole
/// consultation.
fn counted(app: &App, x: &Arriving<'_>) -> (Vec<FloodKind>, Vec<Came>) {
    let settings = &app.config.flood;
    let mut all = Vec::new();
    if !x.address.is_empty() {
        all.push((FloodKind::Network, settings.network, network(x.address)));
    }
    if settings.text > 0 {
        all.extend(alike(x.text).into_iter().map(|of| (FloodKind::Text, settings.text, of)));
    }
    all.push((FloodKind::Consultation, limit(app, x), String::new()));
    let used = all.into_iter().filter(|(_, limit, _)| *limit > 0);
    used.map(|(kind, limit, of)| {
        let key = app.keys.mac_hex(Purpose::Flood, &format!("{}:{kind}:{of}", x.consultation.id));
        (kind, Came { key, limit })
    })
    .unzip()
}

/// What near-equal texts have in common, one of these at least; of a short text only itself.
fn alike(text: &str) -> Vec<String> {
    match Shingles::of(text) {
        Some(shingles) => shingles.bands().iter().take(COMPARED).map(i64::to_string).collect(),
        None => vec![text::essence(text)],
    }
}

/// How many the consultation may see in a window: what the settings say, and never less than so many times what it
/// usually sees.
fn limit(app: &App, x: &Arriving<'_>) -> u32 {
    let settings = &app.config.flood;
    if settings.consultation == 0 {
        return 0;
    }
    let window = i64::from(settings.window_minutes) * 60;
    let opened = civil::at(x.consultation.opens_on, 0, 0);
    let windows = ((app.now() - opened).num_seconds() / window).max(1);
    let usual = u32::try_from((x.place - 1) / windows).unwrap_or(u32::MAX);
    settings.consultation.max(usual.saturating_mul(settings.times))
}

/// A household or an office: IPv6 /64, IPv4 /24.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(v4)) => v4.octets().iter().take(3).map(u8::to_string).collect::<Vec<_>>().join("."),
        Ok(IpAddr::V6(v6)) => {
            v6.segments().iter().take(4).map(|s| format!("{s:x}")).collect::<Vec<_>>().join(":")
        }
        Err(_) => address.to_owned(),
    }
}

/// Ends floods of which nothing more came for a whole window.
///
/// # Errors
/// The database's own.
pub async fn end_quiet(app: &App) -> Result<(), Problem> {
    if !app.config.flood.is_used() {
        return Ok(());
    }
    let before = app.now() - TimeDelta::minutes(app.config.flood.window_minutes.into());
    if !rows::is_any_quiet(app.db.read(), before).await? {
        return Ok(());
    }
    let write = app.write().await?;
    for flood in rows::end_quiet(&write, before).await? {
        let subject = audit::subject(SubjectKind::Flood, flood.id);
        let detail = json!({ "received": flood.received });
        audit::record(app, &write, &Actor::system(), "flood.end", subject, detail).await?;
    }
    write.commit().await
}

/// Lets everything that came in a flood back into the usual queue; more of the same stays there. Says how many.
///
/// # Errors
/// `not_found`; the database's own.
pub async fn release(app: &App, write: &Write, actor: &Actor, id: FloodId) -> Result<u64, Problem> {
    let flood = rows::lock(write, id).await?;
    if flood.released_at.is_none() {
        rows::set_released(write, id, actor.staff_id(), app.now()).await?;
    }
    let n = rows::empty(write, id).await?;
    let subject = audit::subject(SubjectKind::Flood, id);
    audit::record(app, write, actor, "flood.release", subject, json!({ "opinions": n })).await?;
    Ok(n)
}

/// Lets one opinion back into the usual queue.
///
/// # Errors
/// `not_found` for one that is in no flood; the database's own.
pub async fn release_one(app: &App, write: &Write, actor: &Actor, id: OpinionId) -> Result<(), Problem> {
    let opinion = store::lock(write, id).await?;
    let flood = opinion.flood_id.ok_or_else(Problem::not_found)?;
    rows::take_out(write, id).await?;
    let subject = audit::subject(SubjectKind::Opinion, id);
    audit::record(app, write, actor, "opinion.leave_flood", subject, json!({ "flood": flood })).await
}

/// Why an opinion stands in the lane of floods, for the moderator.
pub fn reason(flood: &Model) -> Words {
    let (n, minutes) = (flood.threshold, flood.window_minutes);
    match flood.kind {
        FloodKind::Network => words(
            format!("同一网段 {minutes} 分钟内超过 {n} 条"),
            format!("more than {n} from one network within {minutes} minutes"),
        ),
        FloodKind::Text => words(
            format!("相同或相近的文字 {minutes} 分钟内超过 {n} 条"),
            format!("more than {n} with nearly the same text within {minutes} minutes"),
        ),
        FloodKind::Consultation => words(
            format!("本次征集 {minutes} 分钟内超过 {n} 条，远多于平时"),
            format!("more than {n} on this consultation within {minutes} minutes, far more than usual"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_share_a_network() {
        assert_eq!(network("203.0.113.7"), network("203.0.113.250"));
        assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.9"));
        assert_ne!(network("203.0.113.7"), network("203.0.114.7"));
        assert_eq!(network("2001:db8:1:2:3::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
