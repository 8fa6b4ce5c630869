//! A task for the visitor's computer (工作量证明) in place of a picture captcha: no third party, nothing to see,
//! hear or type. Which forms ask for one, and when, is a setting (`challenge.*`); by default none does.
//!
//! A task is signed, not stored: any instance checks it. Who solved one shows it together with the form, and the
//! operation [spends](Pass::spend) it in its own transaction, so that it opens one door once and a form that was
//! refused for another reason has not used it up. Who has no script waits instead: a signed ticket becomes good
//! after `challenge.wait_seconds`, and one address gets few of them an hour. Staff, and programs with a token of
//! theirs, are not asked.
//!
//! It makes a thousand opinions cost something; it does not tell people from programs. `docs/abuse.md` says what
//! that is worth.

pub mod api;
mod crowd;
mod store;
mod token;

use chrono::{DateTime, TimeDelta, Utc};
use poem_openapi::Enum;

use crate::actor::Actor;
use crate::app::App;
use crate::config::{Challenge, When};
use crate::db::Write;
use crate::problem::{Code, Problem};
use crate::rate::{self, Act};

pub use crowd::Crowd;
use token::{Kind, Token};
pub use token::{PARTS, solve};

/// The field of a form, and the header of a request to the API, that bring the answer.
pub const FIELD: &str = "challenge";
pub const HEADER: &str = "jianyan-challenge";

/// What a task stands before. A task for one opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[oai(rename_all = "lowercase")]
pub enum Gate {
    Opinion,
    Message,
    Question,
    Registration,
    Support,
    Code,
}

impl Gate {
    pub const ALL: [Self; 6] =
        [Self::Opinion, Self::Message, Self::Question, Self::Registration, Self::Support, Self::Code];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opinion => "opinion",
            Self::Message => "message",
            Self::Question => "question",
            Self::Registration => "registration",
            Self::Support => "support",
            Self::Code => "code",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gate| gate.as_str() == text)
    }

    /// When the settings close it.
    pub fn when(self, settings: &Challenge) -> When {
        match self {
            Self::Opinion => settings.opinion,
            Self::Message => settings.message,
            Self::Question => settings.question,
            Self::Registration => settings.registration,
            Self::Support => settings.support,
            Self::Code => settings.code,
        }
    }
}

/// A way through a gate; to be spent in the transaction of what was let through.
#[must_use]
#[derive(Debug)]
pub struct Pass(Option<Token>);

/// A task to solve.
#[derive(Clone, Debug)]
pub struct Task {
    pub token: String,
    /// Zero bits that the hash of each part begins with.
    pub bits: u32,
    pub expires_at: DateTime<Utc>,
}

/// Whether an act may go on. Counts it, so that a crowd is noticed.
///
/// # Errors
/// `challenge_required`, with the seconds to wait for a ticket that is not due yet.
pub fn check(app: &App, actor: &Actor, gate: Gate) -> Result<Pass, Problem> {
    let when = gate.when(&app.config.challenge);
    if when == When::Off || actor.staff().is_some() || actor.is_system() || actor.trusted {
        return Ok(Pass(None));
    }
    let crowded = app.crowd.came(gate, app.now());
    if when == When::Busy && !crowded {
        return Ok(Pass(None));
    }
    let answer = actor.gate.answer.get().map(String::as_str).unwrap_or_default();
    token::read(&app.keys, gate, answer, app.now()).map(|token| Pass(Some(token))).map_err(|closed| {
        let _ = actor.gate.closed.set(gate.as_str());
        required(gate, closed)
    })
}

impl Pass {
    /// Where nothing is asked, for a reason of the caller's.
    pub fn unasked() -> Self {
        Self(None)
    }

    /// Uses it up. One that was used before is refused, whichever instance saw it.
    ///
    /// # Errors
    /// `challenge_required`; the database's own.
    pub async fn spend(self, app: &App, actor: &Actor, write: &Write) -> Result<(), Problem> {
        let Some(token) = self.0 else { return Ok(()) };
        if store::spend(write, &token, app.now()).await? {
            return Ok(());
        }
        let _ = actor.gate.closed.set(token.gate.as_str());
        Err(required(token.gate, Closed::Used))
    }
}

/// Why a gate stays closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// Nothing came, or nothing of ours, or what has run out.
    Nothing,
    Wrong,
    Used,
    /// A waiting ticket that becomes good after so many seconds.
    Early(u64),
}

fn required(gate: Gate, closed: Closed) -> Problem {
    let problem = Problem::new(Code::ChallengeRequired);
    let gate = gate.as_str();
    let way_zh =
        format!("程序请取 GET /api/v1/challenges/{gate}，把答案放在请求头 Jianyan-Challenge 中再次提交");
    let way = format!(
        "programs: GET /api/v1/challenges/{gate}, and send again with the answer in the header Jianyan-Challenge"
    );
    match closed {
        Closed::Nothing => problem.because(way_zh, way),
        Closed::Wrong => {
            problem.because(format!("答案不正确；{way_zh}"), format!("the answer is wrong; {way}"))
        }
        Closed::Used => problem
            .because(format!("这个答案已经用过；{way_zh}"), format!("the answer was used before; {way}")),
        Closed::Early(seconds) => problem
            .because(format!("还需等待 {seconds} 秒"), format!("{seconds} seconds are left to wait"))
            .retry_after(seconds),
    }
}

/// A task for a gate, if it is closed now.
pub fn task(app: &App, gate: Gate) -> Option<Task> {
    let settings = &app.config.challenge;
    let closed = match gate.when(settings) {
        When::Off => false,
        When::Busy => app.crowd.is_busy(gate, app.now()),
        When::Always => true,
    };
    if !closed {
        return None;
    }
    let expires_at = app.now() + TimeDelta::minutes(settings.valid_minutes.into());
    let token = Token {
        kind: Kind::Task,
        gate,
        nonce: app.rng.secret(),
        from: app.now().timestamp(),
        until: expires_at.timestamp(),
        bits: token::part_bits(settings.bits),
    };
    Some(Task { bits: token.bits, token: token.signed(&app.keys), expires_at })
}

/// A ticket that becomes good after the wait.
///
/// # Errors
/// `too_many_requests` for an address that had as many as one may; the database's own.
pub async fn ticket(app: &App, actor: &Actor, gate: Gate) -> Result<(String, u32), Problem> {
    rate::check(app, Act::Wait, &actor.address).await?;
    let settings = &app.config.challenge;
    let ready = app.now() + TimeDelta::seconds(settings.wait_seconds.into());
    let until = ready + TimeDelta::minutes(settings.valid_minutes.into());
    let token = Token {
        kind: Kind::Wait,
        gate,
        nonce: app.rng.secret(),
        from: ready.timestamp(),
        until: until.timestamp(),
        bits: 0,
    };
    Ok((token.signed(&app.keys), settings.wait_seconds))
}
