//! Support (赞同) of a published opinion by other readers, while the consultation is open.
//!
//! Nobody needs an account, so what is counted are devices and not people, and every page says so: it is no vote
//! and stands in no figure of people. One device supports an opinion once, which the table's key guards; it can
//! take that back. The device is known by a signed cookie, so that only this site can make one. Clearing cookies
//! would make a new device: therefore the rate is limited by address, and one network (IPv6 /64, IPv4 /24) gives
//! an opinion so many at most. What is kept are hashes with a key that cover the opinion: they tell neither who
//! nor where, and cannot be followed from one opinion to another.

use data_encoding::HEXLOWER;
use entity::enums::OpinionState;

use super::flood::network;
use super::store;
use super::store::support as rows;
use crate::actor::Actor;
use crate::app::App;
use crate::challenge::{self, Gate};
use crate::consultation;
use crate::keys::Purpose;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

/// Where a browser keeps its device.
pub const COOKIE: &str = "device";

/// A browser or a program, and nothing about who uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device(String);

impl Device {
    /// One that was not seen before.
    pub fn fresh(app: &App) -> Self {
        Self(HEXLOWER.encode(&app.rng.bytes::<16>()))
    }

    /// Reads what [`Device::signed`] gave; none for anything this site did not sign.
    pub fn parse(app: &App, signed: &str) -> Option<Self> {
        let (id, mac) = signed.split_once('.')?;
        (id.len() == 32 && mac == app.keys.mac_hex(Purpose::Device, id)).then(|| Self(id.to_owned()))
    }

    /// The device that a program keeps itself; without one, one that was not seen before.
    ///
    /// # Errors
    /// `invalid` for what this site did not sign.
    pub fn of_program(app: &App, signed: Option<&str>) -> Result<Self, Problem> {
        let Some(signed) = signed else { return Ok(Self::fresh(app)) };
        Self::parse(app, signed)
            .ok_or_else(|| Problem::invalid("device", "不是本站签发的设备标识", "This site did not sign it"))
    }

    pub fn signed(&self, app: &App) -> String {
        format!("{}.{}", self.0, app.keys.mac_hex(Purpose::Device, &self.0))
    }

    /// Tells devices apart; nothing to be kept as it is.
    pub fn id(&self) -> &str {
        &self.0
    }

    fn of(&self, app: &App, opinion: &entity::opinion::Model) -> String {
        app.keys.mac_hex(Purpose::Support, &format!("{}:{}", opinion.id, self.0))
    }
}

/// How an opinion is supported, for who looks at it.
#[derive(Clone, Debug)]
pub struct Standing {
    pub opinion: entity::opinion::Model,
    pub consultation: entity::consultation::Model,
    pub supports: u64,
    /// By the device that asks.
    pub mine: bool,
    /// Whether support is taken now.
    pub open: bool,
}

/// How a published opinion is supported.
///
/// # Errors
/// `not_found` for an opinion that is not public; the database's own.
pub async fn standing(app: &App, number: &str, device: Option<&Device>) -> Result<Standing, Problem> {
    let db = app.db.read();
    let opinion = store::by_number(db, number).await?;
    if opinion.state != OpinionState::Published {
        return Err(Problem::not_found());
    }
    let consultation = consultation::find(db, opinion.consultation_id).await?;
    let supports = rows::counts(db, &[opinion.id]).await?.get(&opinion.id).copied().unwrap_or(0);
    let mine = match device {
        Some(device) => rows::is_there(db, opinion.id, &device.of(app, &opinion)).await?,
        None => false,
    };
    let open = consultation::open_at(&consultation, app.now()).is_ok();
    Ok(Standing { opinion, consultation, supports, mine, open })
}

/// Supports a published opinion, or takes the support back; doing it twice is doing it once.
///
/// # Errors
/// `forbidden` for staff; `not_found` for an opinion that is not public; `consultation_closed`; `conflict` when
/// the network has given this opinion as many as one may; `too_many_requests`; the database's own.
pub async fn support(
    app: &App,
    actor: &Actor,
    number: &str,
    device: &Device,
    wanted: bool,
) -> Result<(), Problem> {
    if actor.staff().is_some() {
        return Err(Problem::forbidden()
            .because("工作人员不能赞同公众意见", "Staff do not support opinions of the public"));
    }
    rate::check(app, Act::Support, &actor.address).await?;
    let pass = challenge::check(app, actor, Gate::Support)?;
    let write = app.write().await?;
    // The count on a page may be as old as the page.
    write.unseen();
    let opinion = store::by_number(&*write, number).await?;
    if opinion.state != OpinionState::Published {
        return Err(Problem::not_found());
    }
    let target = consultation::find(&*write, opinion.consultation_id).await?;
    consultation::open_at(&target, app.now())?;
    pass.spend(app, actor, &write).await?;
    let voice = device.of(app, &opinion);
    // Held first: those of one network come one after the other, and are counted.
    rows::hold(&write, &opinion).await?;
    if !wanted {
        rows::remove(&write, opinion.id, &voice).await?;
        return write.commit().await;
    }
    if rows::is_there(&*write, opinion.id, &voice).await? {
        return write.commit().await;
    }
    let network =
        app.keys.mac_hex(Purpose::Support, &format!("{}:network:{}", opinion.id, network(&actor.address)));
    if rows::of_network(&*write, opinion.id, &network).await? >= app.config.limits.supports_per_network {
        return Err(Problem::new(Code::Conflict).because(
            "您所在的网络对这条意见的赞同已达上限，这一次没有计入。您可以就此提出自己的意见，每条意见都会登记、办理",
            "Your network has given this opinion as many as it may; this one is not counted. You may give an opinion of your own: each is registered and dealt with",
        ));
    }
    rows::add(app, &write, opinion.id, voice, network).await?;
    write.commit().await
}
